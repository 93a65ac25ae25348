#!/usr/bin/env python3
"""Why an end changed its state, behind the transition in the details of a packet; the field's value has none of it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import shark  # noqa: I001  (puts the next one within reach)
import pcapmaker


# The server sends data when the handshake's ACK, which is not in the capture, has come.
GAP = ('0.000 > SYN', '0.020 < SYN ACK', 'hidden > ACK', '0.060 < ACK data=10')


def transitions(capture, *options):
    printed = shark.output(*shark.ALWAYS, '-r', capture, *options, '-V')
    return re.findall(r'^ *\[(\w+ transition: .*)\]$', printed, re.MULTILINE)


class Transitions(unittest.TestCase):
    def test_handshake(self):
        capture = shark.with_plugin().readable(shark.lab_capture('close_by_client'))
        self.assertEqual(transitions(capture)[:4],
                         ['Client transition: CLOSED → SYN-SENT (RFC 9293 section 3.10.1)',
                          'Server transition: LISTEN → SYN-RECEIVED (RFC 9293 section 3.10.7.2)',
                          'Client transition: SYN-SENT → ESTABLISHED (RFC 9293 section 3.10.7.3)',
                          'Server transition: SYN-RECEIVED → ESTABLISHED (RFC 9293 section 3.10.7.4)'])

    @staticmethod
    def of_gap(*options):
        path = os.path.join(shark.folder(), 'gap.pcap')
        pcapmaker.write_pcap(path, pcapmaker.segments(GAP))
        return transitions(path, *options)

    def test_gap(self):
        gaps = [text for text in self.of_gap() if 'missing from the capture' in text]
        self.assertEqual(gaps, ['Server transition: SYN-RECEIVED → ESTABLISHED (RFC 9293 section 3.10.2: data waits '
                                'for ESTABLISHED, so the ACK came before; segments are missing from the capture, or '
                                'out of order)'])

    def test_korean_has_no_english_in_it(self):
        gaps = [text for text in self.of_gap('-o', 'tcpshake.language:korean') if '캡처' in text]
        self.assertEqual(len(gaps), 1)
        self.assertRegex(gaps[0], r'\(RFC 9293 section 3\.10\.2; [^a-z]*\)$')

    def test_value(self):
        capture = os.path.join(shark.LAB, 'early_data.pcap')
        for row in shark.values(capture, ['tcpshake.server.transition'], display_filter='tcpshake.server.transition'):
            self.assertRegex(row['tcpshake.server.transition'][0], r'^[-A-Z0-9]+ → [-A-Z0-9]+$')


if __name__ == '__main__':
    unittest.main()
