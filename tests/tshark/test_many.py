#!/usr/bin/env python3
"""What only many connections show, on exactly the segments that many.py counts out: each story by itself, and all of
them among 100,000 connections.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import concurrent.futures
import os
import unittest

import shark  # noqa: I001  (puts the next one within reach)
import many

CROWDS = ('isn_predictable', 'syn_flood', 'time_wait_exhaustion')
ANY = ' or '.join(f'tcpshake.anomaly == "{name}"' for name in CROWDS)


def found(path, whole, display_filter):
    """{frame: anomalies} of the frames that pass the filter."""
    rows = shark.rows(path, ['frame.number', 'tcpshake.anomaly'], two_pass=whole, display_filter=display_filter)
    return {int(row['frame.number'][0]): row['tcpshake.anomaly'] for row in rows}


def of_story(case, whole):
    """What is due on the frames of a story, and what tshark finds; others: anomalies that do not belong there."""
    path = os.path.join(shark.folder(), f'{case.name}-{whole}.pcap'.replace(' ', '-'))
    due = many.Crowd([case.story]).write(path)
    anomalies = found(path, whole, 'tcpshake.anomaly')
    crowds = {frame: name for frame, names in anomalies.items() for name in names if name in CROWDS}
    others = {name for names in anomalies.values() for name in names} - set(CROWDS)
    os.unlink(path)
    return due, crowds, others


class ManyConnections(unittest.TestCase):
    def check_stories(self, whole):
        shark.with_plugin(), shark.names()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, result in zip(many.CASES, pool.map(lambda case: of_story(case, whole), many.CASES)):
                with self.subTest(case.name):
                    due, crowds, others = result
                    self.assertEqual(sorted(due.values()), sorted(case.expected))
                    self.assertEqual(crowds, due, case.why)
                    self.assertLessEqual(others, case.besides)

    def test_one_pass(self):
        self.check_stories(whole=False)

    def test_two_passes(self):
        self.check_stories(whole=True)

    def test_a_hundred_thousand_connections(self):
        """Nobody is blamed for others."""
        crowd = many.everything()
        self.assertEqual(crowd.connections, many.CONNECTIONS)
        path = os.path.join(shark.folder(), 'many.pcap')
        due = crowd.write(path)
        self.assertEqual(sorted(due.values()), sorted(name for case in many.CASES for name in case.expected))
        crowds = {frame: name for frame, names in found(path, False, ANY).items() for name in names if name in CROWDS}
        self.assertEqual(crowds, due)


if __name__ == '__main__':
    unittest.main()
