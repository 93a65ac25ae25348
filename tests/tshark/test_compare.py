#!/usr/bin/env python3
"""What scripts/compare says of two captures of the same connections, one made at each end.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

import shark  # noqa: I001  (puts the next two within reach)
import cases_points
from points import CLIENT, CLOSE, DATA, OPEN, SERVER, Path, write_pcap

LIB = os.path.join(shark.TOP, 'scripts', 'lib')
CLOCK = 4_500_000


def case(name):
    return next(case for case in cases_points.CASES if case.name == name)


def seen_at(paths, point):
    """A capture with what comes by there."""
    path = os.path.join(shark.folder(), f'{point}.pcap')
    for one in paths:
        one.everything = getattr(one, 'everything', one.seen)
        one.seen = [seen for seen in one.everything if seen[1] == point]
    write_pcap(path, paths)
    os.chmod(path, 0o644)
    return path


class Compare(unittest.TestCase):
    def compared(self, *paths):
        """The lines, and the files, by name."""
        with tempfile.TemporaryDirectory() as folder:
            result = shark.compare(*(seen_at(paths, point) for point in 'AB'), folder)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            files = {}
            for name in os.listdir(folder):
                with open(os.path.join(folder, name), 'rb') as file:
                    files[name] = file.read()
        return result.stdout.splitlines(), files

    def test_nothing_went_wrong(self):
        """A NAT and clocks that are 4.5 s apart: one line, and no story."""
        lines, files = self.compared(Path(OPEN + DATA + CLOSE, clock=CLOCK))
        self.assertEqual(lines[0], 'The server\'s clock is 4.500000 s ahead, estimated from the handshakes.')
        self.assertEqual(lines[1:], ['0+1  192.0.2.1:40000 → 198.51.100.2:80, at the server 203.0.113.5:61000 → '
                                     '198.51.100.2:80  established in 40 ms, closed by the client, three segments'])
        self.assertEqual(set(files), {'both.pcapng'})

    def test_one_four_tuple(self):
        """No NAT: all at the second point are copies, by whatever clock."""
        for clock in (0, -CLOCK):
            lines, files = self.compared(Path(OPEN + DATA + CLOSE, there=(CLIENT, SERVER), clock=clock))
            self.assertEqual(lines[1:], ['0  192.0.2.1:40000 → 198.51.100.2:80  established in 40 ms, closed by the '
                                         'client, three segments'])
            self.assertEqual(set(files), {'both.pcapng'})

    def test_lost(self):
        """The story of a lost SYN has three lifelines, and a cross where it was seen last."""
        lines, files = self.compared(Path(case('SYN lost behind a NAT').text, clock=CLOCK))
        self.assertIn('lost_between', lines[1])
        story = files['connection-0.txt'].decode('utf-8').splitlines()
        self.assertRegex(story[3], r'^ +0\.000000 +1/- +│ SYN  seq=0 ─+×┊ +│  lost_between$')
        self.assertRegex(story[4], r'^ +1\.000000 +2/3 +│ SYN  seq=0 ─+▶┊─+▶│')
        self.assertRegex(story[5], r'^ +1\.020000 +5/4 +│◀─+┊◀─+ SYN, ACK  seq=0 ack=1 │')
        xml.dom.minidom.parseString(files['connection-0.svg'])

    def test_numbers_changed(self):
        """By a firewall, with a NAT or without: the segments of both sides are the same ones, each with its own
        numbers, and the clock is found from what else they have."""
        for there in (CLIENT, SERVER), None:
            path = Path(case('FIN lost behind a NAT').text, there=there, shift=(3_000_000_000, 77), clock=CLOCK)
            lines, files = self.compared(path)
            self.assertEqual(lines[0], 'The server\'s clock is 4.500000 s ahead, estimated from the handshakes.')
            self.assertEqual(len(lines), 2)
            story = files['connection-0.txt'].decode('utf-8')
            self.assertRegex(story, r' \d+/- +│ FIN, ACK  seq=101 ack=201 ─+×┊ +│  lost_between')
            self.assertRegex(story, r' \d+/\d+ +│◀─+┊◀─+ SYN, ACK  seq=0 ack=1 │\n')
            self.assertEqual(story.count('/-'), 1)
            self.assertIn('sequence numbers +', story)

    def test_told_in_words(self):
        """Below the lifelines stands what tcpshake tells of each side."""
        _, files = self.compared(Path(case('SYN lost behind a NAT').text))
        story = files['connection-0.txt'].decode('utf-8')
        self.assertRegex(story, r'(?m)^tcp\.stream 0: established in 1\.0 s')
        self.assertRegex(story, r'(?m)^tcp\.stream 1: established in 40 ms')

    def test_same_clock(self):
        lines, _ = self.compared(Path(OPEN + DATA + CLOSE))
        self.assertEqual(lines[0], 'Judging by the handshakes, both captures have the same clock.')

    def test_reset_in_between(self):
        """Both RSTs begin in between."""
        lines, files = self.compared(Path(case('both ends reset by a device behind a NAT').text, clock=CLOCK))
        self.assertIn('reset_in_between', lines[1])
        story = files['connection-0.txt'].decode('utf-8')
        self.assertRegex(story, r' -/\d+ +│ +┊ RST  seq=101 ─+▶│')
        self.assertRegex(story, r' \d+/- +│◀─+ RST  seq=201 ┊ +│')

    def test_seen_at_one_only(self):
        lines, _ = self.compared(Path(OPEN), Path(OPEN.replace('AB', 'A').replace('BA', 'A'), client=('192.0.2.9', 1),
                                                  isns=(7, 8)))
        self.assertTrue(any(line.endswith('seen at the client only') for line in lines), lines)

    def test_nothing_in_common(self):
        lines, _ = self.compared(Path(OPEN.replace('AB', 'A').replace('BA', 'A')))
        self.assertEqual(lines[0], 'No SYN is in both captures, so the clocks are assumed to agree.')

    def test_nothing_captured_at_one(self):
        """A file without packets says that nothing came by; one without a byte, that it is none."""
        nothing, other = seen_at([], 'A'), seen_at([Path(OPEN)], 'B')
        for captures, end in ((nothing, other), 'server'), ((other, nothing), 'client'):
            lines = shark.compare(*captures).stdout.splitlines()
            self.assertEqual([line.rpartition('; ')[2] for line in lines[1:]], [f'seen at the {end} only'])
        with tempfile.NamedTemporaryFile() as empty:
            for captures in (empty.name, other), (other, empty.name):
                result = shark.compare(*captures)
                self.assertEqual((result.returncode, result.stdout), (1, ''))
                self.assertEqual(result.stderr, f'compare: {empty.name}: empty file\n')

    def test_more_than_are_told(self):
        """To tell a story of each, tshark would have to read the whole capture again and again."""
        lost = case('SYN lost behind a NAT').text
        paths = Path(lost), Path(lost, client=('192.0.2.9', 1), there=(('203.0.113.5', 9), SERVER), isns=(7, 8))
        with tempfile.TemporaryDirectory() as folder:
            code = (f'import sys; sys.path.insert(0, {LIB!r}); import compare\n'
                    'compare.TOLD_MAX = 1; compare.main()')
            result = subprocess.run([sys.executable, '-B', '-c', code, shark.PLUGINS,
                                     *(seen_at(paths, point) for point in 'AB'), folder], capture_output=True,
                                    encoding='utf-8', check=False)
            self.assertEqual((result.returncode, result.stderr), (0, ''))
            self.assertIn(f'2 connections went wrong; {folder} has the stories of the first 1.\n', result.stdout)
            self.assertEqual(set(os.listdir(folder)), {'both.pcapng', 'connection-0.txt', 'connection-0.svg'})

    def test_does_not_write_over_a_capture(self):
        with tempfile.TemporaryDirectory() as folder:
            both = os.path.join(folder, 'both.pcapng')
            paths = Path(OPEN),
            os.rename(seen_at(paths, 'A'), both)
            before = os.stat(both)
            result = shark.compare(both, seen_at(paths, 'B'), folder)
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stderr, f'compare: {both}: is one of the captures; name another folder\n')
            after = os.stat(both)
            self.assertEqual((after.st_size, after.st_mtime_ns), (before.st_size, before.st_mtime_ns))

    def test_no_capture(self):
        result = shark.compare('/nowhere.pcap', '/nowhere.pcap')
        self.assertEqual((result.returncode, result.stdout), (1, ''))
        self.assertEqual(result.stderr, 'compare: /nowhere.pcap: No such file or directory\n')


if __name__ == '__main__':
    unittest.main()
