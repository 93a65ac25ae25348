"""tshark with the plugin that was just built, run as an ordinary user.

Wireshark started by root loads only the system's plugins. Under root, this module therefore runs tshark as the user
nobody, with copies of the files that this user could not read.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import subprocess
import tempfile

NOBODY = 65534


class Tshark:
    """A context manager that removes its temporary folder on exit. environment and identity serve to start other
    programs of Wireshark in the same way."""

    def __init__(self, plugins, program=None):
        """plugins: the folder that contains <X.Y>/epan/tcpshake.so, or None for tshark without the plugin."""
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
        # An empty home folder, because the user's own preferences and plugins would change the output.
        home = self.make_folder('home')
        if self.identity:
            os.chown(home, NOBODY, NOBODY)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(('WIRESHARK_', 'XDG_'))}
        # The plugin uses the language of the locale; the scripts that parse its output expect English.
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
        """A path from which tshark can read the capture repeatedly: its own, or that of a copy if it is not a regular
        file or an ordinary user cannot read it. '-' is standard input."""
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
        """Starts tshark and returns the process."""
        options.setdefault('stdin', subprocess.DEVNULL)
        return subprocess.Popen([self._program, *arguments], env=self.environment,
                                cwd=os.path.join(self.folder, 'home'), **self.identity, **options)

    def output(self, arguments):
        """Runs tshark. Returns its exit status, its output as bytes, and its messages."""
        process = self.start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, messages = process.communicate()
        except BaseException:           # such as an interruption
            process.kill()
            process.wait()
            raise
        return process.returncode, output, messages.decode('utf-8', 'replace')

    def names(self, prefix='tcpshake.'):
        """{field: {number: name}} of the enumerations. -T fields prints their numbers, and what columns print has
        changed from version to version."""
        names = {}
        for line in self.output(['-G', 'values'])[1].decode('utf-8', 'replace').splitlines():
            cells = line.split('\t')
            if cells[0] == 'V' and cells[1].startswith(prefix):
                names.setdefault(cells[1], {})[int(cells[2], 0)] = cells[3]
        return names
