#!/usr/bin/env python3
"""A socket that is connected to itself is one end, shown as one: Linux's own, captured on the loopback interface.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import unittest

import shark

FOLDER = os.path.join(shark.CAPTURES, 'itself')
FIELDS = ['tcpshake.client.state', 'tcpshake.server.state', 'tcpshake.anomaly', 'tcpshake.verdict']
# Its own SYN, SYN-ACK and FIN reach it as a peer's would: RFC 9293 section 3.5, figure 7, and 3.6, figure 13.
STATES = ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'FIN-WAIT-1', 'TIME-WAIT']


class Itself(unittest.TestCase):
    def rows(self, name, two_pass):
        return shark.rows(os.path.join(FOLDER, name), FIELDS, two_pass=two_pass)

    def test_one_end(self):
        for two_pass in (False, True):
            with self.subTest(two_pass=two_pass):
                rows = self.rows('itself.pcap', two_pass)
                self.assertEqual([row['tcpshake.client.state'] for row in rows], [[state] for state in STATES])
                self.assertEqual([row['tcpshake.server.state'] for row in rows], [[state] for state in STATES])
                self.assertEqual([row['tcpshake.anomaly'] for row in rows], [[]] * len(STATES))
                self.assertRegex(rows[-1]['tcpshake.verdict'][0],
                                 '^opened by both ends at once in .*, closed by both ends at once$')

    def test_two_sockets_of_one_host(self):
        rows = self.rows('neighbour.pcap', True)
        self.assertEqual([row['tcpshake.anomaly'] for row in rows], [[]] * 11)
        self.assertEqual((rows[0]['tcpshake.client.state'], rows[0]['tcpshake.server.state']),
                         (['SYN-SENT'], ['SYN-RECEIVED']))
        self.assertEqual((rows[-1]['tcpshake.client.state'], rows[-1]['tcpshake.server.state']),
                         (['TIME-WAIT'], ['CLOSED']))
        self.assertRegex(rows[-1]['tcpshake.verdict'][0], 'closed by the client, four segments$')


if __name__ == '__main__':
    unittest.main()
