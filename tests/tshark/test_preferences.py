#!/usr/bin/env python3
"""Limits in seconds: whole numbers, as settings files of old have them, and fractions; and what is said of anything
else.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import unittest

import shark

# Its fifth conversation (frames 50 to 61) loses a SYN: the handshake ends in frame 53, 1.063 s after it began.
# All others take between 40 and 45 ms.
SAMPLE = os.path.join(shark.TOP, 'samples', 'conversations.pcap')
SLOW = 53
WRONG = ('abc', '-1', '1e3', '1,5', '1.', '.', '', 'inf', '0x10', '2 s')


def slow_handshakes(*options):
    """The frames with slow_handshake, and what tshark says on standard error."""
    tshark = shark.with_plugin()
    status, printed, messages = tshark.output([*shark.ALWAYS, '-r', tshark.readable(SAMPLE), *options, '-T', 'fields',
                                               '-e', 'frame.number', '-Y', 'tcpshake.anomaly.slow_handshake'])
    return status, [int(number) for number in printed.split()], messages


def limit(text):
    return '-o', f'tcpshake.slow_handshake:{text}'


class Seconds(unittest.TestCase):
    def test_whole_and_fractions(self):
        for text, found in (('1', True), ('2', False), ('0', False), ('1.05', True), ('1.07', False), ('.5', True),
                            ('0.9999999999', True), (' 1 ', True), ('99999999999999999999', False)):
            with self.subTest(limit=text):
                self.assertEqual(slow_handshakes(*limit(text)), (0, [SLOW] if found else [], ''))

    def test_less_than_a_round_trip(self):
        self.assertEqual(len(slow_handshakes(*limit('0.03'))[1]), 7)

    def test_what_is_no_number_of_seconds(self):
        """The preset, 1 s, is used instead, and that is said once."""
        for text in WRONG:
            with self.subTest(limit=text):
                status, found, messages = slow_handshakes(*limit(text))
                self.assertEqual((status, found), (0, [SLOW]))
                self.assertEqual(messages, f'tshark: The preference tcpshake.slow_handshake is "{text}", which is not '
                                           'a number of seconds. 1 is used instead.\n')
        self.assertIn('초 단위의 숫자가 아닙니다',
                      slow_handshakes('-o', 'tcpshake.language:korean', *limit('abc'))[2])

    def test_settings_file(self):
        """As earlier versions wrote it, with whole numbers; and in a profile."""
        profile = os.path.join(shark.folder(), 'home', '.config', 'wireshark', 'profiles', 'Limits')
        self.addCleanup(shutil.rmtree, profile)
        os.makedirs(profile)
        for text, found in (('1', True), ('2', False), ('1.07', False)):
            with open(os.path.join(profile, 'preferences'), 'w', encoding='utf-8') as file:
                file.write(f'# Slow handshake limit (seconds)\n# A decimal number\ntcpshake.slow_handshake: {text}\n')
            with self.subTest(limit=text):
                self.assertEqual(slow_handshakes('-C', 'Limits'), (0, [SLOW] if found else [], ''))


if __name__ == '__main__':
    unittest.main()
