#!/usr/bin/env python3
"""The scripts against names, captures and places that somebody else has chosen: nothing in a name is run, what only
root may read stays so, and what goes wrong here is not held against a capture.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import csv
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import shark  # noqa: I001  (puts the next one within reach)
import ordinary_tshark

LIB = os.path.join(shark.TOP, 'scripts', 'lib')
BATCH = os.path.join(shark.TOP, 'scripts', 'batch')
SETUP = os.path.join(LIB, 'setup.sh')
CAPTURE = os.path.join(shark.LAB, 'refused.pcap')
# What a shell, GNU parallel, Perl, tshark or a terminal may take for more than a name.
NAMES = [b'two words', b"'", b'"', b'a\nb', b'$(touch ran)', b'`touch ran`', b';touch ran;', b'-n', b'--',
         b'|touch ran', b'{= system("touch ran") =}', b'{}', b'{1}', b'{#}', b'\xaf<touch ran\xaf>', b'\\', b'*', b'~',
         b'a,b', b'%20', b'\x1b[31m', b'\x07', '\u009b31m'.encode(), '\u202egnp'.encode(), '\u2067gnp'.encode(),
         '한글'.encode(), b'caf\xe9']
HARD = [b'a\nb', b'-n', b'$(touch ran)', b'\x1b[31m', '\u009b31m'.encode(), '\u202egnp'.encode(), b'caf\xe9']
CONTROLS = {*range(32), 127} - {ord('\n')}
as_root = unittest.skipIf(os.getuid() != 0, 'only root drops to another user')


def run(command, **options):
    environment = {**os.environ, 'TCPSHAKE_PLUGINS': shark.PLUGINS, 'LC_ALL': 'C.UTF-8', **options.pop('env', {})}
    return subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL,
                          timeout=shark.PATIENCE, **options)


def compare(*arguments, **options):
    return shark.compare(*arguments, encoding=None, **options)


def report(capture, **options):
    return run([sys.executable, '-B', os.path.join(LIB, 'report.py'), shark.PLUGINS, capture], **options)


class Place(unittest.TestCase):
    """A folder for each test, which everybody may enter."""

    @contextlib.contextmanager
    def disk(self, size):
        """A folder on a disk of its own, with so much room."""
        small = self.path('small')
        os.mkdir(small)
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}', 'none', small],
                          capture_output=True).returncode != 0:
            self.skipTest('nothing can be mounted here')
        try:
            yield small
        finally:
            subprocess.run(['umount', small], check=True)
            os.rmdir(small)

    def setUp(self):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix='tcpshake-test-'))
        self.addCleanup(shutil.rmtree, self.top)
        os.chmod(self.top, 0o755)

    def path(self, *names):
        return os.path.join(self.top, *names)

    def program(self, text):
        """Instead of tshark; it can load the plugin, as far as it says. $rows: where the rows are to be written."""
        path = self.path('program')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('#!/bin/sh\nfor last; do rows=${last##*,}; done\n'
                       f'[ "$1" != -G ] || {{ printf "V\\ttcpshake.sender\\t1\\tclient\\n"; exit; }}\n{text}')
        os.chmod(path, 0o755)
        return {'TSHARK': path}

    def batch(self, *arguments, status=0, **options):
        result = run([BATCH, *arguments], **options)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def rows(self, out='out'):
        with open(os.path.join(os.fsencode(self.path(os.fsdecode(out))), b'conversations.csv'), encoding='utf-8',
                  newline='') as file:
            return list(csv.reader(file, strict=True))

    def no_controls(self, result):
        written = result.stdout + result.stderr
        self.assertFalse(CONTROLS.intersection(written), written)
        text = written.decode('utf-8')          # and that is what it is
        self.assertFalse({c for c in text if not c.isprintable()} - {'\n'}, text)


@unittest.skipUnless(shutil.which('parallel'), 'GNU parallel is not installed')
class Names(Place):

    def test_captures(self):
        folder = os.path.join(os.fsencode(self.top), b'in')
        os.mkdir(folder)
        for name in NAMES:
            shutil.copy(CAPTURE, os.path.join(folder, name + b'.pcap'))
        for name in HARD:
            with open(os.path.join(folder, name + b'.cut.pcap'), 'wb') as file, open(CAPTURE, 'rb') as whole:
                file.write(whole.read()[:-3])
        result = self.batch(self.path('out'), folder, status=1, cwd=self.top)
        self.no_controls(result)
        told = [row[0] for row in self.rows()[1:]]
        self.assertEqual({name for name in told if '.cut.pcap' not in name},
                         {os.path.join(folder, name + b'.pcap').decode('utf-8', 'backslashreplace') for name in NAMES})
        with open(self.path('out', 'problems.txt'), 'rb') as file:
            problems = file.read()
        self.assertEqual(problems.count(b'\n'), len(HARD))
        self.assertFalse(CONTROLS.intersection(problems))
        self.assertEqual(sorted(os.listdir(self.top)), ['in', 'out'])

    def test_folders(self):
        """Of the result: its name is in each command."""
        for name in (os.path.join(*[b'out' + name for name in NAMES]), b'in the end a line\n'):
            with self.subTest(name=name):
                os.makedirs(os.path.join(os.fsencode(self.top), name))
                self.no_controls(self.batch(os.path.join(os.fsencode(self.top), name), CAPTURE, cwd=self.top))
                self.assertEqual(len(self.rows(name)), 2)
        self.assertEqual(len(os.listdir(self.top)), 2)
        self.assertEqual([folder for folder, _, files in os.walk(self.top) if 'ran' in files], [])

    def test_report(self):
        for name in HARD:
            with self.subTest(name=name):
                with open(os.path.join(os.fsencode(self.top), name), 'wb') as file, open(CAPTURE, 'rb') as whole:
                    file.write(whole.read()[:-3])
                result = report(name, cwd=self.top)
                self.assertGreater(result.returncode, 0, result)    # tshark's: 2, from 4.6 on 14
                self.assertEqual(result.stderr.count(b'\n'), 1, result.stderr)
                self.assertIn(b'cut short', result.stderr)
                self.no_controls(result)

    def test_compare(self):
        for name in HARD:
            with self.subTest(name=name):
                folder = os.path.join(os.fsencode(self.top), b'in')
                os.makedirs(folder)
                shutil.copy(CAPTURE, os.path.join(folder, name))
                result = compare(name, name, os.path.join(b'..', name), cwd=folder)
                self.assertEqual((result.returncode, result.stderr), (0, b''))
                self.no_controls(result)
                self.assertEqual(sorted(os.listdir(self.top)), sorted(['in', os.fsdecode(name)]))
                shutil.rmtree(os.path.join(os.fsencode(self.top), name))
                with open(os.path.join(folder, name), 'wb') as file:
                    file.write(b'no capture')
                result = compare(name, CAPTURE, cwd=folder)
                self.assertEqual((result.returncode, result.stderr.count(b'\n')), (1, 1), result.stderr)
                self.no_controls(result)
                shutil.rmtree(folder)

    def test_precision(self):
        """Names of the sources, and of captures in them that are none."""
        for name in HARD:
            os.makedirs(os.path.join(os.fsencode(self.top), b'in', name))
            shutil.copy(CAPTURE, os.path.join(os.fsencode(self.top), b'in', name, b'one.pcap'))
            with open(os.path.join(os.fsencode(self.top), b'in', name, name + b'.pcap'), 'wb') as file:
                file.write(b'no capture')
        result = run([sys.executable, '-B', os.path.join(shark.TOP, 'scripts', 'precision'), '--plugins',
                      shark.PLUGINS, self.path('in')], cwd=self.top)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b'connection_refused', result.stdout)
        self.no_controls(result)
        self.assertEqual(os.listdir(self.top), ['in'])

    def test_what_a_shell_script_says(self):
        """Before there is Python."""
        for name in NAMES:
            if name.decode('utf-8', 'ignore').encode() != name:
                continue                # a shell does not know what is no UTF-8
            with self.subTest(name=name):
                self.no_controls(run(['sh', '-c', f'. "{SETUP}"; fail "$1"', BATCH, name]))

    def test_clone(self):
        """The build goes through a link whose name is harmless, and only if it must."""
        for name, linked in (('plain name 한글', False), ('a;b', True), ('a"b', True), ("a'b", True),
                             ('$(touch ran)', True), ('a\\b', True), ('a\nb', True), ('a[b]', True)):
            with self.subTest(name=name):
                clone = self.path(name)
                os.makedirs(os.path.join(clone, 'scripts'))
                told = run(['sh', '-c', f'. "{SETUP}"; settle; printf "%s|%s" "$top" "$build"',
                            os.path.join(clone, 'scripts', 'x')],
                           env={'XDG_CACHE_HOME': self.path('cache')}, cwd=self.top)
                top, build = told.stdout.decode().split('|')
                self.assertEqual(os.path.realpath(top), clone)
                self.assertEqual(build, top + '/build')
                self.assertEqual(top != clone, linked)
                self.assertNotRegex(top if linked else '', r'[^\w/.-]')
        self.assertNotIn('ran', os.listdir(self.top))


class Encodings(unittest.TestCase):
    """Of a terminal that lacks what is drawn."""

    def test_simpler(self):
        for program in (report, lambda capture, **options: compare(capture, capture, **options)):
            whole = program(CAPTURE).stdout.decode()
            self.assertFalse(whole.isascii())
            for encoding in ('ascii', 'iso-8859-1', 'euc_kr'):
                with self.subTest(program=program, encoding=encoding):
                    result = program(CAPTURE, env={'PYTHONIOENCODING': encoding})
                    self.assertEqual((result.returncode, result.stderr), (0, b''))
                    text = result.stdout.decode(encoding)
                    self.assertEqual(list(map(len, text.splitlines())), list(map(len, whole.splitlines())))
                    self.assertNotIn('?', text)


class OnlyRoot(Place):
    """What others may do while root runs a script."""

    def secret(self, mode=0o600):
        path = self.path('secret.pcap')
        shutil.copy(CAPTURE, path)
        os.chmod(path, mode)
        return path

    @as_root
    def test_copies(self):
        with ordinary_tshark.Tshark(None) as tshark:
            copy = tshark.readable(self.secret())
            self.assertNotEqual(copy, self.path('secret.pcap'))
            for user, group, may in ((tshark.identity['user'], tshark.identity['group'], True), (1, 1, False),
                                     (ordinary_tshark.NOBODY, ordinary_tshark.NOBODY, False), (1000, 100, False)):
                with self.subTest(user=user, group=group):
                    found = subprocess.run(['test', '-r', copy], user=user, group=group, extra_groups=[])
                    self.assertEqual(found.returncode == 0, may)
            self.assertTrue(os.path.exists(tshark.readable(self.secret(0o644))))

    @as_root
    def test_rows_come_through_a_pipe(self):
        """A tshark that was taken over by its capture has root read what it may not read."""
        out, secret = self.path('out'), self.path('shadow')
        with open(secret, 'w', encoding='utf-8') as file:
            file.write('root:hash\n')
        os.chmod(secret, 0o600)
        self.batch(out, CAPTURE, status=1, env=self.program(f'''
for path in "$rows" "$HOME/rows.csv" "$HOME/../rows.csv"; do
    rm -f "$path"
    ln -s {secret} "$path"
done 2>/dev/null
ln -s {secret} "$HOME/another" && echo exchanged >&2
exit 1
'''))
        for folder, _, names in os.walk(out):
            for name in names:
                with open(os.path.join(folder, name), encoding='utf-8') as file:
                    self.assertNotIn('root:', file.read(), name)
        with open(os.path.join(out, 'problems.txt'), encoding='utf-8') as file:
            self.assertIn('exchanged', file.read())

    def test_environment_and_terminal(self):
        env = {**self.program('read -r _ _ _ _ _ session _ </proc/self/stat\n[ "$session" = $$ ] && echo its own\n'
                              'env\n: </dev/tty\n'), 'TOKEN': 'secret', 'SSH_AUTH_SOCK': '/nowhere'}
        code = (f'import sys; sys.path.insert(0, {LIB!r}); import ordinary_tshark\n'
                'with ordinary_tshark.Tshark(None) as tshark: print(tshark.output([]))')
        try:
            child, terminal = pty.fork()
        except OSError as error:        # a chroot without /dev/pts
            self.skipTest(f'no terminal here: {error}')
        if child == 0:
            os.execve(sys.executable, [sys.executable, '-B', '-c', code], {**os.environ, **env})
        said = b''
        try:
            while piece := os.read(terminal, 4096):
                said += piece
        except OSError:                 # the other end has gone
            pass
        os.waitpid(child, 0)
        os.close(terminal)
        self.assertIn(b'its own', said)
        self.assertIn(b'PATH', said)
        self.assertIn(b'No such device or address', said)
        for name in (b'TOKEN', b'SSH_AUTH_SOCK'):
            self.assertNotIn(name, said)

    @as_root
    def test_compare_runs_nothing_as_root(self):
        """Neither what corrects the clock nor what merges; and both read what only root may read."""
        self.assertEqual(compare(self.secret(), self.secret()).returncode, 0)
        for name in ('editcap', 'mergecap'):
            with self.subTest(name):
                with open(self.path(name), 'w', encoding='utf-8') as file:
                    file.write('#!/bin/sh\necho "$(id -u):$TOKEN" >&2\nexit 1\n')
                os.chmod(self.path(name), 0o755)
                result = compare(CAPTURE, CAPTURE, env={'PATH': f'{self.top}:{os.environ["PATH"]}', 'TOKEN': 'secret'})
                os.remove(self.path(name))
                self.assertEqual((result.returncode, result.stderr.decode()),
                                 (1, f'compare: {ordinary_tshark.NOBODY}:\n'))

    def test_no_regular_file(self):
        os.mkfifo(self.path('fifo.pcap'))
        os.symlink('/dev/zero', self.path('zero.pcap'))
        os.mkdir(self.path('folder.pcap'))
        for name in ('fifo', 'zero', 'folder'):
            with self.subTest(name):
                result = report(self.path(name + '.pcap'))
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.decode(), f'analyze: {self.path(name)}.pcap: not a regular file\n')
                result = compare(CAPTURE, self.path(name + '.pcap'))
                self.assertEqual(result.returncode, 1)
                self.assertEqual(result.stderr.decode(), f'compare: {self.path(name)}.pcap: not a regular file\n')
        if shutil.which('parallel'):
            result = self.batch(self.path('out'), self.path('fifo.pcap'), status=1)
            self.assertIn(b'not a regular file', result.stderr)

    def test_pipe_is_not_even_opened(self):
        """To open some devices is to use them. Who waits for a reader of the pipe goes on waiting."""
        os.mkfifo(self.path('fifo.pcap'))
        writer = subprocess.Popen(['sh', '-c', ': >"$0"', self.path('fifo.pcap')])
        try:
            self.assertEqual(report(self.path('fifo.pcap')).returncode, 1)
            with self.assertRaises(subprocess.TimeoutExpired):
                writer.wait(0.5)
        finally:
            writer.kill()
            writer.wait()

    def test_every_way_out(self):
        """While a copy is being made."""
        temporary = self.path('temporary')
        os.mkdir(temporary)
        os.chmod(temporary, 0o755)
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number=number):
                process = subprocess.Popen([sys.executable, '-B', os.path.join(LIB, 'report.py'), shark.PLUGINS, '-'],
                                           env={**os.environ, 'TMPDIR': temporary}, stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                until = time.monotonic() + shark.PATIENCE
                while not any('stdin' in names for _, _, names in os.walk(temporary)):
                    self.assertLess(time.monotonic(), until)
                    time.sleep(0.02)
                process.send_signal(number)
                _, errors = process.communicate()
                self.assertEqual((process.returncode, errors), (status, b''))
                self.assertEqual(os.listdir(temporary), [])

    @as_root
    def test_place_that_only_root_may_enter(self):
        os.mkdir(self.path('private'), 0o700)
        result = report(self.secret(), env={'TMPDIR': self.path('private')})
        self.assertEqual((result.returncode, result.stderr), (0, b''))
        self.assertEqual(result.stdout, report(CAPTURE).stdout)
        self.assertEqual(os.listdir(self.path('private')), [])


@unittest.skipUnless(shutil.which('parallel'), 'GNU parallel is not installed')
class TriedAgain(Place):
    """What is wrong with the place, and not with the capture."""

    def goes_well_now(self):
        self.batch(self.path('out'), CAPTURE)
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(os.listdir(self.path('out', 'parts')), [name for name in os.listdir(self.path('out', 'parts'))
                                                                if name.endswith('.csv')])

    def test_no_plugin(self):
        os.mkdir(self.path('empty'))
        result = self.batch(self.path('out'), CAPTURE, status=1, env={'TCPSHAKE_PLUGINS': self.path('empty')})
        self.assertEqual(result.stderr.decode(), f'{CAPTURE}: tshark did not load the plugin\n')
        self.goes_well_now()

    def test_half_a_row(self):
        for rows in ('a,b,c\\r\\n1,2', 'a,b,c\\r\\n1,2,"3', 'a,b,c\\r\\n1,2,\\377'):
            with self.subTest(rows=rows):
                shutil.rmtree(self.path('out'), ignore_errors=True)
                result = self.batch(self.path('out'), CAPTURE, status=1,
                                    env=self.program(f"printf '{rows}' >\"$rows\"\n"))
                self.assertIn(b'row', result.stderr)
                self.assertEqual(self.rows(), [])
                self.goes_well_now()

    def test_changed_capture(self):
        """What was found in an earlier state of it does not stand for it."""
        capture = self.path('one.pcap')
        shutil.copy(CAPTURE, capture)
        self.batch(self.path('out'), capture)
        os.utime(capture, (time.time() + 100,) * 2)
        self.batch(self.path('out'), capture, status=1, env=self.program('kill -9 $$\n'))
        self.assertEqual(self.rows(), [])

    def test_what_is_wrong_with_the_capture_is_remembered(self):
        with open(self.path('cut.pcap'), 'wb') as file, open(CAPTURE, 'rb') as whole:
            file.write(whole.read()[:-3])
        for _ in range(2):
            self.batch(self.path('out'), self.path('cut.pcap'), status=1)
        with open(self.path('out', 'jobs.log'), encoding='utf-8') as file:
            self.assertEqual(file.read().count('export_one'), 1)

    @as_root
    def test_full_disk(self):
        with self.disk('128k') as small:
            for left in range(4096, 30000, 8192):
                with self.subTest(left=left):
                    with open(os.path.join(small, 'other'), 'wb') as file:
                        file.write(bytes((128 << 10) - 8192 - left))
                    result = self.batch(os.path.join(small, 'out'), *map(shark.lab_capture, shark.lab_names()[:8]),
                                        status=1)
                    self.assertEqual(result.stderr.count(b'\n'), 1, result.stderr)
                    self.assertIn(b'No space left on device', result.stderr)
                    for folder, _, names in os.walk(small):
                        self.assertFalse([name for name in names if 'tmp' in name], folder)
                    shutil.rmtree(os.path.join(small, 'out'))


class FullDisk(Place):

    @as_root
    def test_compare(self):
        """One line, and not half a story."""
        for before, left in (b'full', {'before'}), (b'', {'before', 'both.pcapng'}):
            with self.subTest(before), self.disk('4k') as small:
                with open(os.path.join(small, 'before'), 'wb') as file:
                    file.write(before)
                result = compare(CAPTURE, CAPTURE, small)
                self.assertEqual((result.returncode, result.stderr.count(b'\n')), (1, 1), result.stderr)
                self.assertIn(b'No space left on device', result.stderr)
                self.assertEqual(set(os.listdir(small)), left)


class SetUp(Place):

    def test_install_personal(self):
        """An empty XDG_CONFIG_HOME is none, as Wireshark sees it."""
        for given, expected in (('', '.config'), (None, '.config'), (self.path('own'), self.path('own'))):
            with self.subTest(given=given):
                home = tempfile.mkdtemp(dir=self.top)
                env = {name: value for name, value in os.environ.items() if name != 'XDG_CONFIG_HOME'}
                env.update({'HOME': home}, **({} if given is None else {'XDG_CONFIG_HOME': given}))
                result = subprocess.run(['cmake', f'-Dplugin={__file__}',
                                         f'-Dprofile={shark.TOP}/profile/TCP Handshake', '-Dseries=4.0',
                                         '-P', f'{shark.TOP}/cmake/InstallPersonal.cmake'],
                                        env=env, capture_output=True)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertTrue(os.path.isdir(os.path.join(home, expected, 'wireshark', 'profiles', 'TCP Handshake')))

    def test_cache_of_somebody_else(self):
        """scripts/test-package and scripts/test-matrix remove what is in theirs."""
        def claim():
            return run(['bash', '-c', '. "$1/debian.sh"; claim', 'claim', LIB],
                       env={'TCPSHAKE_CACHE': self.path('cache')}).returncode == 0

        self.assertTrue(claim())
        os.mkdir(self.path('cache', 'packages'))
        self.assertTrue(claim())
        os.rename(self.path('cache'), self.path('other'))
        os.symlink(self.path('other'), self.path('cache'))
        self.assertFalse(claim())
        os.remove(self.path('cache'))
        os.rename(self.path('other'), self.path('cache'))
        os.remove(self.path('cache', '.tcpshake'))
        self.assertFalse(claim())


if __name__ == '__main__':
    unittest.main()
