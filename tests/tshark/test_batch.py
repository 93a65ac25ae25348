#!/usr/bin/env python3
"""scripts/batch: good captures, broken ones, names that no script likes, and an interruption.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import csv
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import shark

BATCH = os.path.join(shark.TOP, 'scripts', 'batch')


@unittest.skipUnless(shutil.which('parallel'), 'GNU parallel is not installed')
class Batch(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp(dir=shark.folder())
        os.chmod(self.top, 0o755)
        self.captures, self.out = os.path.join(self.top, 'in'), os.path.join(self.top, 'out')
        os.makedirs(os.path.join(self.captures, 'below', 'two words'))

    def add(self, name, source, content=None):
        path = os.path.join(self.captures, name)
        with open(shark.lab_capture(source), 'rb') as whole, open(path, 'wb') as file:
            file.write(content(whole.read()) if content else whole.read())
        return os.path.realpath(path)

    def batch(self, *arguments, status=0):
        result = subprocess.run([BATCH, *arguments], capture_output=True, encoding='utf-8',
                                env=dict(os.environ, TCPSHAKE_PLUGINS=shark.PLUGINS, LC_ALL='C.UTF-8'))
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def rows(self):
        with open(os.path.join(self.out, 'conversations.csv'), encoding='utf-8', newline='') as file:
            return list(csv.DictReader(file, strict=True))

    def parts(self):
        """Which file each part is."""
        return {part.name: part.inode() for part in os.scandir(os.path.join(self.out, 'parts'))}

    def test_name_that_is_no_utf_8(self):
        """As an archive from another system leaves it: found, and told with its bytes by number, in any locale."""
        os.rename(os.fsencode(self.add('plain.pcap', 'refused')),
                  os.path.join(os.fsencode(self.captures), b'caf\xe9.pcap'))
        self.batch(self.out, self.captures)
        self.assertEqual([os.path.basename(row['capture']) for row in self.rows()], ['caf\\xe9.pcap'])

    def test_what_the_page_shows(self):
        """The example at the top of docs/batch.md, and the most frequent anomalies further down."""
        with open(os.path.join(shark.TOP, 'docs', 'batch.md'), encoding='utf-8') as file:
            page = file.read()
        folder, shown = re.search(r'^\$ scripts/batch out (\S+)\n(.*): out/conversations\.csv$', page, re.M).groups()
        printed = self.batch(self.out, os.path.join(shark.TOP, folder)).stdout.splitlines()[-1]
        self.assertEqual(printed, f'{shown}: {self.out}/conversations.csv')
        counted = collections.Counter(name for row in self.rows()
                                      for name in row['tcpshake.conn.anomaly'].split(';') if name)
        told = re.search(r'value_counts\(\)\.head\(3\)\n((?:\w+ +\d+\n){3})', page)[1].splitlines()
        self.assertEqual({name: int(count) for name, count in map(str.split, told)}, dict(counted.most_common(3)))
        self.assertLess(counted.most_common(4)[3][1], counted.most_common(3)[2][1])   # no fourth as frequent

    def test_all_of_a_folder(self):
        plain = self.add('plain.pcap', 'close_by_client')
        odd = self.add('below/two words/it\'s "ü"\n.pcap', 'refused')
        packed = self.add('below/packed.pcap.gz', 'reuse_after_time_wait', gzip.compress)
        cut = self.add('below/cut.pcap', 'half_close', lambda whole: whole[:-10])
        broken = self.add('broken.pcap', 'refused', lambda whole: b'\0nothing of the kind' * 9)
        self.add('notes.txt', 'refused')
        result = self.batch(self.out, self.captures, status=1)
        rows = self.rows()
        self.assertEqual({row['capture'] for row in rows}, {plain, odd, packed, cut})
        self.assertEqual([row['tcpshake.handshake'] for row in rows if row['capture'] == odd], ['refused'])
        expected = sum(len({row['tcp.stream'][0] for row in shark.rows(path, ['tcp.stream']) if row['tcp.stream']})
                       for path in (plain, odd, packed)) + 1      # half_close is one, cut short or not
        self.assertEqual(len(rows), expected)
        self.assertIn(f'5 captures, {expected} conversations', result.stdout)
        with open(os.path.join(self.out, 'problems.txt'), encoding='utf-8') as file:
            problems = file.read().splitlines()
        self.assertEqual(len(problems), 2)
        self.assertTrue(any(line.startswith(cut + ': ') and 'cut short' in line for line in problems), problems)
        self.assertTrue(any(line.startswith(broken + ': ') for line in problems), problems)

    def test_ndjson(self):
        path = self.add('one.pcap', 'close_by_client')
        self.batch('--format', 'ndjson', self.out, path)
        with open(os.path.join(self.out, 'conversations.ndjson'), encoding='utf-8') as file:
            rows = [json.loads(line) for line in file]
        self.assertEqual([(row['capture'], row['tcpshake.teardown']) for row in rows], [(path, 'four segments')])

    def test_goes_on(self):
        """Only what is not done is done; the result is of all."""
        first = self.add('1.pcap', 'close_by_client')
        self.batch(self.out, self.captures)
        before = self.parts()
        second = self.add('2.pcap', 'refused')
        self.batch(self.out, self.captures)
        after = self.parts()
        self.assertEqual(len(after), 2)
        self.assertEqual({name: after[name] for name in before}, before)
        self.assertEqual([row['capture'] for row in self.rows()], [first, second])
        with open(os.path.join(self.out, 'jobs.log'), encoding='utf-8') as file:
            self.assertEqual(len([line for line in file if 'export_one' in line]), 2)

    def test_half_a_part_does_not_count(self):
        """Ended in the middle, a capture has no part yet."""
        path = self.add('1.pcap', 'close_by_client')
        os.makedirs(os.path.join(self.out, 'parts'))
        with open(os.path.join(self.out, 'parts', 'tmpabc'), 'w', encoding='utf-8') as file:
            file.write('capture,')
        self.batch(self.out, path)
        self.assertEqual([row['capture'] for row in self.rows()], [path])

    def test_another_machine(self):
        """":" is this machine, by the way that others are reached."""
        path = self.add('1.pcap', 'close_by_client')
        self.batch('--sshlogin', '1/:', self.out, path)
        self.assertEqual(len(self.rows()), 1)

    def test_wrong_arguments(self):
        for arguments, status in (((), 2), ((self.out,), 2), (('--format', 'xml', self.out, self.captures), 1),
                                  ((self.out, os.path.join(self.top, 'not there')), 1), ((self.out, self.captures), 1)):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.batch(*arguments, status=status).stderr.count('\n'), 1)


if __name__ == '__main__':
    unittest.main()
