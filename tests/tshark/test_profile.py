#!/usr/bin/env python3
"""The profile "TCP Handshake": tshark -C takes it, its buttons are the README's ten questions, its colours know every
anomaly.

SPDX-License-Identifier: GPL-2.0-or-later
"""

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
        due = (('3-way 1/3: SYN', 'SYN-SENT/CLOSED'), ('RST', 'CLOSED/CLOSED', 'connection_refused'))
        for row, told in zip(rows, due):
            for text in told + ('refused by the server after',):
                self.assertIn(text, row)
        self.assertNotIn('SYN-SENT', '\n'.join(self.tshark('-2')))

    def test_buttons_are_the_ten_questions(self):
        """Quotes as Wireshark writes them: 4.0 loses the end of a filter that has others."""
        section = read('README.md').split('## Ten questions')[1].split('\n## ')[0]
        asked = re.findall(r'^\| (.*?) \| `(.*?)` \| (?:yes|no) \|$', section, re.M)
        buttons = re.findall(r'^"TRUE","(?:Opening|Closing)//[^"]+","([^"]*)","(.*)"$',
                             '\n'.join(lines('dfilter_buttons')), re.M)
        self.assertEqual(len(asked), 10)
        self.assertEqual([(question, text.replace(r'\x22', '"')) for text, question in buttons], asked)

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


if __name__ == '__main__':
    unittest.main()
