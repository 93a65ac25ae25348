"""Packets that no stack of the lab sends: made for a forger, a router or a middlebox on the way.

SPDX-License-Identifier: GPL-2.0-or-later

They have no TCP options, so their numbers are all there is to them, and checksums that a stack accepts.
"""

import ipaddress
import struct

from segments import ICMP, ICMP6, TCP, parse

FLAGS = {letter: 1 << bit for bit, letter in enumerate("FSRPAU")}
WINDOW = 63
IP_ID = 0x4242
# Type and code: RFC 792.
HOST_UNREACHABLE, PORT_UNREACHABLE = (3, 1), (3, 3)
ROUTERS = {4: "10.77.255.1", 6: "fd77::ffff:1"}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(source, target, protocol, length):
    if len(source) == 4:
        return source + target + struct.pack("!BBH", 0, protocol, length)
    return source + target + struct.pack("!IxxxB", length, protocol)


def ip_packet(source, target, protocol, payload, ttl=64):
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, ttl) + source + target + payload
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), IP_ID, 0x4000, ttl, protocol, 0) + source + target
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def tcp_packet(addresses, ports, flags, seq, ack=0, data=b"", ttl=64, window=WINDOW):
    source, target = (ipaddress.ip_address(text).packed for text in addresses)
    bits = sum(FLAGS[letter] for letter in flags)
    header = struct.pack("!HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 4, bits, window, 0, 0)
    total = checksum(pseudo_header(source, target, TCP, len(header) + len(data)) + header + data)
    return ip_packet(source, target, TCP, header[:16] + struct.pack("!H", total) + header[18:] + data, ttl)


def addresses_of(packet):
    if packet[0] >> 4 == 4:
        return packet[12:16], packet[16:20]
    return packet[8:24], packet[24:40]


def icmp_error(packet, error):
    """From the router to the packet's sender."""
    source, _ = addresses_of(packet)
    version = packet[0] >> 4
    router = ipaddress.ip_address(ROUTERS[version]).packed
    protocol = ICMP if version == 4 else ICMP6
    body = struct.pack("!BBHI", *error, 0, 0) + packet
    pseudo = b"" if version == 4 else pseudo_header(router, source, protocol, len(body))
    return ip_packet(router, source, protocol, body[:2] + struct.pack("!H", checksum(pseudo + body)) + body[4:])


def reset(packet, ttl):
    """What a middlebox without a mapping answers, in the name of the packet's receiver."""
    segment = parse(packet)
    source, target = (str(ipaddress.ip_address(address)) for address in addresses_of(packet))
    return tcp_packet((target, source), (segment.dport, segment.sport), "RA", segment.ack,
                      segment.seq + segment.length, ttl=ttl, window=0)
