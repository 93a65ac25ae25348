"""tshark with the plugin that was just built, run as an ordinary user.

Wireshark started by root loads only the system's plugins. Under root, this module therefore runs tshark as the user
nobody, in a group that nobody else is in. Only this group enters its temporary folder: what root may read does not
become readable for others.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import functools
import grp
import os
import re
import select
import shutil
import signal
import stat
import subprocess
import tempfile

NOBODY = 65534
# Debian reserves these, systemd leaves them unused, and a container of 65,536 users has them.
UNUSED_GROUPS = range(65533, 65519, -1)
# All that tshark gets of the environment, as regular expressions: root's may hold what is nobody's business.
KEPT = re.compile('PATH|LANG|TZ|(LD|DYLD)_(LIBRARY_PATH|PRELOAD)|(A|UB|L)SAN_OPTIONS|GCOV_.*')
PIECE = 1 << 16
# Whatever happens, tshark and the folder go first.
ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class Unusable(Exception):
    """tshark cannot run here, whatever the capture."""


def _is_used(group):
    try:
        grp.getgrgid(group)
    except KeyError:
        return False
    return True


@functools.lru_cache(maxsize=None)
def _group():
    return next((group for group in UNUSED_GROUPS if not _is_used(group)), NOBODY)


def _give(path, user, group):
    """NOBODY's own group where the kernel does not know the other one, as in some containers."""
    try:
        os.chown(path, user, group)
        return group
    except OSError:
        os.chown(path, user, NOBODY)
        return NOBODY


def opened(capture):
    """Its descriptor, in no need of further rights. Only a regular file: anything else may never end."""
    refusal = OSError(0, 'not a regular file', capture)
    if not stat.S_ISREG(os.stat(capture).st_mode):
        raise refusal                   # to open some devices is to use them
    descriptor = os.open(capture, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refusal
    return descriptor


class Tshark:
    """A context manager that removes its temporary folder on exit. environment and identity serve to start other
    programs of Wireshark in the same way."""

    def __init__(self, plugins, program=None, whole=False):
        """plugins: the folder that contains <X.Y>/epan/tcpshake.so, or None for tshark without the plugin. whole: with
        the dictionaries of other protocols and with Lua: loading them takes Wireshark 4.0 a third of its start-up."""
        self._plugins = plugins
        self._whole = whole
        self._program = program or os.environ.get('TSHARK') or 'tshark'
        # Away from the terminal, whose keyboard would take what is written to it.
        self.identity = {'start_new_session': True}
        self.folder = None

    def __enter__(self):
        try:
            self._make_folder()
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make_folder(self):
        """Where tshark's user can reach it: not, for example, in root's own folder for temporary files."""
        if os.getuid() != 0:
            self._new_folder(None)
            return
        places = dict.fromkeys((tempfile.gettempdir(), '/tmp', '/var/tmp'))
        for place in places:
            if not os.path.isdir(place):
                continue
            self._new_folder(place)
            group = _give(self.folder, 0, _group())
            self.identity.update(user=NOBODY, group=group, extra_groups=[])
            os.chmod(self.folder, 0o710)
            if self._may('-x', self.folder):
                return
            shutil.rmtree(self.folder)
        raise Unusable('under root, tshark runs as the user "nobody", who has no access to any folder for temporary '
                       'files: ' + ', '.join(places))

    def _new_folder(self, place):
        """A signal between the folder and its name would leave the folder behind."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        try:
            self.folder = tempfile.mkdtemp(prefix='tcpshake-', dir=place)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _fill(self):
        # An empty home folder, because the user's own preferences and plugins would change the output.
        home = self.make_folder('home')
        if os.getuid() == 0:
            os.chown(home, NOBODY, self.identity['group'])
        environment = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        # The plugin uses the language of the locale; the scripts that parse its output expect English.
        self.environment = dict(environment, HOME=home, TMPDIR=home, LC_ALL='C.UTF-8', LANGUAGE='',
                                WIRESHARK_PLUGIN_DIR=self._plugin_folder())
        if not self._whole:
            self.environment['WIRESHARK_DATA_DIR'] = self.make_folder('no-data')

    def __exit__(self, *_):
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def make_folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path)
        os.chmod(path, 0o755)
        return path

    def _plugin_folder(self):
        if self._plugins is None:
            return self.make_folder('no-plugins')
        if os.getuid() != 0:
            return os.path.abspath(self._plugins)
        copy = os.path.join(self.folder, 'plugins')
        shutil.copytree(self._plugins, copy)
        for folder, folders, files in os.walk(copy):
            for name in folders + files + ['.']:
                os.chmod(os.path.join(folder, name), 0o755)
        return copy

    def readable(self, capture):
        """A path from which tshark can read the capture repeatedly: its own; that of a link, if the name is not fit for
        a terminal; or that of a copy, if tshark's user could not read it. '-' is standard input."""
        if capture == '-':
            source = os.fdopen(0, 'rb', closefd=False)
        else:
            source = os.fdopen(opened(capture), 'rb')
        with source:
            path = os.path.abspath(capture)
            may_read = capture != '-' and self._may('-r', path)
            if may_read and path.isprintable():
                return path
            folder = tempfile.mkdtemp(dir=self.folder)
            os.chmod(folder, 0o755)
            name = os.path.basename(path) if capture != '-' else 'stdin'
            inside = os.path.join(folder, name if name.isprintable() else 'capture')
            if may_read:
                os.symlink(path, inside)
                return inside
            with open(inside, 'wb') as target:
                shutil.copyfileobj(source, target)
            os.chmod(inside, 0o644)
            return inside

    def _may(self, how, path):
        """how: -r or -x, as test says it."""
        if 'user' not in self.identity:
            return True                 # what could be opened
        return subprocess.run(['test', how, path], **self.identity).returncode == 0

    def start(self, arguments, program=None, **options):
        """Starts tshark, or another program of Wireshark, and returns the process."""
        options.setdefault('stdin', subprocess.DEVNULL)
        return subprocess.Popen([program or self._program, *arguments], env=self.environment,
                                cwd=os.path.join(self.folder, 'home'), **self.identity, **options)

    @staticmethod
    def stop(process):
        """With whatever it has started: they share its session."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def output(self, arguments):
        """Runs tshark. Returns its exit status, its output as bytes, and its messages."""
        process = self.start(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, messages = process.communicate()
        except BaseException:           # such as an interruption
            self.stop(process)
            raise
        return process.returncode, output, messages.decode('utf-8', 'replace')

    def written(self, arguments, name, target, **options):
        """Runs tshark, which gets the path of a pipe, with this name, as its last argument's end, and copies to target
        what it writes there. A file that it writes could be replaced, by a link for example, before root reads it.
        Returns its exit status and its messages."""
        path = os.path.join(self.folder, name)
        os.mkfifo(path, 0o600)
        if 'group' in self.identity:
            os.chown(path, 0, self.identity['group'])
            os.chmod(path, 0o620)
        # Open at both ends, so that it never ends before tshark does.
        pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        with tempfile.TemporaryFile() as messages:
            process = self.start([*arguments[:-1], arguments[-1] + path], stdout=subprocess.PIPE, stderr=messages,
                                 **options)
            try:
                self._copy(process, pipe, target)
            except BaseException:
                self.stop(process)
                raise
            finally:
                process.stdout.close()
                os.close(pipe)
                os.remove(path)
            messages.seek(0)
            return process.returncode, messages.read().decode('utf-8', 'replace')

    @staticmethod
    def _copy(process, pipe, target):
        """Until tshark has ended and the pipe is empty, whoever else may still have it open."""
        watched, patience = [pipe, process.stdout], 1
        while True:
            over = process.poll() is not None
            ready = select.select(watched, [], [], 0 if over else patience)[0]
            if process.stdout in ready and not os.read(process.stdout.fileno(), PIECE):
                watched.remove(process.stdout)
                patience = 0.01         # it is about to end
            if pipe in ready:
                target.write(os.read(pipe, PIECE))
            elif over:
                return

    def names(self, prefix='tcpshake.'):
        """{field: {number: name}} of the enumerations. -T fields prints their numbers, and what columns print has
        changed from version to version."""
        names = {}
        # 1.4 million lines: searched, not parsed.
        printed, wanted = b'\n' + self.output(['-G', 'values'])[1], f'\nV\t{prefix}'.encode()
        at = printed.find(wanted)
        while at >= 0:
            end = printed.find(b'\n', at + 1)
            _, field, number, name = printed[at + 1:end].decode('utf-8', 'replace').split('\t')[:4]
            names.setdefault(field, {})[int(number, 0)] = name
            at = printed.find(wanted, end)
        return names
