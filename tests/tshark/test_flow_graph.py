#!/usr/bin/env python3
"""-z flow,tcpshake,network: Wireshark's ladder with the steps on its arrows, both states and the anomalies beside them.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import shark

SAMPLE = os.path.join(shark.TOP, 'samples', 'conversations.pcap')
# Arrows as Wireshark prints them, client on the left.
OUT, BACK = '------------------>', '<------------------'


def arrows(capture, stream, *options):
    """Of one conversation: direction, label, comment."""
    printed = shark.output(*shark.ALWAYS, '-q', '-r', shark.with_plugin().readable(capture), *options,
                           '-z', f'flow,tcpshake,network,tcp.stream=={stream}')
    lines = printed.splitlines()[2:]
    found = []
    for upper, lower in zip(lines[::2], lines[1::2]):
        label, comment = re.match(r'\|[\d.]+ *\|(.*)\|(.*)$', upper).groups()
        direction = OUT if OUT in lower else BACK if BACK in lower else None
        found.append((direction, label.replace('|', ' ').strip(), comment.strip()))
    return found


class FlowGraph(unittest.TestCase):
    maxDiff = None

    def test_a_lost_syn(self):
        """Stream 4 of the sample: the first SYN is lost behind the capture point, the handshake takes 1.06 s."""
        self.assertEqual(arrows(SAMPLE, 4), [
            (OUT, '3-way 1/3: SYN', 'SYN-SENT/SYN-RECEIVED'),
            (OUT, '3-way 1/3: SYN', 'SYN-SENT/SYN-RECEIVED: syn_retransmission'),
            (BACK, '3-way 2/3: SYN-ACK', 'ESTABLISHED/SYN-RECEIVED'),
            (OUT, '3-way 3/3: ACK', 'ESTABLISHED/ESTABLISHED: slow_handshake'),
            (OUT, 'PSH, ACK - Len: 6', 'ESTABLISHED/ESTABLISHED'),
            (BACK, 'ACK', 'ESTABLISHED/ESTABLISHED'),
            (BACK, 'PSH, ACK - Len: 7', 'ESTABLISHED/ESTABLISHED'),
            (OUT, 'ACK', 'ESTABLISHED/ESTABLISHED'),
            (OUT, '4-way 1/4: FIN', 'FIN-WAIT-1/CLOSE-WAIT'),
            (BACK, '4-way 2/4: ACK', 'FIN-WAIT-2/CLOSE-WAIT'),
            (BACK, '4-way 3/4: FIN', 'TIME-WAIT/LAST-ACK'),
            (OUT, '4-way 4/4: ACK', 'TIME-WAIT/CLOSED'),
        ])

    def test_a_refusal(self):
        """Stream 5. In the first pass, the server is not known yet to refuse when the SYN comes."""
        for options, state in (((), 'SYN-SENT/SYN-RECEIVED'), (('-2',), 'SYN-SENT/CLOSED')):
            with self.subTest(options=options):
                self.assertEqual(arrows(SAMPLE, 5, *options), [
                    (OUT, '3-way 1/3: SYN', state),
                    (BACK, 'RST', 'CLOSED/CLOSED: connection_refused'),
                ])

    def test_two_steps_fit_on_an_arrow(self):
        """Stream 1: the client's FIN also acknowledges the server's. Wireshark cuts a label after 20 characters."""
        steps = [label for _, label, _ in arrows(SAMPLE, 1) if '/4' in label]
        self.assertEqual(steps, ['4-way 1/4: FIN', '2/4: ACK + 3/4: FIN', '4-way 4/4: ACK'])


if __name__ == '__main__':
    unittest.main()
