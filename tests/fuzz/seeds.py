#!/usr/bin/env python3
"""Turns captures into inputs of fuzz_epan: tests/fuzz/seeds.py FOLDER CAPTURE…

Raw IP or Ethernet in pcap format, or with the interfaces as the lab writes pcapng; a packet is cut off at 255 bytes,
and a time step is one of those that frames.c knows.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import hashlib
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lab'))
import segments  # noqa: E402

PACKET = 7
MS, S = 1_000_000, 1_000_000_000
STEPS = [0, 1, 1000, 100000, MS, 5 * MS, 20 * MS, 50 * MS, 99 * MS, 101 * MS, 200 * MS, 400 * MS, S, 2 * S, 3 * S,
         4 * S, 8 * S, 10 * S, 16 * S, 31 * S, 32 * S, 60 * S, 61 * S, 63 * S, 120 * S, 300 * S, 7200 * S,
         86400 * S, -MS, -3 * S, -7200 * S]
FRAMES = 60
# What the first byte of an input asks for, see fuzz_epan.c.
MODES = [0x00, 0x10, 0x12, 0x31, 0x33, 0x73, 0xb3, 0x19, 0x36]


# Bit of the second byte: packets say where they were captured.
WITH_POINTS = 0x40
PCAPNG = b'\x0a\x0d\x0d\x0a'


def ip_packet(link, packet):
    """What IP has sent, or None."""
    if link != 1:
        return packet
    return packet[14:] if packet[12:14] in (b'\x08\x00', b'\x86\xdd') else None


def pcap_frames(data):
    order = '<' if data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1') else '>'
    scale = 1 if struct.unpack(order + 'I', data[:4])[0] == 0xa1b23c4d else 1000
    link = struct.unpack(order + 'I', data[20:24])[0] & 0xffff
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, captured, _ = struct.unpack(order + 'IIII', data[at:at + 16])
        yield seconds * S + fraction * scale, 0, ip_packet(link, data[at + 16:at + 16 + captured])
        at += 16 + captured


def frames(path):
    with open(path, 'rb') as file:
        data = file.read()
    if data.startswith(PCAPNG):
        return [(micros * 1000, point, packet) for micros, point, packet in segments.read_pcapng(path)]
    return [frame for frame in pcap_frames(data) if frame[2]]


def nearest(step):
    return min(range(len(STEPS)), key=lambda i: abs(STEPS[i] - step))


def main():
    folder, captures = sys.argv[1], sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    for number, path in enumerate(sorted(captures)):
        try:
            packets = frames(path)[:FRAMES]
        except struct.error:
            continue
        if not packets:
            continue
        points = any(point for _, point, _ in packets)
        seed = bytearray([MODES[number % len(MODES)], number % 4 | (number & 16) << 3 | points * WITH_POINTS])
        before = packets[0][0]
        for time, point, packet in packets:
            seed += bytes([nearest(time - before) << 3 | PACKET, min(len(packet), 255)])
            seed += bytes([point & 3] if points else []) + packet[:255]
            before = time
        with open(os.path.join(folder, hashlib.sha1(seed).hexdigest()), 'wb') as file:
            file.write(seed)


if __name__ == '__main__':
    main()
