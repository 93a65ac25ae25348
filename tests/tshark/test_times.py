#!/usr/bin/env python3
"""Captures that claim times which cannot be: the year 9999, 1600, a clock that swings between them. What is close to
each other stays so, dates that cannot be are not shown, and no duration is negative.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import os
import struct
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import pcapmaker
from pcapmaker import block

YEAR_9999, YEAR_2263, YEAR_1600, NOW = 253_402_300_000, 9_246_000_000, -11_670_000_000, 1_700_000_000
STEP = 2500                             # microseconds between two segments
DURATIONS = ['tcpshake.connection_time', 'tcpshake.synack_time', 'tcpshake.ack_time', 'tcpshake.teardown_time',
             'tcpshake.half_close_time', 'tcpshake.lifetime', 'tcpshake.socket_time', 'tcpshake.read_time']
WORDS = ['tcpshake.verdict', '_ws.expert.message']
NEGATIVE = r'-\d[\d.]* ?(µs|ms|s)\b'
DATES = ['frame.time_epoch', 'tcpshake.time_wait.until']
# The second segment, the third and the last of ten.
ORDINARY = {'tcpshake.synack_time': 1, 'tcpshake.connection_time': 2, 'tcpshake.lifetime': 9}


def capture(name, times, lines=cases.ORDINARY.lines):
    """times: of each segment, (seconds, microseconds). An interface for each second, whose offset it is (if_tsoffset);
    the microseconds of a packet are unsigned."""
    segments = pcapmaker.segments(lines)
    times = [times(i) for i in range(len(segments))]
    offsets = sorted({seconds for seconds, _ in times})
    path = os.path.join(shark.folder(), name + '.pcapng')
    with open(path, 'wb') as file:
        file.write(block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
        for offset in offsets:
            file.write(block(1, struct.pack('<HHIHHqHH', 1, 0, 262144, 14, 8, offset, 0, 0)))
        for (seconds, micro), segment in zip(times, segments):
            frame = pcapmaker.ethernet(pcapmaker.packet(segment, 4), segment.outgoing)
            head = struct.pack('<IIIII', offsets.index(seconds), 0, micro, len(frame), len(frame))
            file.write(block(6, head + frame))
    os.chmod(path, 0o644)
    return path


def told(path):
    """The row of the export, and what the other calls print."""
    target = os.path.join(shark.folder(), 'home', 'times.csv')
    calls = [f'export,{target}', 'conv', 'hosts', 'tree', 'story,0']
    said = shark.output('-n', '-q', '-r', path, *(word for call in calls for word in ('-z', f'tcpshake,{call}')))
    with open(target, encoding='utf-8', newline='') as file:
        row, = csv.DictReader(file, strict=True)
    return row, said


class Times(unittest.TestCase):

    def durations(self, path):
        """None is negative, in any pass or call."""
        for two_pass in (False, True):
            for row in shark.values(path, DURATIONS + WORDS, two_pass=two_pass):
                for name in DURATIONS:
                    self.assertFalse([value for value in row[name] if value.startswith('-')], name)
                for name in WORDS:
                    self.assertNotRegex(' '.join(row[name]), NEGATIVE)
        row, said = told(path)
        for name in DURATIONS:
            self.assertFalse(row[name].startswith('-'), (name, row[name]))
        self.assertIn('ESTABLISHED', said)
        self.assertNotRegex(said, NEGATIVE)
        return row

    def check_ordinary(self, row):
        for name, steps in ORDINARY.items():
            self.assertEqual(row[name], f'{steps * STEP / 1e6:.9f}', name)
        self.assertEqual(row['tcpshake.verdict'], 'established in 5.0 ms, closed by the client, four segments')

    def test_dates_that_cannot_be(self):
        for name, year in (('9999', YEAR_9999), ('2263', YEAR_2263), ('1600', YEAR_1600), ('far', 2**61),
                           ('back', -2**61)):
            with self.subTest(name):
                row = self.durations(capture(name, lambda i: (year, i * STEP)))
                self.check_ordinary(row)
                self.assertEqual([row[name] for name in DATES], ['', ''])

    def test_dates_that_can(self):
        """The neighbours: now, the epoch, before it, and in 2038 and 2106, where 32 bits end."""
        for name, start in (('now', NOW), ('zero', 0), ('before', -5000), ('2038', 2**31 - 1), ('2106', 2**32 - 1)):
            with self.subTest(name):
                row = self.durations(capture(name, lambda i: (start, i * STEP)))
                self.check_ordinary(row)
                self.assertEqual(row['frame.time_epoch'], f'{start}.000000000')
                self.assertEqual(row['tcpshake.time_wait.until'], f'{start + 60}.020000000' if start >= 0 else
                                 f'{start + 60 + 1}.980000000')

    def test_all_at_once(self):
        row = self.durations(capture('once', lambda i: (0, 0)))
        self.assertEqual(row['tcpshake.lifetime'], '0.000000000')

    def test_clock_that_swings(self):
        for name, times in (('down', lambda i: (NOW - i, 0)), ('jump', lambda i: (NOW if i < 4 else YEAR_9999, i)),
                            ('swing', lambda i: (YEAR_9999 if i % 2 else -YEAR_9999, i)),
                            ('edges', lambda i: (9_000_000_000 if i % 2 else -9_000_000_000, i)),
                            ('ends', lambda i: (2**61 if i % 2 else -2**61, i))):
            with self.subTest(name):
                self.durations(capture(name, times))

    def test_two_captures_compared(self):
        """However far apart their clocks are."""
        for name, clocks in (('same', (YEAR_9999, YEAR_9999)), ('ahead', (NOW, YEAR_9999)), ('far', (2**61, -2**61))):
            with self.subTest(name):
                paths = [capture(f'{name}{side}', lambda i, start=start: (start, i * STEP))
                         for side, start in enumerate(clocks)]
                result = shark.compare(*paths)
                self.assertEqual((result.returncode, result.stderr), (0, ''))
                self.assertIn('established in 5.0 ms, closed by the client, four segments', result.stdout)
                self.assertNotRegex(result.stdout, NEGATIVE)

    def test_end_of_a_capture_before_1970(self):
        """No time has passed after a SYN that is the last segment: what only silence proves is the same as today's."""
        found = []
        for start in (NOW, -5000):
            path = capture(f'end{start}', lambda i: (start, i), lines=['0.000 > SYN', '0.000 < SYN ACK'])
            fields = ['tcpshake.anomaly', 'tcpshake.handshake', 'tcpshake.verdict']
            found.append((shark.rows(path, fields, two_pass=True), told(path)[0]['tcpshake.verdict']))
        self.assertEqual(found[0], found[1])

    def test_clock_set_back_by_an_hour(self):
        """Captures that were joined: nobody has waited for an answer in between."""
        lines = ['0 2> SYN', '0 2< SYN ACK', '0 2> ACK', '0 > SYN', '0 < SYN ACK', '0 > ACK', '0 > FIN ACK',
                 '0 3> SYN', '0 3< SYN ACK', '0 3> ACK']
        second = 10**6
        for name, before, after, expected in (('joined', 4100 * second, 4200 * second, []),
                                              ('not_joined', 0, 60 * second, ['missing_fin_ack'])):
            with self.subTest(name):
                path = capture(name, lambda i, before=before, after=after: (
                    NOW, (before if i < 3 else 10 * second if i < 7 else after) + i * STEP), lines=lines)
                found = shark.values(path, ['tcpshake.anomaly'], two_pass=True)
                self.assertEqual(found[6]['tcpshake.anomaly'], expected)


if __name__ == '__main__':
    unittest.main()
