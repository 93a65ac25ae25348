"""What a capture can miss, double or mix up, and the nearest neighbours where it does not. The notation is in
notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import CLOSE, DATA, FOUR_SEGMENTS, OPEN, Case

MIDDLE = '''
hidden > SYN
hidden < SYN ACK
hidden > ACK
'''

CASES = [
    Case('captured from the SYN on', 'Everything is there, in order, once.', OPEN + DATA + CLOSE,
         conversation=FOUR_SEGMENTS,
         neighbour_of='handshake_not_captured one_sided captured_out_of_order captured_twice'),
    Case('a transfer in one direction', 'All data goes one way, but the other end is heard.', OPEN + '''
         1.000 > ACK data=1000 | | ESTABLISHED | ESTABLISHED |
         1.001 > ACK data=1000 | | ESTABLISHED | ESTABLISHED |
         1.002 > ACK data=1000 | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK           | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='one_sided read_timeout'),
    Case('begun in the middle, one direction only', 'What the client acknowledges was sent by somebody.', MIDDLE + '''
         1.000 > ACK data=100 | | * | * | handshake_not_captured one_sided(h) one_sided(1)?
         hidden < ACK data=100
         1.040 > ACK          | | * | * | one_sided(1)?
         2.000 > ACK data=100 | | * | * |
         hidden < ACK data=100
         2.040 > ACK          | | * | * |''', somewhere='one_sided'),
    Case('begun in the middle, one direction at first', 'The other end is heard a second later.', MIDDLE + '''
         1.000 > ACK data=100  | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.001 > ACK data=100  | | * => ESTABLISHED | * => ESTABLISHED |
         2.000 < ACK data=100  | | ESTABLISHED | ESTABLISHED |
         2.020 > ACK           | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         neighbour_of='one_sided segment_not_captured'),
    Case('begun with a keep-alive', 'The byte before the next one; what it was is not in the capture.', MIDDLE + '''
         1.000 > ACK seq=-1   | | * | * | handshake_not_captured
         1.020 < ACK          | | * | * |
         2.000 > ACK data=100 | | * | * |
         2.020 < ACK data=100 | | * => ESTABLISHED | * => ESTABLISHED |
         2.040 > ACK          | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         neighbour_of='keepalive_unanswered segment_not_captured captured_out_of_order'),
    Case('data not captured', 'That it must have been there proves no SYN-ACK, ACK or FIN.', OPEN + '''
         hidden > ACK data=100
         1.020 < ACK           | | ESTABLISHED | ESTABLISHED |
         1.500 < ACK data=100  | | ESTABLISHED | ESTABLISHED |
         1.520 > ACK           | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='segment_not_captured'),
    Case('captured before and behind a router', 'The copy has a lower TTL, and everything else is the same.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         again ttl=63    | *  | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         again ttl=56    | *  | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK     | 3  | ESTABLISHED | ESTABLISHED  |
         again ttl=63    | *  | ESTABLISHED | ESTABLISHED  | captured_twice
         1.000 > ACK data=100 |  | ESTABLISHED | ESTABLISHED |
         again ttl=63         |  | ESTABLISHED | ESTABLISHED | captured_twice
         1.020 < RST ACK | 21 | CLOSED      | CLOSED       | connection_reset
         again ttl=56    | *  | CLOSED      | CLOSED       | captured_twice''',
         neighbour_of='syn_retransmission synack_retransmission handshake_ack_ignored reset_ignored'),
    Case('captured before and behind a network card', 'The card completes the checksum, and nothing else differs.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         again unsummed  | *  | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK     | 3  | ESTABLISHED | ESTABLISHED  |
         again unsummed  | *  | ESTABLISHED | ESTABLISHED  | captured_twice
         1.000 > ACK data=100 |  | ESTABLISHED | ESTABLISHED |
         again unsummed       |  | ESTABLISHED | ESTABLISHED | captured_twice
         1.020 < ACK          |  | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='syn_retransmission handshake_ack_ignored keepalive_unanswered', needs_ip_id=True),
    Case('repeated with another IP ID', 'A millisecond apart, and all but the IP ID is the same: it was sent twice.',
         OPEN + '''
         1.000 > ACK data=100             | | ESTABLISHED | ESTABLISHED |
         1.001 > ACK data=100 seq=1       | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK                      | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_twice', needs_ip_id=True),
    Case('duplicate ACKs', 'They are sent again and again for what is missing [RFC 5681 section 2], and no copies.',
         OPEN + '''
         hidden < ACK data=100
         1.001 < ACK data=100            | | ESTABLISHED | ESTABLISHED |
         1.002 < ACK data=100            | | ESTABLISHED | ESTABLISHED |
         1.003 < ACK data=100            | | ESTABLISHED | ESTABLISHED |
         1.021 > ACK ack=1               | | ESTABLISHED | ESTABLISHED |
         1.022 > ACK ack=1               | | ESTABLISHED | ESTABLISHED |
         1.023 > ACK ack=1               | | ESTABLISHED | ESTABLISHED |
         1.040 < ACK data=100 seq=1      | | ESTABLISHED | ESTABLISHED |
         1.060 > ACK                     | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_twice captured_out_of_order segment_not_captured'),
    Case('data repeated', 'The same bytes in another packet, 300 ms later.', OPEN + '''
         1.000 > ACK data=100       | | ESTABLISHED | ESTABLISHED |
         1.300 > ACK data=100 seq=1 | | ESTABLISHED | ESTABLISHED |
         1.320 < ACK                | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_twice connection_lost'),
    Case('data reordered', 'Of one end, in the network or in the capture: no answer is involved.', OPEN + '''
         1.001 > ACK data=100       | | ESTABLISHED | ESTABLISHED |
         1.000 > ACK data=100       | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK                | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_out_of_order captured_twice'),
    Case('ACK before the SYN-ACK', 'The capture mixed up two packets.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2? | ESTABLISHED | * => SYN-RECEIVED or ESTABLISHED | captured_out_of_order(1)
         0.019 > ACK     | *  | *           | * | captured_out_of_order(h) segment_not_captured(1)? one_sided(1)?
         0.060 > ACK data=10 | * | ESTABLISHED | ESTABLISHED |
         0.080 < ACK     |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'client'}),
    Case('header of an impossible length', '''Nothing can be read of it [3.1, data offset], though Wireshark begins a
         stream with it. What was said before it stays.''', OPEN + '''
         1.000 > ACK data=100               |    | ESTABLISHED | ESTABLISHED |
         1.020 < ACK                        |    | ESTABLISHED | ESTABLISHED |
         1.300 > ACK data=100 seq=1         |    | ESTABLISHED | ESTABLISHED |
         2.000 > SYN seq=@7777777 offset=3 dropped | - | -     | -           |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'none'}),
]
