"""What stands in the middle of the way between two capture points: a router, a NAT, a firewall that changes sequence
numbers. And a relay with such a device, which records what passes both points.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import struct

import forge
from relay import Arrival, Frame, Relay, heapq
from segments import OTHER, RST, SYN, parse, protocol_of

# Of a quarter of the way from each end.
NEAR, FAR = 0.25, 0.75
POINTS = {"client": 0, "server": 1}
SACK, END_OF_OPTIONS, NO_OPERATION = 5, 0, 1
MODULUS = 1 << 32

# point: 0 is the one nearer to the client.
PointFrame = collections.namedtuple("PointFrame", Frame._fields + ("point",))


class Device:
    """outside: the client's address behind it, if it is a NAT. shift: what it adds to the numbers of either end. hop:
    whether it is a router."""

    def __init__(self, outside=None, shift=(0, 0), hop=True):
        self.outside, self.hop = outside, hop
        self.shift = dict(zip(("client", "server"), shift))

    def pass_on(self, sender, packet, inside):
        """The packet behind the device; inside: the client's own address."""
        protocol, header, _ = protocol_of(packet)
        if not parse(packet):
            return packet
        source, target = forge.addresses_of(packet)
        if self.outside and sender == "client":
            source = self.outside
        if self.outside and sender == "server":
            target = inside
        tcp = self._renumbered(sender, packet[header:])
        total = forge.checksum(forge.pseudo_header(source, target, protocol, len(tcp)) + tcp[:16] + bytes(2) + tcp[18:])
        ip = self._routed(packet[:header], source, target)
        return ip + tcp[:16] + struct.pack("!H", total) + tcp[18:]

    def _routed(self, ip, source, target):
        at = 8 if ip[0] >> 4 == 4 else 7
        ip = ip[:at] + bytes([ip[at] - self.hop]) + ip[at + 1:]
        if ip[0] >> 4 == 6:
            return ip[:8] + source + target
        ip = ip[:10] + bytes(2) + source + target + ip[20:]
        return ip[:10] + struct.pack("!H", forge.checksum(ip)) + ip[12:]

    def _renumbered(self, sender, tcp):
        seq, ack, offset, flags = struct.unpack_from("!IIBB", tcp, 4)
        seq += self.shift[sender]
        back = self.shift[OTHER[sender]]
        ack -= back if flags & ~(SYN | RST) or flags & 0x10 else 0
        length = (offset >> 4) * 4
        options = renumbered_options(tcp[20:length], back)
        return tcp[:4] + struct.pack("!II", seq % MODULUS, ack % MODULUS) + tcp[12:20] + options + tcp[length:]


def renumbered_options(options, back):
    """The blocks of a SACK option (RFC 2018) are numbers of the peer."""
    at, found = 0, bytearray(options)
    while at < len(found) and found[at] != END_OF_OPTIONS:
        if found[at] == NO_OPERATION:
            at += 1
            continue
        length = max(found[at + 1], 2)
        for edge in range(at + 2, at + length, 4) if found[at] == SACK else ():
            struct.pack_into("!I", found, edge, (struct.unpack_from("!I", found, edge)[0] - back) % MODULUS)
        at += length
    return bytes(found)


class TwoPoints(Relay):
    """A segment is recorded at the point nearer to its sender, and, unless it is lost in between, at the other as it
    comes out of the device. What is forged is made by the device."""

    def __init__(self, hosts, rules, server_port, delay, device, inside):
        super().__init__(hosts, rules, server_port, delay, NEAR)
        self.before_capture = dict.fromkeys(hosts, delay * NEAR)
        self.device, self.inside = device, inside

    def _send(self, sender, packet, journey):
        forged = journey.note == "forged"
        passed = self.device.pass_on(sender, packet, self.inside)
        # The device is in the middle: what it makes itself has only half of the way.
        since = journey.sent - (self.delay / 2 if forged else 0)
        arrivals = [Arrival() for _ in journey.arrivals]
        for due, arrival in zip(journey.arrivals, arrivals):
            due -= self.delay / 2 if forged else 0
            heapq.heappush(self._deliveries, (due, next(self._order), OTHER[sender], passed, arrival))
        arrival = arrivals[0] if arrivals else Arrival()
        if not forged:
            self._record(since + self.delay * NEAR, packet, sender, journey, arrival, sender)
        if arrivals or forged:
            self._record(since + self.delay * FAR, passed, sender, journey, arrival, OTHER[sender])

    def _record(self, time, packet, sender, journey, arrival, end):
        self.frames.append(PointFrame(time, packet, sender, journey.sent, arrival, journey.note, POINTS[end]))
