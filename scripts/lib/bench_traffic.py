"""Generates the traffic for scripts/bench, written segment by segment, since a million would need too much memory.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
START = 1_700_000_000_000_000           # microseconds
SERVER = bytes([198, 51, 100, 2])
SERVER_PORT = 7777                      # no dissector's port: dissection of the data is not measured
SYN_OPTIONS = bytes([2, 4, 5, 180, 4, 2, 8, 10]), bytes([1, 3, 3, 7])  # Linux's, a timestamp is between them
OPTIONS = bytes([1, 1, 8, 10]), b''
MASK = 0xffffffff


class Writer:
    """A pcap file of Ethernet frames, 100 microseconds apart."""

    def __init__(self, file):
        self.file, self.now, self.ip_id, self.server_port = file, START, 0, SERVER_PORT
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))

    def segment(self, conversation, outgoing, flags, seq, ack, length=0, data=None):
        """data: instead of length zeros."""
        data = bytes(length) if data is None else data
        length = len(data)
        client = struct.pack('!I', 0x0a000001 + conversation // 50000)
        ports = (1024 + conversation % 50000, self.server_port)
        before, after = SYN_OPTIONS if flags & SYN else OPTIONS
        stamp = self.now // 1000 & MASK
        options = before + struct.pack('!II', stamp, stamp if flags & ACK else 0) + after
        self.ip_id = (self.ip_id + 1) & 0xffff
        tcp = struct.pack('!HHIIBBHHH', *(ports if outgoing else ports[::-1]), seq & MASK, ack & MASK,
                          (20 + len(options)) << 2, flags, 60000, 0, 0) + options
        ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp) + length, self.ip_id, 0x4000, 64 if outgoing else 57, 6, 0)
        frame = b'\2\0\0\0\0\2\2\0\0\0\0\1\x08\0' + ip + (client + SERVER if outgoing else SERVER + client) + tcp
        self.now += 100
        self.file.write(struct.pack('<IIII', self.now // 1000000, self.now % 1000000,
                                    len(frame) + length, len(frame) + length))
        self.file.write(frame + data)


def isns(number):
    """ISNs of the client and the server that follow no constant step."""
    return ((number * number * 2654435761 + number * 40503 + 1) & MASK,
            (number * number * 2246822519 + number * 30011 + 1) & MASK)


def handshake(out, number):
    a, b = isns(number)
    out.segment(number, True, SYN, a, 0)
    out.segment(number, False, SYN | ACK, b, a + 1)
    out.segment(number, True, ACK, a + 1, b + 1)
    return a + 1, b + 1


def exchange(out, number, a, b, request=100, answer=400):
    out.segment(number, True, PSH | ACK, a, b, request)
    out.segment(number, False, ACK, b, a + request)
    out.segment(number, False, PSH | ACK, b, a + request, answer)
    out.segment(number, True, ACK, a + request, b + answer)
    return a + request, b + answer


def teardown(out, number, a, b):
    out.segment(number, True, FIN | ACK, a, b)
    out.segment(number, False, ACK, b, a + 1)
    out.segment(number, False, FIN | ACK, b, a + 1)
    out.segment(number, True, ACK, a + 1, b + 1)


def short(out, conversations):
    """Conversations of 11 segments, one after the other."""
    for number in range(conversations):
        teardown(out, number, *exchange(out, number, *handshake(out, number)))
    return conversations * 11


def bulk(out, segments):
    """Ten simultaneous conversations, two full segments of data per ACK."""
    open_ones = [exchange(out, number, *handshake(out, number)) for number in range(10)]
    sent = 70
    while sent < segments:
        for number, (a, b) in enumerate(open_ones):
            out.segment(number, False, ACK, b, a, 1400)
            out.segment(number, False, ACK, b + 1400, a, 1400)
            out.segment(number, True, ACK, a, b + 2800)
            open_ones[number] = (a, b + 2800)
            sent += 3
    return sent


def web(out, conversations):
    """HTTP: three pages of four segments in each conversation."""
    request = b'GET /page HTTP/1.1\r\nHost: www.example.com\r\nAccept: text/html\r\nUser-Agent: bench\r\n\r\n'
    head = b'HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n'
    page = head + b'<p>A page of the bench.</p>\n'.ljust(50) * 100
    out.server_port = 80
    for number in range(conversations):
        a, b = handshake(out, number)
        for _ in range(3):
            out.segment(number, True, PSH | ACK, a, b, data=request)
            a += len(request)
            for at in range(0, len(page), 1400):
                out.segment(number, False, ACK, b, a, data=page[at:at + 1400])
                b += len(page[at:at + 1400])
            out.segment(number, True, ACK, a, b)
        teardown(out, number, a, b)
    return conversations * 25


def flood(out, segments):
    """Unanswered SYNs to one server port."""
    for number in range(segments):
        out.segment(number, True, SYN, isns(number)[0], 0)
    return segments


def long(out, segments):
    """One conversation: data and ACKs alternating."""
    a, b = exchange(out, 0, *handshake(out, 0))
    for _ in range((segments - 7) // 2):
        out.segment(0, False, ACK, b, a, 100)
        b += 100
        out.segment(0, True, ACK, a, b)
    return 7 + (segments - 7) // 2 * 2


def resets(out, segments):
    """One conversation, reset again and again."""
    a, b = exchange(out, 0, *handshake(out, 0))
    for _ in range(segments - 7):
        out.segment(0, False, RST, b, a)
    return segments


def syns(out, segments):
    """One conversation: the same SYN every 2 seconds, never answered."""
    for _ in range(segments):
        out.segment(0, True, SYN, isns(0)[0], 0)
        out.now += 2_000_000
    return segments


TRAFFIC = {maker.__name__: maker for maker in (short, bulk, web, flood, long, resets, syns)}


def write(path, name, size):
    """Writes the capture and returns its number of segments."""
    with open(path, 'wb', buffering=1 << 20) as file:
        return TRAFFIC[name](Writer(file), size)
