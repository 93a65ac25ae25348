"""tshark with the plugin that was just built, run as an ordinary user.

Wireshark started by root loads no plugins but the system's. Started by root, this module therefore runs tshark as the
user nobody, with copies of what that user could not read.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import subprocess
import tempfile

NOBODY = 65534


class Tshark:
    """A context manager: its temporary folder goes when it is left. environment and identity are what other programs of
    Wireshark's need to be started likewise."""

    def __init__(self, plugins, program=None):
        """plugins: the folder that holds <X.Y>/epan/tcpshake.so, or None for tshark without the plugin."""
        self._plugins = plugins
        self._program = program or os.environ.get('TSHARK') or 'tshark'
        self.identity = {'user': NOBODY, 'group': NOBODY, 'extra_groups': []} if os.getuid() == 0 else {}

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='tcpshake-')
        try:
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _fill(self):
        os.chmod(self.folder, 0o755)
        # An empty home: the user's own preferences and plugins would change what is shown.
        home = self.make_folder('home')
        if self.identity:
            os.chown(home, NOBODY, NOBODY)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(('WIRESHARK_', 'XDG_'))}
        # The plugin speaks the language of the locale; what reads tshark's output here expects English.
        self.environment = dict(environment, HOME=home, LC_ALL='C.UTF-8', LANGUAGE='',
                                WIRESHARK_PLUGIN_DIR=self._plugin_folder())

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path)
        os.chmod(path, 0o755)
        return path

    def _plugin_folder(self):
        if self._plugins is None:
            return self.make_folder('no-plugins')
        if not self.identity:
            return os.path.abspath(self._plugins)
        copy = os.path.join(self.folder, 'plugins')
        shutil.copytree(self._plugins, copy)
        for folder, folders, files in os.walk(copy):
            for name in folders + files + ['.']:
                os.chmod(os.path.join(folder, name), 0o755)
        return copy

    def readable(self, capture):
        """A path of capture that tshark can read, as often as it likes: itself, or a copy where it is not a plain file
        or is not readable for an ordinary user. '-' is the standard input."""
        if capture != '-' and os.path.isfile(capture) and self._may_read(os.path.abspath(capture)):
            return os.path.abspath(capture)
        folder = tempfile.mkdtemp(dir=self.folder)
        os.chmod(folder, 0o755)
        copy = os.path.join(folder, os.path.basename(capture) if capture != '-' else 'stdin')
        source = os.fdopen(0, 'rb', closefd=False) if capture == '-' else open(capture, 'rb')
        with source, open(copy, 'wb') as target:
            shutil.copyfileobj(source, target)
        os.chmod(copy, 0o644)
        return copy

    def _may_read(self, path):
        if not self.identity:
            return os.access(path, os.R_OK)
        return subprocess.run(['test', '-r', path], **self.identity).returncode == 0

    def start(self, arguments, **options):
        """tshark as a running process."""
        options.setdefault('stdin', subprocess.DEVNULL)
        return subprocess.Popen([self._program, *arguments], env=self.environment,
                                cwd=os.path.join(self.folder, 'home'), **self.identity, **options)

    def output(self, arguments):
        """What tshark prints, as bytes, with its exit status and its messages."""
        process = self.start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, messages = process.communicate()
        except BaseException:           # whoever wanted to know is told to end
            process.kill()
            process.wait()
            raise
        return process.returncode, output, messages.decode('utf-8', 'replace')

    def names(self, prefix='tcpshake.'):
        """{field: {number: name}} of the enumerations. -T fields prints their numbers, and what its columns print
        instead has changed from version to version."""
        names = {}
        for line in self.output(['-G', 'values'])[1].decode('utf-8', 'replace').splitlines():
            cells = line.split('\t')
            if cells[0] == 'V' and cells[1].startswith(prefix):
                names.setdefault(cells[1], {})[int(cells[2], 0)] = cells[3]
        return names
