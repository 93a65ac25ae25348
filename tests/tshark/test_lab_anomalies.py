#!/usr/bin/env python3
"""Every capture of tests/captures/lab against tests/lab/expected.py: each anomaly on its segment, with its severity,
and no others; in two passes and in one. All differences are reported together, sorted by anomaly.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import functools
import os
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import contract
import joined
import segments
from contract import SEVERITIES
from cases_points import OF_POINTS  # the lab captures at one point
from expected import EXPECTED, NEIGHBOURS

# What a first pass may say and later evidence takes back.
TAKEN_BACK = {'syn_on_open_connection', 'early_data', 'connection_lost', 'synack_unsolicited', 'one_sided',
              'connection_reset', 'abortive_close', 'time_wait_lingering', 'simultaneous_open', 'missing_handshake_ack',
              'missing_fin_ack'}
FIELDS = [*contract.FIELDS, 'tcpshake.conn.anomaly', 'tcpshake.sender', 'tcpshake.syn_frame', 'tcp.stream']
# The most telling first.
NAMES = ('SYN-ACK', 'SYN', 'RST', 'FIN', 'DATA', 'PROBE', 'ACK', 'ANY')

Frame = collections.namedtuple('Frame', 'number port sender kinds')
Wanted = collections.namedtuple('Wanted', 'due allowed')
Difference = collections.namedtuple('Difference', 'what anomaly run frame')
NOTHING = Wanted(frozenset(), frozenset())


class Recording:
    """The frames of a capture by what they are, out of their own headers."""

    def __init__(self, name):
        self.path = shark.lab_capture(name)
        with open(os.path.join(shark.LAB, name + '.kernel.tsv')) as lines:
            header = dict(line[2:].split(None, 1) for line in lines if line.startswith('# '))
        self.server_port = int(header['server-port'])
        self._progress = segments.Progress()
        self.frames = [self._frame(*numbered) for numbered in enumerate(segments.read_pcap(self.path), 1)]

    def _frame(self, number, packet):
        segment = segments.parse(packet)
        if not segment:
            return Frame(number, None, 'icmp', {'ANY'})
        sender = 'server' if segment.sport == self.server_port else 'client'
        port = segment.dport if sender == 'server' else segment.sport
        return Frame(number, port, sender, self._progress.take(sender, port, segment))

    def find(self, selector):
        """The frames that "[PORT] SENDER KIND N,N" or "icmp N" names."""
        *which, numbers = selector.split()
        port = int(which.pop(0)) if which[0].isdigit() else None
        kind = which[1] if len(which) > 1 else 'ANY'
        like = [f for f in self.frames if f.sender == which[0] and kind in f.kinds and port in (None, f.port)]
        try:
            return [like[int(number) - 1].number for number in numbers.split(',')]
        except IndexError:
            raise LookupError(f'{os.path.basename(self.path)} has no {selector}') from None

    def name(self, number):
        """The other way round."""
        frame = self.frames[number - 1]
        kind = next(kind for kind in NAMES if kind in frame.kinds)
        like = [f.number for f in self.frames if f.sender == frame.sender and kind in f.kinds]
        return f'{frame.sender} {"" if frame.sender == "icmp" else kind + " "}{like.index(number) + 1}'


class Run:
    """One capture with one set of preferences: what is wanted, and what tshark says."""

    def __init__(self, key):
        self.key = key
        name, *settings = (part.strip() for part in key.split(','))
        self.recording = recording(name)
        self.options = tuple(word for setting in settings for word in ('-o', 'tcpshake.' + setting.replace('=', ':')))
        self.wanted = {True: {}, False: {}}
        for line in filter(str.strip, EXPECTED.get(key, '').splitlines()):
            selector, *columns = (cell.strip() for cell in line.split('|'))
            self._want(selector, columns[0], columns[-1])

    def _want(self, selector, whole, first):
        for number in self.recording.find(selector):
            for two_pass, cell in ((True, whole), (False, first)):
                if number in self.wanted[two_pass]:
                    raise ValueError(f'{self.key}: {selector} names a frame that another line has')
                self.wanted[two_pass][number] = wanted(cell)

    def differences(self, two_pass, rows):
        for number, row in enumerate(rows, 1):
            want = self.wanted[two_pass].get(number, NOTHING)
            found = row['tcpshake.anomaly']
            for name in sorted(want.due - set(found)):
                yield Difference('missing', name, self, number)
            for name in sorted(set(found) - want.allowed):
                yield Difference('unexpected', name, self, number)
            for name in sorted(name for name in set(found) if found.count(name) > 1):
                yield Difference('twice on one segment', name, self, number)


@functools.lru_cache(maxsize=None)
def recording(name):
    return Recording(name)


def wanted(cell):
    names = [] if cell == '-' else cell.split()
    return Wanted(frozenset(n for n in names if not n.endswith('?')), frozenset(n.rstrip('?') for n in names))


def keys():
    """Each capture with the preset, and once more for each row with other preferences."""
    return sorted({*shark.lab_names(), *EXPECTED})


def rows_of(runs, two_pass):
    """{key: rows}: captures with the same preferences are read together."""
    result = {}
    for options in {run.options for run in runs}:
        captures = {run.key: joined.read(run.recording.path) for run in runs if run.options == options}
        result.update(joined.rows(captures, FIELDS, two_pass=two_pass, options=options))
    return result


def severity_differences(run, rows):
    for number, row in enumerate(rows, 1):
        for what, name in contract.expert_differences(row):
            yield Difference(what, name, run, number)


def conversation_of(row):
    """A SYN-ACK with another number is of the same conversation, but newer Wiresharks begin a stream with it."""
    return ('SYN', *row['tcpshake.syn_frame']) if row['tcpshake.syn_frame'] else ('stream', *row['tcp.stream'])


def conversation_differences(run, rows):
    """On each of its segments a conversation names the anomalies of them all."""
    numbered = [(number, row) for number, row in enumerate(rows, 1) if row['tcpshake.sender']]
    found = collections.defaultdict(set)
    for _, row in numbered:
        found[conversation_of(row)].update(row['tcpshake.anomaly'])
    for number, row in numbered:
        for name in sorted(found[conversation_of(row)] ^ set(row['tcpshake.conn.anomaly'])):
            yield Difference('not both on a segment and of the conversation', name, run, number)


def report(differences):
    """Sorted by anomaly, so that one rule's mistakes stand together."""
    groups = collections.defaultdict(list)
    for one in differences:
        groups[one.anomaly, one.what].append(f'{one.run.key}: frame {one.frame}, {one.run.recording.name(one.frame)}')
    lines = []
    for (anomaly, what), places in sorted(groups.items()):
        lines += [f'{anomaly}: {what} ({len(places)})'] + ['    ' + place for place in places]
    return '\n'.join(lines)


class LabAnomalies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runs = [Run(key) for key in keys()]
        cls.rows = {two_pass: rows_of(cls.runs, two_pass) for two_pass in (True, False)}

    def each(self, two_pass):
        return ((run, self.rows[two_pass][run.key]) for run in self.runs)

    def check(self, differences):
        found = list(differences)
        if found:
            self.fail(f'{len(found)} differences\n' + report(found))

    def test_two_passes(self):
        self.check(one for run, rows in self.each(True) for one in run.differences(True, rows))

    def test_one_pass(self):
        self.check(one for run, rows in self.each(False) for one in run.differences(False, rows))

    def test_severities(self):
        self.check(one for two_pass in (True, False) for run, rows in self.each(two_pass)
                   for one in severity_differences(run, rows))

    def test_conversations(self):
        self.check(one for run, rows in self.each(True) for one in conversation_differences(run, rows))

    def test_a_first_pass_says_nothing_that_a_second_does_not(self):
        """But for what later evidence takes back."""
        self.check(Difference('in a first pass only', name, run, number)
                   for (run, second), (_, first) in zip(self.each(True), self.each(False))
                   for known in [TAKEN_BACK.union(*(row['tcpshake.anomaly'] for row in second))]
                   for number, row in enumerate(first, 1) for name in row['tcpshake.anomaly'] if name not in known)


class Table(unittest.TestCase):
    """The expectations themselves."""

    def test_names(self):
        named = {name for key in EXPECTED for two_pass in (True, False) for want in Run(key).wanted[two_pass].values()
                 for name in want.allowed}
        self.assertEqual(named - set(SEVERITIES), set())

    def test_each_anomaly_has_a_capture_and_a_neighbour_without_it(self):
        self.assertEqual(set(NEIGHBOURS), set(SEVERITIES) - set(OF_POINTS))
        for name, (fires, healthy) in NEIGHBOURS.items():
            with self.subTest(name):
                self.assertTrue({fires, healthy} <= set(keys()))
                self.assertTrue(any(name in want.due for want in Run(fires).wanted[True].values()))
                self.assertFalse(any(name in want.allowed for want in Run(healthy).wanted[True].values()))

    def test_a_first_pass_takes_back_only_what_can_be(self):
        for key in EXPECTED:
            whole, first = (set().union(*(want.allowed for want in Run(key).wanted[two_pass].values()))
                            for two_pass in (True, False))
            with self.subTest(key):
                self.assertEqual(first - whole - TAKEN_BACK, set())


if __name__ == '__main__':
    unittest.main()
