#!/usr/bin/env python3
"""Every capture of tests/captures/lab/points, made at two points with a device in between: at each point the states
that the two kernels went through, and the anomalies of tests/lab/expected_points.py on their segments, and no others.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import glob
import ipaddress
import os
import re
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import segments
from expected_points import EXPECTED, RENUMBERED
from kernel_paths import FIELDS, Truth, compare, shown_by_tshark
import scenarios_points
from scenarios_points import POINTS

FOLDER = os.path.join(shark.LAB, 'points')
# On the second sight of a packet, unless addresses were translated.
COPY = 'captured_twice'
OUTSIDE = ipaddress.ip_address(scenarios_points.OUTSIDE)
TOLD = ['tcpshake.twin.renumbered', 'tcpshake.twin.stream', 'tcpshake.twin.translated']


class Capture:
    def __init__(self, scenario):
        self.scenario, self.truth = scenario, Truth(scenario.name, FOLDER)
        self.path = os.path.join(FOLDER, scenario.name + '.pcapng')
        self.points = [point for _, point, _ in segments.read_pcapng(self.path)]
        self.rows = shark.rows(self.path, [*FIELDS, 'tcpshake.anomaly', *TOLD], two_pass=True)
        self.translates = 'outside' in scenario.device
        self.names = list(self._names())

    def _names(self):
        """Each frame as "A client SYN 1", in all its kinds, and whether it is the second sight of a packet."""
        progress, count, frames = (segments.Progress(), segments.Progress()), {}, self.truth.frames
        seen = set()
        for number, (_, point, packet) in enumerate(segments.read_pcapng(self.path), 1):
            segment, sender = segments.parse(packet), frames[number].sender
            port = segment.dport if sender == 'server' else segment.sport
            names = []
            for kind in progress[point].take(sender, port, segment):
                which = 'AB'[point], sender, kind
                count[which] = count.get(which, 0) + 1
                names.append(' '.join((*which, str(count[which]))))
            packet = sender, frames[number].sent
            yield names, packet in seen
            seen.add(packet)

    def expected(self):
        """{frame: anomalies}"""
        due = {number: {COPY} if again and not self.translates else set()
               for number, (_, again) in enumerate(self.names, 1)}
        for line in filter(str.strip, EXPECTED.get(self.scenario.name, '').splitlines()):
            name, anomalies = line.split('|')
            number = next(number for number, (names, _) in enumerate(self.names, 1) if name.strip() in names)
            due[number] |= set(anomalies.split())
        return due

    def problems(self):
        """Of both points, each as if it were the only one."""
        shown = shown_by_tshark(self.truth, self.rows)
        for point in 0, 1:
            here = [one for one in shown if self.points[one.number - 1] == point]
            if not self.translates:  # whatever Wireshark makes of other numbers
                here = [one._replace(stream=0) for one in here]
            yield from (f'point {"AB"[point]}: {problem.text}' for problem in compare(self.truth, here))


class LabPoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.captures = [Capture(scenario) for scenario in POINTS]

    def test_all_are_recorded(self):
        self.assertEqual({os.path.basename(path) for path in glob.glob(os.path.join(FOLDER, '*.pcapng'))},
                         {scenario.name + '.pcapng' for scenario in POINTS})

    def test_anomalies(self):
        for capture in self.captures:
            with self.subTest(capture.scenario.name):
                self.assertEqual({number: set(row['tcpshake.anomaly']) for number, row in enumerate(capture.rows, 1)},
                                 capture.expected())

    def test_kernels(self):
        for capture in self.captures:
            with self.subTest(capture.scenario.name):
                self.assertEqual(list(capture.problems()), [])

    def test_numbers(self):
        for capture in self.captures:
            told = {text for row in capture.rows for text in row['tcpshake.twin.renumbered']}
            with self.subTest(capture.scenario.name):
                self.assertEqual(told, {text for name, text in RENUMBERED.items() if name == capture.scenario.name})
                self.assertEqual(bool(told), 'shift' in capture.scenario.device and not capture.translates)

    def test_twins(self):
        """Behind a NAT the stream at the other point, and the client's address there; else nothing."""
        for capture in self.captures:
            streams = {row['tcp.stream'][0]: row['tcpshake.twin.stream'] for row in capture.rows}
            told = {row['tcp.stream'][0]: row['tcpshake.twin.translated'] for row in capture.rows}
            with self.subTest(capture.scenario.name):
                if not capture.translates:
                    self.assertEqual([twins for twins in streams.values() if twins], [])
                    continue
                self.assertEqual(streams, {'0': ['1'], '1': ['0']})
                ends = [re.findall(r'[\d.]+:\d+', told[stream][0].partition(', ')[0]) for stream in '01']
                self.assertEqual(ends[0], ends[1][::-1])
                self.assertTrue(any(end.startswith(str(OUTSIDE)) for end in ends[0]), ends)


if __name__ == '__main__':
    unittest.main()
