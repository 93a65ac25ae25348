#!/usr/bin/env python3
"""Our subtree outlives what goes wrong in TCP and behind it, and the frame's list of protocols does not know of us.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import unittest

import shark  # noqa: I001  (puts the next two within reach)
import cases
import pcapmaker

SHOWN = ['tcpshake.step', 'tcpshake.client.state', 'tcpshake.server.state', 'tcpshake.anomaly']
TROUBLE = '_ws.short || _ws.malformed'


def made(name, *arguments, **segments):
    path = os.path.join(shark.folder(), f'{name}.pcap')
    pcapmaker.write_pcap(path, pcapmaker.segments(cases.ORDINARY.lines, **segments), *arguments)
    return path


def cut_to_each(lengths):
    """One capture with a conversation for each length; its server's port is 1000 more. Returns its path."""
    frames = []
    for length in lengths:
        first = 1000 * length ** 2  # no two alike, and no equal steps
        segments = pcapmaker.segments(cases.ORDINARY.lines, first, 500000 + first, server_port=1000 + length)
        for segment in segments:
            segment.snap = length
        frames += segments
    frames.sort(key=lambda segment: segment.time)
    path = os.path.join(shark.folder(), 'cut.pcap')
    pcapmaker.write_pcap(path, frames)
    return path


class Truncated(unittest.TestCase):
    def test_every_length_that_holds_the_header(self):
        whole = shark.rows(made('whole'), SHOWN, two_pass=True)
        self.assertEqual(len(whole), len(cases.ORDINARY.rows))
        # Ethernet 14, IPv4 20, TCP 20: from there on, a cut frame says what a whole one says.
        lengths = range(54, 170)
        found = {length: [] for length in lengths}
        for row in shark.rows(cut_to_each(lengths), [*SHOWN, 'tcp.port'], two_pass=True):
            found[min(map(int, row.pop('tcp.port'))) - 1000].append(row)
        for length in lengths:
            with self.subTest(length=length):
                self.assertEqual(found[length], whole)

    def test_cut_headers(self):
        # Nothing is known of a segment whose flags are not there; nothing must be said, and nothing go wrong.
        rows = shark.rows(cut_to_each(range(14, 48)), ['tcpshake.sender', '_ws.malformed'], two_pass=True)
        self.assertEqual(len(rows), 34 * len(cases.ORDINARY.rows))
        for number, row in enumerate(rows, 1):
            with self.subTest(frame=number):
                self.assertEqual(row, {'tcpshake.sender': [], '_ws.malformed': []})

    def test_exception_in_tcp(self):
        # The SYN's options are cut off: TCP ends by an exception, which is still reported.
        path = made('options', 'ethernet', 4, 54)
        frames = shark.rows(path, ['frame.number', 'tcpshake.sender'], display_filter=TROUBLE)
        self.assertEqual([row['tcpshake.sender'] for row in frames[:2]], [['client'], ['server']])

    def test_exception_behind_tcp(self):
        # A hundred zeros are no message of the Diameter protocol or of BGP.
        found = 0
        for port in (53, 139, 179, 443, 3868):
            path = made(f'port-{port}', server_port=port)
            for row in shark.rows(path, ['tcpshake.sender', 'tcpshake.states'], display_filter=TROUBLE):
                found += 1
                self.assertEqual(len(row['tcpshake.sender']), 1)
                self.assertEqual(row['tcpshake.states'], ['ESTABLISHED/ESTABLISHED'])
        self.assertGreater(found, 0, 'no payload made its dissector fail: this tests nothing')


class Protocols(unittest.TestCase):
    def test_list_of_protocols(self):
        for link in pcapmaker.LINKS:
            with self.subTest(link=link):
                for row in shark.rows(made('protocols', link), ['frame.protocols', 'tcpshake.sender']):
                    self.assertEqual(len(row['tcpshake.sender']), 1)
                    self.assertNotIn('tcpshake', row['frame.protocols'][0])
                    self.assertEqual(row['frame.protocols'][0].split(':').count('tcp'), 1)

    def test_disabled(self):
        rows = shark.rows(made('disabled'), ['tcp.stream', 'tcpshake.sender'],
                          options=['--disable-protocol', 'tcpshake'])
        self.assertEqual([row['tcp.stream'] for row in rows], [['0']] * len(cases.ORDINARY.rows))
        self.assertEqual([row['tcpshake.sender'] for row in rows], [[]] * len(cases.ORDINARY.rows))


if __name__ == '__main__':
    unittest.main()
