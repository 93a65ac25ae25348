"""Goes through the stations of docs/classroom: in Wireshark if there is a display, else as stories in the terminal.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import filecmp
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'scripts', 'lib'))

from ordinary_tshark import Tshark, Unusable  # noqa: E402
from stories import Untold, stories  # noqa: E402
from terminal import can_write, end_tidily, speak  # noqa: E402

PAGES = os.path.join(TOP, 'docs', 'classroom')
CAPTURES = os.path.join(TOP, 'tests', 'captures', 'classroom')
PROFILE = 'TCP Handshake'
# A station's capture and its filter; what to click; the command that shows it, with the limits that it needs.
ROW = re.compile(r'^\| \[`([^`]+)`\]\([^)]*\) \| `([^`]+)` \|', re.M)
CLICK = re.compile(r'^\*\*(?:Click|누를 것):\*\* (.*?)\n\n', re.M | re.S)
COMMAND = re.compile(r'^\$ (tshark .*)$', re.M)
# Wireshark's own settings for a window that a class can read. Without a window manager, the size counts.
LARGE = '''gui.geometry_main_maximized: TRUE
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: 1910
gui.geometry_main_height: 1030
'''
LANGUAGES = {'en': 'english', 'ko': 'korean'}
WORDS = {
    'en': {'filter': 'Filter', 'click': 'Click', 'keys': 'Enter: next   b: back   q: quit',
           'questions': 'Questions and answers',
           'no_root': 'Wireshark started by root loads no personal plugins, so the stations are shown here.',
           'other': 'Wireshark uses the tcpshake in {}, which is not the one built here.\n'
                    'To update it: cmake --build build --target install-personal'},
    'ko': {'filter': '필터', 'click': '누를 것', 'keys': 'Enter: 다음   b: 이전   q: 끝', 'questions': '질문과 답',
           'no_root': 'root로 시작한 Wireshark는 개인 플러그인을 읽지 않으므로 여기에 보여 줍니다.',
           'other': 'Wireshark는 {}의 tcpshake를 쓰는데, 여기서 만든 것과 다릅니다.\n'
                    '바꾸려면: cmake --build build --target install-personal'},
}


class Station:
    """One section of the walkthrough, with its capture and the filter to type."""

    def __init__(self, number, title, text):
        self.number, self.title = number, title
        name, self.filter = ROW.search(text).groups()
        self.capture = os.path.join(CAPTURES, name)
        self.click = ' '.join(CLICK.search(text)[1].split())
        self.limits = self._limits(text)

    def _limits(self, text):
        """The options of the first command with the station's filter."""
        for command in map(shlex.split, COMMAND.findall(text)):
            if self.filter in command:
                return [word for option, value in zip(command, command[1:]) if option == '-o'
                        for word in (option, value)]
        return []

    def options(self):
        """Of Wireshark. Not -Y: that filter would see each packet only as it was known when it was read."""
        return [*self.limits, '-z', f'tcpshake,filter,{self.filter}']

    def head(self, words, in_window):
        lines = [f'{self.number}. {self.title}', f'   {os.path.relpath(self.capture, TOP)}',
                 f'   {words["filter"]}: {self.filter}']
        if in_window:
            lines.append(f'   {words["click"]}: {self.click}')
        return '\n'.join(lines) + '\n'


def stations(language):
    with open(os.path.join(PAGES, language + '.md'), encoding='utf-8') as page:
        parts = re.split(r'^## (\d+) (.*)$', page.read(), flags=re.M)
    return [Station(int(number), title, text) for number, title, text in zip(parts[1::3], parts[2::3], parts[3::3])]


def language_of_locale():
    names = [os.environ.get(name, '') for name in ('LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'LANG')]
    korean = next((name for name in names if name), '').startswith('ko') and can_write(WORDS['ko']['filter'])
    return 'ko' if korean else 'en'


class Terminal:
    """Tells the conversations of a station in the terminal."""

    in_window = False

    def __init__(self, plugins, language):
        self._tshark = Tshark(plugins)
        self._options = ['-o', f'tcpshake.language:{LANGUAGES[language]}']

    def __enter__(self):
        self._tshark.__enter__()
        return self

    def __exit__(self, *details):
        self._tshark.__exit__(*details)

    def _streams(self, capture):
        status, printed, messages = self._tshark.output(['-n', '-r', capture, '-T', 'fields', '-e', 'tcp.stream',
                                                         '-Y', 'tcp'])
        if status != 0:
            sys.exit(messages.strip())
        return sorted({int(number) for line in printed.split() for number in line.decode().split(',')})

    def show(self, station):
        capture = self._tshark.readable(station.capture)
        for _, story in sorted(stories(self._tshark, capture, self._streams(capture), *self._options).items()):
            print(story)


def installed(plugins):
    """The user's own tcpshake for the same Wireshark, or None: if both were loaded, Wireshark would say so in a dialog
    at each start."""
    for built in glob.glob(os.path.join(plugins, '*', 'epan', 'tcpshake.*')):
        series = built.split(os.sep)[-3]
        for name in (series, series.replace('.', '-')):
            own = os.path.expanduser(os.path.join('~', '.local', 'lib', 'wireshark', 'plugins', name, 'epan',
                                                  os.path.basename(built)))
            if os.path.exists(own):
                return own, filecmp.cmp(own, built, shallow=False)
    return None, False


class Window:
    """One Wireshark at a time, with a separate configuration, so that the user's settings do not change."""

    in_window = True

    def __init__(self, plugins, language):
        self._plugins = plugins
        self._words = WORDS[language]
        self._options = ['-C', PROFILE, '-o', f'tcpshake.language:{LANGUAGES[language]}', '-o', 'gui.ask_unsaved:FALSE']
        self._process = None

    def __enter__(self):
        self._folder = tempfile.mkdtemp(prefix='tcpshake-classroom-')
        shutil.copytree(os.path.join(TOP, 'profile', PROFILE), os.path.join(self._folder, 'profiles', PROFILE))
        with open(os.path.join(self._folder, 'recent_common'), 'w', encoding='utf-8') as file:
            file.write(LARGE)
        self._environment = dict(os.environ, WIRESHARK_CONFIG_DIR=self._folder)
        own, is_same = installed(self._plugins)
        if not own:
            self._environment['WIRESHARK_PLUGIN_DIR'] = os.path.abspath(self._plugins)
        elif not is_same:
            print(self._words['other'].format(own) + '\n')
        return self

    def __exit__(self, *_):
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _close(self):
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def show(self, station):
        self._close()
        self._process = subprocess.Popen(['wireshark', *self._options, *station.options(), '-r', station.capture],
                                         env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)


def has_display():
    return bool((os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')) and shutil.which('wireshark'))


def key(words):
    """The user's choice: +1, -1, or None to quit. Always +1 if standard input is not a terminal."""
    if not sys.stdin.isatty():
        return +1
    try:
        pressed = input(words['keys'] + ' ').strip().lower()
    except (EOFError, KeyboardInterrupt):
        print()
        return None
    return None if pressed == 'q' else -1 if pressed == 'b' else +1


def walk(teacher, route, words, at):
    while at is not None and 0 <= at < len(route):
        print(route[at].head(words, teacher.in_window))
        teacher.show(route[at])
        print(f'   {words["questions"]}: docs/classroom/{words["page"]}\n')
        step = key(words)
        at = None if step is None else max(at + step, 0)


def main():
    parser = argparse.ArgumentParser(prog='classroom')
    parser.add_argument('plugins')
    parser.add_argument('--language', choices=LANGUAGES, default=language_of_locale())
    parser.add_argument('--terminal', action='store_true')
    parser.add_argument('station', nargs='?', type=int, default=1)
    given = parser.parse_intermixed_args()
    if not can_write(WORDS[given.language]['filter']):
        parser.error(f'the encoding of this terminal, {sys.stdout.encoding}, cannot write {LANGUAGES[given.language]}')
    route, words = stations(given.language), dict(WORDS[given.language], page=given.language + '.md')
    if not 1 <= given.station <= len(route):
        parser.error(f'STATION must be 1 to {len(route)}')
    windows = has_display() and not given.terminal
    if windows and os.getuid() == 0:
        print(words['no_root'] + '\n')
        windows = False
    with (Window if windows else Terminal)(given.plugins, given.language) as teacher:
        walk(teacher, route, words, given.station - 1)


if __name__ == '__main__':
    speak()
    end_tidily()
    try:
        main()
    except BrokenPipeError:             # the reader has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except (Unusable, Untold) as problem:
        sys.exit(f'classroom: {problem}')
    except KeyboardInterrupt:
        sys.exit(130)
