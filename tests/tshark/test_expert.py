#!/usr/bin/env python3
"""Expert Information, as Wireshark's dialog shows it: groups by kind of trouble, one Warning for one trouble, and in
the message of a RST its likely cause.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import pcapmaker

# PI_SEQUENCE and so on, epan/proto.h.
GROUPS = {0x02000000: 'Sequence', 0x03000000: 'Response', 0x09000000: 'Protocol', 0x0a000000: 'Security',
          0x0d000000: 'Assumption'}
CAUSES = {
    'abort_by_client': 'Likely: its application aborted the connection',
    'abort_late': 'Likely: its application aborted the connection',
    'reset_storm': 'Likely: its host no longer has the connection',
}


def messages(capture):
    """[(frame, {anomaly: message})] of each frame with an anomaly, as the details of a packet show them."""
    printed = shark.output(*shark.ALWAYS, '-2', '-r', shark.with_plugin().readable(capture), '-o',
                           'tcpshake.language:english', '-Y', 'tcpshake.anomaly', '-O', 'tcpshake')
    frames = re.split(r'^Frame (\d+):.*$', printed, flags=re.M)[1:]
    return [(int(number), dict(re.findall(r'^ +\[Anomaly: (\w+): (.*)\]$', text, re.M)))
            for number, text in zip(frames[::2], frames[1::2])]


class Expert(unittest.TestCase):
    def test_groups(self):
        """Without "Group by summary" the dialog has a line for each severity and group."""
        found = {}
        for name in ('refused', 'syn_lost_after', 'abort_by_client', 'forged_reset_left', 'middle_of_transfer',
                     'fin_lost_after'):
            path = shark.lab_capture(name)
            for row in shark.values(path, ['tcpshake.anomaly', '_ws.expert.group', '_ws.expert.message'],
                                    two_pass=True, display_filter='tcpshake.anomaly'):
                groups = [GROUPS.get(int(group, 0)) for group in row['_ws.expert.group']]
                for anomaly in row['tcpshake.anomaly']:
                    found.setdefault(anomaly, set()).update(groups)
        for anomaly, group in (('connection_refused', 'Response'), ('slow_handshake', 'Response'),
                               ('syn_retransmission', 'Sequence'), ('fin_retransmission', 'Sequence'),
                               ('abortive_close', 'Protocol'), ('reset_unacceptable', 'Security'),
                               ('handshake_not_captured', 'Assumption')):
            self.assertIn(group, found.get(anomaly, ()), anomaly)

    def test_what_is_missing_is_said_once(self):
        """However often a SYN-ACK or a FIN is sent again."""
        path = os.path.join(shark.folder(), 'again.pcap')
        for case, anomaly in (('no handshake ACK', 'missing_handshake_ack'),
                              ('SYN-ACK again and again, and the server gives up', 'connection_timeout'),
                              ('FIN never acknowledged', 'missing_fin_ack')):
            lines = next(made.lines for made in cases.CASES if made.name == case)
            pcapmaker.write_pcap(path, pcapmaker.segments(lines))
            with self.subTest(anomaly):
                self.assertEqual([anomaly in told for _, told in messages(path)].count(True), 1)

    def test_answer_to_another_attempt(self):
        """It is no wrong answer to the first, either."""
        path = os.path.join(shark.folder(), 'attempts.pcap')
        lines = next(made.lines for made in cases.CASES if made.name == 'nobody answers, then somebody does')
        pcapmaker.write_pcap(path, pcapmaker.segments(lines))
        told = [text['syn_unanswered'] for _, text in messages(path) if 'syn_unanswered' in text]
        self.assertEqual([text.partition(';')[0] for text in told], ['No answer to 2 SYNs'])

    def test_syn_ack_of_the_client(self):
        """It does not show that the RST has cleared what the server held."""
        path = os.path.join(shark.folder(), 'cleared.pcap')
        lines = next(made.lines for made in cases.CASES if made.name == 'older connection cleared, and the peer calls')
        pcapmaker.write_pcap(path, pcapmaker.segments(lines))
        self.assertEqual([text['stale_ack'] for _, text in messages(path) if 'stale_ack' in text],
                         ['The SYN in frame 1 is answered by ACK(1234567): the server still holds an older connection '
                          'on this four-tuple. The client then sent a RST'])

    def test_cause_of_a_reset(self):
        for name, likely in CAUSES.items():
            with self.subTest(name):
                told = [text for _, anomalies in messages(shark.lab_capture(name)) for text in anomalies.values()]
                self.assertEqual([text.endswith(likely) for text in told].count(True), 1, told)


if __name__ == '__main__':
    unittest.main()
