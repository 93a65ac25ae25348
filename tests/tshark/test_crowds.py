#!/usr/bin/env python3
"""What needs many conversations, on a capture with more than 100,000 connections: how many are half-open at once, how many
TIME-WAITs a host holds, and which ISNs can be predicted is worked out here, and tcpshake has to find just that.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import random
import struct
import unittest

import shark

SYN, FIN, ACK = 0x02, 0x01, 0x10
LINKTYPE_RAW = 101
SERVER = 0x0a000001
HOSTS = [0x0a010001, 0x0a010002, 0x0a010003, 0x0a010004]
EACH = 25000                            # connections of each host, one after the other
APART = 0.012                           # s between them: 2 x MSL is 60 s, so a host holds 60 / 0.012 = 5000 TIME-WAITs
HANDSHAKE = 0.6                         # s: 50 are half-open at once
LAST = 1.0                              # s from the SYN to the segment that begins TIME-WAIT
CROWDS = ['tcpshake.anomaly.syn_flood', 'tcpshake.anomaly.time_wait_exhaustion', 'tcpshake.anomaly.isn_predictable']


class Capture:
    def __init__(self):
        self.segments = []
        self.random = random.Random(1)

    def add(self, time, source, target, seq, ack, flags, due=None):
        """due: the anomaly that this segment must show."""
        self.segments.append((time, len(self.segments), source, target, seq & 0xffffffff, ack & 0xffffffff, flags, due))

    def connection(self, start, client, server, handshake=HANDSHAKE, last=None, isns=None, due=(None, None, None)):
        """Opened by the client, and closed by it if it says when; due: on the SYN, the SYN-ACK, the segment of TIME-WAIT."""
        c, s = isns or (self.random.getrandbits(32), self.random.getrandbits(32))
        self.add(start, client, server, c, 0, SYN, due[0])
        self.add(start + handshake / 2, server, client, s, c + 1, SYN | ACK, due[1])
        self.add(start + handshake, client, server, c + 1, s + 1, ACK)
        if last:
            self.add(start + last - 0.002, client, server, c + 1, s + 1, FIN | ACK)
            self.add(start + last, server, client, s + 1, c + 2, FIN | ACK, due[2])
            self.add(start + last + 0.001, client, server, c + 2, s + 2, ACK)

    def write(self, path):
        """Returns {anomaly: the frames that must show it}."""
        due = {}
        with open(path, 'wb') as out:
            out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINKTYPE_RAW))
            for frame, (time, _, source, target, seq, ack, flags, wanted) in enumerate(sorted(self.segments), 1):
                header = struct.pack('!BBHHHBBHII', 0x45, 0, 40, frame & 0xffff, 0, 64, 6, 0, source[0], target[0])
                segment = struct.pack('!HHIIBBHHH', source[1], target[1], seq, ack, 0x50, flags, 65000, 0, 0)
                out.write(struct.pack('<IIII', int(time), round(time % 1 * 1e6), 40, 40) + header + segment)
                if wanted:
                    due.setdefault(wanted, []).append(frame)
        return due


def many():
    """4 hosts with 25,000 connections each: at most 5000 TIME-WAITs at once. The third host opens one more in between."""
    capture = Capture()
    server = (SERVER, 80)
    for number, host in enumerate(HOSTS):
        begin = 1000 + number * (EACH * APART + 100)
        for i in range(EACH):
            capture.connection(begin + i * APART, (host, 20000 + i), server, last=LAST)
        if number == 2:
            capture.connection(begin + 200 + APART / 2, (host, 19999), server, last=LAST,
                               due=(None, None, 'time_wait_exhaustion'))
    return capture


def bursts(capture):
    """100 SYNs at once to one port and 101 to another; then those are answered, and the same once more is too many again."""
    for port, count, start in ((81, 100, 100), (82, 101, 200), (82, 101, 300)):
        for i in range(count):
            capture.connection(start + i * 1e-4, (HOSTS[0], port * 100 + i + start), (SERVER, port),
                               due=('syn_flood' if i == 100 else None, None, None))


def isns(capture):
    """Four in a row with one step are none, five are a rule; servers too, and steps across 2^32, and a number that repeats."""
    runs = [(4, 64000, False), (5, 64000, True), (5, 0, True)]
    for number, (count, step, rule) in enumerate(runs):
        for as_server in (False, True):
            host = 0x0a020001 + number * 2 + as_server
            first = 0xffffffff - 2 * step
            for i in range(count):
                mine, other = (first + i * step) & 0xffffffff, capture.random.getrandbits(32)
                found = 'isn_predictable' if rule and i == 4 else None
                start = 400 + number + i * 0.1
                if as_server:
                    capture.connection(start, (0x0a030001 + i + number * 100, 5000), (host, 83), isns=(other, mine),
                                       due=(None, found, None))
                else:
                    capture.connection(start, (host, 5000 + i), (SERVER, 84 + number), isns=(mine, other),
                                       due=(found, None, None))


class Crowds(unittest.TestCase):
    def test_more_than_a_hundred_thousand_connections(self):
        capture = many()
        bursts(capture)
        isns(capture)
        path = os.path.join(shark.folder(), 'crowds.pcap')
        due = capture.write(path)
        self.assertEqual({name: len(frames) for name, frames in due.items()},
                         {'syn_flood': 2, 'time_wait_exhaustion': 1, 'isn_predictable': 4})
        rows = shark.rows(path, ['frame.number'] + CROWDS, display_filter=' or '.join(CROWDS))
        found = {}
        for row in rows:
            for field in CROWDS:
                if row[field]:
                    found.setdefault(field.rpartition('.')[2], []).append(int(row['frame.number'][0]))
        self.assertEqual(found, due)


if __name__ == '__main__':
    unittest.main()
