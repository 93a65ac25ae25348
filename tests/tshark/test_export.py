#!/usr/bin/env python3
"""-z tcpshake,export: what it writes is what the fields say after a second pass, and nothing is lost between the
formats.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import filecmp
import glob
import json
import os
import shutil
import struct
import subprocess
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import pcapmaker
from pcapmaker import block

KEYS = ['tcp.stream', 'frame.time_epoch', 'client.ip', 'client.port', 'server.ip', 'server.port']
NOT_EXPORTED = {'tcpshake.time_wait.remaining'}        # a segment's
TIME_WAIT = 60 * 10**9                                  # twice the MSL of the preferences
TIMES = ('FT_RELATIVE_TIME', 'FT_ABSOLUTE_TIME')
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
    whole, _, fraction = text.lstrip('-').partition('.')
    return (-1 if text.startswith('-') else 1) * (int(whole) * 10**9 + int(fraction.ljust(9, '0')))


def write_pcap(path, frames):
    """frames: of (seconds, bytes), on Ethernet."""
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for time, frame in frames:
            file.write(struct.pack('<iIII', time, 0, len(frame), len(frame)) + frame)
    os.chmod(path, 0o644)
    return path


class Export(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.kinds = fields()
        cls.folder = os.path.join(shark.folder(), 'home')
        cls.capture = shark.merge(os.path.join(shark.folder(), 'lab.pcapng'),
                                  sorted(glob.glob(os.path.join(shark.CAPTURES, 'lab', '*.pcap'))), '-a')

    def export(self, name, *options, capture=None):
        path = os.path.join(self.folder, name)
        status, output, messages = shark.with_plugin().output(
            ['-n', '-q', *options, '-r', capture or self.capture, '-z', f'tcpshake,export,{path}'])
        self.assertEqual((status, output, messages), (0, b'', ''))
        with open(path, encoding='utf-8', newline='') as file:
            return file.read()

    def from_csv(self, *options, **settings):
        rows = list(csv.reader(self.export('out.csv', *options, **settings).splitlines(keepends=True), strict=True))
        self.assertEqual(rows[0], KEYS + list(self.kinds))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return [{name: cell for name, cell in zip(rows[0], row) if cell} for row in rows[1:]]

    def shown(self):
        """By stream, what the fields say of each conversation on its last segment, in the export's way of writing."""
        names = list(self.kinds)
        names.remove('tcpshake.time_wait.until')        # shown as a date
        rows = shark.rows(self.capture, ['tcp.stream', 'tcpshake.sender', 'frame.time_epoch', *names], two_pass=True)
        shown = {row['tcp.stream'][0]: {name: row[name] for name in names if row[name]} for row in rows
                 if row['tcpshake.sender']}
        for conversation in shown.values():
            for frame in conversation.get('tcpshake.time_wait.frame', ()):
                begun = seconds(rows[int(frame) - 1]['frame.time_epoch'][0])
                conversation['tcpshake.time_wait.until'] = [begun + TIME_WAIT]
        return shown

    def test_csv_says_what_the_fields_say(self):
        shown = self.shown()
        exported = {row['tcp.stream']: row for row in self.from_csv()}
        self.assertGreater(len(exported), 170)
        for stream, row in exported.items():
            expected = {}
            for name, values in shown[stream].items():
                kind = self.kinds[name]
                expected[name] = (seconds(values[0]) if kind == 'FT_RELATIVE_TIME' else
                                  values[0] if kind == 'FT_ABSOLUTE_TIME' else
                                  FLAGS[values[0]] if kind == 'FT_BOOLEAN' else ';'.join(values))
            got = {name: seconds(cell) if self.kinds.get(name) in TIMES else cell
                   for name, cell in row.items() if name not in KEYS}
            self.assertEqual(got, expected, f'stream {stream}')
        self.assertTrue(any('tcpshake.time_wait.until' in row for row in exported.values()))

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
                 'FT_FRAMENUM': 'long', 'FT_BOOLEAN': 'boolean', 'FT_RELATIVE_TIME': 'double',
                 'FT_ABSOLUTE_TIME': 'date'}
        self.assertEqual({name: properties[name]['type'] for name in self.kinds},
                         {name: types[kind] for name, kind in self.kinds.items()})

    def test_one_pass_is_enough(self):
        self.assertEqual(self.export('two.csv', '-2'), self.export('one.csv'))

    def test_in_the_order_of_streams(self):
        streams = [int(row['tcp.stream']) for row in self.from_csv()]
        self.assertEqual(streams, sorted(set(streams)))

    def test_in_the_order_of_streams_in_a_tunnel(self):
        """GTP-U in TCP: the inner conversation has the later stream, and is done with first."""
        ends = (bytes([192, 0, 2, 101]), bytes([192, 0, 2, 102]))
        frames, sent = [], {True: 1, False: 1}
        for time, segment in enumerate(pcapmaker.segments(cases.ORDINARY.lines)):
            outgoing, inner = segment.outgoing, pcapmaker.packet(segment, 4)
            payload = struct.pack('!BBHI', 0x30, 0xff, len(inner), 9) + inner
            ports = (50000, 2152) if outgoing else (2152, 50000)
            header = struct.pack('!HHIIBBHHH', *ports, sent[outgoing], sent[not outgoing], 0x50, 0x18, 8000, 0, 0)
            sent[outgoing] += len(payload)
            frames.append((time, pcapmaker.ethernet(pcapmaker.ipv4(6, header + payload, outgoing, time, 64, ends),
                                                    outgoing)))
        capture = write_pcap(os.path.join(shark.folder(), 'tunnel.pcap'), frames)
        rows = self.from_csv('-d', 'tcp.port==2152,gtp', capture=capture)
        self.assertEqual([(row['tcp.stream'], row['server.port'], row['tcpshake.handshake']) for row in rows],
                         [('0', '2152', 'not captured'), ('1', '80', 'complete')])

    def test_before_1970(self):
        """The sign stands in front of the whole time: 2.25 s after 100 s before the epoch. Only pcapng can say that."""
        frame = pcapmaker.ethernet(pcapmaker.packet(pcapmaker.segments(cases.ORDINARY.lines)[0], 4), True)
        capture = os.path.join(shark.folder(), 'early.pcapng')
        with open(capture, 'wb') as file:
            file.write(block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
            file.write(block(1, struct.pack('<HHIHHqHH', 1, 0, 262144, 14, 8, -100, 0, 0)))
            file.write(block(6, struct.pack('<IIIII', 0, 0, 2_250_000, len(frame), len(frame)) + frame))
        os.chmod(capture, 0o644)
        self.assertEqual(self.from_csv(capture=capture)[0]['frame.time_epoch'], '-97.750000000')

    def test_ends(self):
        row = self.from_csv()[0]
        frames = shark.rows(self.capture, ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'frame.time_epoch'],
                            display_filter='tcp.stream == 0')
        self.assertEqual([row[name] for name in KEYS[2:]],
                         [frames[0][name][0] for name in ('ip.src', 'tcp.srcport', 'ip.dst', 'tcp.dstport')])
        self.assertEqual(seconds(row['frame.time_epoch']), seconds(frames[0]['frame.time_epoch'][0]))

    def test_what_cannot_be_written(self):
        needs = 'needs the name of a file that ends with .csv or .ndjson'
        for argument, reason in (('', needs), (',', needs), (',.csv', needs), (',/tmp/.ndjson', needs),
                                 (',out.txt', needs),
                                 (',out.CSV', needs), (',/nowhere/out.csv', '/nowhere/out.csv cannot be written: '),
                                 (',/dev/full.csv', '/dev/full.csv cannot be written: '),
                                 ('s,out.csv', 'no such statistic')):
            with self.subTest(argument=argument):
                status, output, messages = shark.with_plugin().output(
                    ['-n', '-q', '-r', self.capture, '-z', 'tcpshake,export' + argument])
                self.assertNotEqual(status, 0)
                self.assertEqual(output, b'')
                self.assertEqual(messages.count('\n'), 1, messages)
                self.assertIn(reason, messages)

    def test_fails_before_the_capture_is_read(self):
        """A capture that comes slowly: its header, then nothing for as long as the test waits."""
        with open(os.path.join(shark.LAB, 'refused.pcap'), 'rb') as file:
            header = file.read(24)
        process = shark.with_plugin().start(['-n', '-q', '-r', '-', '-z', 'tcpshake,export,/nowhere/out.csv'],
                                            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdin.write(header)
        process.stdin.flush()
        self.assertNotEqual(process.wait(shark.PATIENCE), 0)
        process.stdin.close()

    def test_capture_that_is_being_read(self):
        """It is not overwritten, by whatever name, nor does it become empty."""
        capture = os.path.join(self.folder, 'capture.csv')
        shutil.copy(os.path.join(shark.LAB, 'refused.pcap'), capture)
        os.chmod(capture, 0o666)
        os.symlink('capture.csv', os.path.join(self.folder, 'soft.csv'))
        os.link(capture, os.path.join(self.folder, 'hard.csv'))
        for name in ('capture.csv', 'soft.csv', 'hard.csv'):
            with self.subTest(name):
                status, _, messages = shark.with_plugin().output(
                    ['-n', '-q', '-r', capture, '-z', f'tcpshake,export,{os.path.join(self.folder, name)}'])
                self.assertNotEqual(status, 0)
                self.assertIn('cannot be written: ', messages)
                self.assertTrue(filecmp.cmp(capture, os.path.join(shark.LAB, 'refused.pcap'), shallow=False))

    def test_no_cell_is_a_formula(self):
        """A spreadsheet runs what begins with these. Names come from the capture, or from whoever answers for DNS."""
        frames = [pcapmaker.ethernet(pcapmaker.packet(segment, 4), segment.outgoing)
                  for segment in pcapmaker.segments(cases.ORDINARY.lines)]
        for number, begins in enumerate(('=cmd|x!A1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1')):
            capture = os.path.join(shark.folder(), f'names-{number}.pcapng')
            name = begins.encode() + b'\0'
            records = b''.join(struct.pack('<HH', 1, 4 + len(name)) + address + name + bytes(-len(name) % 4)
                               for address in (bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2])))
            option = struct.pack('<HH', 1, len(name) - 1) + name[:-1] + bytes(-(len(name) - 1) % 4)    # a comment
            with open(capture, 'wb') as file:
                file.write(block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1) + option + bytes(4)))
                file.write(block(1, struct.pack('<HHI', 1, 0, 262144) + option + bytes(4)))
                file.write(block(4, records + bytes(4)))
                for frame in frames:
                    file.write(block(6, struct.pack('<IIIII', 0, 0, 0, len(frame), len(frame)) + frame +
                                     bytes(-len(frame) % 4) + option + bytes(4)))
            os.chmod(capture, 0o644)
            known = shark.output('-r', capture, '-N', 'mnt', '-T', 'fields', '-e', 'ip.src_host')
            self.assertIn(begins.strip(), known)        # Wireshark knows the name
            for resolve in ('-n', '-Nm', '-Nn', '-Nt', '-Nd', '-Nmntdv'):
                path = os.path.join(self.folder, 'names.csv')
                status, _, messages = shark.with_plugin().output(
                    ['-q', resolve, '-r', capture, '-z', f'tcpshake,export,{path}'])
                with self.subTest(begins=begins, resolve=resolve):
                    self.assertEqual(status, 0, messages)
                    with open(path, encoding='utf-8', newline='') as file:
                        rows = list(csv.reader(file, strict=True))
                    self.assertEqual(len(rows), 2)
                    for cell in rows[0] + rows[1]:
                        self.assertFalse(cell.startswith(tuple('=+-@\t\r')), cell)
                    self.assertEqual(rows[1][2:6], ['192.0.2.1', '40000', '198.51.100.2', '80'])

    def test_a_pipe(self):
        """Another program may read what is written."""
        path = os.path.join(self.folder, 'pipe.csv')
        os.mkfifo(path)
        os.chmod(path, 0o666)
        process = shark.with_plugin().start(['-n', '-q', '-r', self.capture, '-z', f'tcpshake,export,{path}'])
        with open(path, encoding='utf-8', newline='') as file:
            piped = file.read()
        self.assertEqual(process.wait(shark.PATIENCE), 0)
        os.remove(path)
        self.assertEqual(piped, self.export('file.csv'))

    @unittest.skipUnless(os.path.exists('/dev/full'), 'there is no /dev/full')
    def test_full_disk(self):
        path = os.path.join(self.folder, 'full.csv')
        os.symlink('/dev/full', path)
        status, _, messages = shark.with_plugin().output(
            ['-n', '-q', '-r', self.capture, '-z', f'tcpshake,export,{path}'])
        self.assertNotEqual(status, 0)
        self.assertEqual(messages.count('\n'), 1, messages)
        self.assertIn('could not be written: ', messages)

    @unittest.skipUnless(os.path.exists('/dev/full'), 'there is no /dev/full')
    def test_full_disk_in_the_middle(self):
        """More than is kept back until the end."""
        self.assertGreater(len(self.export('out.ndjson')), 100_000)
        path = os.path.join(self.folder, 'full.ndjson')
        os.symlink('/dev/full', path)
        status, _, messages = shark.with_plugin().output(
            ['-n', '-q', '-r', self.capture, '-z', f'tcpshake,export,{path}'])
        self.assertNotEqual(status, 0)
        self.assertEqual(messages.count('\n'), 1, messages)
        self.assertIn('could not be written: ', messages)


if __name__ == '__main__':
    unittest.main()
