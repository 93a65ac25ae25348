#!/usr/bin/env python3
"""joined.py, on which other tests rely: a capture says the same in company as alone, in one pass and in two.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import unittest

import shark
import joined

# Silences until the end, of different lengths; ICMP errors; several conversations on a four-tuple; IPv6.
NAMES = ('close_wait_stays', 'no_answer', 'half_close', 'icmp_v6_no_route', 'time_wait_turns_away')
# Times of day, which are moved, and sentences that name frames.
NOT_COMPARED = {'tcpshake.time_wait.until', 'tcpshake.note', 'tcpshake.verdict'}
SHARED_HOST = ('10.0.0.1', '10.0.0.2', '10.0.0.1')


def capture(host, times):
    return joined.Capture(joined.RAW, [joined.Frame(time, b'', 0) for time in times], {host}, max(times))


class Joined(unittest.TestCase):
    maxDiff = None

    def test_in_company_as_alone(self):
        rows = [line.split('\t') for line in shark.output('-G', 'fields').splitlines()]
        ours = [row[2] for row in rows if row[0] == 'F' and row[4] == 'tcpshake' and row[3] != 'FT_NONE']
        fields = ['frame.number', 'tcp.stream', *(name for name in ours if name not in NOT_COMPARED)]
        captures = {name: joined.read(shark.lab_capture(name)) for name in NAMES}
        self.assertEqual(len(joined.batches(captures)), 1)
        for two_pass in (False, True):
            together = joined.rows(captures, fields, two_pass=two_pass)
            for name in NAMES:
                with self.subTest(name, two_pass=two_pass):
                    self.assertEqual(together[name], shark.rows(shark.lab_capture(name), fields, two_pass=two_pass))

    def test_hosts_are_kept_apart(self):
        captures = {number: capture(host, [number]) for number, host in enumerate(SHARED_HOST)}
        self.assertEqual([list(group) for group in joined.batches(captures)], [[0, 1], [2]])

    def test_all_end_at_the_same_time(self):
        group, = joined.batches({'short': capture('a', [5, 7]), 'long': capture('b', [1, 3, 900])})
        self.assertEqual([[frame.time - joined.END for frame in moved.frames] for moved in group.values()],
                         [[-2, 0], [-899, -897, 0]])


if __name__ == '__main__':
    unittest.main()
