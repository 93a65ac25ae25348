#!/usr/bin/env python3
"""-z tcpshake,export: what it writes is what the fields say after a second pass, and nothing is lost between the formats.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import glob
import json
import os
import unittest

import shark

KEYS = ['tcp.stream', 'frame.time_epoch', 'client.ip', 'client.port', 'server.ip', 'server.port']
NOT_EXPORTED = {'tcpshake.time_wait.remaining'}        # a segment's
FLAGS = {'True': 'true', 'False': 'false', '1': 'true', '0': 'false'}


def fields():
    """The fields of the conversation: tcpshake.verdict and all that follow, as Wireshark lists them."""
    status, output, messages = shark.with_plugin().output(['-G', 'fields'])
    assert status == 0, messages
    rows = [line.split('\t') for line in output.decode('utf-8').splitlines()]
    ours = [(row[2], row[3]) for row in rows if row[0] == 'F' and row[4] == 'tcpshake' and row[3] != 'FT_NONE']
    first = next(i for i, (name, _) in enumerate(ours) if name == 'tcpshake.verdict')
    return {name: kind for name, kind in ours[first:] if name not in NOT_EXPORTED}


def seconds(text):
    """2.5 and 2.500000000 are the same."""
    whole, _, fraction = text.partition('.')
    return int(whole) * 10**9 + int(fraction.ljust(9, '0'))


class Export(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.kinds = fields()
        cls.folder = os.path.join(shark.folder(), 'home')
        cls.capture = shark.merge(os.path.join(shark.folder(), 'lab.pcapng'),
                                  sorted(glob.glob(os.path.join(shark.CAPTURES, 'lab', '*.pcap'))), '-a')

    def export(self, name, *options):
        path = os.path.join(self.folder, name)
        status, output, messages = shark.with_plugin().output(
            ['-n', '-q', *options, '-r', self.capture, '-z', f'tcpshake,export,{path}'])
        self.assertEqual((status, output, messages), (0, b'', ''))
        with open(path, encoding='utf-8', newline='') as file:
            return file.read()

    def from_csv(self, *options):
        rows = list(csv.reader(self.export('out.csv', *options).splitlines(keepends=True), strict=True))
        self.assertEqual(rows[0], KEYS + list(self.kinds))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return [{name: cell for name, cell in zip(rows[0], row) if cell} for row in rows[1:]]

    def shown(self):
        """By stream, what the fields say of each conversation on its last segment, in the export's way of writing."""
        names = list(self.kinds)
        names.remove('tcpshake.time_wait.until')        # shown as a date
        rows = shark.rows(self.capture, ['tcp.stream', 'tcpshake.sender', *names], two_pass=True)
        return {row['tcp.stream'][0]: {name: row[name] for name in names if row[name]} for row in rows if row['tcpshake.sender']}

    def test_csv_says_what_the_fields_say(self):
        shown = self.shown()
        exported = {row['tcp.stream']: row for row in self.from_csv()}
        self.assertGreater(len(exported), 170)
        for stream, row in exported.items():
            expected = {}
            for name, values in shown[stream].items():
                kind = self.kinds[name]
                expected[name] = (seconds(values[0]) if kind == 'FT_RELATIVE_TIME' else
                                  FLAGS[values[0]] if kind == 'FT_BOOLEAN' else ';'.join(values))
            got = {name: seconds(cell) if self.kinds.get(name) == 'FT_RELATIVE_TIME' else cell
                   for name, cell in row.items() if name not in KEYS and name != 'tcpshake.time_wait.until'}
            self.assertEqual(got, expected, f'stream {stream}')
            self.assertEqual('tcpshake.time_wait.until' in row, 'tcpshake.time_wait.owner' in row)

    def test_ndjson_says_what_csv_says(self):
        objects = [json.loads(line, parse_float=str, parse_int=str) for line in self.export('out.ndjson').splitlines()]
        rows = self.from_csv()
        self.assertEqual(len(objects), len(rows))
        for row, found in zip(rows, objects):
            self.assertIsInstance(found['tcpshake.conn.anomaly'], list)
            found = {name: ';'.join(value) if isinstance(value, list) else
                     str(value).lower() if isinstance(value, bool) else value for name, value in found.items()}
            self.assertEqual({name: value for name, value in found.items() if value}, row)

    def test_elasticsearch_knows_each_column(self):
        with open(os.path.join(shark.TOP, 'docs', 'elasticsearch-mapping.json'), encoding='utf-8') as file:
            properties = json.load(file)['mappings']['properties']
        self.assertEqual(list(properties), ['capture', *KEYS, *self.kinds])
        types = {'FT_STRING': 'keyword', 'FT_UINT8': 'keyword', 'FT_UINT16': 'integer', 'FT_UINT32': 'long',
                 'FT_FRAMENUM': 'long', 'FT_BOOLEAN': 'boolean', 'FT_RELATIVE_TIME': 'double', 'FT_ABSOLUTE_TIME': 'date'}
        self.assertEqual({name: properties[name]['type'] for name in self.kinds},
                         {name: types[kind] for name, kind in self.kinds.items()})

    def test_one_pass_is_enough(self):
        self.assertEqual(self.export('two.csv', '-2'), self.export('one.csv'))

    def test_in_the_order_of_streams(self):
        streams = [int(row['tcp.stream']) for row in self.from_csv()]
        self.assertEqual(streams, sorted(set(streams)))

    def test_ends(self):
        row = self.from_csv()[0]
        frames = shark.rows(self.capture, ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'frame.time_epoch'],
                            display_filter='tcp.stream == 0')
        self.assertEqual([row[name] for name in KEYS[2:]],
                         [frames[0][name][0] for name in ('ip.src', 'tcp.srcport', 'ip.dst', 'tcp.dstport')])
        self.assertEqual(seconds(row['frame.time_epoch']), seconds(frames[0]['frame.time_epoch'][0]))

    def test_what_cannot_be_written(self):
        for argument in ('', ',', ',out.txt', ',/nowhere/out.csv', ',/dev/full.csv'):
            with self.subTest(argument=argument):
                status, output, messages = shark.with_plugin().output(
                    ['-n', '-q', '-r', self.capture, '-z', 'tcpshake,export' + argument])
                self.assertNotEqual(status, 0)
                self.assertEqual(output, b'')
                self.assertEqual(messages.count('\n'), 1, messages)

    @unittest.skipUnless(os.path.exists('/dev/full'), 'there is no /dev/full')
    def test_full_disk(self):
        path = os.path.join(self.folder, 'full.csv')
        os.symlink('/dev/full', path)
        status, _, messages = shark.with_plugin().output(
            ['-n', '-q', '-r', self.capture, '-z', f'tcpshake,export,{path}'])
        self.assertNotEqual(status, 0)
        self.assertEqual(messages.count('\n'), 1, messages)


if __name__ == '__main__':
    unittest.main()
