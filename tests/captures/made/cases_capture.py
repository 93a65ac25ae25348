"""What a capture can miss, double or mix up, and the nearest neighbours where it does not. The notation is in
notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, CLOSE_BY_SERVER, DATA, FOUR_SEGMENTS, OPEN, Case

MIDDLE = '''
hidden > SYN
hidden < SYN ACK
hidden > ACK
'''

SHAKEN = '''
0.000 > SYN                    | 1 | SYN-SENT    | SYN-RECEIVED |
0.020 < SYN ACK                | 2 | ESTABLISHED | SYN-RECEIVED |
'''

CASES = [
    Case('captured from the SYN on', 'Everything is there, in order, once.', OPEN + DATA + CLOSE,
         conversation=FOUR_SEGMENTS,
         neighbour_of='handshake_not_captured one_sided captured_out_of_order captured_twice'),
    Case('the last FIN captured behind its ACK', 'Two queues: it is there.', OPEN + '''
         5.0000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.0200 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.0302 < FIN ACK | 13 | TIME-WAIT  | * => CLOSED | captured_out_of_order(1)
         5.0301 > ACK     | 14 | TIME-WAIT  | CLOSED | captured_out_of_order(h) segment_not_captured(1)''',
         conversation=FOUR_SEGMENTS),
    Case('the last FIN not captured, and another minutes later', 'One so late was not under way.', OPEN + '''
         5.000 > FIN ACK        | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         hidden < FIN ACK
         5.031 > ACK            | 14 | TIME-WAIT  | CLOSED => LAST-ACK or CLOSED | segment_not_captured
         5.330 < FIN ACK seq=-1 | *  | TIME-WAIT  | * | fin_retransmission? time_wait_lingering?
         5.331 > ACK            | *  | TIME-WAIT  | CLOSED |''', neighbour_of='captured_out_of_order'),
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
    Case('begun in the middle, one end repeats itself', '''Nobody acknowledges: new data behind what is
         retransmitted show no peer.''', MIDDLE + '''
         1.000 > ACK PSH data=9         |  | * | * | handshake_not_captured
         2.000 > ACK PSH data=9 seq=1 |  | * | * |
         4.000 > ACK PSH data=9 seq=1 |  | * | * |
         8.000 > ACK PSH data=9 seq=1 |  | * | * |
         9.500 > ACK PSH data=5         |  | * | * |''', neighbour_of='one_sided'),
    Case('begun in the middle, a probe and a message', 'Nothing before it could be acknowledged.', MIDDLE + '''
         1.000 > ACK seq=-1        |  | * | * | handshake_not_captured
         91.00 > ACK PSH data=440  |  | * | * |''', neighbour_of='one_sided'),
    Case('begun in the middle, one end goes on', 'It would have retransmitted by now, were there no peer.', MIDDLE + '''
         1.000 > ACK PSH data=9    |  | * | * | handshake_not_captured one_sided(h)
         9.500 > ACK PSH data=5    |  | * | * | one_sided(1)'''),
    Case('begun in the middle, one direction at first', 'The other end is heard a second later.', MIDDLE + '''
         1.000 > ACK data=100  | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.001 > ACK data=100  | | * => ESTABLISHED | * => ESTABLISHED |
         2.000 < ACK data=100  | | ESTABLISHED | ESTABLISHED |
         2.020 > ACK           | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         neighbour_of='one_sided segment_not_captured'),
    *[Case(f'a FIN captured behind the FIN that acknowledges it{what}', '''The client had taken it in: the server closed
         first [3.6, figure 12].''', f'''
         0.0000 > SYN                | 1  | SYN-SENT    | SYN-RECEIVED |
         0.0001 < SYN ACK            | 2  | ESTABLISHED | SYN-RECEIVED |
         0.0002 > ACK                | 3  | ESTABLISHED | ESTABLISHED  |
         1.0000 > ACK PSH data=300   |    | ESTABLISHED | ESTABLISHED  |
         1.0051 < FIN ACK{data}      | *  | *           | *            | captured_out_of_order(1)?
         1.0050 > FIN ACK            | *  | * => LAST-ACK | * => TIME-WAIT | captured_out_of_order(h)
         1.0060 < ACK                | 14 | CLOSED      | TIME-WAIT    |''',
         conversation={'tcpshake.teardown': 'three segments', 'tcpshake.closed_by': 'server'},
         neighbour_of='simultaneous_close missing_fin_ack')
      for what, data in (('', ''), (', with data', ' PSH data=500'))],
    Case('begun with an ACK of what was never sent', '''The client sends on with the number that it had: what the server
         acknowledged before was nothing.''', MIDDLE + '''
         1.000 > ACK               |    | *           | *           | handshake_not_captured
         1.020 < ACK ack=+1        |    | *           | *           | segment_not_captured?
         2.500 > ACK PSH data=100  |    | * => ESTABLISHED | * => ESTABLISHED |
         2.501 < ACK PSH data=100  |    | ESTABLISHED | ESTABLISHED |
         2.506 > RST ACK           | 21 | CLOSED      | CLOSED      | abortive_close''',
         neighbour_of='reset_unacceptable'),
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
    Case('a byte of data not captured', '''Its number could be a FIN's, until its sender sends more: who has closed
         sends nothing [3.6].''', OPEN + '''
         1.000 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         1.020 < ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         hidden < ACK PSH data=1
         1.040 > ACK              |    | *  => ESTABLISHED | * => ESTABLISHED | segment_not_captured(1)?
         2.000 > ACK PSH data=50  |    | * => ESTABLISHED | * => ESTABLISHED |
         2.020 < ACK              |    | * => ESTABLISHED | * => ESTABLISHED | segment_not_captured(1)?
         2.500 < ACK PSH data=300 |    | ESTABLISHED | ESTABLISHED |
         2.520 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE_BY_SERVER,
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'server',
                       'tcpshake.time_wait.owner': 'server'},
         neighbour_of='data_after_fin closing_bad_ack fin_moved close_wait_idle'),
    Case('a byte of data not captured, and then the FIN', 'The FIN has the next number: that was a byte of data.',
         OPEN + DATA + '''
         hidden < ACK PSH data=1
         2.040 > ACK             |       | * => ESTABLISHED | * => ESTABLISHED | segment_not_captured(1)?
         2.050 < ACK             |       | * => ESTABLISHED | * => ESTABLISHED | segment_not_captured(1)?
         3.000 < FIN ACK         | 11    | CLOSE-WAIT  | FIN-WAIT-1   |
         3.020 > FIN ACK         | 12 13 | LAST-ACK    | TIME-WAIT    |
         3.040 < ACK             | 14    | CLOSED      | TIME-WAIT    |''',
         conversation={'tcpshake.teardown': 'three segments', 'tcpshake.closed_by': 'server'},
         neighbour_of='fin_moved'),
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
         neighbour_of='syn_retransmission handshake_ack_ignored keepalive_unanswered'),
    *[Case(f'captured before and behind a router, {far} ms apart', '''Copies stand among what was sent
           meanwhile. The hop limit is lower, the timestamp does not advance [RFC 7323 3.2].''', f'''
         0.000 > SYN tsval=100 id=0    | 1  | SYN-SENT    | SYN-RECEIVED |
         again ttl=63 after={far}      | *  | *           | *            | captured_twice
         0.010 < SYN ACK tsval=9 id=0  | 2  | ESTABLISHED | SYN-RECEIVED |
         again ttl=56 after={far}      | *  | *           | *            | captured_twice
         0.011 > ACK tsval=111 id=0    | 3  | ESTABLISHED | ESTABLISHED  |
         again ttl=63 after={far}      | *  | *           | *            | captured_twice
         0.012 > ACK data=10 tsval=112 id=0 |  | ESTABLISHED | ESTABLISHED |
         again ttl=63 after={far}           | *  | *           | *          | captured_twice
         0.021 < ACK data=20 tsval=20 id=0  |  | ESTABLISHED | ESTABLISHED |
         again ttl=56 after={far}           | *  | *           | *          | captured_twice
         0.022 > FIN ACK tsval=122 id=0     | 11 | FIN-WAIT-1 | CLOSE-WAIT  |
         again ttl=63 after={far}           | *  | *           | *          | captured_twice
         0.032 < FIN ACK tsval=31 id=0      | 12 13 | TIME-WAIT | LAST-ACK  |
         again ttl=56 after={far}           | *  | *           | *          | captured_twice
         0.033 > ACK tsval=133 id=0         | 14 | TIME-WAIT  | CLOSED      |
         again ttl=63 after={far}           | *  | TIME-WAIT  | CLOSED      | captured_twice''',
           conversation={'tcpshake.teardown': 'three segments', 'tcpshake.connection_time': '0.011000000'},
           neighbour_of='syn_retransmission synack_retransmission fin_retransmission syn_on_open_connection '
                        'time_wait_lingering', needs_options=True) for far in (5, 30.5, 99)],
    Case('captured before and behind a firewall', 'It lowers the MSS, and with it changes the checksum.', '''
         0.000 > SYN             | 1 | SYN-SENT    | SYN-RECEIVED |
         again ttl=63 mss=1400   | * | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK id=0    | 2 | ESTABLISHED | SYN-RECEIVED |
         again mss=1400          | * | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK             | 3 | ESTABLISHED | ESTABLISHED  |
         again ttl=63            | * | ESTABLISHED | ESTABLISHED  | captured_twice''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '1', 'tcpshake.server.synack_count': '1'},
         neighbour_of='syn_retransmission synack_retransmission synack_changed'),
    Case('captured behind a router and before it', '''The mirror gives the farther point first. There
         the SYN-ACK has passed a firewall: before that its MSS is higher, and its checksum lower.''', '''
         0.000 > SYN tsval=100 id=0           | 1 | SYN-SENT    | SYN-RECEIVED |
         again ttl=62 mss=1400 after=1.5      | * | *           | *            | captured_twice
         0.020 < SYN ACK tsval=9 id=0         | 2 | ESTABLISHED | SYN-RECEIVED |
         again ttl=59 mss=1500 after=4.7      | * | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK tsval=140 id=0           | 3 | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK data=10 tsval=49 id=0    |   | ESTABLISHED | ESTABLISHED  |
         again ttl=59 after=4.7               |   | ESTABLISHED | ESTABLISHED  | captured_twice''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.server.synack_count': '1'},
         neighbour_of='synack_retransmission synack_changed', needs_options=True),
    Case('the SYN-ACK behind a firewall and before it', 'The first that was captured twice; data behind a router.', '''
         0.000 > SYN id=0          | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK id=0      | 2 | ESTABLISHED | SYN-RECEIVED |
         again mss=1500 after=4.7  | * | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK id=0          | 3 | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK data=10 id=0  |   | ESTABLISHED | ESTABLISHED  |
         again ttl=59 after=30     |   | ESTABLISHED | ESTABLISHED  | captured_twice''' + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='synack_retransmission synack_changed'),
    Case('other data in what looks the same', '''Two packets with one IP ID: data are overwritten, so that an observer
         sees others than the receiver. Both checksums are finished, and differ.''', OPEN + '''
         1.0000 > ACK PSH text=GOOD id=500       | | ESTABLISHED | ESTABLISHED |
         1.0004 > ACK PSH text=EVIL id=500 seq=1 | | ESTABLISHED | ESTABLISHED |
         1.0200 < ACK                            | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         neighbour_of='captured_twice'),
    Case('data past a firewall that rewrites timestamps', '''Their checksum differs behind it, as does that of all
         that has passed it.''', '''
         0.000 > SYN tsval=1 id=501               | 1 | SYN-SENT    | SYN-RECEIVED |
         0.001 > SYN tsval=9001 id=501 seq=0 ttl=63 | * | SYN-SENT  | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK                          | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK tsval=41 id=502              | 3 | ESTABLISHED | ESTABLISHED  |
         0.041 > ACK tsval=9041 id=502 ttl=63     |   | ESTABLISHED | ESTABLISHED  | captured_twice
         1.000 > ACK data=9 tsval=1001 id=503     |   | ESTABLISHED | ESTABLISHED  |
         1.001 > ACK data=9 tsval=10001 id=503 seq=1 ttl=63 | | ESTABLISHED | ESTABLISHED | captured_twice
         1.020 < ACK                              |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='syn_retransmission', needs_options=True, needs_ip_id=True),
    Case('SYNs with the same numbers from both ends', '''All but the direction is the same: no packet of one end is a
         copy of one of the other.''', '''
         0.000 > SYN id=7           | 1  | SYN-SENT     | * |
         0.001 < SYN id=7           | 1? | SYN-RECEIVED | * | simultaneous_open
         0.020 > SYN ACK seq=0 id=8 | 2? | SYN-RECEIVED | * |
         0.021 < SYN ACK seq=0 id=8 | *  | ESTABLISHED  | * |
         0.040 > ACK                | *  | ESTABLISHED  | ESTABLISHED |''', isns=(1000, 1000),
         conversation={'tcpshake.opened_by': 'both'}, neighbour_of='captured_twice one_sided'),
    Case('captured on two VLANs', 'Nothing of the packet differs, not even the TTL.', '''
         0.000 > SYN tsval=1 id=0             | 1  | SYN-SENT    | SYN-RECEIVED |
         again after=30                       | *  | *           | *            | captured_twice
         0.040 < SYN ACK tsval=2 id=0         | 2  | ESTABLISHED | SYN-RECEIVED |
         again after=30                       | *  | *           | *            | captured_twice
         0.080 > ACK tsval=3 id=0             | 3  | ESTABLISHED | ESTABLISHED  |
         again after=30                       | *  | *           | *            | captured_twice
         0.120 > ACK data=10 tsval=4 id=0     |    | ESTABLISHED | ESTABLISHED  |
         again after=30                       | *  | *           | *            | captured_twice''' + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='syn_retransmission synack_retransmission', needs_options=True),
    Case('captured on two VLANs, without timestamps', '''Nothing but the time tells: no timer is as short as 60 ms, and
         each copy comes as long after its first.''', '''
         0.000 > SYN id=0           | 1  | SYN-SENT    | SYN-RECEIVED |
         again after=60             | *  | *           | *            | captured_twice
         0.200 < SYN ACK id=0       | 2  | ESTABLISHED | SYN-RECEIVED |
         again after=61             | *  | *           | *            | captured_twice
         0.400 > ACK id=0           | 3  | ESTABLISHED | ESTABLISHED  |
         again after=59             |    | ESTABLISHED | ESTABLISHED  | captured_twice
         0.600 > ACK data=10 id=0   |    | ESTABLISHED | ESTABLISHED  |
         again after=60             |    | ESTABLISHED | ESTABLISHED  | captured_twice
         0.800 < RST ACK id=0       | 21 | CLOSED      | CLOSED       | connection_reset
         again after=60             | *  | CLOSED      | CLOSED       | captured_twice''',
         neighbour_of='syn_retransmission synack_retransmission handshake_ack_ignored'),
    Case('duplicate ACKs between two VLANs', 'Sooner than the copies: each was sent.', '''
         0.000 > SYN id=0            | 1 | SYN-SENT    | SYN-RECEIVED |
         again after=60              | * | *           | *            | captured_twice
         0.200 < SYN ACK             | 2 | ESTABLISHED | SYN-RECEIVED |
         0.400 > ACK                 | 3 | ESTABLISHED | ESTABLISHED  |
         hidden < ACK data=100
         1.000 < ACK data=100        |   | ESTABLISHED | ESTABLISHED  |
         1.010 > ACK ack=1 id=0      |   | ESTABLISHED | ESTABLISHED  |
         1.040 > ACK ack=1 id=0      |   | ESTABLISHED | ESTABLISHED  |
         1.200 < ACK data=100 seq=1  |   | ESTABLISHED | ESTABLISHED  |'''),
    Case('captured again too late', 'No way is longer than 100 ms: that was sent again.', '''
         0.000 > SYN                | 1  | SYN-SENT    | SYN-RECEIVED |
         again ttl=63 after=100.5   | *  | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         0.200 < SYN ACK            | 2  | ESTABLISHED | SYN-RECEIVED |
         0.201 > ACK                | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, neighbour_of='captured_twice'),
    Case('SYN-ACK again, a timestamp later', '''To a SYN that the network had doubled: without an IP ID, the timestamp
         tells that it was sent twice.''', '''
         0.000 > SYN tsval=100                | 1  | SYN-SENT    | SYN-RECEIVED |
         0.010 < SYN ACK tsval=9 id=0         | 2  | ESTABLISHED | SYN-RECEIVED |
         0.030 < SYN ACK tsval=29 id=0 seq=0  | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission
         0.031 > ACK tsval=131                | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         neighbour_of='captured_twice handshake_ack_ignored', needs_options=True),
    Case('the tail of data again', 'A probe for a lost tail [RFC 8985 7.2] comes early; its timestamp advances.',
         OPEN + '''
         1.000 > ACK data=100 tsval=1 id=0       | | ESTABLISHED | ESTABLISHED |
         1.045 > ACK data=100 seq=1 tsval=46 id=0 | | ESTABLISHED | ESTABLISHED |
         1.065 < ACK                        | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_twice', needs_options=True),
    Case('the tail of data again, before the network card', '''An unfinished checksum does not cover the timestamp:
         that it is the same proves nothing.''', OPEN + '''
         1.000 > ACK data=61 tsval=1 tsecr=9 id=0 unsummed        | | ESTABLISHED | ESTABLISHED |
         1.054 > ACK data=61 tsval=55 tsecr=19 id=0 seq=1 unsummed | | ESTABLISHED | ESTABLISHED |
         1.068 < ACK                        | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='captured_twice', needs_options=True),
    Case('the tail of data again on a bridge', '''Copies come at once, before the network card. The probe [RFC 8985 7.2]
         does not, and is copied as well.''', '''
         0.000 > SYN tsval=1 id=0 unsummed  | 1 | SYN-SENT    | SYN-RECEIVED |
         again unsummed                     | * | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK                    | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK tsval=41 id=0 unsummed | 3 | ESTABLISHED | ESTABLISHED  |
         again unsummed                     |   | ESTABLISHED | ESTABLISHED  | captured_twice
         1.000 > ACK data=61 tsval=1001 id=0 unsummed |       | ESTABLISHED  | ESTABLISHED |
         again unsummed                     |   | ESTABLISHED | ESTABLISHED  | captured_twice
         1.054 > ACK data=61 tsval=1055 id=0 seq=1 unsummed | | ESTABLISHED  | ESTABLISHED |
         again unsummed                     |   | ESTABLISHED | ESTABLISHED  | captured_twice
         1.068 < ACK                        |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation=FOUR_SEGMENTS, needs_options=True),
    Case('captured on two VLANs before the network card', 'Each copy comes as late as the one before it.', '''
         0.000 > SYN tsval=1 id=0 unsummed  | 1 | SYN-SENT    | SYN-RECEIVED |
         again unsummed after=30            | * | *           | *            | captured_twice
         0.050 < SYN ACK                    | 2 | ESTABLISHED | SYN-RECEIVED |
         0.060 > ACK tsval=61 id=0 unsummed | 3 | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK data=61 tsval=1001 id=0 unsummed |       | ESTABLISHED  | ESTABLISHED |
         again unsummed after=31            |   | ESTABLISHED | ESTABLISHED  | captured_twice
         1.068 < ACK                        |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation=FOUR_SEGMENTS, needs_options=True),
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
    Case('SYN captured late', 'Sent first, captured behind the handshake and data: it opens nothing more.', '''
         0.0212 > SYN             | 1? | ESTABLISHED | ESTABLISHED  | captured_out_of_order(1)
         0.0200 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED | captured_out_of_order(h) synack_unsolicited(1)
         0.0210 > ACK             | 3  | ESTABLISHED | ESTABLISHED  |
         0.0211 > ACK data=10     |    | ESTABLISHED | ESTABLISHED  |
         0.0400 < ACK data=10     |    | ESTABLISHED | ESTABLISHED  |
         0.0500 > ACK             |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '1'},
         neighbour_of='syn_on_open_connection syn_retransmission'),
    Case('the whole handshake from its end', 'The ACK first, then the SYN and what answers it.', '''
         0.0200 > SYN             | 1  | ESTABLISHED | * | captured_out_of_order(1)
         0.0201 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED or ESTABLISHED |
         0.0100 > ACK             | *  | * => ESTABLISHED | * | handshake_not_captured(1) captured_out_of_order(h)
         0.0400 > ACK data=10     |    | ESTABLISHED | ESTABLISHED  |
         0.0600 < ACK data=10     |    | ESTABLISHED | ESTABLISHED  |
         0.0700 > ACK             |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '1', 'tcpshake.server.synack_count': '1'},
         neighbour_of='synack_unsolicited syn_on_open_connection segment_not_captured syn_retransmission'),
    Case('the handshake backwards', 'The ACK, the SYN-ACK, the SYN.', '''
         0.0202 > SYN             | 1  | ESTABLISHED | ESTABLISHED | captured_out_of_order(1)
         0.0201 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED or ESTABLISHED | captured_out_of_order \
             synack_unsolicited(1)
         0.0200 > ACK             | *  | * => ESTABLISHED | * | handshake_not_captured(1) captured_out_of_order(h)
         0.0400 > ACK data=10     |    | ESTABLISHED | ESTABLISHED  |
         0.0600 < ACK data=10     |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '1'},
         neighbour_of='syn_on_open_connection segment_not_captured syn_retransmission'),
    Case('the ACK and the SYN, in this order', 'The SYN-ACK is not in the capture.', '''
         0.0200 > SYN             | 1  | ESTABLISHED | * | captured_out_of_order(1)
         hidden < SYN ACK
         0.0100 > ACK             | *  | * => ESTABLISHED | * | handshake_not_captured(1) captured_out_of_order(h) \
             segment_not_captured(h)
         0.0400 > ACK data=10     |    | ESTABLISHED | ESTABLISHED  | one_sided(1)?
         0.0600 < ACK data=10     |    | ESTABLISHED | ESTABLISHED  | segment_not_captured(1)
         0.0700 > ACK             |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='syn_on_open_connection synack_unsolicited'),
    Case('a RST and the SYN that it refuses, in this order', 'It acknowledges that SYN.', '''
         0.0201 > SYN             | 1  | CLOSED | CLOSED | connection_refused(1) captured_out_of_order(1)
         0.0200 < RST ACK seq=0   | 21 | CLOSED | CLOSED | handshake_not_captured(1) connection_refused(h) \
             captured_out_of_order(h)''',
         conversation={'tcpshake.handshake': 'refused', 'tcpshake.reset_by': 'server'},
         neighbour_of='syn_unanswered syn_on_open_connection'),
    Case('a forged RST and the SYN that it refuses, in this order', 'The server accepts the SYN all the same.', '''
         0.0201 > SYN             | 1  | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | connection_refused(1) \
             captured_out_of_order(1)
         0.0200 < RST ACK seq=0   | 21 | * => SYN-SENT | * => SYN-RECEIVED | handshake_not_captured(1) \
             captured_out_of_order(h) reset_ignored(h)
         0.0400 < SYN ACK seq=0   | 2  | CLOSED => ESTABLISHED | SYN-RECEIVED | reset_ignored(1)
         0.0600 > ACK             | 3  | ESTABLISHED | ESTABLISHED |''' + DATA + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments',
                       'tcpshake.closed_by': 'client'},
         neighbour_of='missing_handshake_ack'),
    Case('a RST and the SYN that it refuses, in this order, and another SYN', 'The server listens by then.', '''
         0.0201 > SYN             | 1  | CLOSED | CLOSED | connection_refused(1) captured_out_of_order(1)
         0.0200 < RST ACK seq=0   | 21 | CLOSED | CLOSED | handshake_not_captured(1) connection_refused(h) \
             captured_out_of_order(h)
         0.5200 > SYN seq=0       | 1  | SYN-SENT | CLOSED => SYN-RECEIVED |
         0.5400 < SYN ACK seq=0   | 2  | ESTABLISHED | SYN-RECEIVED |
         0.5600 > ACK             | 3  | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete'}, neighbour_of='reset_ignored'),
    Case('simultaneous open, one direction only', '''The SYN-ACK acknowledges a SYN that is not in the capture, and what
         comes behind it shows that the peer has acknowledged it [3.5 figure 7].''', '''
         0.000 > SYN            | 1  | SYN-SENT     | * | one_sided(h)
         hidden < SYN
         0.020 > SYN ACK seq=0  | 2? | SYN-RECEIVED | * | synack_from_client?
         hidden < SYN ACK seq=0
         hidden < ACK data=20
         0.060 > ACK            | *  | ESTABLISHED  | ESTABLISHED | one_sided(1)?
         0.080 > ACK data=10    |    | ESTABLISHED  | ESTABLISHED | one_sided(1)?''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'complete',
                       'tcpshake.verdict': 'established, not closed in this capture'},
         neighbour_of='syn_unanswered missing_handshake_ack connection_timeout'),
    Case('an ACK of another connection, then a SYN', 'Its numbers are others: it was no part of this handshake.', '''
         0.000 > ACK seq=@77777777 ack=@55555555 | | * | * | handshake_not_captured
         0.100 > SYN     | 1 | SYN-SENT    | * => SYN-RECEIVED |
         0.120 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.140 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='captured_out_of_order'),
    Case('SYN captured right behind the SYN-ACK', 'The SYN-ACK has come to an end that had sent it.', '''
         0.0201 > SYN             | 1? | ESTABLISHED | SYN-RECEIVED | captured_out_of_order(1)
         0.0200 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED | captured_out_of_order(h) synack_unsolicited(1)
         0.0202 > ACK             | 3  | ESTABLISHED | ESTABLISHED  |''' + DATA + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='syn_on_open_connection syn_retransmission'),
    Case('FIN captured before the last data', '''Until they are there, the FIN waits at its receiver [3.10.7.4, seventh
         and eighth].''', OPEN + '''
         1.030 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.031 > ACK data=100 | | FIN-WAIT-1 | CLOSE-WAIT |
         1.020 > FIN ACK | 11 | FIN-WAIT-1 | ESTABLISHED |
         1.050 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT  |
         1.060 < FIN ACK | 13 | TIME-WAIT  | LAST-ACK    |
         1.080 > ACK     | 14 | TIME-WAIT  | CLOSED      |''',
         conversation=FOUR_SEGMENTS, neighbour_of='segment_not_captured data_after_fin fin_out_of_window'),
    Case('FIN captured before three pieces of data', 'The last of them first: the FIN waits for all.', OPEN + '''
         1.033 > ACK data=100 | | FIN-WAIT-1 | CLOSE-WAIT |
         1.032 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.031 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.020 > FIN ACK | 11 | FIN-WAIT-1 | ESTABLISHED |
         1.050 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT  |
         1.060 < FIN ACK | 13 | TIME-WAIT  | LAST-ACK    |
         1.080 > ACK     | 14 | TIME-WAIT  | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='segment_not_captured data_after_fin fin_out_of_window'),
    Case('FIN captured before five pieces of data',
         'The second, the first, the fourth, the third, the fifth.', OPEN + '''
         1.022 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.021 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.024 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.023 > ACK data=100 | | FIN-WAIT-1 | ESTABLISHED |
         1.061 > ACK data=100 | | FIN-WAIT-1 | CLOSE-WAIT |
         1.020 > FIN ACK | 11 | FIN-WAIT-1 | ESTABLISHED |
         1.070 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT  |
         1.080 < FIN ACK | 13 | TIME-WAIT  | LAST-ACK    |
         1.100 > ACK     | 14 | TIME-WAIT  | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='segment_not_captured data_after_fin fin_out_of_window'),
    Case('FIN with data captured before other data', 'The gap is in front of the data on the FIN.', OPEN + '''
         1.030 < ACK data=100         |    | CLOSE-WAIT  | FIN-WAIT-1 |
         1.020 < FIN ACK data=50      | 11 | ESTABLISHED | FIN-WAIT-1 |
         1.050 > ACK                  | 12 | CLOSE-WAIT  | FIN-WAIT-2 |
         1.060 > FIN ACK              | 13 | LAST-ACK    | TIME-WAIT  |
         1.080 < ACK                  | 14 | CLOSED      | TIME-WAIT  |''',
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'server'},
         neighbour_of='segment_not_captured data_after_fin fin_out_of_window'),
    Case('FIN behind data that were lost', '''They come again, their receiver has asked for them, and acknowledges the
         FIN with them: it was there, and waited.''', OPEN + '''
         hidden > ACK data=100
         1.020 > FIN ACK            | 11 | FIN-WAIT-1 | ESTABLISHED |
         1.040 < ACK ack=1          |    | FIN-WAIT-1 | ESTABLISHED |
         1.300 > ACK data=100 seq=1 |    | FIN-WAIT-1 | ESTABLISHED => CLOSE-WAIT |
         1.320 < ACK                | 12 | FIN-WAIT-2 | CLOSE-WAIT  |
         1.330 < FIN ACK            | 13 | TIME-WAIT  | LAST-ACK    |
         1.350 > ACK                | 14 | TIME-WAIT  | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='segment_not_captured data_after_fin fin_moved'),
    Case('FIN behind data, both lost', 'It comes again as well: then it was taken in with that.', OPEN + '''
         hidden > ACK data=100
         1.020 > FIN ACK            | 11 | FIN-WAIT-1 | ESTABLISHED |
         1.040 < ACK ack=1          |    | FIN-WAIT-1 | ESTABLISHED |
         1.300 > ACK data=100 seq=1 |    | FIN-WAIT-1 | ESTABLISHED |
         1.320 < ACK ack=101        |    | FIN-WAIT-1 | ESTABLISHED |
         1.340 > FIN ACK seq=101    | 11 | FIN-WAIT-1 | CLOSE-WAIT  | fin_retransmission
         1.360 < ACK                | 12 | FIN-WAIT-2 | CLOSE-WAIT  |
         1.370 < FIN ACK            | 13 | TIME-WAIT  | LAST-ACK    |
         1.390 > ACK                | 14 | TIME-WAIT  | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='segment_not_captured data_after_fin fin_moved'),
    Case('FIN beyond the captured window', '''The capture lacks the window that let it be sent [3.10.4]: it follows on
         the data before it.''', OPEN + '''
         1.000 < ACK data=60000 | | ESTABLISHED | ESTABLISHED |
         hidden > ACK
         1.001 < ACK data=60000 | | ESTABLISHED | ESTABLISHED |
         1.002 < FIN ACK | 11 | ESTABLISHED or CLOSE-WAIT | FIN-WAIT-1 |
         1.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         1.030 > FIN ACK | 13 | LAST-ACK   | TIME-WAIT  |
         1.050 < ACK     | 14 | CLOSED     | TIME-WAIT  |''',
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'server'},
         neighbour_of='segment_not_captured fin_out_of_window', needs_options=True),
    Case('FIN beyond the captured window, and no answer', 'It has been sent all the same.', OPEN + '''
         1.000 > ACK data=60000 | | ESTABLISHED | ESTABLISHED |
         hidden < ACK
         1.001 > ACK data=60000 | | ESTABLISHED | ESTABLISHED |
         hidden < ACK
         1.002 > ACK data=60000 | | ESTABLISHED | ESTABLISHED |
         1.003 > FIN ACK | 11 | FIN-WAIT-1 | ESTABLISHED or CLOSE-WAIT |''',
         conversation={'tcpshake.teardown': 'in progress', 'tcpshake.closed_by': 'client'},
         neighbour_of='fin_out_of_window', needs_options=True),
    Case('answer, then the ACK and the request', '''Only behind its own ACK and the request was that answer sent
         [3.10.7.4]: nothing is missing, and connect() has returned with that ACK.''', SHAKEN + '''
         0.0211 < ACK data=40 ack=51    |   | ESTABLISHED | ESTABLISHED | \
             segment_not_captured(1) captured_out_of_order(h)
         0.0212 > ACK ack=1             | 3 | ESTABLISHED | ESTABLISHED | captured_out_of_order(1)
         0.0213 > ACK data=50 seq=1 ack=1 | | ESTABLISHED | ESTABLISHED |
         0.0400 > ACK                   |   | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.ack_frame': '4', 'tcpshake.connection_time': '0.021200000'},
         neighbour_of='early_data handshake_ack_ignored'),
    Case('acknowledged, then the request', 'The request itself is the first ACK; it took longer than a second.', '''
         0.000 > SYN                    | 1 | SYN-SENT    | SYN-RECEIVED |
         1.020 < SYN ACK                | 2 | ESTABLISHED | SYN-RECEIVED |
         1.021 < ACK ack=51             |   | ESTABLISHED | ESTABLISHED | \
             segment_not_captured(1) captured_out_of_order(h)
         1.022 < ACK data=40 ack=51     |   | ESTABLISHED | ESTABLISHED |
         1.023 > ACK data=50 seq=1 ack=1 | 3 | ESTABLISHED | ESTABLISHED | captured_out_of_order(1) slow_handshake
         1.040 > ACK                    |   | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.ack_frame': '5', 'tcpshake.connection_time': '1.023000000'}),
    Case('answer to a request that is not captured, and the request again', '''Its timer has sent it: that says nothing
         of the first ACK.''', SHAKEN + '''
         0.040 < ACK ack=51             |   | ESTABLISHED | ESTABLISHED | segment_not_captured
         1.060 > ACK data=50 seq=1 ack=1 | * | ESTABLISHED | ESTABLISHED |
         1.080 < ACK ack=51             |   | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete'}, neighbour_of='captured_out_of_order'),
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
    Case('header of an impossible length, and more', '''What Wireshark puts into the stream behind it belongs to the
         connection before: no SYN came.''', OPEN + DATA + '''
         2.000 > SYN seq=@7777777 offset=3 dropped | - | -     | -           |
         2.100 > ACK data=100               |    | ESTABLISHED | ESTABLISHED |
         2.120 < ACK                        |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         last=FOUR_SEGMENTS, neighbour_of='handshake_not_captured'),
    Case('header of an impossible length, then a SYN', 'That opens another connection.', OPEN + DATA + CLOSE + '''
         6.000 > SYN seq=@7777777 offset=3 dropped | - | -     | -           |
         new 9000000 8000000
         100.0 > SYN     | 1 | SYN-SENT    | *            |
         100.1 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         100.2 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', conversation=FOUR_SEGMENTS,
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'none'}, neighbour_of='handshake_not_captured'),
]
