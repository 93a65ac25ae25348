#!/usr/bin/env python3
"""docs/anomalies.md and docs/fields.md name fields, filters and preferences that exist, with their defaults.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import shark

PAGES = ('anomalies.md', 'fields.md')
# What begins like a field.
FIELD = re.compile(r'(?<![\w.-])(?:tcpshake|tcp|ip|ipv6|icmp|icmpv6|eth|frame)(?:\.\w+)+')
PLACEHOLDER = 'NAME'
PREFERENCE = re.compile(r'^\| `(?:tcpshake\.)?(?P<name>\w+)` \| (?P<default>\d+|FALSE|automatic)(?: s)? \|', re.M)


class Docs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.pages = {}
        for name in PAGES:
            with open(os.path.join(shark.TOP, 'docs', name), encoding='utf-8') as page:
                cls.pages[name] = page.read()
        rows = [line.split('\t') for line in shark.output('-G', 'fields').splitlines()]
        cls.fields = {row[2] for row in rows if row[0] in 'FP'}
        # A choice is printed by its label.
        cls.defaults = {name: value.lower() if value == 'Automatic' else value for name, value in
                        re.findall(r'^#?(tcpshake\.\w+): (.*)$', shark.output('-G', 'defaultprefs'), re.M)}

    def test_names_exist(self):
        for page, text in self.pages.items():
            with self.subTest(page=page):
                quoted = ' '.join(re.findall(r'`([^`]+)`', text))
                names = {name for name in FIELD.findall(quoted) if not name.endswith(PLACEHOLDER)}
                self.assertIn('tcpshake.client.syn_count', names)
                self.assertEqual(sorted(names - self.fields - set(self.defaults)), [])

    def test_defaults(self):
        for page, text in self.pages.items():
            with self.subTest(page=page):
                said = {f'tcpshake.{row["name"]}': row['default'] for row in PREFERENCE.finditer(text)}
                self.assertIn('tcpshake.connection_timeout', said)
                self.assertEqual({name: self.defaults.get(name) for name in said}, said)

    def test_all_preferences_are_listed(self):
        said = {f'tcpshake.{row["name"]}' for row in PREFERENCE.finditer(self.pages['fields.md'])}
        self.assertEqual(said, set(self.defaults))


if __name__ == '__main__':
    unittest.main()
