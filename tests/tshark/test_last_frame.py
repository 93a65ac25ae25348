#!/usr/bin/env python3
"""How long silence was watched: until the last frame of the capture, whatever it carries, but not across a hole. Every
way in says the same, and a tshark that reads once as much as one that reads twice.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import struct
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import pcapmaker
import points
import sharkd
import short_cuts

FIELDS = ['tcpshake.anomaly', 'tcpshake.verdict', '_ws.expert.message']
CALLS = ('tcpshake,tree', 'tcpshake,conv', 'tcpshake,hosts', 'tcpshake,story,0')
SYN = ['0.000 > SYN']
# A server that repeats its SYN-ACK in vain.
NEVER_ACKNOWLEDGED = ['0.000 > SYN', '0.140 < SYN ACK', '2.840 < SYN ACK seq=0', '8.830 < SYN ACK seq=0']
QUERY = pcapmaker.udp(53, struct.pack('!HHHHHH', 1, 0x100, 1, 0, 0, 0) + b'\4host\7example\0\0\1\0\1')
DNS = pcapmaker.ethernet(pcapmaker.ipv4(17, QUERY, True), True)
ARP = DNS[:12] + b'\x08\x06' + struct.pack('!HHBBH', 1, 0x800, 6, 4, 1) + bytes(20)


def written(name, lines, *others):
    """The conversation, and behind it other frames, each a time in seconds and what it is."""
    frames = list(pcapmaker.frames(pcapmaker.segments(lines)))
    for time, frame in others:
        frames.append((pcapmaker.START * 1_000_000 + round(time * 1_000_000), frame, len(frame)))
    path = os.path.join(shark.folder(), name + '.pcap')
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for time, frame, length in frames:
            file.write(struct.pack('<IIII', *divmod(time, 1_000_000), len(frame), length) + frame)
    os.chmod(path, 0o644)
    return path


def tables(path, *options):
    """What the calls print, and the rows of an export."""
    target = os.path.join(shark.folder(), 'home', 'rows.csv')
    asked = [word for call in (*CALLS, f'tcpshake,export,{target}') for word in ('-z', call)]
    printed = shark.output('-n', '-q', *options, '-r', path, *asked)
    with open(target, encoding='utf-8', newline='') as file:
        return printed + file.read()


class LastFrame(unittest.TestCase):
    maxDiff = None

    def first(self, path):
        """What is said of the first frame, by sharkd as by tshark."""
        row = shark.rows(path, FIELDS, two_pass=True)[0]
        self.assertEqual(sharkd.rows_of(path, FIELDS[:2])[0], {field: row[field] for field in FIELDS[:2]})
        return row

    def tables(self, path):
        """After one pass as after two, and with what scripts/batch spares tshark; without the lines of the story."""
        found = tables(path, '-Y', 'tcp')
        self.assertEqual(found, tables(path, '-2'))
        self.assertEqual(found, tables(path, *short_cuts.short_cuts(short_cuts.WORTH_IT)))
        return re.sub(r'[│├┤┊\s]+', ' ', found)

    def test_nobody_answers(self):
        for name, frame in ('dns', DNS), ('arp', ARP):
            with self.subTest(name):
                path = written(name, SYN, (30, frame))
                row = self.first(path)
                self.assertEqual(row['tcpshake.anomaly'], ['syn_unanswered'])
                self.assertEqual(row['tcpshake.verdict'], ['no answer to 1 SYN in 30.0 s'])
                self.assertIn('the capture continued for 30.0 s', ' '.join(row['_ws.expert.message']))
                tables = self.tables(path)
                self.assertIn('no answer to 1 SYN in 30.0 s', tables)
                self.assertIn('the capture continued for 30.0 s', tables)
                self.assertEqual(shark.rows(path, FIELDS)[0]['tcpshake.anomaly'], [])

    def test_half_open(self):
        path = written('half_open', NEVER_ACKNOWLEDGED, (15, DNS), (18, DNS), (21, DNS))
        row = self.first(path)
        self.assertEqual(row['tcpshake.anomaly'], ['connection_timeout'])
        self.assertIn('The handshake has taken 21.0 s', ' '.join(row['_ws.expert.message']))
        self.assertIn('connection_timeout', self.tables(path))

    def test_half_open_not_for_long(self):
        path = written('not_for_long', NEVER_ACKNOWLEDGED, (9.9, DNS))
        self.assertEqual(self.first(path)['tcpshake.anomaly'], [])
        self.assertNotIn('connection_timeout', self.tables(path))

    def test_hole(self):
        """More than an hour behind the last segment the capture was interrupted, or is another one."""
        for seconds, due in (3599, ['syn_unanswered']), (3601, []):
            with self.subTest(seconds):
                path = written('hole', SYN, (seconds, DNS))
                self.assertEqual(self.first(path)['tcpshake.anomaly'], due)
                self.assertEqual('syn_unanswered' in self.tables(path), bool(due))

    def test_clock_set_back(self):
        """The last frame has an earlier time than the last segment, which counts."""
        path = written('set_back', [*SYN, '10.00 2> SYN'], (5, DNS))
        self.assertEqual(self.first(path)['tcpshake.verdict'], ['no answer to 1 SYN in 10.0 s'])
        self.assertIn('no answer to 1 SYN in 10.0 s', self.tables(path))

    def test_in_front(self):
        """Frames in front of the first segment tell nothing."""
        path = written('in_front', SYN, (-30, DNS))
        self.assertEqual(self.first(path)['tcpshake.anomaly'], [])
        self.assertNotIn('syn_unanswered', self.tables(path))

    def test_however_many(self):
        """Wireshark does not say how many frames there are: the last one has to be found."""
        for count in (2, 3, 4, 1024, 2500):
            with self.subTest(count):
                path = written('many', SYN, *((1 + number / 100, DNS) for number in range(1, count + 1)))
                verdict = f'no answer to 1 SYN in {1 + count / 100:.1f} s'
                self.assertEqual(shark.rows(path, FIELDS, two_pass=True)[0]['tcpshake.verdict'], [verdict])
        self.assertIn(verdict, tables(path))

    def test_two_points(self):
        """The last frame was captured at A. It does not show that B was still watched, and so that the RST, which B
        would have seen within a second, was lost; only a segment at B shows that."""
        for seconds, lost in (2.9, False), (3.1, True):
            with self.subTest(seconds):
                one = points.Path(points.OPEN + points.DATA + '2.000 A > RST ACK')
                other = points.Path(f'{seconds} B > SYN', client=('192.0.2.77', 40077), isns=(77, 770))
                one.seen.append((30_000_000, 'A', pcapmaker.ipv4(17, QUERY, True)))
                path = os.path.join(shark.folder(), 'points.pcapng')
                points.write_pcapng(path, [one, other])
                os.chmod(path, 0o644)
                rows = shark.rows(path, FIELDS, two_pass=True)
                found = {name for row in rows for name in row['tcpshake.anomaly']}
                self.assertIn('syn_unanswered', found)
                self.assertEqual('lost_between' in found, lost)


if __name__ == '__main__':
    unittest.main()
