"""Connections that are captured at two points, with a device in between that translates addresses, rewrites numbers,
loses segments or sends some of its own.

A line is TIME WHERE DIRECTION SEGMENT:

    0.000 AB > SYN                  seen at both points, at the second one 200 microseconds later
    0.000 A  > SYN                  at the first point only, as one that is lost behind it
    0.020 BA < SYN ACK              on the way back it passes the second point first
    0.020 B  < RST by=A             with the TTL that a segment from the other point has
    0.020 BA < SYN ACK plain        not translated at A, as where an answer does not come back through the NAT

The segment is written as in pcapmaker.py, with seq, ack, data, id. Numbers are those of the first point; what is sent
more often is written as often, with seq=.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct

import pcapmaker
from pcapmaker import FLAGS, MASK, START

# Behind every hop one less.
TTL = {'>': {'A': 64, 'B': 63}, '<': {'A': 62, 'B': 63}}
WAY = 200
CLIENT, SERVER = ('192.0.2.1', 40000), ('198.51.100.2', 80)
NAT = ('203.0.113.5', 61000)


def address(text):
    if ':' in text:
        words = [part.split(':') if part else [] for part in text.split('::')]
        filled = words[0] + ['0'] * (8 - sum(map(len, words))) + words[-1] if len(words) > 1 else words[0]
        return b''.join(int(word, 16).to_bytes(2, 'big') for word in filled)
    return bytes(int(number) for number in text.split('.'))


def ip_packet(source, target, tcp, ip_id, ttl):
    """The IP packet of a segment whose ports are filled in."""
    ends = address(source[0]), address(target[0])
    tcp = struct.pack('!HH', source[1], target[1]) + tcp[4:]
    tcp = pcapmaker.with_tcp_checksum(tcp, True, ends)
    if len(ends[0]) == 4:
        return pcapmaker.ipv4(6, tcp, True, ip_id, ttl, ends)
    return pcapmaker.ipv6(6, tcp, True, ttl, ends)


class Path:
    """A connection. client, server: as at the first point; there: as at the second. shift: what a device adds to the
    client's and to the server's numbers. stamps: with timestamps; hop: whether the TTL goes down in between; clock: how
    far that of the second point is ahead, in microseconds."""

    def __init__(self, text, client=CLIENT, server=SERVER, there=None, isns=(1000, 500000), shift=(0, 0), stamps=True,
                 ids=True, hop=True, clock=0, start=0):
        self.ends = {'A': (client, server), 'B': there or (NAT, server)}
        self.isns, self.shift, self.stamps, self.ids, self.hop, self.clock = isns, shift, stamps, ids, hop, clock
        self.start = start
        self.next = {'>': isns[0], '<': isns[1]}
        self.id = {'>': isns[0] & 0x7fff, '<': isns[1] & 0x7fff}
        # (microseconds, point, packet)
        self.seen = []
        for line in filter(None, map(str.strip, text.splitlines())):
            self.send(line.split())

    def options(self, flags, time, settings, words):
        extra = b''
        if flags & FLAGS['SYN']:
            extra += struct.pack('!BBH', 2, 4, int(settings.get('mss', 1460))) + b'\4\2\1\1'
        if self.stamps and 'bare' not in words:
            stamp = settings.get('tsval', int(time * 1000) + self.isns[0] % 65536 + 1)
            extra += struct.pack('!BBBBII', 1, 1, 8, 10, int(stamp) & MASK, 7)
        return extra

    def send(self, words):
        time, where, direction, *words = words
        time = float(time) + self.start
        settings = pcapmaker.settings_of(words)
        flags = sum(FLAGS[word] for word in words if word in FLAGS)
        peer = '<' if direction == '>' else '>'
        own, other = (0, 1) if direction == '>' else (1, 0)
        data = bytes(int(settings.get('data', 0)))
        seq = pcapmaker.number(settings['seq'], self.isns[own], self.next[direction]) if 'seq' in settings \
            else self.next[direction]
        ack = pcapmaker.number(settings['ack'], self.isns[other], self.next[peer]) if 'ack' in settings \
            else self.next[peer]
        self.id[direction] += 1
        ip_id = int(settings.get('id', self.id[direction])) if self.ids else 0
        extra = self.options(flags, time, settings, words)
        for number, point in enumerate(where):
            shift = self.shift if point == 'B' else (0, 0)
            there = (ack + shift[other]) & MASK if flags & FLAGS['ACK'] else 0
            tcp = struct.pack('!HHIIHHHH', 0, 0, (seq + shift[own]) & MASK, there,
                              (20 + len(extra)) // 4 << 12 | flags, 65535, 0, 0) + extra + data
            ends = self.ends['B' if 'plain' in words else point][::1 if direction == '>' else -1]
            ttl = TTL[direction][settings.get('by', point)] if self.hop else 64
            ttl = int(settings.get('ttl', ttl))
            late = number * WAY + (self.clock if point == 'B' else 0)
            self.seen.append((round(time * 1_000_000) + late, point, ip_packet(*ends, tcp, ip_id, ttl)))
        if seq == self.next[direction] and not flags & FLAGS['RST']:
            self.next[direction] = (seq + len(data) + bool(flags & FLAGS['SYN']) + bool(flags & FLAGS['FIN'])) & MASK


OPEN = '''
0.000 AB > SYN
0.020 BA < SYN ACK
0.040 AB > ACK
'''
DATA = '''
1.000 AB > ACK PSH data=100
1.020 BA < ACK PSH data=200
1.040 AB > ACK
'''
CLOSE = '''
2.000 AB > FIN ACK
2.020 BA < FIN ACK
2.040 AB > ACK
'''


def in_order(paths):
    """What all connections show, in the order of capture: (microseconds, point, packet)."""
    return sorted((seen for path in paths for seen in path.seen), key=lambda seen: seen[0])


def write_pcap(path, paths):
    """Without interfaces: raw IP packets."""
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        for time, _, packet in in_order(paths):
            file.write(struct.pack('<IIII', START + time // 1_000_000, time % 1_000_000, len(packet), len(packet)))
            file.write(packet)


def write_pcapng(path, paths, points='AB'):
    """With an interface for each point."""
    with open(path, 'wb') as file:
        file.write(pcapmaker.block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)))
        for _ in points:
            file.write(pcapmaker.block(1, struct.pack('<HHI', 101, 0, 262144)))
        for time, point, packet in in_order(paths):
            at = START * 1_000_000 + time
            file.write(pcapmaker.block(6, struct.pack('<IIIII', points.index(point), at >> 32, at & MASK, len(packet),
                                                      len(packet)) + packet))
