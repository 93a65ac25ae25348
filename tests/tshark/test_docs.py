#!/usr/bin/env python3
"""What docs/anomalies.md speaks of exists: its fields, its filters and its preferences, with the defaults that it says.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import shark

PAGE = os.path.join(shark.TOP, 'docs', 'anomalies.md')
# What begins like a field.
FIELD = re.compile(r'(?<![\w.-])(?:tcpshake|tcp|ip|ipv6|icmp|icmpv6|eth|frame)(?:\.\w+)+')
PLACEHOLDER = 'NAME'
LIMIT = re.compile(r'^\| (?P<names>\S*`.*?) \| (?P<default>\d+)(?: s)? \|', re.M)


class Docs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with open(PAGE, encoding='utf-8') as page:
            cls.page = page.read()
        rows = [line.split('\t') for line in shark.output('-G', 'fields').splitlines()]
        cls.fields = {row[2] for row in rows if row[0] in 'FP'}
        cls.defaults = dict(re.findall(r'^#?(tcpshake\.\w+): (.*)$', shark.output('-G', 'defaultprefs'), re.M))

    def test_names_exist(self):
        quoted = ' '.join(re.findall(r'`([^`]+)`', self.page))
        names = {name for name in FIELD.findall(quoted) if not name.endswith(PLACEHOLDER)}
        self.assertIn('tcpshake.client.syn_count', names)
        self.assertEqual(sorted(names - self.fields - set(self.defaults)), [])

    def test_defaults(self):
        said = {f'tcpshake.{name}': row['default']
                for row in LIMIT.finditer(self.page) for name in re.findall(r'`(\w+)`', row['names'])}
        self.assertIn('tcpshake.connection_timeout', said)
        self.assertEqual({name: self.defaults.get(name) for name in said}, said)


if __name__ == '__main__':
    unittest.main()
