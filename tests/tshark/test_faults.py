#!/usr/bin/env python3
"""Captures that are damaged: bytes changed at random, and cut at every length. Nothing crashes, no dissector is said to have a
bug, and what Wireshark itself prints stays as it is without us.

With TCPSHAKE_ALL in the environment: every capture of the project, and every length from 20 to 120; some minutes.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import glob
import os
import subprocess
import unittest

import shark

NAMES = ('close_by_client', 'tfo_accepted', 'simultaneous_open_close_v6', 'icmp_v6_no_route', 'time_wait_turns_away', 'scan',
         'forged_reset_ttl')
SEEDS = range(1, 9)
ALL = bool(os.environ.get('TCPSHAKE_ALL'))
SNAPS = range(20, 121, 1 if ALL else 4) # test_unchanged.py has every length, of one capture


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        paths = [os.path.join(shark.LAB, name + '.pcap') for name in NAMES]
        if ALL:
            paths = sorted(glob.glob(os.path.join(os.path.dirname(shark.LAB), '**', '*.pcap*'), recursive=True))
        cls.whole = shark.merge(os.path.join(shark.folder(), 'whole.pcap'), paths, '-F', 'pcap')

    def damaged(self, name, *options):
        path = os.path.join(shark.folder(), name)
        subprocess.run(['editcap', '-F', 'pcap', *options, self.whole, path], check=True, stderr=subprocess.DEVNULL)
        os.chmod(path, 0o644)
        return path

    def check(self, path):
        ours, plain = (tshark.output(['-n', '-r', path]) for tshark in (shark.with_plugin(), shark.without_plugin()))
        self.assertEqual(ours, plain)
        for arguments in (['-2', '-V'], ['-q', '-z', 'tcpshake,tree', '-z', 'tcpshake,conv', '-z', 'tcpshake,hosts']):
            status, printed, messages = shark.with_plugin().output(['-n', '-r', path, *arguments])
            self.assertEqual(status, plain[0], messages)
            self.assertNotIn('Dissector bug', printed.decode('utf-8', 'replace') + messages)

    def test_bytes_changed(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.check(self.damaged('changed.pcap', '--seed', str(seed), '-E', '0.02'))

    def test_cut(self):
        for snap in SNAPS:
            with self.subTest(snap=snap):
                self.check(self.damaged('cut.pcap', '-s', str(snap)))

    def test_cut_and_changed(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.check(self.damaged('both.pcap', '--seed', str(seed), '-E', '0.05', '-s', str(40 + 7 * seed)))


if __name__ == '__main__':
    unittest.main()
