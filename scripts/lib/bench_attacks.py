"""Traffic made to slow the analysis down, for "scripts/bench attack": each kind fills a table, a list or a counter
of the plugin, or makes it search one again and again.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools
import random
import struct

from bench_traffic import ACK, FIN, MASK, PSH, RST, START, SYN, isns

POINTS = 300                    # interfaces; more than have a number
CLIENT, SERVER, ROUTER = (bytes([10, 0, 0, number]) for number in (1, 2, 9))
TCP, ICMP, ICMPV6, IP_IN_IP, GRE = 6, 1, 58, 4, 47
SECOND = 1_000_000              # in microseconds
SOON, LATER = 100, 2 * SECOND


def number(value):
    return struct.pack('!I', value & MASK)


def tcp(ports, flags, seq, ack=0, data=b'', options=b''):
    return struct.pack('!HHIIBBHHH', *ports, seq & MASK, ack & MASK, (20 + len(options)) << 2, flags, 60000,
                       seq & 0xffff, 0) + options + data


class Capture:
    """A pcap file of raw IP packets."""

    def __init__(self, file):
        self.file, self.now, self.count, self.ip_id, self.ttl = file, START, 0, 0, 64
        self.begin()

    def begin(self):
        self.file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))

    def write(self, packet, after=SOON):
        self.now += after
        self.count += 1
        self.file.write(struct.pack('<IIII', self.now // SECOND, self.now % SECOND, len(packet), len(packet)) + packet)

    def packet(self, source, destination, protocol, payload):
        """IPv4 or IPv6, by the length of the addresses."""
        if len(source) == 16:
            return struct.pack('!IHBB', 6 << 28, len(payload), protocol, self.ttl) + source + destination + payload
        self.ip_id = (self.ip_id + 1) & 0xffff
        return struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(payload), self.ip_id, 0, self.ttl, protocol, 0) \
            + source + destination + payload

    def error(self, quoted, after=SOON):
        """An ICMP error about a packet, sent to its source."""
        body = bytes([3, 1]) + bytes(6) + quoted
        self.write(self.packet(ROUTER, quoted[12:16], ICMP, body), after)


class PointsCapture(Capture):
    """A pcapng file of raw IP packets, captured on the interface that point says."""

    def begin(self):
        self.point = 0
        self.block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
        for _ in range(POINTS):
            self.block(1, struct.pack('<HHI', 101, 0, 65535))

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        length = struct.pack('<I', len(body) + 12)
        self.file.write(struct.pack('<I', kind) + length + body + length)

    def write(self, packet, after=SOON):
        self.now += after
        self.count += 1
        self.block(6, struct.pack('<IIIII', self.point, self.now >> 32, self.now & MASK, len(packet), len(packet))
                   + packet)

    def again(self, packet, point):
        """The same packet, on another interface and a hop on."""
        self.point = point
        self.write(packet[:8] + bytes([packet[8] - 1]) + packet[9:])
        self.point = 0


class Talk:
    """A conversation. Each segment has the numbers that are due, which seq and ack change."""

    def __init__(self, capture, ends=(CLIENT, SERVER), ports=(1024, 7777), first=None, wrap=None):
        self.capture, self.ends, self.ports, self.wrap = capture, ends, ports, wrap
        self.next = list(first or isns(ports[0]))

    def bytes(self, sender, flags, seq=0, ack=0, data=b'', options=b''):
        other = 1 - sender
        segment = tcp((self.ports[sender], self.ports[other]), flags, self.next[sender] + seq,
                      self.next[other] + ack if flags & ACK else 0, data, options)
        packet = self.capture.packet(self.ends[sender], self.ends[other], TCP, segment)
        return self.wrap(self.capture, packet) if self.wrap else packet

    def send(self, sender, flags, seq=0, ack=0, data=b'', after=SOON, options=b''):
        """Returns the packet. The numbers go on only behind a segment that is due."""
        packet = self.bytes(sender, flags, seq, ack, data, options)
        self.capture.write(packet, after)
        if seq == 0 and not flags & RST:
            self.next[sender] += len(data) + bool(flags & SYN) + bool(flags & FIN)
        return packet

    def open(self, after=SOON):
        self.send(0, SYN, after=after)
        self.send(1, SYN | ACK)
        self.send(0, ACK)
        return self

    def exchange(self):
        self.send(0, PSH | ACK, data=bytes(100))
        self.send(1, PSH | ACK, data=bytes(200))
        self.send(0, ACK)
        return self

    def close(self):
        self.send(0, FIN | ACK)
        self.send(1, FIN | ACK)
        self.send(0, ACK)
        return self


def gre(capture, packet):
    return capture.packet(ROUTER, SERVER, GRE, b'\0\0\x08\0' + packet)


def ip_in_ip(capture, packet):
    return capture.packet(ROUTER, SERVER, IP_IN_IP, packet)


# ---- many conversations ----

def aimed(capture):
    """Both addresses and neither port go up: the keys of a table without a secret collide."""
    for i in itertools.count():
        Talk(capture, (number(0x0b000000 + i), number(0x60000000 + i)), (1000, 80)).send(0, SYN)
        yield


def to_itself(capture):
    for i in itertools.count():
        Talk(capture, (number(0x0b000000 + i),) * 2, (1000 + i % 2000, 80)).send(0, SYN)
        yield


def ipv6_hosts(capture):
    for i in itertools.count():
        ends = bytes(12) + number(0x20010000 + i), bytes(12) + number(0x60000000 + i)
        Talk(capture, ends, (1000, 80)).send(0, SYN)
        yield


def new_hosts(capture):
    """Each conversation is one of two new hosts, which open and close it."""
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i), number(0x60000000 + i)), (1000, 80))
        talk.open().close()
        yield


def port_scan(capture):
    """Each port of each host refuses."""
    for i in itertools.count():
        talk = Talk(capture, (CLIENT, number(0x60000000 + i // 60000)), (40000, 1 + i % 60000))
        talk.send(0, SYN)
        talk.send(1, RST | ACK)
        yield


def half_open(capture):
    """A flood that is answered."""
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i * 7), SERVER), (1024 + i % 50000, 80))
        talk.send(0, SYN)
        talk.send(1, SYN | ACK)
        yield


def time_waits(capture):
    """One host fills its table of TIME-WAITs."""
    for i in itertools.count():
        Talk(capture, (CLIENT, SERVER), (1024 + i % 60000, 80), first=isns(i)).open().close()
        yield


def tunnels(capture):
    """Conversations in two kinds of tunnels and outside, on the same four-tuples."""
    for i in itertools.count():
        for wrap in (None, gre, ip_in_ip):
            Talk(capture, (number(0x0b000000 + i), SERVER), (1000, 80), first=isns(i), wrap=wrap).open().close()
        yield


def segments_in_segments(capture):
    """Two TCP headers in each frame: an error quotes one, behind a tunnel's."""
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i), SERVER), (1000, 80), wrap=ip_in_ip)
        talk.send(0, SYN)
        quoted = talk.bytes(0, SYN, -1)
        capture.error(quoted)
        yield


# ---- many conversations on one four-tuple ----

def reused(capture):
    """Each with its own number."""
    for i in itertools.count():
        Talk(capture, first=isns(i)).open(after=2 * SECOND).close()
        yield


def reused_and_reset(capture):
    for i in itertools.count():
        talk = Talk(capture, first=isns(i)).open(after=2 * SECOND)
        talk.send(0, RST)
        yield


def same_number_again(capture):
    """Each with the same number, so that all are in one record."""
    for i in itertools.count():
        talk = Talk(capture, first=(1000, i * 64001)).open(after=2 * SECOND)
        talk.send(0, RST)
        yield


def closed_and_the_same_again(capture):
    for i in itertools.count():
        Talk(capture, first=(1000, i * 64001)).open(after=70 * SECOND).close()
        yield


def syn_acks_again(capture):
    """After the end, SYN-ACKs with other numbers: conversations whose SYN is missing."""
    talk = Talk(capture).open().close()
    for i in itertools.count():
        talk.next[1] = i * 64001
        talk.send(1, SYN | ACK, after=2 * SECOND)
        talk.send(0, ACK)
        talk.send(0, FIN | ACK)
        talk.send(1, FIN | ACK)
        yield


def refused_again(capture):
    """Over an earlier connection, the same SYN and its refusal."""
    talk = Talk(capture).open().exchange().close()
    for _ in itertools.count():
        talk.next = [500_000_000, 0]
        talk.send(0, SYN)
        talk.send(1, RST | ACK)
        yield


def refused_with_other_numbers(capture):
    talk = Talk(capture).open().exchange().close()
    for i in itertools.count():
        talk.next = [500_000_000 + i * 64001, 0]
        talk.send(0, SYN)
        talk.send(1, RST | ACK)
        yield


def refused_while_open(capture):
    """The earlier connection has not ended."""
    talk = Talk(capture).open().exchange()
    client, server = talk.next
    for _ in itertools.count():
        talk.next = [client + 100_000, 0]
        talk.send(0, SYN)
        talk.send(1, RST | ACK)
        talk.next = [client, server]
        talk.send(0, ACK)
        yield


# ---- one conversation ----

def one_giant(capture):
    talk = Talk(capture).open()
    for _ in itertools.count():
        talk.send(0, PSH | ACK, data=bytes(100))
        talk.send(1, ACK)
        yield


def syn_repeated_then_rejected(capture):
    """And at its end an ICMP error, see write()."""
    talk = Talk(capture)
    for _ in itertools.count():
        talk.send(0, SYN, after=LATER)
        talk.next[0] -= 1
        yield talk.bytes(0, SYN)


def syn_rejected_again(capture):
    """An ICMP error after each SYN."""
    talk = Talk(capture)
    for _ in itertools.count():
        talk.send(0, SYN, after=LATER)
        talk.next[0] -= 1
        capture.error(talk.bytes(0, SYN))
        yield


def errors_about_one_syn(capture):
    talk = Talk(capture)
    talk.send(0, SYN)
    for _ in itertools.count():
        capture.error(talk.bytes(0, SYN, -1))
        yield


def errors_about_nothing(capture):
    """They quote SYNs that were never captured."""
    for i in itertools.count():
        capture.error(Talk(capture, (number(0x0b000000 + i), number(0x60000000 + i)), (1000, 80)).bytes(0, SYN))
        yield


def errors_about_one_port_again(capture):
    """They quote SYNs on one four-tuple, each with another number."""
    talk = Talk(capture)
    talk.send(0, SYN)
    for i in itertools.count():
        capture.error(talk.bytes(0, SYN, i * 64001))
        yield


def synacks_repeated(capture):
    talk = Talk(capture)
    talk.send(0, SYN)
    for _ in itertools.count():
        talk.send(1, SYN | ACK, after=LATER)
        talk.next[1] -= 1
        yield


def synacks_with_other_numbers(capture):
    talk = Talk(capture)
    talk.send(0, SYN)
    for i in itertools.count():
        talk.next[1] = i * 64001
        talk.send(1, SYN | ACK, after=LATER)
        talk.next[1] = 0
        talk.send(0, RST, 0)
        yield


def reset_storm(capture):
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.send(1, RST)
        yield


def resets_in_turn(capture):
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(i % 2, RST | ACK)
        yield


def reset_ignored(capture):
    """What a RST has changed is taken back, each time."""
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.send(1, RST | ACK, after=LATER)
        talk.send(0, PSH | ACK, data=b'x', after=LATER)
        talk.send(1, ACK)
        yield


def reset_with_text(capture):
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(1, RST | ACK, data=b'reason %d ' % i * 100, after=LATER)
        talk.send(0, ACK, data=b'y', after=LATER)
        yield


def reset_ahead(capture):
    """A RST that is answered by a challenge ACK (RFC 5961 section 3)."""
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.send(0, RST, 100)
        talk.send(1, ACK)
        yield


def syn_while_open(capture):
    """A SYN that is answered by a challenge ACK (RFC 5961 section 4)."""
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(0, SYN, 100 + i)
        talk.send(1, ACK)
        yield


def fins_repeated(capture):
    talk = Talk(capture).open().exchange()
    talk.send(0, FIN | ACK)
    for _ in itertools.count():
        talk.send(0, FIN | ACK, -1, after=LATER)
        yield


def fins_of_both_repeated(capture):
    talk = Talk(capture).open().exchange()
    talk.send(0, FIN | ACK)
    talk.send(1, FIN | ACK, ack=-1)
    for i in itertools.count():
        talk.send(i % 2, FIN | ACK, -1, -1, after=LATER)
        yield


def fins_with_other_numbers(capture):
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(i % 2, FIN | ACK, i * 10, data=b'x' * (i % 5), after=LATER)
        yield


def time_wait_begins_again(capture):
    talk = Talk(capture).open().exchange().close()
    for _ in itertools.count():
        talk.send(1, FIN | ACK, -1, after=LATER)
        talk.send(0, ACK)
        yield


def ack_storm(capture):
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(i % 2, ACK)
        yield


def ack_storm_of_strangers(capture):
    """ACKs of what was never sent."""
    talk = Talk(capture).open().exchange()
    for i in itertools.count():
        talk.send(i % 2, ACK, 0, 1000 + i % 7)
        yield


def keep_alives(capture):
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.send(0, ACK, -1, after=75 * SECOND)
        talk.send(1, ACK)
        yield


def keep_alives_unanswered(capture):
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        for _ in range(9):
            talk.send(0, ACK, -1, after=75 * SECOND)
        talk.send(1, PSH | ACK, data=b'x')
        yield


def idle(capture):
    """A silence before each request and before each answer, as long as the limits allow."""
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.send(0, PSH | ACK, data=bytes(100), after=100 * SECOND)
        talk.send(1, PSH | ACK, data=bytes(100), after=20 * SECOND)
        yield


def repeated_into_silence(capture):
    talk = Talk(capture).open().exchange()
    talk.send(0, PSH | ACK, data=bytes(100))
    for _ in itertools.count():
        talk.send(0, PSH | ACK, -100, data=bytes(100), after=LATER)
        yield


def holes(capture):
    """Every other segment is missing from the capture, and is acknowledged."""
    talk = Talk(capture).open().exchange()
    for _ in itertools.count():
        talk.next[0] += 100
        talk.send(0, PSH | ACK, data=bytes(100))
        talk.send(1, ACK)
        yield


def closed_and_alive(capture):
    """Data in both directions between ends that have closed."""
    talk = Talk(capture).open().exchange().close()
    for i in itertools.count():
        talk.send(i % 2, PSH | ACK, data=b'x', after=LATER)
        yield


def midstream(capture):
    """No handshake; each ACK is answered with a RST."""
    talk = Talk(capture)
    for i in itertools.count():
        talk.send(0, ACK, i * 10)
        talk.send(1, RST)
        yield


def captured_twice(capture):
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i), SERVER), (1000, 80))
        for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK), (0, FIN | ACK), (1, FIN | ACK), (0, ACK)):
            capture.write(talk.send(sender, flags))
        yield


def options_change(capture):
    """A SYN that is sent again, each time with other options."""
    talk = Talk(capture)
    for i in itertools.count():
        options = (b'\2\4\5\xb4', b'\2\4\5\xb4\1\1\4\2', b'', b'\x22\4ab', b'\1\3\3\7')[i % 5]
        talk.send(0, SYN, after=LATER, options=options)
        talk.next[0] -= 1
        yield


def anything(capture):
    """Any flags, and numbers around those that are due, in one conversation."""
    chance = random.Random(1)
    talk = Talk(capture).open()
    flags = (SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, FIN, RST, RST | ACK, 0, SYN | FIN)
    for _ in itertools.count():
        talk.send(chance.randrange(2), chance.choice(flags), chance.choice((0, 0, 0, -1, 1, 1000, -1000)),
                  chance.choice((0, 0, -1, 1, 5000)), bytes(chance.choice((0, 0, 1, 100))),
                  chance.choice((SOON, SOON, SECOND // 5, LATER, 70 * SECOND)))
        yield


def anything_on_few(capture):
    """The same on a few four-tuples, with new beginnings."""
    chance = random.Random(2)
    talks = [Talk(capture, ports=(1024 + i, 7777)) for i in range(5)]
    flags = (SYN, SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, RST, RST | ACK)
    for _ in itertools.count():
        talk = chance.choice(talks)
        if chance.random() < 0.1:
            talk.next = [chance.randrange(MASK), chance.randrange(MASK)]
        talk.send(chance.randrange(2), chance.choice(flags), chance.choice((0, 0, 0, -1, 1)), chance.choice((0, 0, -1)),
                  bytes(chance.choice((0, 0, 1))), chance.choice((SOON, LATER)))
        yield


# ---- several capture points ----

def stamp(value):
    return struct.pack('!BBBBII', 1, 1, 8, 10, value & MASK, 0)


def pass_by(capture, talks, sender, flags, mark, options=None, **settings):
    """One packet, under the addresses of each of the talks, the nearest to the client first."""
    for hops, talk in enumerate(talks if sender == 0 else reversed(talks)):
        capture.ttl, capture.ip_id = 64 - hops, mark & 0xffff
        if isinstance(capture, PointsCapture):
            capture.point = talks.index(talk)
        talk.send(sender, flags, options=stamp(mark) if options is None else options, **settings)


def behind_nats(capture, i, first, count=2):
    """A connection at so many points, under other addresses at each."""
    return [Talk(capture, (number(base + i), SERVER), (1000, 80), first=first)
            for base in (0x0b000000, 0x60000000, 0x70000000, 0x71000000)[:count]]


def twins(capture):
    """Each SYN is seen again behind a NAT, with the same numbers."""
    for i in itertools.count():
        pass_by(capture, behind_nats(capture, i, isns(i)), 0, SYN, i)
        yield


def twins_answered(capture):
    """At four points, all of them opened and closed."""
    for i in itertools.count():
        talks = behind_nats(capture, i, isns(i), 4)
        for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK), (0, FIN | ACK), (1, FIN | ACK), (0, ACK)):
            pass_by(capture, talks, sender, flags, i)
        yield


def twins_of_one(capture):
    """Every SYN is the first one again, under another address."""
    for i in itertools.count():
        pass_by(capture, behind_nats(capture, i, (1000, 0)), 0, SYN, 1)
        yield


def twins_of_one_later(capture):
    """The same, so late that each takes the place of the one before."""
    for i in itertools.count():
        pass_by(capture, behind_nats(capture, i, (1000, 0), 1), 0, SYN, 1, after=3 * SECOND)
        yield


def twins_renumbered(capture):
    """Behind what rewrites addresses and sequence numbers; the handshake confirms it."""
    for i in itertools.count():
        near, far = behind_nats(capture, i, isns(i))
        far.next = list(isns(0x60000000 + i))
        for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
            pass_by(capture, [near, far], sender, flags, i)
        yield


def twins_without_timestamps(capture):
    """Known by their IP identification, their points and TTLs; the fifth refutes the four before it."""
    for i in itertools.count():
        talks = [Talk(capture, (number(0x0b000000 + 5 * i + k), SERVER), (1000, 80), first=isns(i)) for k in range(5)]
        pass_by(capture, talks, 0, SYN, i, options=b'')
        yield


def everything_again(capture):
    """Each packet of conversations on one interface after the other, more than have a number."""
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i), SERVER), (1000, 80))
        for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK), (0, FIN | ACK), (1, FIN | ACK), (0, ACK)):
            packet = talk.send(sender, flags)
            for k in range(1, 4):
                capture.again(packet, (4 * i + k) % POINTS)
        yield


def resets_in_between(capture):
    """Seen at the farther point only, of one conversation that goes on."""
    talk = Talk(capture)
    for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
        capture.again(talk.send(sender, flags), 1)
    for _ in itertools.count():
        capture.again(talk.bytes(1, RST | ACK), 1)
        capture.again(talk.send(0, PSH | ACK, data=b'x'), 1)
        yield


def resets_in_between_twins(capture):
    """The same of many conversations, under other addresses there, until the capture ends."""
    for i in itertools.count():
        near, far = talks = behind_nats(capture, i, isns(i))
        for sender, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
            pass_by(capture, talks, sender, flags, i)
        capture.point = 0
        near.send(1, RST | ACK)
        near.send(0, PSH | ACK, data=b'x')
        yield


def lost_in_between(capture):
    """Of conversations at two points, each with SYNs, FINs and RSTs that only one of them has seen."""
    for i in itertools.count():
        talk = Talk(capture, (number(0x0b000000 + i), SERVER), (1000, 80))
        for sender, flags, seen in ((0, SYN, 0), (0, SYN, 1), (1, SYN | ACK, 0), (1, SYN | ACK, 1), (0, ACK, 1),
                                    (0, FIN | ACK, 0), (0, FIN | ACK, 1), (1, RST, 0)):
            if seen:
                capture.again(talk.send(sender, flags, after=LATER), 1)
            else:
                capture.write(talk.bytes(sender, flags), LATER)
        yield


def one_at_many_points(capture):
    """One conversation of which every packet comes from another interface."""
    talk = Talk(capture).open()
    for i in itertools.count():
        capture.point = i % POINTS
        talk.send(i & 1, PSH | ACK, data=b'x')
        yield


WITH_POINTS = (twins_without_timestamps, everything_again, resets_in_between, resets_in_between_twins, lost_in_between,
               one_at_many_points)

ATTACKS = {maker.__name__: maker for maker in (
    aimed, to_itself, ipv6_hosts, new_hosts, port_scan, half_open, time_waits, tunnels, segments_in_segments,
    reused, reused_and_reset, same_number_again, closed_and_the_same_again, syn_acks_again, refused_again,
    refused_with_other_numbers, refused_while_open,
    one_giant, syn_repeated_then_rejected, syn_rejected_again, errors_about_one_syn, errors_about_nothing,
    errors_about_one_port_again, synacks_repeated, synacks_with_other_numbers,
    reset_storm, resets_in_turn, reset_ignored, reset_with_text, reset_ahead, syn_while_open,
    fins_repeated, fins_of_both_repeated, fins_with_other_numbers, time_wait_begins_again,
    ack_storm, ack_storm_of_strangers, keep_alives, keep_alives_unanswered, idle, repeated_into_silence, holes,
    closed_and_alive, midstream, captured_twice, options_change, anything, anything_on_few,
    twins, twins_answered, twins_of_one, twins_of_one_later, twins_renumbered,
    *WITH_POINTS)}


def write(path, name, size):
    """Writes at least so many packets. What an attack yields last is quoted by an ICMP error at the end."""
    with open(path, 'wb', buffering=1 << 20) as file:
        capture = (PointsCapture if ATTACKS[name] in WITH_POINTS else Capture)(file)
        for quoted in ATTACKS[name](capture):
            if capture.count >= size:
                break
        if quoted:
            capture.error(quoted)
        return capture.count
