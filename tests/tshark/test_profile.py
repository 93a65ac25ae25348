#!/usr/bin/env python3
"""The profile "TCP Handshake": tshark -C takes it, its buttons have the README's ten questions, its colours know every
anomaly and are told apart by readers who cannot tell red from green.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools
import math
import os
import re
import shutil
import unittest

import shark

NAME = 'TCP Handshake'
PROFILE = os.path.join(shark.TOP, 'profile', NAME)
CAPTURE = os.path.join(shark.LAB, 'refused.pcap')


def read(*path):
    with open(os.path.join(shark.TOP, *path), encoding='utf-8') as file:
        return file.read()


def lines(name):
    return [line for line in read('profile', NAME, name).splitlines() if not line.startswith('#')]


def colour(text):
    """"[65535,0,0]" as three numbers from 0 to 1, linear in light."""
    return [((value / 65535 + 0.055) / 1.055) ** 2.4 if value > 2650 else value / 65535 / 12.92
            for value in map(int, text.split(','))]


def luminance(light):
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one, other):
    """WCAG 2.1: from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def to_deuteranopes(light):
    """As who has no green cones sees it: Viénot, Brettel and Mollon 1999, "Digital video colourmaps for checking the
    legibility of displays by dichromats"."""
    red, green, blue = light
    return [0.29275 * red + 0.70725 * green, 0.29275 * red + 0.70725 * green,
            -0.02234 * red + 0.02234 * green + blue]


def lab(light):
    """CIE L*a*b* of linear sRGB, white point D65."""
    x, y, z = (sum(factor * value for factor, value in zip(row, light)) / white for row, white in (
        ((0.4124, 0.3576, 0.1805), 0.9505), ((0.2126, 0.7152, 0.0722), 1.0), ((0.0193, 0.1192, 0.9505), 1.089)))
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other):
    """CIE 1976: about 2 is just noticeable."""
    return math.dist(lab(one), lab(other))


class Profile(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        home = os.path.join(shark.folder(), 'home')
        shutil.copytree(PROFILE, os.path.join(home, '.config', 'wireshark', 'profiles', NAME))

    def tshark(self, *arguments):
        tshark = shark.with_plugin()
        status, output, messages = tshark.output(['-n', '-r', tshark.readable(CAPTURE), *arguments])
        self.assertEqual((status, messages), (0, ''))
        return output.decode('utf-8').splitlines()

    def test_columns(self):
        rows = self.tshark('-2', '-C', NAME)
        self.assertEqual(len(rows), 2)
        due = (('1/3 SYN', 'SYN-SENT/CLOSED'), ('RST', 'CLOSED/CLOSED', 'connection_refused'))
        for row, told in zip(rows, due):
            for text in told + ('refused by the server after',):
                self.assertIn(text, row)
        self.assertNotIn('SYN-SENT', '\n'.join(self.tshark('-2')))

    def test_steps_in_short(self):
        """Beside their names, in all of the lab's three-segment close and refusal."""
        shorts = {'3-way 1/3: SYN': '1/3 SYN', '3-way 2/3: SYN-ACK': '2/3 SYN-ACK', '3-way 3/3: ACK': '3/3 ACK',
                  '4-way 1/4: FIN': '1/4 FIN', '4-way 2/4: ACK': '2/4 ACK', '4-way 3/4: FIN': '3/4 FIN',
                  '4-way 4/4: ACK': '4/4 ACK', 'RST': 'RST'}
        seen = set()
        for name in ('three_segment_close', 'close_by_client', 'refused'):
            for row in shark.rows(shark.lab_capture(name), ['tcpshake.step', 'tcpshake.steps']):
                due = ' + '.join(shorts[step] for step in row['tcpshake.step'])
                self.assertEqual(row['tcpshake.steps'], [due] if due else [])
                seen.add(due)
        self.assertEqual(seen, {*shorts.values(), '2/4 ACK + 3/4 FIN', ''})

    def test_widths(self):
        """In the font that Wireshark takes on a desktop, 8 pixels for a character. A window of 1920 pixels has 1865 for
        columns, one of 1366 has 1310, and there at least 20 characters of Info are seen."""
        character, margin = 7.85, 6
        text, = re.findall('^column.width: (.*)$', '\n'.join(lines('recent')), re.M)
        words = text.split(', ')
        widths = {name: int(width) for name, width in zip(words[::2], words[1::2])}
        columns = re.findall(r'^\s*"[^"]+", "([^"]+?)(?::0:R)?",?$', '\n'.join(lines('preferences')), re.M)
        self.assertEqual(list(widths), columns)
        for column, longest in (('%m', '12345'), ('%t', '123.456789'), ('%p', 'TLSv1.2'),
                                ('%Cus:tcpshake.steps', '2/4 ACK + 3/4 FIN'),
                                ('%Cus:tcpshake.states', 'ESTABLISHED/SYN-RECEIVED'),
                                ('%Cus:tcpshake.anomaly', 'fin_retransmission,simultaneous_close'),
                                ('%Cus:tcpshake.verdict', 'established in 41 ms, closed by the client, four segments')):
            self.assertGreaterEqual(widths[column], len(longest) * character + margin, column)
        self.assertLessEqual(sum(widths.values()), 1865)
        left = sum(widths[column] for column in columns[:columns.index('%i')])
        self.assertGreaterEqual(1310 - left, 20 * character + margin)

    def test_buttons(self):
        """The ten questions, and four more. Quotes as Wireshark writes them: 4.0 loses the end of a filter that has
        others."""
        section = read('README.md').split('## Ten questions')[1].split('\n## ')[0]
        asked = re.findall(r'^\| (.*?) \| `(.*?)` \| (?:yes|no) \|$', section, re.M)
        buttons = re.findall(r'^"TRUE","([^"]+)","([^"]*)","(.*)"$', '\n'.join(lines('dfilter_buttons')), re.M)
        self.assertEqual(len(buttons), len(lines('dfilter_buttons')))
        self.assertEqual(len(asked), 10)
        questions = {question: text.replace(r'\x22', '"') for _, text, question in buttons}
        self.assertEqual({question: questions.pop(question, None) for question, _ in asked}, dict(asked))
        self.assertEqual(len(questions), 4)

    def frames(self, capture, label):
        """Those that the filter of the button with this label shows, in a window: after a second pass."""
        text, = re.findall(f'^"TRUE","{label}","([^"]*)"', '\n'.join(lines('dfilter_buttons')), re.M)
        found = shark.values(os.path.join(shark.TOP, capture), ['frame.number'], two_pass=True,
                             display_filter=text.replace(r'\x22', '"'))
        return [int(row['frame.number'][0]) for row in found]

    def test_what_buttons_show(self):
        """The sample has eight conversations, all with a SYN. The sixth is refused: SYN and RST are frames 62 and 63.
        middle_of_transfer begins with data."""
        sample = os.path.join('samples', 'conversations.pcap')
        self.assertEqual(len(self.frames(sample, 'One row each')), 8)
        self.assertEqual(self.frames(sample, 'Opening//Refused'), [62, 63])
        self.assertEqual(self.frames(sample, 'Opening//Failed'), [62, 63])
        self.assertEqual(self.frames(os.path.join(shark.LAB, 'middle_of_transfer.pcap'), 'One row each'), [1])

    def test_colours(self):
        rules = [line.split('@')[1:3] for line in lines('colorfilters')]
        self.assertEqual(len({name for name, _ in rules}), len(rules))
        for name, text in rules:
            with self.subTest(rule=name):
                self.tshark('-Y', text)
        catalogue = read('plugin', 'core', 'conversation', 'anomalies.def')
        severities = dict(re.findall(r'^\s*ANOMALY\((\w+),\s*(\w+),', catalogue, re.M))
        coloured = {name: set(re.findall(r'"(\w+)"', text)) for name, text in rules}
        for rule, severity in (('TCP handshake: went wrong', 'WARN'), ('TCP handshake: worth a look', 'NOTE')):
            self.assertEqual(coloured[rule], {name for name, has in severities.items() if has == severity})

    def test_colours_are_told_apart(self):
        """Each text is readable on its colour (WCAG 2.1 asks for 4.5); opening, closing, RST, Note and Warning are far
        apart for everybody. Rules are grouped by how their names begin."""
        groups = {'TCP handshake: went wrong': [], 'TCP handshake: worth a look': [], 'TCP handshake: RST': [],
                  'TCP handshake: ': [], 'TCP teardown: ': []}
        for line in lines('colorfilters'):
            if not line.startswith(('@TCP handshake', '@TCP teardown', '@TCP:')):
                continue
            name, back, text = re.match(r'@(.*?)@.*@\[(.*?)\]\[(.*?)\]$', line).groups()
            self.assertGreaterEqual(contrast(colour(back), colour(text)), 4.5, name)
            group = next((begin for begin in groups if name.startswith(begin)), None)
            if group:
                groups[group].append(colour(back))
        self.assertEqual([len(colours) for colours in groups.values()], [1, 1, 1, 3, 4])
        for one, other in itertools.combinations(groups, 2):
            for a, b in itertools.product(groups[one], groups[other]):
                self.assertGreater(distance(a, b), 25, (one, other))
                self.assertGreater(distance(to_deuteranopes(a), to_deuteranopes(b)), 25, (one, other))

    def test_plain_segments_keep_the_colours_of_the_window(self):
        """Which are dark in a dark window."""
        for name, text in (line.split('@')[1:3] for line in lines('colorfilters')):
            with self.subTest(rule=name):
                self.assertNotEqual(text, 'tcp')


if __name__ == '__main__':
    unittest.main()
