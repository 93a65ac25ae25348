#!/usr/bin/env python3
"""Writes a capture with as many conversations as it is told, to measure with: always the same ones, not held in memory.

    conversations.py COUNT FILE.pcap

Of each 100, 90 open, ask, are answered, and close with four segments; 4 are refused; 3 send three SYNs that nobody answers;
3 are reset by the server in the middle. 4000 clients, 1000 servers, 500 conversations a second. Ethernet, IPv4, no checksums.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import heapq
import struct
import sys

from pcapmaker import FLAGS, MASK, START

SYN, ACK, FIN, RST, PSH = (FLAGS[name] for name in ('SYN', 'ACK', 'FIN', 'RST', 'PSH'))
MILLISECOND, SECOND = 1000, 1_000_000
CLIENTS, SERVERS, EVERY = 4000, 1000, 2 * MILLISECOND
REQUEST, ANSWER = 200, 600
OPEN = ((0, True, SYN, 0, None, 0), (20, False, SYN | ACK, 0, 1, 0), (21, True, ACK, 1, 1, 0),
        (22, True, PSH | ACK, 1, 1, REQUEST))
# (ms, by the client, flags, numbers counted from both ISNs, bytes of data)
ORDINARY = (*OPEN, (60, False, PSH | ACK, 1, 1 + REQUEST, ANSWER), (61, True, ACK, 1 + REQUEST, 1 + ANSWER, 0),
            (62, True, FIN | ACK, 1 + REQUEST, 1 + ANSWER, 0), (82, False, ACK, 1 + ANSWER, 2 + REQUEST, 0),
            (83, False, FIN | ACK, 1 + ANSWER, 2 + REQUEST, 0), (84, True, ACK, 2 + REQUEST, 2 + ANSWER, 0))
REFUSED = ((0, True, SYN, 0, None, 0), (20, False, RST | ACK, None, 1, 0))
UNANSWERED = tuple((after, True, SYN, 0, None, 0) for after in (0, 1000, 3000))
RESET = (*OPEN, (42, False, RST | ACK, 1, 1 + REQUEST, 0))
KINDS = [ORDINARY] * 90 + [REFUSED] * 4 + [UNANSWERED] * 3 + [RESET] * 3


def scrambled(number):
    """Numbers that follow no pattern, and are the same each time."""
    number = (number + 1) * 0x9e3779b1 & MASK
    number = (number ^ number >> 15) * 0x85ebca6b & MASK
    return number ^ number >> 13


def segments_of(number):
    """(time, order, packet) of one conversation."""
    client, port = number % CLIENTS, 10_000 + number // CLIENTS % 50_000
    ends = {True: (0x0a000001 + client, port), False: (0xac100001 + client % SERVERS, 443)}
    isns = {True: scrambled(2 * number), False: scrambled(2 * number + 1)}
    for place, (after, up, flags, seq, ack, length) in enumerate(KINDS[scrambled(number) % len(KINDS)]):
        (source, source_port), (target, target_port) = ends[up], ends[not up]
        ip = struct.pack('!BBHHHBBHII', 0x45, 0, 40 + length, (number * 16 + place) & 0xffff, 0x4000, 64, 6, 0, source, target)
        tcp = struct.pack('!HHIIBBHHH', source_port, target_port, 0 if seq is None else (isns[up] + seq) & MASK,
                          0 if ack is None else (isns[not up] + ack) & MASK, 0x50, flags, 65535, 0, 0)
        yield number * EVERY + after * MILLISECOND, number * 16 + place, ip + tcp + bytes(length)


def segments(count):
    """Of all conversations, in the order of time."""
    waiting = []
    for number in range(count):
        while waiting and waiting[0][0] < number * EVERY:
            yield heapq.heappop(waiting)
        for segment in segments_of(number):
            heapq.heappush(waiting, segment)
    yield from (heapq.heappop(waiting) for _ in range(len(waiting)))


def write(path, count):
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for time, _, packet in segments(count):
            frame = b'\2\0\0\0\0\2\2\0\0\0\0\1\x08\0' + packet
            file.write(struct.pack('<IIII', START + time // SECOND, time % SECOND, len(frame), len(frame)) + frame)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(sys.argv[2], int(sys.argv[1]))
