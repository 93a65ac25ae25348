#!/usr/bin/env python3
"""docs/classroom: what its pages show is what tshark prints and draws, and what they say comes from that.

test_classroom.py --write writes the outputs and the pictures anew, for when the plugin's sentences have changed.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import filecmp
import functools
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import shark

FOLDER = os.path.join(shark.TOP, 'docs', 'classroom')
CAPTURES = os.path.join(shark.CAPTURES, 'classroom')
LANGUAGES = {'en': 'english', 'ko': 'korean'}
STATIONS = 10
LINES = 25

HEADING = re.compile(r'^## (\d+) (.+)$', re.M)
TABLE = re.compile(r'^\| \[`([^`]+)`\]\(\.\./\.\./tests/captures/classroom/\1\) \| `([^`]+)` \| ([\d, –]+) \|$', re.M)
BLOCK = re.compile(r'^```console\n\$ (.*)\n((?:.*\n)*?)```$', re.M)
PICTURE = re.compile(r'!\[[^\]]+\]\(images/([\w-]+\.svg)\)')
CLICK = re.compile(r'^\*\*(?:Click|누를 것):\*\* \S', re.M)
COUNTED = re.compile(r'\b(?:first|second|third|fourth|fifth|sixth) column|[첫둘셋넷]째 열|(?:다섯|여섯|번)째 열')
FOLDED = re.compile(r'<details><summary>([^<]+)</summary>\n\n((?:(?!</?details).*\n)+?)\n</details>')
LADDER = re.compile(r'tcpshake,ladder,(\d+),([\w-]+\.svg)')
FRAMES = re.compile(r'(?:[Ff]rames?|프레임)\s(\d+(?:(?:, | and | to |–|과 |와 |부터 )\d+)*)')
TIME = re.compile(r'(\d+(?:\.\d+)?) ?(ms|s(?!\w)|초)')
# Sequence numbers, and whatever else is long.
LONG = re.compile(r'(?<![\w.])\d{5,}')

# What a station says that its outputs do not: text, and where it comes from.
KNOWN = {
    2: {'4294967295': 'the last number of 32 bits', '4294967296': '2 to the 32nd'},
    6: {'30 s': "the default of tcpshake.msl, as README says"},
    10: {'64000': '65000 - 1000, and so on'},
}


class Station:

    def __init__(self, number, title, text):
        self.number, self.title, self.text = number, title, text
        self.tables = TABLE.findall(text)
        self.blocks = BLOCK.findall(text)
        self.pictures = PICTURE.findall(text)
        self.folded = FOLDED.findall(text)
        self.prose = re.sub(r'\]\([^)]*\)|^\|.*$', '', BLOCK.sub('', text), flags=re.M)

    @property
    def frames(self):
        numbers = set()
        for part in self.tables[0][2].split(', '):
            first, _, last = part.partition('–')
            numbers.update(range(int(first), int(last or first) + 1))
        return sorted(numbers)


def page_path(language):
    return os.path.join(FOLDER, f'{language}.md')


@functools.lru_cache(maxsize=None)
def page(language):
    with open(page_path(language), encoding='utf-8') as file:
        return file.read()


@functools.lru_cache(maxsize=None)
def stations(language):
    pieces = HEADING.split(page(language))[1:]
    return [Station(int(number), title, text) for number, title, text in zip(*[iter(pieces)] * 3)]


def drawing(name):
    """Where whoever runs tshark can write it."""
    folder = tempfile.mkdtemp(dir=shark.folder())
    os.chmod(folder, 0o777)
    return os.path.join(folder, name)


@functools.lru_cache(maxsize=None)
def run(command, language):
    """What a command of a page prints, and the file that it draws. Its paths are those from the top of the project; the
    tabs of empty fields at the end of a line are not kept in a page."""
    program, *arguments = shlex.split(command)
    assert program == 'tshark', command
    at = arguments.index('-r') + 1
    arguments[at] = shark.with_plugin().readable(os.path.join(shark.TOP, arguments[at]))
    drawn = None
    for i, argument in enumerate(arguments):
        ladder = LADDER.fullmatch(argument)
        if ladder:
            drawn = drawing(ladder[2])
            arguments[i] = f'tcpshake,ladder,{ladder[1]},{drawn}'
    printed = shark.output('-o', f'tcpshake.language:{LANGUAGES[language]}', *arguments)
    return re.sub(r'\t+$', '', printed, flags=re.M), drawn


@functools.lru_cache(maxsize=None)
def frames_that_pass(capture, display_filter, options):
    rows = shark.values(os.path.join(CAPTURES, capture), ['frame.number'], two_pass=True, display_filter=display_filter,
                        options=options)
    return [int(row['frame.number'][0]) for row in rows]


def each_station():
    for language in LANGUAGES:
        for station in stations(language):
            yield language, station


def is_told(value, unit, outputs):
    """Whether the outputs hold this time, in words or, with more digits, as a field."""
    if re.search(rf'(?<![\d.]){re.escape(value)} ?{unit}', outputs):
        return True
    scale = 1000 if unit == 'ms' else 1
    half = 0.5 * 10 ** -len(value.partition('.')[2])
    return any(abs(float(number) * scale - float(value)) <= half + 1e-9
               for number in re.findall(r'\d+\.\d{6,}', outputs))


class Classroom(unittest.TestCase):
    maxDiff = None

    def test_outputs(self):
        for language, station in each_station():
            for command, shown in station.blocks:
                with self.subTest(language=language, station=station.number, command=command):
                    printed, _ = run(command, language)
                    self.assertEqual(shown, printed)
                    self.assertLessEqual(len(shown.splitlines()), LINES)

    def test_pictures(self):
        """Each is drawn by a command of its station, and is in its language."""
        used = set()
        for language, station in each_station():
            drawn = [LADDER.search(command)[2] for command, _ in station.blocks if LADDER.search(command)]
            with self.subTest(language=language, station=station.number):
                self.assertGreaterEqual(len(drawn), 1)
                self.assertEqual([name for name in station.pictures], drawn)
            for command, _ in station.blocks:
                if LADDER.search(command):
                    with self.subTest(command=command):
                        file = run(command, language)[1]
                        name = os.path.basename(file)
                        self.assertRegex(name, rf'^{station.number:02}[a-z]?-{language}\.svg$')
                        self.assertTrue(filecmp.cmp(file, os.path.join(FOLDER, 'images', name), shallow=False))
                        used.add(name)
        self.assertEqual({name for name in os.listdir(os.path.join(FOLDER, 'images')) if name.endswith('.svg')}, used)

    def test_filters(self):
        """The filter is typed as the station says, and leaves the frames that it names."""
        for language, station in each_station():
            with self.subTest(language=language, station=station.number):
                (capture, display_filter, _), = station.tables
                commands = [shlex.split(command) for command, _ in station.blocks]
                typed = [command for command in commands if '-Y' in command and
                         command[command.index('-Y') + 1] == display_filter]
                self.assertTrue(typed)
                for command in commands:
                    self.assertEqual(command[command.index('-r') + 1], f'tests/captures/classroom/{capture}')
                options = tuple(part for option, value in zip(typed[0], typed[0][1:]) if option == '-o'
                                for part in (option, value))
                self.assertEqual(frames_that_pass(capture, display_filter, options), station.frames)

    def test_each_says_what_to_click(self):
        for language, station in each_station():
            with self.subTest(language=language, station=station.number):
                self.assertEqual(len(CLICK.findall(station.text)), 1)

    def test_columns_are_named(self):
        """Not counted: a window has others than an output."""
        for language in LANGUAGES:
            self.assertEqual(COUNTED.findall(page(language)), [])

    def test_languages_agree(self):
        def outline(language):
            return [(station.number, station.tables, len(station.folded),
                     [command.replace(f'-{language}.svg', '') for command, _ in station.blocks])
                    for station in stations(language)]

        self.assertEqual(outline('en'), outline('ko'))
        self.assertEqual([station.number for station in stations('en')], list(range(1, STATIONS + 1)))
        for language, station in each_station():
            with self.subTest(language=language, station=station.number):
                self.assertEqual(len(station.folded), 2)
                self.assertEqual(station.text.count('<details>'), 2)
                self.assertEqual(station.text.count('```'), 2 * len(station.blocks))
        captures = [station.tables[0][0] for station in stations('en')]
        self.assertEqual(sorted(name for name in os.listdir(CAPTURES) if name.endswith('.pcap')), captures)

    def test_numbers_come_from_the_outputs(self):
        for language, station in each_station():
            outputs = ''.join(shown for _, shown in station.blocks)
            known = KNOWN.get(station.number, {})
            with self.subTest(language=language, station=station.number):
                missing = [number for number in LONG.findall(station.prose)
                           if number not in known and not re.search(rf'(?<!\d){number}(?!\d)', outputs)]
                missing += [f'{value} {unit}' for value, unit in TIME.findall(station.prose)
                            if f'{value} s' not in known and not is_told(value, unit, outputs)]
                missing += [f'frame {number}' for named in FRAMES.findall(station.prose)
                            for number in re.findall(r'\d+', named)
                            if not re.search(rf'(?<![\d.]){number}(?![\d.])', outputs)]
                self.assertEqual(missing, [])

    def test_captures_are_made_of_the_recordings(self):
        folder = os.path.dirname(drawing('x'))
        subprocess.run([os.path.join(CAPTURES, 'make'), folder], check=True, stdout=subprocess.DEVNULL)
        for station in stations('en'):
            name = station.tables[0][0]
            with self.subTest(name):
                made, committed = (open(os.path.join(place, name), 'rb') for place in (folder, CAPTURES))
                with made, committed:
                    # The header has a length that differs between versions of editcap.
                    self.assertEqual(made.read()[24:], committed.read()[24:])


class Script(unittest.TestCase):
    """scripts/classroom, which has to build nothing here: what it starts."""

    def run_it(self, *arguments, **environment):
        program = os.path.join(shark.TOP, 'scripts', 'lib', 'classroom.py')
        result = subprocess.run([sys.executable, '-B', program, shark.PLUGINS, *arguments], capture_output=True,
                                encoding='utf-8', stdin=subprocess.DEVNULL,
                                env={**os.environ, 'DISPLAY': '', 'WAYLAND_DISPLAY': '', **environment})
        return result.returncode, result.stdout, result.stderr

    def test_all_stations_in_the_terminal(self):
        status, text, errors = self.run_it('--language', 'en')
        self.assertEqual((status, errors), (0, ''))
        heads = re.findall(r'^(\d+)\. (.*)$', text, re.M)
        self.assertEqual(heads, [(str(station.number), station.title) for station in stations('en')])
        for station in stations('en'):
            self.assertIn(station.tables[0][1], text)
        streams = sum(len(set(row['tcp.stream'][0]
                              for row in shark.values(os.path.join(CAPTURES, name), ['tcp.stream'])))
                      for name in os.listdir(CAPTURES) if name.endswith('.pcap'))
        self.assertEqual(len(re.findall(r'^tcp\.stream \d+: ', text, re.M)), streams)

    def test_one_station_and_on(self):
        status, text, _ = self.run_it('--terminal', '9')
        self.assertEqual(status, 0)
        self.assertEqual(re.findall(r'^(\d+)\. ', text, re.M), ['9', '10'])

    def test_locale(self):
        for locale, word in (('ko_KR.UTF-8', '필터: '), ('C.UTF-8', 'Filter: ')):
            self.assertTrue(word in self.run_it('10', LANGUAGE='', LC_ALL=locale)[1], locale)

    def encoded(self, encoding, *arguments):
        """What a terminal of this encoding gets."""
        program = os.path.join(shark.TOP, 'scripts', 'lib', 'classroom.py')
        result = subprocess.run([sys.executable, '-B', program, shark.PLUGINS, '--terminal', *arguments, '10'],
                                capture_output=True, stdin=subprocess.DEVNULL,
                                env={**os.environ, 'PYTHONIOENCODING': encoding, 'LANGUAGE': '',
                                     'LC_ALL': 'ko_KR.UTF-8'})
        return result.returncode, result.stdout.decode(encoding), result.stderr.decode()

    def test_other_encodings(self):
        """What they lack is drawn in ASCII, and as wide; what ASCII cannot write at all is told in English."""
        _, whole, _ = self.encoded('utf-8', '--language', 'en')
        for encoding in ('ascii', 'iso-8859-1', 'euc_kr'):
            with self.subTest(encoding=encoding):
                status, text, errors = self.encoded(encoding, '--language', 'en')
                self.assertEqual((status, errors), (0, ''))
                self.assertEqual(list(map(len, text.splitlines())), list(map(len, whole.splitlines())))
                self.assertNotIn('?', text)
        status, korean, errors = self.encoded('euc_kr')
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('필터: ', korean)
        self.assertEqual(self.encoded('ascii'), self.encoded('ascii', '--language', 'en'))
        status, _, errors = self.encoded('ascii', '--language', 'ko')
        self.assertEqual(status, 2)
        self.assertIn('encoding', errors)

    def test_no_such_station(self):
        status, _, errors = self.run_it('11')
        self.assertEqual(status, 2)
        self.assertIn('1 to 10', errors)


def write():
    os.makedirs(os.path.join(FOLDER, 'images'), exist_ok=True)
    for language in LANGUAGES:
        if not os.path.exists(page_path(language)):
            continue

        def anew(block):
            printed, drawn = run(block[1], language)
            if drawn:
                with open(drawn, 'rb') as source, \
                     open(os.path.join(FOLDER, 'images', os.path.basename(drawn)), 'wb') as target:
                    target.write(source.read())
            return f'```console\n$ {block[1]}\n{printed}```'

        text = BLOCK.sub(anew, page(language))
        with open(page_path(language), 'w', encoding='utf-8') as file:
            file.write(text)


if __name__ == '__main__':
    if sys.argv[1:] == ['--write']:
        write()
    else:
        unittest.main()
