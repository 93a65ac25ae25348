#!/usr/bin/env python3
"""docs/classroom: every command typed again, every picture drawn again, and both languages the same walkthrough.

With --write it writes what the commands print into the pages, and the pictures beside them: to be read before it is committed.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shlex
import subprocess
import sys
import unittest

import shark

PAGES = os.path.join(shark.TOP, 'docs', 'classroom')
CAPTURES = os.path.join(shark.CAPTURES, 'classroom')
LANGUAGES = {'en': 'english', 'ko': 'korean'}
CONSOLE = re.compile(r'^```console\n(.*?)^```$', re.M | re.S)
COMMAND = re.compile(r'^\$ (tshark .*)\n', re.M)
LADDER = re.compile(r'<!-- ladder (\d+) -->\n!\[.+\]\((images/.+\.svg)\)')
ANSWER = re.compile(r'^<details><summary>(.+\?)</summary>\n\n((?:.+\n)+)</details>$', re.M)
# A number that a student could look for in what the commands print: a time, or a sequence number.
TELLING = re.compile(r'\d{5,}')


def read(language):
    with open(os.path.join(PAGES, language + '.md'), encoding='utf-8') as file:
        return file.read()


class Station:
    def __init__(self, language, number, title, text):
        self.language, self.number, self.title, self.text = language, int(number), title, text
        self.captures = sorted(set(re.findall(r'\b\d\d-[a-z-]+\.pcap', text)))
        self.filters = re.findall(r'^```wireshark\n(.*)\n```$', text, re.M)
        self.ladders = LADDER.findall(text)
        self.answers = ANSWER.findall(text)

    def commands(self):
        return [command for block in CONSOLE.findall(self.text) for command in COMMAND.findall(block)]

    def prose(self):
        """Without the blocks, comments, links, and what is set as code."""
        return re.sub(r'```.*?```|<!--.*?-->|\(.*?\)|`.*?`', '', self.text, flags=re.S)


def stations(language):
    parts = re.split(r'^## (\d+)\. (.*)$', read(language), flags=re.M)
    return [Station(language, *part) for part in zip(parts[1::3], parts[2::3], parts[3::3])]


def in_language(language):
    return ['-n', '-o', f'tcpshake.language:{LANGUAGES[language]}']


def readable(name):
    return shark.with_plugin().readable(os.path.join(CAPTURES, name))


def printed(command, language):
    """What the command prints when it is typed in the folder of the captures, in a terminal of that language."""
    arguments = [readable(word) if word.endswith('.pcap') else word for word in shlex.split(command)[1:]]
    return shark.output(*in_language(language), *arguments)


def typed_again(block, language):
    return ''.join(f'$ {command}\n{printed(command, language)}' for command in COMMAND.findall(block))


def drawn(station, stream):
    target = os.path.join(shark.folder(), 'home', 'ladder.svg')
    shark.output(*in_language(station.language), '-q', '-r', readable(station.captures[0]), '-z', f'tcpshake,ladder,{stream},{target}')
    with open(target, encoding='utf-8') as file:
        picture = file.read()
    os.remove(target)
    return picture


class Pages(unittest.TestCase):
    maxDiff = None

    def each(self, check):
        for language in LANGUAGES:
            for station in stations(language):
                with self.subTest(language=language, station=station.number):
                    check(station)

    def test_ten_stations(self):
        def check(station):
            self.assertEqual(len(station.captures), 1)
            self.assertTrue(station.captures[0].startswith(f'{station.number:02}-'))
            self.assertEqual(len(station.filters), 1)
            self.assertEqual(len(station.ladders), 1)
            self.assertEqual(len(station.answers), 2)
            self.assertTrue(station.commands())
        self.each(check)
        for language in LANGUAGES:
            self.assertEqual([station.number for station in stations(language)], list(range(1, 11)))

    def test_both_languages_are_the_same_walk(self):
        for one, two in zip(stations('en'), stations('ko')):
            with self.subTest(station=one.number):
                self.assertEqual((one.captures, one.filters, one.commands()), (two.captures, two.filters, two.commands()))
                self.assertEqual([stream for stream, _ in one.ladders], [stream for stream, _ in two.ladders])

    def test_commands(self):
        def check(station):
            for block in CONSOLE.findall(station.text):
                self.assertEqual(block, typed_again(block, station.language))
        self.each(check)

    def test_filters(self):
        """What is typed leaves something, and not everything; and a command uses it, or prints the frames of the anomalies."""
        def check(station):
            path, = map(readable, station.captures)
            everything = len(shark.values(path, ['frame.number'], two_pass=True))
            left = len(shark.values(path, ['frame.number'], two_pass=True, display_filter=station.filters[0]))
            self.assertTrue(0 < left < everything, f'{left} of {everything}')
            self.assertTrue(any(station.filters[0].split(' ')[0] in command for command in station.commands()))
        self.each(check)

    def test_pictures(self):
        def check(station):
            (stream, path), = station.ladders
            with open(os.path.join(PAGES, path), encoding='utf-8') as file:
                self.assertEqual(file.read(), drawn(station, stream))
        self.each(check)

    def test_numbers(self):
        """Every long number in the text is one of the station's capture."""
        def check(station):
            shown = ''.join(CONSOLE.findall(station.text))
            whole = shown + shark.output('-2', '-r', readable(station.captures[0]), '-T', 'fields', '-e', 'tcpshake.note', '-e',
                                         '_ws.expert.message')
            for number in TELLING.findall(station.prose()):
                self.assertIn(number, whole)
        self.each(check)

    def test_frames(self):
        """Every frame that the text names is one that the commands print, or one of the capture's ACKs."""
        def check(station):
            count = len(shark.values(readable(station.captures[0]), ['frame.number']))
            for number in re.findall(r'(?:[Ff]rames?|프레임) (\d+)', station.prose()):
                self.assertTrue(1 <= int(number) <= count, number)
        self.each(check)

    def test_captures_are_made_of_the_recordings(self):
        with open(os.path.join(CAPTURES, 'make'), encoding='utf-8') as file:
            names = {'__name__': 'make', '__file__': os.path.join(CAPTURES, 'make')}
            exec(compile(file.read(), 'make', 'exec'), names)  # pylint: disable=exec-used
        for name, recordings in names['STATIONS'].items():
            with self.subTest(name), open(os.path.join(CAPTURES, name + '.pcap'), 'rb') as file:
                self.assertEqual(file.read(), names['station'](recordings))


class Script(unittest.TestCase):
    """scripts/classroom, which has to build nothing here: what it starts."""

    def run_it(self, *arguments, **environment):
        program = os.path.join(shark.TOP, 'scripts', 'lib', 'classroom.py')
        result = subprocess.run([sys.executable, '-B', program, shark.PLUGINS, *arguments], capture_output=True, encoding='utf-8',
                                stdin=subprocess.DEVNULL, env={**os.environ, 'DISPLAY': '', 'WAYLAND_DISPLAY': '', **environment})
        return result.returncode, result.stdout, result.stderr

    def test_all_stations_in_the_terminal(self):
        status, text, errors = self.run_it('--language', 'en')
        self.assertEqual((status, errors), (0, ''))
        heads = re.findall(r'^(\d+)\. (.*)$', text, re.M)
        self.assertEqual(heads, [(str(station.number), station.title) for station in stations('en')])
        for station in stations('en'):
            self.assertIn(station.filters[0], text)
        streams = sum(len(set(row['tcp.stream'][0] for row in shark.values(readable(name), ['tcp.stream'])))
                      for name in os.listdir(CAPTURES) if name.endswith('.pcap'))
        self.assertEqual(len(re.findall(r'^tcp\.stream \d+: ', text, re.M)), streams)

    def test_one_station_and_on(self):
        status, text, _ = self.run_it('--terminal', '9')
        self.assertEqual(status, 0)
        self.assertEqual(re.findall(r'^(\d+)\. ', text, re.M), ['9', '10'])

    def test_locale(self):
        for variables, title in (({'LANGUAGE': '', 'LC_ALL': 'ko_KR.UTF-8'}, '무작위'), ({'LANGUAGE': '', 'LC_ALL': 'C.UTF-8'}, 'random')):
            self.assertIn(title, self.run_it('10', **variables)[1])

    def test_no_such_station(self):
        status, _, errors = self.run_it('11')
        self.assertEqual(status, 2)
        self.assertIn('1 to 10', errors)


def write():
    for language in LANGUAGES:
        text = CONSOLE.sub(lambda block: f'```console\n{typed_again(block.group(1), language)}```', read(language))
        with open(os.path.join(PAGES, language + '.md'), 'w', encoding='utf-8') as file:
            file.write(text)
        for station in stations(language):
            for stream, path in station.ladders:
                with open(os.path.join(PAGES, path), 'w', encoding='utf-8') as file:
                    file.write(drawn(station, stream))


if __name__ == '__main__':
    if '--write' in sys.argv:
        write()
    else:
        unittest.main()
