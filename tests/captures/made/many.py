"""What only many connections show: initial sequence numbers in steps, half-open connections, TIME-WAITs. Too many
segments to be written one a line, so they are generated, always the same; and counted beforehand on which of them an
anomaly is due.

A story is a function that puts connections of hosts of its own into a crowd. All stories together, among others who do
nothing wrong, are the capture of 100,000 connections: no story's hosts may be blamed for another's.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import random
import struct

from pcapmaker import FLAGS, MASK, START

SYN, ACK, FIN, RST = (FLAGS[name] for name in ('SYN', 'ACK', 'FIN', 'RST'))
MILLISECOND, SECOND = 1000, 1_000_000
PORT = 80
CONNECTIONS = 100_000
# Limits of the contract: half-open connections at a port, TIME-WAITs of a host towards one.
HALF_OPEN, TIME_WAITS = 100, 5000


class Crowd:
    """Segments of many connections. Times are microseconds. Ethernet, IPv4 and TCP without options or checksums: 54
    bytes that are made quickly."""

    def __init__(self, stories=()):
        self.frames, self.connections = [], 0
        # Not the module's: the same numbers each time.
        self.random = random.Random(9293)
        self.hosts = 0
        for story in stories:
            story(self)

    def pair(self):
        """A client and a server that nobody else uses."""
        self.hosts += 1
        return 0x0a000000 + self.hosts, 0xac100000 + self.hosts

    def isn(self):
        return self.random.getrandbits(32)

    def send(self, time, source, target, flags, seq, ack=0, due=None):
        """source, target: address and port. due: the anomaly that this segment must have."""
        number = len(self.frames)
        ip = struct.pack('!BBHHHBBHII', 0x45, 0, 40, number & 0xffff, 0x4000, 64, 6, 0, source[0], target[0])
        tcp = struct.pack('!HHIIBBHHH', source[1], target[1], seq & MASK, ack & MASK, 0x50, flags, 65535, 0, 0)
        self.frames.append((int(time), number, b'\2\0\0\0\0\2\2\0\0\0\0\1\x08\0' + ip + tcp, due))

    def write(self, path):
        """Writes the capture; returns which anomaly is due on which frame: {frame: anomaly}."""
        self.frames.sort(key=lambda frame: frame[:2])
        due = {}
        with open(path, 'wb') as file:
            file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
            for frame, (time, _, packet, anomaly) in enumerate(self.frames, 1):
                file.write(struct.pack('<IIII', START + time // SECOND, time % SECOND, len(packet), len(packet)))
                file.write(packet)
                if anomaly:
                    due[frame] = anomaly
        return due


class Connection:
    """One connection of a crowd: each method is a few segments, 1 ms apart."""

    def __init__(self, crowd, client, server, isn=None, server_isn=None):
        self.crowd, self.client, self.server = crowd, client, server
        self.isn = crowd.isn() if isn is None else isn
        self.server_isn = crowd.isn() if server_isn is None else server_isn
        crowd.connections += 1

    def _up(self, time, flags, seq, ack=None, due=None):
        self.crowd.send(time, self.client, self.server, flags, self.isn + seq,
                        0 if ack is None else self.server_isn + ack, due)

    def _down(self, time, flags, seq, ack, due=None):
        self.crowd.send(time, self.server, self.client, flags, 0 if seq is None else self.server_isn + seq,
                        self.isn + ack, due)

    def syn(self, time, due=None):
        self._up(time, SYN, 0, due=due)
        return self

    def syn_ack(self, time, due=None):
        self._down(time, SYN | ACK, 0, 1, due)
        return self

    def ack(self, time):
        self._up(time, ACK, 1, 1)
        return self

    def opened(self, time, due=None, server_due=None):
        return self.syn(time, due).syn_ack(time + MILLISECOND, server_due).ack(time + 2 * MILLISECOND)

    def refused(self, time):
        self._down(time, RST | ACK, None, 1)

    def aborted(self, time):
        self._up(time, RST, 1)

    def closed(self, time, due=None):
        """By the client, with three segments: the second FIN takes it into TIME-WAIT."""
        self._up(time, FIN | ACK, 1, 1)
        self._down(time + MILLISECOND, FIN | ACK, 1, 2, due)
        self._up(time + 2 * MILLISECOND, ACK, 2, 2)

    def closed_by_server(self, time):
        self._down(time, FIN | ACK, 1, 1)
        self._up(time + MILLISECOND, FIN | ACK, 1, 2)
        self._down(time + 2 * MILLISECOND, ACK, 2, 2)


# ---- Initial sequence numbers: five in equal steps are a run ----

def client_isns(*isns, due=()):
    """A client that opens and closes one connection a second with these numbers; due: which of them are."""
    def story(crowd):
        client, server = crowd.pair()
        for place, isn in enumerate(isns):
            connection = Connection(crowd, (client, 20000 + place), (server, PORT), isn & MASK)
            connection.opened(place * SECOND, due='isn_predictable' if place in due else None)
            connection.closed(place * SECOND + 10 * MILLISECOND)
    return story


def server_isns(*isns, due=()):
    """A server that answers another client each second with these."""
    def story(crowd):
        _, server = crowd.pair()
        for place, isn in enumerate(isns):
            client, _ = crowd.pair()
            connection = Connection(crowd, (client, 20000), (server, PORT), server_isn=isn & MASK)
            connection.opened(place * SECOND, server_due='isn_predictable' if place in due else None)
            connection.closed(place * SECOND + 10 * MILLISECOND)
    return story


def steps(count, first=123_456_789, step=64_000):
    return [first + place * step for place in range(count)]


def isns_of_two_hosts(crowd):
    """Four each, in turn: together they would be a run of eight."""
    pairs = [crowd.pair(), crowd.pair()]
    for place, isn in enumerate(steps(8)):
        client, server = pairs[place % 2]
        Connection(crowd, (client, 20000 + place), (server, PORT), isn if place < 7 else isn + 1).opened(place * SECOND)


def translated_copies(crowd):
    """One connection, captured again after each of five address translators: the same ISNs, the same ports, another
    address of the server, all within a second."""
    client, _ = crowd.pair()
    isns = crowd.isn(), crowd.isn()
    for copy in range(6):
        _, server = crowd.pair()
        Connection(crowd, (client, 20000), (server, PORT), *isns).opened(copy * 10)


def to_other_ports(crowd):
    """Five connections of two hosts within 5 ms, each end with one number all the time."""
    client, server = crowd.pair()
    for place in range(5):
        connection = Connection(crowd, (client, 20000 + place), (server, PORT), 4999, 4999)
        due = ISN if place == 4 else None
        connection.opened(place * MILLISECOND, due, due)


def repeated_syns(crowd):
    """One SYN, sent six times: one connection, one ISN."""
    client, server = crowd.pair()
    connection = Connection(crowd, (client, 20000), (server, PORT))
    for place in range(6):
        connection.syn(place * 100 * MILLISECOND)
    connection.syn_ack(501 * MILLISECOND).ack(502 * MILLISECOND)


# ---- Half-open connections ----

def half_open(crowd, pair, count, time, first_port=20000, port=PORT, due=None):
    """count connections that get their SYN-ACK, a millisecond apart; due: the place of the SYN that is one too many."""
    client, server = pair
    result = []
    for place in range(count):
        connection = Connection(crowd, (client, first_port + place), (server, port))
        connection.syn(time + place * MILLISECOND, 'syn_flood' if place == due else None)
        result.append(connection.syn_ack(time + place * MILLISECOND + 100))
    return result


def complete(connections, time):
    for place, connection in enumerate(connections):
        connection.ack(time + place * 100)


def a_hundred(crowd):
    complete(half_open(crowd, crowd.pair(), HALF_OPEN, 0), 500 * MILLISECOND)


def a_hundred_and_one(crowd):
    """One too many; the next twenty add nothing."""
    complete(half_open(crowd, crowd.pair(), HALF_OPEN + 21, 0, due=HALF_OPEN), 500 * MILLISECOND)


def rises_again(left, again):
    """101, then left of them, then 101 again."""
    def story(crowd):
        pair = crowd.pair()
        first = half_open(crowd, pair, HALF_OPEN + 1, 0, due=HALF_OPEN)
        complete(first[left:], 300 * MILLISECOND)
        more = HALF_OPEN + 1 - left
        second = half_open(crowd, pair, more, 400 * MILLISECOND, 30000, due=more - 1 if again else None)
        complete(first[:left] + second, 700 * MILLISECOND)
    return story


def two_ports(crowd):
    pair = crowd.pair()
    complete(half_open(crowd, pair, HALF_OPEN, 0) + half_open(crowd, pair, HALF_OPEN, 0, 30000, 443), 500 * MILLISECOND)


def refused(crowd):
    client, server = crowd.pair()
    for place in range(150):
        connection = Connection(crowd, (client, 20000 + place), (server, PORT))
        connection.syn(place * MILLISECOND).refused(place * MILLISECOND + 100)


def aborted(crowd):
    """A scan: each SYN-ACK is answered by a RST."""
    client, server = crowd.pair()
    for place in range(150):
        connection = Connection(crowd, (client, 20000 + place), (server, PORT))
        connection.syn(place * MILLISECOND).syn_ack(place * MILLISECOND + 100).aborted(place * MILLISECOND + 200)


def unanswered(later, due):
    """A hundred SYNs without an answer, then one or more on other ports: counted for 63 s."""
    def story(crowd):
        client, server = crowd.pair()
        for place in range(HALF_OPEN):
            Connection(crowd, (client, 20000 + place), (server, PORT)).syn(place * MILLISECOND)
        for place in range(HALF_OPEN // 2):
            connection = Connection(crowd, (client, 30000 + place), (server, PORT))
            connection.syn(later + place * MILLISECOND, 'syn_flood' if due and place == 0 else None)
    return story


def each_twice(crowd):
    """Sixty SYNs, each sent again: sixty connections."""
    client, server = crowd.pair()
    for place in range(60):
        connection = Connection(crowd, (client, 20000 + place), (server, PORT))
        connection.syn(place * MILLISECOND).syn(500 * MILLISECOND + place * MILLISECOND)
        connection.syn_ack(600 * MILLISECOND + place * MILLISECOND).ack(700 * MILLISECOND + place * MILLISECOND)


# ---- TIME-WAITs ----

def time_waits(crowd, pair, count, time, first_port=2000, port=PORT, due=None):
    client, server = pair
    for place in range(count):
        at = time + place * 2 * MILLISECOND
        connection = Connection(crowd, (client, first_port + place), (server, port))
        connection.opened(at).closed(at + 3 * MILLISECOND, 'time_wait_exhaustion' if place == due else None)


def five_thousand(crowd):
    time_waits(crowd, crowd.pair(), TIME_WAITS, 0)


def five_thousand_and_one(crowd):
    time_waits(crowd, crowd.pair(), TIME_WAITS + 1, 0, due=TIME_WAITS)


def expired_ones(crowd):
    """4000, and 2000 more when those that are 60 s old are gone: 3000 and a few are left, never more than 5000."""
    pair = crowd.pair()
    time_waits(crowd, pair, 4000, 0)
    time_waits(crowd, pair, 2000, 62 * SECOND, 10000)


def of_two_ports(crowd):
    pair = crowd.pair()
    time_waits(crowd, pair, 3000, 0)
    time_waits(crowd, pair, 3000, 0, 10000, 443)


def of_the_server(crowd):
    """The server closes: it holds them, and they are spread over its clients' ports."""
    client, server = crowd.pair()
    for place in range(TIME_WAITS + 1):
        connection = Connection(crowd, (client, 2000 + place), (server, PORT))
        connection.opened(place * 2 * MILLISECOND).closed_by_server(place * 2 * MILLISECOND + 3 * MILLISECOND)


class Many:
    """Like a Case: due() and allows() as there. besides: other anomalies that are in the story as well."""

    def __init__(self, name, why, story, due=None, besides='', neighbour_of=''):
        self.name, self.why, self.story = name, why, story
        self.expected, self.besides, self.neighbour_of = due or [], set(besides.split()), neighbour_of.split()

    def due(self, _=True):
        return set(self.expected)

    def allows(self, anomaly):
        return anomaly in self.expected or anomaly in self.besides


ISN, FLOOD, EXHAUSTION = 'isn_predictable', 'syn_flood', 'time_wait_exhaustion'
CASES = [
    Many('five ISNs in equal steps', 'The fifth makes the run.', client_isns(*steps(5), due=[4]), [ISN]),
    Many('nine ISNs in equal steps', 'Once a run.', client_isns(*steps(9), due=[4]), [ISN]),
    Many('two runs', 'Each of them.', client_isns(*steps(6), *steps(5, 77, 1), due=[4, 10]), [ISN, ISN]),
    Many('two runs of equal ISNs', 'The second tells nothing new of the host.',
         client_isns(*[77] * 6, *[999] * 9, *[77] * 7, due=[4]), [ISN]),
    Many('five equal ISNs', 'A step of 0, on five connections that are seconds apart.',
         client_isns(*steps(5, step=0), due=[4]), [ISN]),
    Many('five ISNs that wrap', 'Steps are steps modulo 2^32.', client_isns(*steps(5, MASK - 100_000), due=[4]), [ISN]),
    Many('five ISNs downwards', 'A negative step is one as well.', client_isns(*steps(5, step=-1), due=[4]), [ISN]),
    Many('five ISNs of a server', 'On the SYN-ACK; its clients differ.', server_isns(*steps(5), due=[4]), [ISN]),
    Many('four ISNs in equal steps', 'Not five: the next is off by one.', client_isns(*steps(4), steps(5)[4] + 1),
         neighbour_of=ISN),
    Many('four ISNs of a server', 'The same for it.', server_isns(*steps(4), steps(5)[4] + 1), neighbour_of=ISN),
    Many('ISNs of two hosts', 'In steps only if they are thrown together.', isns_of_two_hosts, neighbour_of=ISN),
    Many('one connection behind address translators', 'One connection, one ISN.', translated_copies, neighbour_of=ISN),
    Many('one ISN to five ports at once', 'A NAT would change an address: these are five connections, of either end.',
         to_other_ports, [ISN, ISN]),
    Many('one SYN again and again', 'One connection, one ISN.', repeated_syns, besides='syn_retransmission',
         neighbour_of=ISN),
    Many('a hundred half-open', 'Not more than the limit.', a_hundred, neighbour_of=FLOOD),
    Many('a hundred and one half-open', 'On the SYN that is one too many, and not on the next ones.', a_hundred_and_one,
         [FLOOD]),
    Many('half-open, down to half and up', 'The number fell to half the limit in between.', rises_again(50, True),
         [FLOOD, FLOOD]),
    Many('half-open, down to 51 and up', 'It is still the same flood.', rises_again(51, False), [FLOOD]),
    Many('half-open at two ports', 'Each port for itself.', two_ports, neighbour_of=FLOOD),
    Many('150 refused', 'None is left half-open.', refused, besides='connection_refused', neighbour_of=FLOOD),
    Many('150 aborted', 'None is left half-open.', aborted, besides='handshake_aborted', neighbour_of=FLOOD),
    Many('unanswered for 62 s', 'They still count.', unanswered(62 * SECOND, True), [FLOOD],
         besides='syn_unanswered connection_timeout'),
    Many('unanswered for 64 s', 'Their clients have given up.', unanswered(64 * SECOND, False),
         besides='syn_unanswered connection_timeout', neighbour_of=FLOOD),
    Many('sixty SYNs, each twice', 'A repeated SYN is no other connection.', each_twice, besides='syn_retransmission',
         neighbour_of=FLOOD),
    Many('5000 TIME-WAITs', 'Not more than the limit.', five_thousand, neighbour_of=EXHAUSTION),
    Many('5001 TIME-WAITs', 'On the segment that is one too many.', five_thousand_and_one, [EXHAUSTION]),
    Many('6000 TIME-WAITs, some expired', 'They last 2 x MSL, 60 s.', expired_ones, neighbour_of=EXHAUSTION),
    Many('6000 TIME-WAITs at two ports', 'Each port for itself.', of_two_ports, neighbour_of=EXHAUSTION),
    Many('5001 TIME-WAITs of a server', 'It is its clients\' ports that run out.', of_the_server,
         neighbour_of=EXHAUSTION),
]


def others(crowd):
    """As many as are left, at one port: after each SYN exactly a hundred are half-open."""
    client, server = crowd.pair()
    waiting = []
    for place in range(CONNECTIONS - crowd.connections):
        if place % 40_000 == 0:
            client, _ = crowd.pair()
        if len(waiting) == HALF_OPEN:
            waiting.pop(0).ack(place * MILLISECOND - 200)
        connection = Connection(crowd, (client, 2000 + place % 40_000), (server, PORT))
        waiting.append(connection.syn(place * MILLISECOND).syn_ack(place * MILLISECOND + 100))
    for connection in waiting:
        connection.ack(place * MILLISECOND + 500)


def everything():
    """All stories at once, and the others: 100,000 connections."""
    return Crowd([case.story for case in CASES] + [others])
