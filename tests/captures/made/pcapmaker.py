"""Makes captures of TCP conversations from a few lines of text, for what no real stack can be made to send.

A conversation is written one segment a line:

    TIME  > SYN                     from the client, who opens
    TIME  < SYN ACK                 from the server
    TIME  > ACK data=100            with 100 bytes of data
    TIME  > RST seq=+70000          70000 past what it would send next; seq=-1 is one before that
    TIME  > FIN ACK seq=101 ack=1   numbers counted from the initial ones (ISN + 101)
    TIME  < ACK seq=@500001         a number as it stands on the wire
    TIME  < ACK win=0 ttl=37 id=9   a window, a time to live (in IPv6, a hop limit), an IP ID out of its sender's order
    TIME  < RST text=Go_away\\n    with a text for data, _ for a space
    TIME  > SYN data=10 tfo         with a TCP Fast Open cookie; cookie asks for one
    TIME  < RST reason=6 transient with the option by which Multipath TCP says why
    TIME  > SYN scale=7             with the option for window scaling; mptcp eno for others; bare without any
    TIME  > none                    without any flag
    TIME  > SYN offset=3 dropped    with an impossible data offset, in 32-bit words
    TIME  > ACK data=1 dropped      moves nothing: its receiver does not take it, its sender does not count it
    TIME  icmp <                    an ICMP error by the server that quotes the client's last segment: port unreachable
    TIME  icmp < host quote=8       another one (see ICMP), from a router, with 8 bytes of the segment
    hidden > FIN ACK                sent and taken in, but not in the capture
    TIME  > ACK tsval=9 tsecr=3     with the option for timestamps
    TIME  > ACK unsummed            with a checksum that is left to the network card
    again                           the frame before this, captured a second time; again ttl=63 behind a router,
                                    again mss=1400 behind one that lowers a SYN's MSS, again after=5 so many
                                    milliseconds later, again unsummed in front of the network card
    new CLIENT_ISN SERVER_ISN       a new conversation on the same four-tuple
    TIME  2> SYN                    > and < of another conversation, the client's port being one higher; up to 9

The lines stand in the order in which the segments are sent, their times in the order in which they are captured.
Without seq and ack a segment has the numbers that follow from what was sent before it.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import struct

FLAGS = {'FIN': 0x01, 'SYN': 0x02, 'RST': 0x04, 'PSH': 0x08, 'ACK': 0x10, 'URG': 0x20, 'ECE': 0x40, 'CWR': 0x80,
         'AE': 0x100}
CLIENT_PORT, SERVER_PORT = 40000, 80
START = 1_700_000_000
MASK = 0xffffffff
# Where nothing else is asked for. The ends differ: who mixes them up is found out.
CLIENT_TTL, SERVER_TTL, ROUTER_TTL = 64, 57, 250
# The initial numbers of other conversations: a host does not use one twice.
OTHER_ISNS = (7_654_321, 1_234_567)

CLIENT4, SERVER4, ROUTER4 = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2]), bytes([203, 0, 113, 9])
CLIENT6, SERVER6, ROUTER6 = (bytes.fromhex('20010db8' + '0' * 22 + end) for end in ('01', '02', '09'))

# name: (type and code in ICMP [RFC 792, RFC 1812], in ICMPv6 [RFC 4443, RFC 4861])
ICMP = {
    'port': ((3, 3), (1, 4)),
    'host': ((3, 1), (1, 3)),
    'net': ((3, 0), (1, 0)),
    'prohibited': ((3, 13), (1, 1)),
    'expired': ((11, 0), (3, 0)),
    'redirect': ((5, 1), (137, 0)),
}


class Side:
    """What one end has sent."""

    def __init__(self, isn, port):
        self.isn, self.next, self.port, self.ip_id = isn, isn, port, isn & 0xff


class Segment:
    """One TCP segment on its way; outgoing: from the client. host: one more for other hosts at both ends. icmp: the
    words of an ICMP error that quotes the segment."""

    def __init__(self, time, outgoing, tcp, ip_id, ttl=None):
        self.time, self.outgoing, self.tcp, self.ip_id = time, outgoing, tcp, ip_id
        self.ttl = ttl or (CLIENT_TTL if outgoing else SERVER_TTL)
        self.link = self.version = self.snap = self.icmp = None
        self.host = 0
        self.unsummed = False


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def options(words, settings, flags):
    """The options of a SYN: MSS and SACK permitted, and where they are asked for a window scale (RFC 7323), a Fast Open
    cookie or the request for one (RFC 7413), Multipath TCP (RFC 8684), encryption negotiation (RFC 8547); bare: none at
    all. A timestamp (RFC 7323) on any segment, and the reason of a RST (RFC 8684 section 3.6)."""
    stamp = b''
    if 'tsval' in settings:
        stamp = struct.pack('!BBBBII', 1, 1, 8, 10, int(settings['tsval']), int(settings.get('tsecr', 0)))
    if 'reason' in settings:
        stamp += struct.pack('!BBBB', 30, 4, 8 << 4 | ('transient' in words), int(settings['reason']))
    if not flags & FLAGS['SYN'] or 'bare' in words:
        return stamp
    chosen = struct.pack('!BBH', 2, 4, 1460) + b'\4\2\1\1' + stamp
    if 'scale' in settings:
        chosen += bytes([3, 3, int(settings['scale']), 1])
    if 'tfo' in words:
        chosen += bytes([34, 10]) + b'a cookie' + b'\1\1'
    if 'cookie' in words:
        chosen += bytes([34, 2, 1, 1])
    if 'mptcp' in words:
        chosen += bytes([30, 4, 1, 0x81])
    if 'eno' in words:
        chosen += bytes([69, 2, 1, 1])
    return chosen


def settings_of(words):
    return dict(word.split('=', 1) for word in words if '=' in word)


def number(text, isn, following):
    """seq= and ack=: with a sign from the number that would follow, with @ as it is, else from the ISN."""
    if text[0] == '@':
        return int(text[1:])
    value = int(text)
    return ((following if text[0] in '+-' else isn) + value) & MASK


def tcp_header(words, sender, peer):
    """The segment that words describe, as bytes, and what follows for its sender."""
    settings = settings_of(words)
    flags = sum(FLAGS[word] for word in words if word in FLAGS)
    payload = bytes(int(settings.get('data', 0)))
    if 'text' in settings:
        payload = settings['text'].replace('_', ' ').encode('ascii').decode('unicode_escape').encode('latin-1')
    data = len(payload)
    seq = number(settings['seq'], sender.isn, sender.next) if 'seq' in settings else sender.next
    ack = number(settings['ack'], peer.isn, peer.next) if 'ack' in settings else peer.next
    if not flags & FLAGS['ACK']:
        ack = 0
    extra = options(words, settings, flags)
    offset = int(settings.get('offset', (20 + len(extra)) // 4))
    header = struct.pack('!HHIIHHHH', sender.port, peer.port, seq, ack, offset << 12 | flags,
                         int(settings.get('win', 65535)), 0, 0)
    # A segment somewhere else than where it belongs is the point of the case, and moves nothing.
    if seq == sender.next and not flags & FLAGS['RST'] and 'dropped' not in words:
        sender.next = (seq + data + bool(flags & FLAGS['SYN']) + bool(flags & FLAGS['FIN'])) & MASK
    return header + extra + payload


def renumbered(tcp, sequence, acknowledgment):
    """The same segment where the ISNs of its sender and of its receiver are that much higher. A RST with number 0 has
    none of its sender's (RFC 9293 section 3.10.7.1)."""
    seq, ack, flags = struct.unpack_from('!IIH', tcp, 4)
    if seq or not flags & FLAGS['RST']:
        seq = (seq + sequence) & MASK
    if flags & FLAGS['ACK']:
        ack = (ack + acknowledgment) & MASK
    return tcp[:4] + struct.pack('!II', seq, ack) + tcp[12:]


def copy_delay(words):
    return float(settings_of(words).get('after', 0.02)) / 1000


def copied(segment, words):
    """A segment that is captured once more."""
    settings = settings_of(words)
    copy = Segment(segment.time + copy_delay(words), segment.outgoing, segment.tcp, segment.ip_id, segment.ttl)
    copy.ttl = int(settings.get('ttl', copy.ttl))
    if 'mss' in settings:
        copy.tcp = copy.tcp[:22] + struct.pack('!H', int(settings['mss'])) + copy.tcp[24:]
    copy.unsummed = 'unsummed' in words
    return copy


def quoting(segment, time, outgoing, words):
    """An ICMP error about a segment."""
    error = Segment(time, outgoing, segment.tcp, segment.ip_id, segment.ttl)
    error.icmp = words
    return error


def segments(lines, client_isn=1000, server_isn=500000, server_port=SERVER_PORT):
    """The segments that a case's lines describe, in the lines' order."""
    isns = {0: (client_isn, server_isn)}
    pairs, last, result = {}, {}, []
    for line in lines:
        words = line.split()
        if words[0] == 'again':
            result.append(copied(result[-1], words))
            continue
        if words[0] == 'new':
            isns[0] = tuple(int(isn) for isn in words[1:])
            pairs.pop(0, None)
            continue
        time = None if words[0] == 'hidden' else float(words[0])
        icmp = words[1] == 'icmp'
        arrow = words[2] if icmp else words[1]
        pair = int(arrow[:-1] or 1) - 1
        if pair not in pairs:
            client, server = isns.get(pair, [(isn * (pair + 1)) & MASK for isn in OTHER_ISNS])
            pairs[pair] = (Side(client, CLIENT_PORT + pair), Side(server, server_port))
        outgoing = arrow[-1] == '>'
        sender, peer = pairs[pair] if outgoing else pairs[pair][::-1]
        sender.ip_id += 1
        if icmp:
            segment = quoting(last[pair, not outgoing], time, outgoing, words[3:])
        else:
            settings = settings_of(words)
            segment = Segment(time, outgoing, tcp_header(words[2:], sender, peer),
                              int(settings.get('id', sender.ip_id)), int(settings.get('ttl', 0)))
            segment.unsummed = 'unsummed' in words
            last[pair, outgoing] = segment
        if time is not None:
            result.append(segment)
    return result


# Link layers and tunnels: each takes the IP packet and whether the client sent it, and gives the frame.

def next_hosts(addresses, host):
    """Other hosts, the first fifteen of them in the same networks."""
    return [(int.from_bytes(address, 'big') + 16 * host).to_bytes(len(address), 'big') for address in addresses]


def ipv4(protocol, payload, outgoing, ip_id=0, ttl=64, ends=(CLIENT4, SERVER4)):
    source, target = ends if outgoing else ends[::-1]
    header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(payload), ip_id & 0xffff, 0x4000, ttl, protocol, 0, source,
                         target)
    return header[:10] + struct.pack('!H', checksum(header)) + header[12:] + payload


def ipv6(protocol, payload, outgoing, ttl=64, ends=(CLIENT6, SERVER6)):
    source, target = ends if outgoing else ends[::-1]
    return struct.pack('!IHBB16s16s', 6 << 28, len(payload), protocol, ttl, source, target) + payload


def with_tcp_checksum(tcp, outgoing, ends, unsummed=False):
    source, target = ends if outgoing else ends[::-1]
    pseudo = source + target + struct.pack('!HH', 6, len(tcp))
    sum_of = ~checksum(pseudo) & 0xffff if unsummed else checksum(pseudo + tcp)
    return tcp[:16] + struct.pack('!H', sum_of) + tcp[18:]


def tcp_packet(segment, outgoing, version):
    ends = next_hosts((CLIENT4, SERVER4) if version == 4 else (CLIENT6, SERVER6), segment.host)
    tcp = with_tcp_checksum(segment.tcp, outgoing, ends, segment.unsummed)
    if version == 4:
        return ipv4(6, tcp, outgoing, segment.ip_id, segment.ttl, ends)
    return ipv6(6, tcp, outgoing, segment.ttl, ends)


def icmp_packet(segment, version):
    """The error goes to who sent what it quotes. It comes from the other end if a port is unreachable, else from a
    router, and quotes 8 bytes of the segment [RFC 792], or as much as there is [RFC 4443], unless told how much."""
    name = next((word for word in segment.icmp if word in ICMP), 'port')
    type_and_code = bytes(ICMP[name][version == 6])
    quoted = tcp_packet(segment, not segment.outgoing, version)
    header = 20 if version == 4 else 40
    quoted = quoted[:header + int(settings_of(segment.icmp).get('quote', 8 if version == 4 else 1000))]
    client, server, router = next_hosts((CLIENT4, SERVER4, ROUTER4) if version == 4 else (CLIENT6, SERVER6, ROUTER6),
                                        segment.host)
    target, other_end = (server, client) if segment.outgoing else (client, server)
    source = other_end if name == 'port' else router
    ttl = ROUTER_TTL if name != 'port' else CLIENT_TTL if segment.outgoing else SERVER_TTL
    # A redirect to the router itself; ICMPv6 names the destination as well.
    gateway = router + (quoted[24:40] if version == 6 else b'') if name == 'redirect' else b''
    body = type_and_code + bytes(2) + (gateway[:4] if version == 4 and gateway else bytes(4))
    if version == 6 and gateway:
        # In an option, in units of 8 bytes.
        quoted = bytes([4, 1 + -(-len(quoted) // 8)]) + bytes(6) + quoted + bytes(-len(quoted) % 8)
        body += gateway
    body += quoted
    if version == 4:
        return ipv4(1, body[:2] + struct.pack('!H', checksum(body)) + body[4:], True, 0, ttl, (source, target))
    sum_of = checksum(source + target + struct.pack('!II', len(body), 58) + body)
    return ipv6(58, body[:2] + struct.pack('!H', sum_of) + body[4:], True, ttl, (source, target))


def packet(segment, version):
    """The IP packet of a segment, or of the ICMP error that quotes it."""
    if segment.icmp is not None:
        return icmp_packet(segment, version)
    return tcp_packet(segment, segment.outgoing, version)


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


def frames(segments_, link='ethernet', version=4, snap=262144):
    """Each segment as (microseconds since the epoch, frame, its length). Frames are cut after snap bytes. A segment's
    own link, version and snap go before these."""
    for segment in segments_:
        wrap = LINKS[segment.link or link][1]
        frame = wrap(packet(segment, segment.version or version), segment.outgoing)
        yield START * 1_000_000 + round(segment.time * 1_000_000), frame[:segment.snap or snap], len(frame)


def write_pcap(path, segments_, link='ethernet', version=4, snap=262144):
    """Writes the frames as a capture file. Their links have to be of the same type."""
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, LINKS[link][0]))
        for time, kept, length in frames(segments_, link, version, snap):
            file.write(struct.pack('<IIII', *divmod(time, 1_000_000), len(kept), length))
            file.write(kept)


def block(kind, content):
    """Of a pcapng file."""
    content += bytes(-len(content) % 4)
    return struct.pack('<II', kind, len(content) + 12) + content + struct.pack('<I', len(content) + 12)
