"""Makes captures of TCP conversations from a few lines of text, for what no real stack can be made to send.

A conversation is written one segment a line:

    TIME  > SYN                     from the client, who opens
    TIME  < SYN ACK                 from the server
    TIME  > ACK data=100            with 100 bytes of data
    TIME  > RST seq=+70000          70000 past what it would send next; seq=-1 is one before that
    TIME  > FIN ACK seq=101 ack=1   numbers counted from the initial ones (ISN + 101)
    TIME  < ACK win=0
    TIME  > SYN data=10 tfo         with a TCP Fast Open cookie
    TIME  > ACK data=1 probe        a byte that the receiver has no room for and does not take
    TIME  icmp <                    an ICMP error by the server that quotes the client's last segment
    hidden > FIN ACK                sent and taken in, but not in the capture
    again                           the frame before this, captured a second time
    new CLIENT_ISN SERVER_ISN       a new conversation on the same four-tuple
    TIME  2> SYN                    > and < of another conversation, the client's port being one higher

Without seq and ack a segment has the numbers that follow from what was sent before it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct

FLAGS = {'FIN': 0x01, 'SYN': 0x02, 'RST': 0x04, 'PSH': 0x08, 'ACK': 0x10, 'URG': 0x20}
CLIENT_PORT, SERVER_PORT = 40000, 80
START = 1_700_000_000
MASK = 0xffffffff

CLIENT4, SERVER4 = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2])
CLIENT6, SERVER6 = (bytes.fromhex('20010db8' + '0' * 22 + end) for end in ('01', '02'))


class Side:
    """What one end has sent."""

    def __init__(self, isn, port):
        self.isn, self.next, self.port, self.ip_id = isn, isn, port, isn & 0xff


class Segment:
    """One TCP segment on its way; outgoing: from the client."""

    def __init__(self, time, outgoing, tcp, ip_id):
        self.time, self.outgoing, self.tcp, self.ip_id, self.icmp = time, outgoing, tcp, ip_id, False
        self.link = self.version = self.snap = None


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def options(words, flags):
    """The options of a SYN: MSS and SACK permitted, and a Fast Open cookie (RFC 7413) where it is asked for."""
    if not flags & FLAGS['SYN']:
        return b''
    chosen = struct.pack('!BBH', 2, 4, 1460) + b'\4\2\1\1'
    return chosen + bytes([34, 10]) + b'a cookie' + b'\1\1' if 'tfo' in words else chosen


def number(text, isn, following):
    """seq= and ack=: with a sign from the number that would follow, without one from the ISN."""
    value = int(text)
    return ((following if text[0] in '+-' else isn) + value) & MASK


def tcp_header(words, sender, peer):
    """The segment that words describe, as bytes, and what follows for its sender."""
    settings = dict(word.split('=', 1) for word in words if '=' in word)
    flags = sum(FLAGS[word] for word in words if word in FLAGS)
    data = int(settings.get('data', 0))
    seq = number(settings['seq'], sender.isn, sender.next) if 'seq' in settings else sender.next
    ack = number(settings['ack'], peer.isn, peer.next) if 'ack' in settings else peer.next
    if not flags & FLAGS['ACK']:
        ack = 0
    extra = options(words, flags)
    header = struct.pack('!HHIIBBHHH', sender.port, peer.port, seq, ack, (20 + len(extra)) << 2, flags,
                         int(settings.get('win', 65535)), 0, 0)
    # A segment somewhere else than where it belongs is the point of the case, and moves nothing.
    if seq == sender.next and not flags & FLAGS['RST'] and 'probe' not in words:
        sender.next = (seq + data + bool(flags & FLAGS['SYN']) + bool(flags & FLAGS['FIN'])) & MASK
    return header + extra + bytes(data)


def segments(lines, client_isn=1000, server_isn=500000, server_port=SERVER_PORT):
    """The segments that a case's lines describe."""
    pairs = {port: (Side(client_isn, CLIENT_PORT + port), Side(server_isn, server_port)) for port in (0, 1)}
    last = {}
    result = []
    for line in lines:
        words = line.split()
        if words[0] == 'again':
            copy = Segment(result[-1].time + 0.00002, result[-1].outgoing, result[-1].tcp, result[-1].ip_id)
            result.append(copy)
            continue
        if words[0] == 'new':
            pairs[0] = tuple(Side(int(isn), port) for isn, port in zip(words[1:], (CLIENT_PORT, server_port)))
            continue
        time = None if words[0] == 'hidden' else float(words[0])
        icmp = words[1] == 'icmp'
        arrow = words[2] if icmp else words[1]
        client, server = pairs[1 if arrow[0] == '2' else 0]
        outgoing = arrow[-1] == '>'
        sender, peer = (client, server) if outgoing else (server, client)
        sender.ip_id += 1
        if icmp:
            segment = Segment(time, outgoing, last[not outgoing].tcp, last[not outgoing].ip_id)
            segment.icmp = True
        else:
            segment = Segment(time, outgoing, tcp_header(words[2:], sender, peer), sender.ip_id)
            last[outgoing] = segment
        if time is not None:
            result.append(segment)
    return result


# Link layers and tunnels: each takes the IP packet and whether the client sent it, and gives the frame.

def ipv4(protocol, payload, outgoing, ip_id=0):
    source, target = (CLIENT4, SERVER4) if outgoing else (SERVER4, CLIENT4)
    header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), ip_id, 0x4000, 64, protocol, 0, source, target)
    return header[:10] + struct.pack('!H', checksum(header)) + header[12:] + payload


def ipv6(protocol, payload, outgoing):
    source, target = (CLIENT6, SERVER6) if outgoing else (SERVER6, CLIENT6)
    return struct.pack('!IHBB16s16s', 6 << 28, len(payload), protocol, 64, source, target) + payload


def with_tcp_checksum(tcp, outgoing, version):
    source, target = (CLIENT4, SERVER4) if version == 4 else (CLIENT6, SERVER6)
    if not outgoing:
        source, target = target, source
    sum_of = checksum(source + target + struct.pack('!HH', 6, len(tcp)) + tcp)
    return tcp[:16] + struct.pack('!H', sum_of) + tcp[18:]


def packet(segment, version):
    """The IP packet of a segment."""
    sent = not segment.outgoing if segment.icmp else segment.outgoing
    tcp = with_tcp_checksum(segment.tcp, sent, version)
    quoted = ipv4(6, tcp, sent, segment.ip_id) if version == 4 else ipv6(6, tcp, sent)
    if not segment.icmp:
        return quoted
    # Port unreachable, with as much of the packet as RFC 792 asks for at least.
    if version == 4:
        body = b'\3\3\0\0' + bytes(4) + quoted[:28]
        return ipv4(1, body[:2] + struct.pack('!H', checksum(body)) + body[4:], segment.outgoing)
    body = b'\1\4\0\0' + bytes(4) + quoted[:60]
    source, target = (CLIENT6, SERVER6) if segment.outgoing else (SERVER6, CLIENT6)
    sum_of = checksum(source + target + struct.pack('!II', len(body), 58) + body)
    return ipv6(58, body[:2] + struct.pack('!H', sum_of) + body[4:], segment.outgoing)


def ethertype(ip):
    return 0x0800 if ip[0] >> 4 == 4 else 0x86dd


def ethernet(ip, outgoing, tags=b''):
    client, server = b'\2\0\0\0\0\1', b'\2\0\0\0\0\2'
    addresses = server + client if outgoing else client + server
    return addresses + tags + struct.pack('!H', ethertype(ip)) + ip


def udp(port, payload):
    return struct.pack('!HHHH', 50000, port, 8 + len(payload), 0) + payload


def gre(ip, outgoing):
    return ethernet(ipv4(47, struct.pack('!HH', 0, ethertype(ip)) + ip, outgoing), outgoing)


def gre_key(ip, outgoing):
    return ethernet(ipv4(47, struct.pack('!HHI', 0x2000, ethertype(ip), 7) + ip, outgoing), outgoing)


def vxlan(ip, outgoing):
    inner = struct.pack('!II', 0x08000000, 42 << 8) + ethernet(ip, outgoing)
    return ethernet(ipv4(17, udp(4789, inner), outgoing), outgoing)


def gtp_u(ip, outgoing):
    return ethernet(ipv4(17, udp(2152, struct.pack('!BBHI', 0x30, 0xff, len(ip), 9) + ip), outgoing), outgoing)


def in_ipv4(ip, outgoing):
    return ethernet(ipv4(4 if ip[0] >> 4 == 4 else 41, ip, outgoing), outgoing)


def in_ipv6(ip, outgoing):
    return ethernet(ipv6(4 if ip[0] >> 4 == 4 else 41, ip, outgoing), outgoing)


def pppoe(ip, outgoing):
    ppp = struct.pack('!H', 0x21 if ip[0] >> 4 == 4 else 0x57) + ip
    session = struct.pack('!BBHH', 0x11, 0, 1, len(ppp)) + ppp
    return ethernet(ip, outgoing)[:12] + b'\x88\x64' + session


def mpls(ip, outgoing):
    return ethernet(ip, outgoing)[:12] + b'\x88\x47' + struct.pack('!I', 16 << 12 | 1 << 8 | 64) + ip


def ppp(ip, _):
    return b'\xff\3' + struct.pack('!H', 0x21 if ip[0] >> 4 == 4 else 0x57) + ip


def sll(ip, outgoing):
    return struct.pack('!HHH8sH', 4 if outgoing else 0, 1, 6, b'\2\0\0\0\0\1\0\0', ethertype(ip)) + ip


def sll2(ip, outgoing):
    return struct.pack('!HHIHBB8s', ethertype(ip), 0, 1, 1, 4 if outgoing else 0, 6, b'\2\0\0\0\0\1\0\0') + ip


def null(ip, _):
    return struct.pack('<I', 2 if ip[0] >> 4 == 4 else 30) + ip


# name: (link type in the pcap header, how a packet becomes a frame)
LINKS = {
    'ethernet': (1, ethernet),
    'vlan': (1, lambda ip, outgoing: ethernet(ip, outgoing, b'\x81\0\0\7')),
    'vlan in vlan': (1, lambda ip, outgoing: ethernet(ip, outgoing, b'\x88\xa8\0\7\x81\0\0\x08')),
    'mpls': (1, mpls),
    'pppoe': (1, pppoe),
    'gre': (1, gre),
    'gre with a key': (1, gre_key),
    'vxlan': (1, vxlan),
    'gtp-u': (1, gtp_u),
    'ip in ipv4': (1, in_ipv4),
    'ip in ipv6': (1, in_ipv6),
    'ppp': (9, ppp),
    'linux cooked': (113, sll),
    'linux cooked 2': (276, sll2),
    'raw': (101, lambda ip, _: ip),
    'null': (0, null),
}


def write_pcap(path, segments_, link='ethernet', version=4, snap=262144):
    """Writes the segments as a capture file. Frames are cut after snap bytes. A segment's own link (of the same type),
    version and snap go before the file's."""
    link_type = LINKS[link][0]
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, link_type))
        for segment in segments_:
            wrap = LINKS[segment.link or link][1]
            frame = wrap(packet(segment, segment.version or version), segment.outgoing)
            kept = frame[:segment.snap or snap]
            microseconds = round(segment.time * 1_000_000)
            file.write(struct.pack('<IIII', START + microseconds // 1_000_000, microseconds % 1_000_000, len(kept),
                                   len(frame)))
            file.write(kept)
