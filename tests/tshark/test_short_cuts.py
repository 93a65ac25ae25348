#!/usr/bin/env python3
"""What scripts/batch spares tshark changes no row: with it and without, on every capture of the project, on the made
cases over each kind of link, on data of well-known protocols, and on TCP that is carried inside TCP.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import concurrent.futures
import glob
import os
import struct
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import pcapmaker
import short_cuts

ENDS = (bytes([192, 0, 2, 101]), bytes([192, 0, 2, 102]))
GTP = 2152
# Ports of protocols whose dissectors collect data over several segments, or begin conversations.
PROTOCOLS = (21, 25, 53, 80, 139, 179, 443, 445, 554, 1433, 1720, 3306, 3868, 5060, 6000)


def exported(name, capture, *options):
    path = os.path.join(shark.folder(), 'home', name)
    status, _, messages = shark.with_plugin().output(
        ['-n', '-q', *options, '-r', capture, '-z', f'tcpshake,export,{path}'])
    if status != 0:
        raise AssertionError(messages)
    with open(path, encoding='utf-8', newline='') as file:
        return file.read()


def cases_from(port):
    """Of each case, with a port of its own."""
    for number, case in enumerate(cases.CASES):
        yield from pcapmaker.segments(case.lines, *case.isns, server_port=port + number)


class ShortCuts(unittest.TestCase):
    maxDiff = None

    def same(self, name, capture, least):
        """Also of a capture that is not large enough for all of them."""
        words = short_cuts.short_cuts(short_cuts.WORTH_IT)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            full = pool.submit(exported, name + '.full.csv', capture)
            short = pool.submit(exported, name + '.short.csv', capture, *words)
            few = pool.submit(exported, name + '.few.csv', capture, *short_cuts.short_cuts(0))
        self.assertGreater(full.result().count('\n'), least)
        self.assertEqual(short.result().splitlines(), full.result().splitlines())
        self.assertEqual(few.result().splitlines(), full.result().splitlines())
        return full.result()

    def written(self, name, segments, *link):
        path = os.path.join(shark.folder(), name + '.pcap')
        pcapmaker.write_pcap(path, list(segments), *link)
        return path

    def test_recorded(self):
        for folder in ('tests/captures/lab', 'tests/captures/lab/points', 'tests/captures/classroom',
                       'tests/captures/walks', 'tests/captures/itself', 'samples'):
            name = os.path.basename(folder)
            paths = sorted(glob.glob(os.path.join(shark.TOP, folder, '*.pcap*')))
            self.assertTrue(paths, folder)
            with self.subTest(folder):
                self.same(name, shark.merge(os.path.join(shark.folder(), name + '.pcapng'), paths, '-a'), len(paths))

    def test_made(self):
        self.same('made', self.written('made', cases_from(1000)), len(cases.CASES) - 1)

    def test_protocols(self):
        segments = [segment for port in PROTOCOLS
                    for segment in pcapmaker.segments(cases.ORDINARY.lines, server_port=port)]
        self.same('protocols', self.written('protocols', segments), len(PROTOCOLS))

    def test_links(self):
        """Tunnels below TCP are what they were."""
        for link in pcapmaker.LINKS:
            with self.subTest(link):
                self.same('link', self.written('link', pcapmaker.segments(cases.ORDINARY.lines), link), 1)

    def test_tcp_inside_tcp(self):
        """GTP-U in TCP, and a conversation outside after it: both conversations inside, and the numbers of all
        streams."""
        path = os.path.join(shark.folder(), 'inside.pcap')
        sent = {True: 1, False: 1}
        with open(path, 'wb') as file:
            file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
            inside = pcapmaker.segments(cases.ORDINARY.lines)
            for time, segment in enumerate([*inside, *pcapmaker.segments(cases.ORDINARY.lines, server_port=443)]):
                packet = pcapmaker.packet(segment, 4)
                if time < len(inside):
                    payload = struct.pack('!BBHI', 0x30, 0xff, len(packet), 9) + packet
                    ports = (50000, GTP) if segment.outgoing else (GTP, 50000)
                    header = struct.pack('!HHIIBBHHH', *ports, sent[segment.outgoing], sent[not segment.outgoing],
                                         0x50, 0x18, 8000, 0, 0)
                    sent[segment.outgoing] += len(payload)
                    packet = pcapmaker.ipv4(6, header + payload, segment.outgoing, time, 64, ENDS)
                frame = pcapmaker.ethernet(packet, segment.outgoing)
                file.write(struct.pack('<IIII', time, 0, len(frame), len(frame)) + frame)
        os.chmod(path, 0o644)
        self.assertEqual(self.same('inside', path, 3).count('\n'), 4)

    def test_each_port_but_those_of_tunnels(self):
        named = [word[len('tcp.port=='):-len(',data')].split('-') for word in short_cuts.without_payload()[1::2]]
        ports = [port for ends in named for port in range(int(ends[0]), int(ends[-1]) + 1)]
        self.assertEqual(sorted(ports + short_cuts.TUNNELS), list(range(1, short_cuts.LAST + 1)))


if __name__ == '__main__':
    unittest.main()
