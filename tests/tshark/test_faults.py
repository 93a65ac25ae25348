#!/usr/bin/env python3
"""Captures that are damaged: bytes changed at random, and cut at every length. Nothing crashes, no dissector is said to
have a bug, and what Wireshark itself prints stays as it is without us.

With TCPSHAKE_ALL in the environment: every capture of the project, and every length from 20 to 120; some minutes.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import glob
import os
import subprocess
import unittest

import shark
import joined

NAMES = ('close_by_client', 'tfo_accepted', 'simultaneous_open_close_v6', 'icmp_v6_no_route', 'time_wait_turns_away',
         'scan', 'forged_reset_ttl')
SEEDS = range(1, 9)
ALL = bool(os.environ.get('TCPSHAKE_ALL'))
SNAPS = range(20, 121, 1 if ALL else 4)
# So many damaged captures are read at once.
AT_ONCE = 2 if ALL else 9


def between_others(packet, number):
    """The packet with other hosts in its header, and in the one that an ICMP error quotes."""
    packet = bytearray(packet)
    header = 20 if packet[0] >> 4 == 4 else 40
    for start in (0, header + 8):
        if packet[start:] and packet[start] >> 4 in (4, 6):
            for at in (13, 17) if packet[start] >> 4 == 4 else (9, 25):
                if start + at < len(packet):
                    packet[start + at] = (packet[start + at] + number) % 256
        if packet[6 if header == 40 else 9] not in (1, 58):
            break
    return bytes(packet)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        paths = [shark.lab_capture(name) for name in NAMES]
        if ALL:
            paths = sorted(glob.glob(os.path.join(os.path.dirname(shark.LAB), '**', '*.pcap*'), recursive=True))
        cls.frames = joined.read(shark.merge(os.path.join(shark.folder(), 'whole.pcap'), paths, '-F', 'pcap')).frames

    def damaged(self, number, *options):
        """Of hosts of its own."""
        whole, path = (os.path.join(shark.folder(), f'{name}-{number}.pcap') for name in ('whole', 'damaged'))
        joined.write(whole, joined.RAW, [frame._replace(packet=between_others(frame.packet, number))
                                         for frame in self.frames])
        subprocess.run(['editcap', '-F', 'pcap', *options, whole, path], check=True, stderr=subprocess.DEVNULL)
        os.chmod(path, 0o644)
        return path

    def check(self, damages):
        """damages: of editcap's options."""
        for first in range(0, len(damages), AT_ONCE):
            some = damages[first:first + AT_ONCE]
            with self.subTest(damages=some):
                paths = [self.damaged(number, *options) for number, options in enumerate(some)]
                self.check_capture(shark.merge(os.path.join(shark.folder(), 'all.pcap'), paths, '-a', '-F', 'pcap'))

    def check_capture(self, path):
        ours, plain = (tshark.output(['-n', '-r', path]) for tshark in (shark.with_plugin(), shark.without_plugin()))
        self.assertEqual(ours, plain)
        for arguments in (['-2', '-V'], ['-q', '-z', 'tcpshake,tree', '-z', 'tcpshake,conv', '-z', 'tcpshake,hosts']):
            status, printed, messages = shark.with_plugin().output(['-n', '-r', path, *arguments])
            self.assertEqual(status, plain[0], messages)
            self.assertNotIn('Dissector bug', printed.decode('utf-8', 'replace') + messages)

    def test_bytes_changed(self):
        self.check([('--seed', str(seed), '-E', '0.02') for seed in SEEDS])

    def test_cut(self):
        self.check([('-s', str(snap)) for snap in SNAPS])

    def test_cut_and_changed(self):
        self.check([('--seed', str(seed), '-E', '0.05', '-s', str(40 + 7 * seed)) for seed in SEEDS])


if __name__ == '__main__':
    unittest.main()
