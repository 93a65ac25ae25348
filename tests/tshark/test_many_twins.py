#!/usr/bin/env python3
"""100,000 connections within a minute, captured before and behind a NAT: each is linked to its twin, and what was lost
in between, or reset there, is on its frame.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import os
import struct
import unittest

import shark

CONNECTIONS = 100_000
START, RATE = 1_700_000_000_000_000, 600  # microseconds; between two connections
WAY, BACK = 5_000, 20_000
SYN, SYN_ACK, RST = 2, 18, 4
SERVER, OUTSIDE = b'\xc6\x33\x64\x02', b'\xcb\x00\x71'
# Of which connections: coprime, so that some have both.
SYN_ACK_LOST, RESET = 97, 101


def packet(number, point, flags, ip_id):
    """Of the client behind it, or of the server; the NAT changes the client's address and takes one from the TTL."""
    client = OUTSIDE + bytes([number >> 16]) if point else struct.pack('!I', 10 << 24 | number)
    port = 1024 + (number & 0xffff) % 60000
    isn, answer = number * 2654435761 & 0xffffffff, number * 40503 + 77 & 0xffffffff
    outgoing = flags == SYN
    ends = client + SERVER if outgoing else SERVER + client
    ports = (port, 80) if outgoing else (80, port)
    ttl = (64, 63)[point] if outgoing else (62, 63)[point]
    tcp = struct.pack('!HHIIHHHH', *ports, isn if outgoing else answer + (flags == RST),
                      0 if outgoing else isn + 1 & 0xffffffff, 5 << 12 | flags, 65535, 0, 0)
    return struct.pack('!BBHHHBBH', 0x45, 0, 40, ip_id, 0x4000, ttl, 6, 0) + ends + tcp


class ManyTwins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """By the number of a connection: the frames of its SYN at both points, of its first SYN-ACK, of its RST."""
        seen = []
        for number in range(CONNECTIONS):
            begin, ip_id = START + number * RATE, number % 65535 + 1
            seen += [(begin, 0, number, SYN, ip_id), (begin + WAY, 1, number, SYN, ip_id)]
            lost = number % SYN_ACK_LOST == 0
            if lost:
                seen.append((begin + BACK, 1, number, SYN_ACK, ip_id))
                begin += 1_000_000
            seen += [(begin + BACK, 1, number, SYN_ACK, ip_id), (begin + BACK + WAY, 0, number, SYN_ACK, ip_id)]
            if number % RESET == 0:
                seen.append((begin + BACK + 2 * WAY, 0, number, RST, ip_id))
        seen.sort()
        cls.path = os.path.join(shark.folder(), 'many-twins.pcapng')
        cls.syns, cls.synacks, cls.resets = ({}, {}), {}, {}
        with open(cls.path, 'wb') as file:
            file.write(struct.pack('<IIIHHqI', 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28))
            file.write(struct.pack('<IIHHII', 1, 20, 101, 0, 0, 20) * 2)
            for frame, (time, point, number, flags, ip_id) in enumerate(seen, 1):
                file.write(struct.pack('<IIIIIII', 6, 72, point, time >> 32, time & 0xffffffff, 40, 40)
                           + packet(number, point, flags, ip_id) + struct.pack('<I', 72))
                if flags == SYN:
                    cls.syns[point][number] = frame
                elif flags == RST:
                    cls.resets[number] = frame
                elif point:
                    cls.synacks.setdefault(number, frame)

    def test_all(self):
        """Each row of the export names the other SYN, of 200,000; what is lost or reset is, on its frame, and nothing
        else."""
        to = os.path.join(shark.folder(), 'home', 'many-twins.ndjson')
        between = 'tcpshake.anomaly == "lost_between" or tcpshake.anomaly == "reset_in_between"'
        frames = shark.output('-2', '-r', self.path, '-z', f'tcpshake,export,{to}', '-Y', between, '-T', 'fields', '-e',
                              'frame.number')
        found, lost, reset = {}, set(), set()
        with open(to, encoding='utf-8') as file:
            for row in map(json.loads, file):
                found[row['tcpshake.syn_frame']] = row['tcpshake.twin']
                if 'lost_between' in row['tcpshake.conn.anomaly']:
                    lost.add(row['tcpshake.syn_frame'])
                if 'reset_in_between' in row['tcpshake.conn.anomaly']:
                    reset.add(row['tcpshake.syn_frame'])
        os.unlink(to)
        here, there = self.syns
        self.assertEqual(found, {**{here[n]: [there[n]] for n in here}, **{there[n]: [here[n]] for n in there}})
        self.assertEqual(lost, {there[number] for number in range(0, CONNECTIONS, SYN_ACK_LOST)})
        self.assertEqual(reset, {here[number] for number in range(0, CONNECTIONS, RESET)})
        self.assertEqual(set(map(int, frames.split())),
                         {self.synacks[number] for number in range(0, CONNECTIONS, SYN_ACK_LOST)}
                         | {self.resets[number] for number in range(0, CONNECTIONS, RESET)})


if __name__ == '__main__':
    unittest.main()
