"""Reading packets, naming them, and writing them to a classic pcap file.

SPDX-License-Identifier: GPL-2.0-or-later

The link type is RAW (101): a TUN device carries bare IP packets, and an invented Ethernet header would tell nothing.
"""

import collections
import struct

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
TCP, ICMP, ICMP6 = 6, 1, 58
LINKTYPE_RAW = 101
OTHER = {"client": "server", "server": "client"}

Segment = collections.namedtuple("Segment", "sport dport seq ack flags length")


def protocol_of(packet):
    version = packet[0] >> 4
    if version == 4:
        return packet[9], (packet[0] & 0x0F) * 4, struct.unpack_from("!H", packet, 2)[0]
    return packet[6], 40, struct.unpack_from("!H", packet, 4)[0] + 40


def is_relayed(packet):
    """TCP and ICMP errors; neighbour discovery and multicast reports of a starting interface are not wanted."""
    protocol, header, _ = protocol_of(packet)
    return protocol in (TCP, ICMP) or (protocol == ICMP6 and packet[header] < 128)


def parse(packet):
    protocol, header, total = protocol_of(packet)
    if protocol != TCP:
        return None
    sport, dport, seq, ack, offset, flags = struct.unpack_from("!HHIIBB", packet, header)
    return Segment(sport, dport, seq, ack, flags, total - header - (offset >> 4) * 4)


def end_of(segment):
    """The sequence number after everything the segment carries, its SYN and FIN included."""
    controls = bool(segment.flags & SYN) + bool(segment.flags & FIN)
    return (segment.seq + segment.length + controls) & 0xFFFFFFFF


def is_ahead(end, before):
    """Whether these numbers have got further; before is None where nothing is known."""
    return before is None or (end - before) & 0xFFFFFFFF < 0x80000000


class Progress:
    """Where the numbers of each connection's ends have got to: that decides what a segment is called."""

    def __init__(self):
        self.ends, self._fins = {}, {}

    def take(self, sender, port, segment):
        """The segment's kinds; the next one's are those behind it. port is the client's."""
        found = kinds(segment, self.ends.get((sender, port)), self._fins.get((OTHER[sender], port)))
        end = end_of(segment)
        if segment.flags & FIN:
            self._fins[sender, port] = end
        if segment.flags & SYN or is_ahead(end, self.ends.get((sender, port))):
            self.ends[sender, port] = end
        return found


def kinds(segment, own_end=None, peer_fin_end=None):
    """What a rule or an expectation may call it. own_end: where the sender's numbers have got to before this segment;
    peer_fin_end: the number behind the peer's FIN."""
    flags = segment.flags & (SYN | FIN | RST | ACK)
    found = {"ANY"}
    found |= {"SYN"} if flags == SYN else set()
    found |= {"SYN-ACK"} if flags == SYN | ACK else set()
    found |= {"ACK"} if flags == ACK and not segment.length else set()
    found |= {"DATA"} if segment.length else set()
    found |= {"FIN"} if flags & FIN else set()
    found |= {"RST"} if flags & RST else set()
    if "ACK" in found and segment.ack == peer_fin_end:
        found.add("FIN-ACK")
    if "ACK" in found and own_end is not None and segment.seq == (own_end - 1) & 0xFFFFFFFF:
        found.add("PROBE")
    return found


def flags_of(packet):
    """As letters, "-" for what is not TCP."""
    segment = parse(packet)
    letters = "FSRPAUEC"
    return "".join(c for bit, c in enumerate(letters) if segment.flags >> bit & 1) if segment else "-"


def read_pcap(path):
    """The packets of a file that write_pcap wrote."""
    with open(path, "rb") as file:
        data = file.read()[24:]
    while data:
        size = struct.unpack_from("<I", data, 8)[0]
        yield data[16:16 + size]
        data = data[16 + size:]


def write_pcap(path, frames):
    """frames: (time in seconds since the epoch, packet), in the order of capture."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, LINKTYPE_RAW))
        for time, packet in frames:
            micros = round(time * 1e6)
            out.write(struct.pack("<IIII", micros // 1000000, micros % 1000000, len(packet), len(packet)))
            out.write(packet)


def write_pcapng(path, frames):
    """An interface for each of two capture points; frames: (time in seconds since the epoch, point, packet)."""
    with open(path, "wb") as out:
        out.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for _ in range(2):
            out.write(block(1, struct.pack("<HHI", LINKTYPE_RAW, 0, 65535)))
        for time, point, packet in frames:
            micros = round(time * 1e6)
            head = struct.pack("<IIIII", point, micros >> 32, micros & 0xFFFFFFFF, len(packet), len(packet))
            out.write(block(6, head + packet))


def read_pcapng(path):
    """The times in microseconds, points and packets of a file that write_pcapng wrote."""
    with open(path, "rb") as file:
        data = file.read()
    while data:
        kind, size = struct.unpack_from("<II", data)
        if kind == 6:
            point, high, low, length = struct.unpack_from("<IIII", data, 8)
            yield high << 32 | low, point, data[28:28 + length]
        data = data[size:]


def block(kind, content):
    content += bytes(-len(content) % 4)
    size = 12 + len(content)
    return struct.pack("<II", kind, size) + content + struct.pack("<I", size)
