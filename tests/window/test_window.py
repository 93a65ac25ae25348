#!/usr/bin/env python3
"""Wireshark's window, driven by keys on a display of its own: the menu Tools > TCP Handshake and the calls of the
command line. Skipped where there is no Wireshark, no Xvfb or no xdotool.

What is on the screen cannot be read here. But a ladder is handed to the browser, which here is a script that keeps it:
it tells which conversation was selected.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'tshark'))

import shark  # noqa: E402  (puts scripts/lib within reach)
import classroom  # noqa: E402

SAMPLE = os.path.join(shark.TOP, 'samples', 'conversations.pcap')
# In the submenu, which Wireshark sorts.
ALL, WORST, LADDER, NEXT, ONE_ROW_EACH, PREVIOUS, THIS_CONVERSATION, STORY = range(8)
NEEDED = ('wireshark', 'Xvfb', 'xdotool')
MISSING = [program for program in NEEDED if not shutil.which(program)]
BROWSER = '''#!/bin/sh
file=${1#file://}
{ stat -c %a "$file"; cat "$file"; } > "$OPENED/writing" && mv "$OPENED/writing" "$OPENED/$$"
'''


def wait_for(what, condition):
    """No measure of speed: a busy machine may take its time."""
    end = time.monotonic() + shark.PATIENCE / 2
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f'no {what}')


@unittest.skipIf(MISSING, f'not installed: {", ".join(MISSING)}')
class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wireshark = shark.Tshark(shark.PLUGINS, 'wireshark', whole=True)
        cls.wireshark.__enter__()
        cls.addClassCleanup(cls.wireshark.__exit__)
        reader, writer = os.pipe()
        cls.display = subprocess.Popen(['Xvfb', '-displayfd', str(writer), '-screen', '0', '1366x768x24', '-nolisten',
                                        'tcp'], pass_fds=[writer], stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.end, cls.display)
        os.close(writer)
        with os.fdopen(reader) as file:
            number = file.readline().strip()
        if not number:
            raise unittest.SkipTest('Xvfb opens no display')
        cls.folders = {name: cls.make_folder(name) for name in ('opened', 'bin', 'tmp', 'run')}
        browser = os.path.join(cls.folders['bin'], 'xdg-open')
        with open(browser, 'w', encoding='utf-8') as file:
            file.write(BROWSER)
        os.chmod(browser, 0o755)
        cls.wireshark.environment.update(
            DISPLAY=f':{number}', QT_QPA_PLATFORM='xcb', TMPDIR=cls.folders['tmp'], OPENED=cls.folders['opened'],
            XDG_RUNTIME_DIR=cls.folders['run'], PATH=cls.folders['bin'] + os.pathsep + os.environ['PATH'])
        # A desktop has a browser of its own.
        for name in ('XDG_CURRENT_DESKTOP', 'KDE_FULL_SESSION', 'DESKTOP_SESSION', 'BROWSER', 'WAYLAND_DISPLAY'):
            cls.wireshark.environment.pop(name, None)

    @classmethod
    def make_folder(cls, name):
        path = cls.wireshark.make_folder(name)
        if 'user' in cls.wireshark.identity:
            os.chown(path, cls.wireshark.identity['user'], cls.wireshark.identity['group'])
        os.chmod(path, 0o700)
        return path

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait()

    def setUp(self):
        for name in os.listdir(self.folders['opened']):
            os.remove(os.path.join(self.folders['opened'], name))

    def xdotool(self, *arguments):
        environment = dict(os.environ, DISPLAY=self.wireshark.environment['DISPLAY'])
        return subprocess.run(['xdotool', *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False, text=True).stdout.split()

    def windows(self, name):
        return self.xdotool('search', '--onlyvisible', '--name', name)

    def launch(self, *arguments):
        errors = tempfile.TemporaryFile()
        self.addCleanup(errors.close)
        process = self.wireshark.start(arguments, stdout=subprocess.PIPE, stderr=errors)
        process.errors = errors
        self.addCleanup(process.stdout.close)
        self.addCleanup(self.end, process)
        return process

    def start(self, capture, *arguments):
        """Opens the capture, and waits for its window."""
        name = os.path.basename(capture)
        process = self.launch('-r', self.wireshark.readable(capture), *arguments)
        def opened():
            if process.poll() is not None:
                process.errors.seek(0)
                self.fail(f'Wireshark ended by itself, with {process.returncode}: {process.errors.read()[-2000:]}')
            return self.windows(f'^{re.escape(name)}')

        self.main, = wait_for(f'window of {name}', opened)[:1]
        return process

    def keys(self, *keys):
        self.xdotool('windowfocus', '--sync', self.main)
        self.xdotool('key', '--delay', '100', *keys)

    def press(self, *keys):
        """For whichever window has the keyboard."""
        self.xdotool('key', '--delay', '100', *keys)

    def shown(self):
        """How many windows there are, open menus included."""
        return len(self.xdotool('search', '--onlyvisible', '--class', 'wireshark'))

    def grows(self, before):
        """Whether a menu opens soon."""
        for _ in range(10):
            if self.shown() > before:
                return True
            time.sleep(0.5)
        return False

    def open_submenu(self):
        """It is the last entry of Tools. A menu takes no keys before it is open; the key that opens it is lost while
        Wireshark reads a capture; and for a moment after another profile was chosen the submenu is not there: then the
        next menu opens instead."""
        before = self.shown()
        self.keys('alt+t')
        if self.grows(before):
            self.press('Up', 'Right')
            if self.grows(before + 1):
                return True
        self.press('Escape', 'Escape')
        wait_for('end of the menu', lambda: self.shown() == before)
        return False

    def choose(self, entry):
        wait_for('submenu', self.open_submenu)
        self.press(*['Down'] * entry, 'Return')

    def ladders(self):
        """Of mode and SVG, as the browser was given them."""
        found = []
        for name in os.listdir(self.folders['opened']):
            if name != 'writing':
                with open(os.path.join(self.folders['opened'], name), encoding='utf-8') as file:
                    found.append(file.read().split('\n', 1))
        return found

    def ladder(self):
        """Of the selected packet's conversation."""
        self.setUp()
        self.choose(LADDER)
        mode, picture = wait_for('ladder', self.ladders)[0]
        self.assertEqual(mode, '600')
        return picture

    def selected_stream(self):
        """Of the selected packet, as its ladder says."""
        return int(re.search(r'tcp\.stream (\d+)', self.ladder()).group(1))

    def change_profile(self, *keys):
        """To one above or below in the dialog's list."""
        self.keys('ctrl+shift+a')
        dialog, = wait_for('dialog', lambda: self.windows('Configuration Profiles'))[:1]
        self.xdotool('windowfocus', '--sync', dialog)
        self.press(*keys, 'Return')
        wait_for('end of the dialog', lambda: not self.windows('Configuration Profiles'))

    def temporary_files(self):
        return [name for name in os.listdir(self.folders['tmp']) if name.startswith('tcpshake-')]

    def quit(self, process):
        """As a user does. Returns what it has printed."""
        self.keys('ctrl+q')
        printed = process.communicate()[0].decode('utf-8')
        self.assertEqual(process.returncode, 0)
        return printed

    def test_anomalies_one_after_the_other(self):
        """Those of the sample: frame 47 (stream 3, FINs that cross), 51 and 53 (stream 4, a lost SYN and its delay), 63
        (stream 5, refused). The first packet is selected at first."""
        process = self.start(SAMPLE)
        self.assertEqual(self.selected_stream(), 0)
        streams = []
        for entry in (NEXT, NEXT, NEXT, NEXT, PREVIOUS, PREVIOUS, PREVIOUS, PREVIOUS):
            self.choose(entry)
            streams.append(self.selected_stream())
        # Before the first comes the last: frame 83, whose FIN is sent in vain (stream 7).
        self.assertEqual(streams, [3, 4, 4, 5, 4, 4, 3, 7])
        self.assertEqual(len(self.temporary_files()), 9)
        for name in self.temporary_files():
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folders['tmp'], name)).st_mode), 0o600)
        self.quit(process)
        self.assertEqual(self.temporary_files(), [])

    def test_story_stays_open(self):
        """While the capture is read again, and when it is closed; then there is nothing to tell, and that is said."""
        process = self.start(SAMPLE)
        self.choose(STORY)
        wait_for('story', lambda: self.windows('Story of a TCP conversation'))
        self.keys('ctrl+r')
        self.assertEqual(self.selected_stream(), 0)
        self.choose(STORY)
        wait_for('second story', lambda: len(self.windows('Story of a TCP conversation')) == 2)
        self.keys('ctrl+w')
        self.main, = wait_for('empty window', lambda: self.windows('^The Wireshark Network Analyzer'))[:1]
        self.choose(STORY)
        wait_for('third window', lambda: len(self.windows('Story of a TCP conversation')) == 3)
        self.quit(process)

    def test_windows_stay_open_over_another_file(self):
        """The three statistics, a story and the list, while another capture takes the place of theirs. Then a story is
        the other capture's, whose only conversation is tcp.stream 0."""
        other = self.wireshark.readable(shark.lab_capture('refused'))
        for statistic, title in (('tree', 'Outcomes'), ('conv', 'Conversations'), ('hosts', 'Hosts')):
            process = self.start(SAMPLE, '-z', f'tcpshake,{statistic}')
            wait_for(title, lambda text=title: self.windows(f'TCP Handshake: {text}'))
            for entry, name in ((STORY, 'Story of a TCP conversation'), (WORST, 'Failed and slow conversations')):
                self.choose(entry)
                wait_for(name, lambda text=name: self.windows(text))
            self.keys('ctrl+o')
            dialog, = wait_for('dialog', lambda: self.windows('Open Capture File'))[:1]
            self.xdotool('windowfocus', '--sync', dialog)
            self.xdotool('type', '--delay', '30', other)
            self.press('Return')
            self.main, = wait_for('other file', lambda: self.windows('^refused.pcap'))[:1]
            self.assertEqual(self.selected_stream(), 0)
            self.keys('ctrl+r')
            self.assertEqual(self.selected_stream(), 0)
            self.quit(process)

    def test_windows_stay_open_over_a_live_capture(self):
        """A statistic, a story and the list are opened while packets come. The first three frames make an open
        connection, told as one that is open so far; in the end all of the sample is there."""
        with open(SAMPLE, 'rb') as file:
            content = file.read()
        ends = [24]
        while ends[-1] < len(content):
            ends.append(ends[-1] + 16 + struct.unpack_from('<I', content, ends[-1] + 8)[0])
        path = os.path.join(self.folders['tmp'], 'live')
        os.mkfifo(path)
        os.chmod(path, 0o666)
        process = self.launch('-k', '-i', path, '-o', 'gui.ask_unsaved:FALSE', '-z', 'tcpshake,conv')
        with open(path, 'wb', buffering=0) as pipe:
            pipe.write(content[:ends[3]])
            self.main, = wait_for('capture', lambda: self.windows('^Capturing from'))[:1]
            wait_for('conversations', lambda: self.windows('TCP Handshake: Conversations'))
            for entry, name in ((STORY, 'Story of a TCP conversation'), (WORST, 'Failed and slow conversations')):
                wait_for(name, lambda entry=entry, text=name: self.choose(entry) or self.windows(text))
            self.assertIn('open so far', self.ladder())
            for first, last in zip(ends[3:], ends[4:]):
                pipe.write(content[first:last])
            time.sleep(2)
            self.choose(STORY)
        wait_for('end of the capture', lambda: not self.windows('^Capturing from'))
        self.main, = wait_for('capture', lambda: self.windows(r'^\*'))[:1]
        self.assertNotIn('open so far', self.ladder())
        self.keys('ctrl+End')
        self.assertEqual(self.selected_stream(), 7)
        self.quit(process)

    def test_another_profile(self):
        """Windows are open while another language comes, and while the protocol is switched off and on again."""
        home = os.path.join(self.wireshark.environment['HOME'], '.config', 'wireshark', 'profiles')
        for name, file, content in (('Korean', 'preferences', 'tcpshake.language: korean\n'),
                                    ('Off', 'disabled_protos', 'tcpshake\n')):
            os.makedirs(os.path.join(home, name), exist_ok=True)
            with open(os.path.join(home, name, file), 'w', encoding='utf-8') as target:
                target.write(content)
        subprocess.run(['chmod', '-R', 'a+rwX', os.path.dirname(os.path.dirname(home))], check=True)
        self.addCleanup(shutil.rmtree, home)
        process = self.start(SAMPLE, '-z', 'tcpshake,conv')
        for entry, name in ((STORY, 'Story of a TCP conversation'), (WORST, 'Failed and slow conversations')):
            self.choose(entry)
            wait_for(name, lambda text=name: self.windows(text))
        english = self.ladder()
        self.change_profile('Down')
        korean = self.ladder()
        self.assertNotEqual(korean, english)
        self.assertIn('클라이언트', korean)
        self.change_profile('Down')
        self.choose(STORY)
        self.change_profile('Up', 'Up')
        self.assertEqual(self.ladder(), english)
        self.quit(process)

    def test_from_a_list_to_packets(self):
        """The list has first the refused one (stream 5), then the one with a Warning (7: lingering TIME-WAIT), then the
        slowest (4, whose SYN was lost; 6). Its buttons stand behind the text and the line for highlighting."""
        process = self.start(SAMPLE)
        self.choose(WORST)
        window, = wait_for('list', lambda: self.windows('Failed and slow conversations'))
        streams = []
        for keys in (('Tab', 'Tab', 'space'), ('Tab', 'space'), ('Tab', 'space'), ('Tab', 'space')):
            self.xdotool('windowfocus', '--sync', window)
            self.xdotool('key', '--delay', '100', *keys)
            streams.append(self.selected_stream())
        self.assertEqual(streams, [5, 7, 4, 6])
        self.quit(process)

    def test_station_of_the_classroom(self):
        """The seventh: filter and limits are in place. It leaves frames 2 and 4 (stream 0), 18 (stream 1), 31 (stream
        2) and 38 to 40 (stream 3). Frame 38 passes only if all of the capture is known, 18 and 31 only with its
        limits."""
        station = classroom.stations('en')[6]
        process = self.start(station.capture, *station.options())
        time.sleep(4)  # the filter is applied when Wireshark draws what it collects, every three seconds
        streams = []
        for up in ((), ('ctrl+Up',) * 3, ('ctrl+Up',), ('ctrl+Up',)):
            self.keys(*(up or ('ctrl+End',)))
            streams.append(self.selected_stream())
        self.assertEqual(streams, [3, 2, 1, 0])
        self.quit(process)

    def test_command_line(self):
        """Wireshark prints and writes what tshark does."""
        calls = ['tcpshake,story,5', 'tcpshake,ladder,4,{}.svg', 'tcpshake,export,{}.csv']
        written = {}
        for program in ('tshark', 'wireshark'):
            begin = os.path.join(self.folders['tmp'], program)
            arguments = [word for call in calls for word in ('-z', call.format(begin))]
            if program == 'tshark':
                tshark = shark.Tshark(shark.PLUGINS)
                with tshark:
                    tshark.environment = dict(self.wireshark.environment, HOME=tshark.environment['HOME'],
                                              WIRESHARK_PLUGIN_DIR=tshark.environment['WIRESHARK_PLUGIN_DIR'])
                    printed = tshark.output(['-n', '-2', '-q', '-r', tshark.readable(SAMPLE), *arguments])[1].decode()
            else:
                process = self.start(SAMPLE, *arguments)
                for ending in ('.svg', '.csv'):
                    wait_for(ending, lambda path=begin + ending: os.path.exists(path) and os.path.getsize(path) > 0)
                printed = self.quit(process)
            written[program] = [printed]
            for ending in ('.svg', '.csv'):
                with open(begin + ending, encoding='utf-8') as file:
                    written[program].append(file.read())
        self.assertIn('refused by the server after 20 ms', written['tshark'][0])
        self.assertEqual(written['wireshark'], written['tshark'])


if __name__ == '__main__':
    unittest.main(verbosity=2)  # says why it is skipped
