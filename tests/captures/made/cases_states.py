"""What a segment tells of what had arrived before it was sent: the states as the ends had them, where the network
loses, repeats and overtakes. Each rule stands in front of its nearest neighbour.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import CLOSE_BY_SERVER, DATA, OPEN, Case

CASES = [
    # Under way when the peer's RST was.
    Case('FIN behind the peer\'s RST',
         '''Sent before that arrived: FIN-WAIT-1 first, then CLOSED [3.10.4, 3.10.7.4].''',
         OPEN + '''
         5.000 > RST ACK | 21 | CLOSED | CLOSED => ESTABLISHED | abortive_close
         5.001 < FIN ACK | *  | CLOSED | FIN-WAIT-1 | *
         5.020 > RST     | *  | CLOSED | CLOSED     | *'''),
    Case('ACK of a FIN behind the peer\'s RST', 'The same: CLOSE-WAIT first.', OPEN + '''
         5.000 > FIN ACK            | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | * | data_after_close?
         5.020 > RST                | 21 | CLOSED     | * | reset_while_closing? data_after_close?
         5.021 < ACK                | *  | CLOSED     | CLOSE-WAIT |
         5.040 > RST                | *  | CLOSED     | CLOSED     |''', neighbour_of='reset_ignored'),
    Case('FIN under way, then a RST',
         '''What was sent first arrives first: CLOSE-WAIT comes before CLOSED, and shows in the
         last segment before the RST.''', OPEN + '''
         5.000 > FIN ACK            | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | ESTABLISHED => CLOSE-WAIT | data_after_close?
         5.020 > RST                | 21 | CLOSED     | CLOSED | reset_while_closing? data_after_close?'''),
    Case('FIN lost, then a RST', 'Not acknowledged over many round trips: it was not under way any more.', OPEN + '''
         5.000 > FIN ACK            | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | ESTABLISHED | data_after_close?
         5.400 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | ESTABLISHED | *
         5.420 > RST                | 21 | CLOSED     | CLOSED | reset_while_closing? data_after_close?'''),

    # What a RST tells of its sender.
    Case('RST to what came before the ACK of the FIN', '''Its number is the acknowledgment number of the segment that it
         answers [3.10.7.1], which does not cover the FIN: the ACK that does found a closed end.''', OPEN + '''
         5.000 > ACK data=10     |    | ESTABLISHED | ESTABLISHED |
         5.001 < FIN ACK ack=-10 | 11 | *           | FIN-WAIT-1  |
         5.020 > ACK             | 12 | CLOSE-WAIT  | FIN-WAIT-2 => FIN-WAIT-1 |
         5.021 < RST seq=-1      | *  | CLOSE-WAIT  | CLOSED | *
         5.040 < RST             | *  | CLOSED      | CLOSED | *'''),
    Case('RST to what came after the ACK of the FIN',
         'An older segment behind it: the FIN was acknowledged.', OPEN + '''
         5.000 < FIN ACK                   | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > ACK                       | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         5.021 > ACK data=10 ack=-1        |    | CLOSE-WAIT | FIN-WAIT-2 | *
         5.040 < RST seq=-1                | *  | CLOSE-WAIT | CLOSED     | *
         5.050 < RST                       | *  | CLOSED     | CLOSED     | *'''),
    Case('old data behind their sender\'s RST', 'The network has held them back: nothing goes on.', OPEN + '''
         5.000 < ACK data=10       |    | ESTABLISHED | ESTABLISHED |
         5.010 < RST               | 21 | CLOSED      | CLOSED      | abortive_close
         5.050 < ACK data=10 seq=1 |    | CLOSED      | CLOSED      |''', neighbour_of='reset_ignored'),
    Case('aborted right behind the SYN-ACK',
         '''The RST acknowledges it: in SYN-SENT there would be nothing to acknowledge
         [3.10.5], so ESTABLISHED was reached.''', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED     |
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED     |
         0.040 > RST ACK | 21 | CLOSED      | LISTEN or CLOSED | handshake_aborted'''),
    Case('RST to the SYN-ACK', 'Without ACK: its sender knows of no such connection [3.10.7.1].', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED     |
         0.020 < SYN ACK | 2  | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         0.040 > RST     | 21 | CLOSED      | LISTEN or CLOSED | handshake_aborted'''),
    Case('refusal lost', '''The same SYN, one timeout later [RFC 6298 section 2]: SYN-SENT was never left.''', '''
         0.000 > SYN           | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21  | CLOSED => SYN-SENT | CLOSED | connection_refused
         1.001 > SYN seq=0     | 1?  | SYN-SENT | * | syn_retransmission?
         1.002 < RST ACK seq=0 | 21? | CLOSED   | CLOSED | connection_refused''', neighbour_of='reset_ignored'),
    Case('RST that later ACKs have passed', '''Its receiver has acknowledged more before it can have come: dropped
         [3.10.7.4, first].''', OPEN + '''
         5.000 > ACK data=100 | | ESTABLISHED | ESTABLISHED |
         5.010 > RST seq=1    | * | CLOSED    | CLOSED => ESTABLISHED | connection_reset?
         5.011 < ACK          | | CLOSED      | ESTABLISHED |
         5.500 < FIN ACK      | * | CLOSED    | FIN-WAIT-1 | *'''),

    # What a FIN tells.
    Case('FIN again while closing',
         '''The FINs crossed, the ACK of the server\'s is lost: it sends its FIN again, from CLOSING
         and not from TIME-WAIT. That ends at RCV.NXT: its ACK counts all the same [appendix A.2].''', OPEN + '''
         5.000 > FIN ACK        | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < FIN ACK ack=-1 | 13 | CLOSING    | FIN-WAIT-1 | simultaneous_close
         5.020 > ACK            | 14 | CLOSING    | * |
         5.300 < FIN ACK seq=-1 | *  | TIME-WAIT  | CLOSING    | fin_retransmission *
         5.320 > ACK            | *  | TIME-WAIT  | TIME-WAIT  | *'''),
    Case('FIN copied by the network',
         'Within a few milliseconds: no timer has run out, the ACK has arrived.', OPEN + '''
         5.000 > FIN ACK        | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.050 > FIN ACK seq=-1 | *  | FIN-WAIT-2 | CLOSE-WAIT | *
         5.500 < FIN ACK        | 13 | TIME-WAIT  | LAST-ACK   |
         5.520 > ACK            | 14 | TIME-WAIT  | CLOSED     |'''),
    Case('ACK of the FIN on old data', 'They end at RCV.NXT [appendix A.2].', OPEN + '''
         4.000 < ACK data=100       |     | ESTABLISHED | ESTABLISHED |
         4.020 > ACK                |     | ESTABLISHED | ESTABLISHED |
         5.000 > FIN ACK            | 11  | FIN-WAIT-1  | CLOSE-WAIT  |
         5.300 < ACK data=100 seq=1 | 12  | FIN-WAIT-2  | CLOSE-WAIT  | *'''),
    Case('ACK of the FIN on older data', 'They end before RCV.NXT: dropped as a whole [3.10.7.4, first].', OPEN + '''
         4.000 < ACK data=100       |     | ESTABLISHED | ESTABLISHED |
         4.020 > ACK                |     | ESTABLISHED | ESTABLISHED |
         5.000 > FIN ACK            | 11  | FIN-WAIT-1  | CLOSE-WAIT  |
         5.300 < ACK data=50 seq=1  | 12? | FIN-WAIT-1  | CLOSE-WAIT  | *'''),
    Case('ACK behind a FIN that was not taken in',
         '''What was sent behind the FIN arrives behind it: if the FIN had not come,
         the ACK had not either.''', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < FIN ACK ack=-1 | 13  | CLOSING => FIN-WAIT-1 | FIN-WAIT-1 | simultaneous_close
         5.002 < ACK            | 12  | TIME-WAIT => FIN-WAIT-1 | CLOSING |
         5.003 > ACK ack=-1     |     | FIN-WAIT-1 | CLOSING   |
         5.020 > ACK            | 14  | TIME-WAIT  | TIME-WAIT |'''),
    Case('FIN behind a hole', '''Data in front of it are missing, so it cannot have crossed: FIN-WAIT-2, not CLOSING
         [3.10.7.4, seventh].''', OPEN + '''
         5.000 > FIN ACK seq=101      | 11 | FIN-WAIT-1 | ESTABLISHED | *
         5.020 < ACK ack=1            |    | FIN-WAIT-1 | ESTABLISHED | *
         5.030 < FIN ACK ack=1        | 13 | CLOSING    | FIN-WAIT-1 | *
         5.050 > ACK seq=102          | 14 | CLOSING    | FIN-WAIT-2 | *
         5.250 > ACK data=100 seq=1   |    | CLOSING    | *          | *
         5.270 < ACK ack=102          | 12 | TIME-WAIT  | TIME-WAIT  | *'''),
    Case('FIN lost, the other one behind it',
         '''Five round trips pass without an acknowledgment: it was lost and has not crossed the server's. FIN-WAIT-2
         and not CLOSING, until it comes again [3.10.7.4, ACK bit].''', OPEN + '''
         5.000 > FIN ACK            | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.100 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | ESTABLISHED | *
         5.110 < FIN ACK ack=-1     | 13 | CLOSING    | FIN-WAIT-1 | *
         5.130 > ACK                | 14 | CLOSING    | FIN-WAIT-2 | *
         5.330 > FIN ACK seq=-1     | *  | CLOSING    | TIME-WAIT  | *
         5.350 < ACK                | 12 | TIME-WAIT  | TIME-WAIT  | *'''),
    Case('FIN crosses the other one',
         '''Within a round trip: it was under way when the server closed, and arrives before the ACK behind it: CLOSING
         [3.6 figure 13].''', OPEN + '''
         5.000 > FIN ACK            | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.005 < ACK data=10 ack=-1 |    | FIN-WAIT-1 | ESTABLISHED | *
         5.010 < FIN ACK ack=-1     | 13 | CLOSING    | FIN-WAIT-1 | *
         5.030 > ACK                | 14 | CLOSING    | CLOSING or TIME-WAIT | *
         5.031 < ACK                | 12 | TIME-WAIT  | TIME-WAIT  | *'''),
    Case('ahead of its FIN',
         '''An ACK with the number behind a FIN that is not captured, and then that FIN: it had closed
         before it got the peer\'s, and the first of its FINs was lost.''', OPEN + '''
         5.000 > FIN ACK       | 11 | FIN-WAIT-1 | CLOSE-WAIT => FIN-WAIT-1 |
         5.020 < ACK seq=2     | 12 | FIN-WAIT-2 | CLOSE-WAIT => CLOSING    |
         5.250 < FIN ACK seq=1 | 13 | TIME-WAIT  | CLOSING   | *
         5.270 > ACK ack=2     | 14 | TIME-WAIT  | TIME-WAIT | *'''),
    Case('ahead of a byte', 'The same with a byte of data: nothing has closed.', OPEN + '''
         5.000 > FIN ACK          | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK seq=2        | 12 | FIN-WAIT-2 | CLOSE-WAIT | *
         5.250 < ACK data=1 seq=1 |    | FIN-WAIT-2 | CLOSE-WAIT | *
         5.270 > ACK ack=2        |    | FIN-WAIT-2 | CLOSE-WAIT | *'''),

    # What an ACK tells.
    Case('ACK of what was never sent, with a FIN',
         '''Dropped, the FIN as well, and answered with an ACK [3.10.7.4, fifth]. It was
         nobody's: the server goes on.''', OPEN + DATA + '''
         5.000 < FIN ACK ack=+500 dropped | *  | CLOSE-WAIT => ESTABLISHED | FIN-WAIT-1 => ESTABLISHED |
         5.001 > ACK                      |    | ESTABLISHED | ESTABLISHED |
         6.000 > ACK PSH data=100         |    | ESTABLISHED | ESTABLISHED |
         6.020 < ACK PSH data=100         |    | ESTABLISHED | ESTABLISHED |
         7.000 > FIN ACK                  | 11 | FIN-WAIT-1  | CLOSE-WAIT  |
         7.020 < ACK                      | 12 | FIN-WAIT-2  | CLOSE-WAIT  |
         7.030 < FIN ACK                  | 13 | TIME-WAIT   | LAST-ACK    |
         7.050 > ACK                      | 14 | TIME-WAIT   | CLOSED      |''',
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'client'},
         neighbour_of='fin_moved data_after_fin closing_bad_ack'),
    Case('ACK of what was never sent', 'It says nothing of what its sender takes: what follows is inside its window.',
         OPEN + DATA + '''
         5.000 < ACK ack=+500 dropped | | ESTABLISHED | ESTABLISHED |
         5.001 > ACK                  | | ESTABLISHED | ESTABLISHED |
         6.000 > FIN ACK         | 11 | FIN-WAIT-1  | CLOSE-WAIT  |
         6.020 < ACK             | 12 | FIN-WAIT-2  | CLOSE-WAIT  |
         6.030 < FIN ACK         | 13 | TIME-WAIT   | LAST-ACK    |
         6.050 > ACK             | 14 | TIME-WAIT   | CLOSED      |''', neighbour_of='segment_not_captured'),
    Case('ACK of what was not captured, with a FIN', 'The client goes on behind it: it had sent that.',
         OPEN + DATA + '''
         hidden > ACK PSH data=500
         5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.001 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         5.010 > FIN ACK | 13 | LAST-ACK   | TIME-WAIT  |
         5.030 < ACK     | 14 | CLOSED     | TIME-WAIT  |'''),

    # What a SYN tells.
    Case('SYN-ACK crosses its ACK', 'Again within a round trip: sent before the ACK arrived, it undoes nothing.', '''
         0.000 > SYN           | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK           | 3 | ESTABLISHED | ESTABLISHED  |
         0.045 < SYN ACK seq=0 | * | ESTABLISHED | ESTABLISHED  | *
         0.080 < ACK data=10   |   | ESTABLISHED | ESTABLISHED  |'''),
    Case('SYN captured behind its SYN-ACK',
         '''The server has opened as well [3.5 figure 7]; who got the SYN-ACK first never
         was in SYN-RECEIVED.''', '''
         0.000 > SYN           | 1 | SYN-SENT    | SYN-RECEIVED => SYN-SENT |
         0.060 < SYN ACK       | 2 | ESTABLISHED | SYN-RECEIVED |
         0.100 < SYN seq=0     | * | ESTABLISHED | SYN-RECEIVED | simultaneous_open
         0.120 > ACK           | * | ESTABLISHED | ESTABLISHED  |'''),
    Case('SYN-ACK captured behind the ACK',
         '''SYN-RECEIVED alone answers a SYN that crossed its own [3.10.7.3]: it was sent before the ACK, and the peer's
         SYN had come.''', '''
         0.000 > SYN           | 1 | SYN-SENT | * => CLOSED |
         0.040 < SYN seq=0     | * | SYN-RECEIVED | SYN-SENT | simultaneous_open
         0.080 < SYN ACK seq=0 | * | ESTABLISHED | * |
         0.082 > ACK           | * | ESTABLISHED | * |
         0.090 > SYN ACK seq=0 | * | ESTABLISHED | * | *
         0.120 < ACK data=10   | * | ESTABLISHED | ESTABLISHED |'''),
    Case('SYN lost, its SYN-ACK not',
         '''The first word after the SYN-ACK would have been a SYN-ACK, had the SYN arrived [3.10.7.3]: the SYN-ACK
         alone has opened the client.''', '''
         0.000 > SYN           | 1 | SYN-SENT | * => CLOSED |
         0.040 < SYN seq=0     | * | SYN-RECEIVED => SYN-SENT | SYN-SENT | simultaneous_open
         0.080 < SYN ACK seq=0 | * | ESTABLISHED | * |
         0.082 > ACK           | * | ESTABLISHED | * |
         0.120 < ACK data=10   |   | ESTABLISHED | ESTABLISHED |'''),
    Case('SYN, FIN and ACK on one segment', 'The FIN counts [3.10.7.3, fourth].', '''
         0.000 > SYN         | 1    | SYN-SENT   | SYN-RECEIVED |
         0.020 < SYN FIN ACK | *    | CLOSE-WAIT | FIN-WAIT-1   | *
         0.040 > ACK         | *    | CLOSE-WAIT | FIN-WAIT-2   | *'''),
    Case('data on a SYN, taken without the option', '''The SYN-ACK acknowledges them: the server may answer before the
         handshake\'s ACK, from SYN-RECEIVED [RFC 7413 section 3].''', '''
         0.000 > SYN data=50      | 1 | SYN-SENT    | SYN-RECEIVED | syn_with_data
         0.020 < SYN ACK          | 2 | ESTABLISHED | SYN-RECEIVED | synack_bad_ack?
         0.021 < ACK PSH data=200 |   | ESTABLISHED | SYN-RECEIVED | *
         0.040 > ACK              | 3 | ESTABLISHED | ESTABLISHED  |''', needs_options=True),
    Case('SYN-ACK from the old client into TIME-WAIT',
         '''A closed end sends only RSTs [3.10.7.1], and TIME-WAIT challenges it
         [RFC 5961 section 4.2]: nothing moves, and who opened stays who opened.''', OPEN + CLOSE_BY_SERVER + '''
         6.000 > SYN ACK seq=+5000 | * | CLOSED | TIME-WAIT | *
         6.001 < ACK               | * | CLOSED | TIME-WAIT | *''',
         conversation={'tcpshake.opened_by': 'client', 'tcpshake.closed_by': 'server'}),
    Case('RST of one end while both open', '''Both are in SYN-RECEIVED, and in SYN-SENT nobody sends one [3.10.5]: not
         from LISTEN, so the other end closes as well [3.10.7.4, second].''', '''
         0.000 > SYN | 1  | SYN-SENT     | SYN-RECEIVED => CLOSED |
         0.005 < SYN | 1? | SYN-RECEIVED | SYN-SENT | simultaneous_open
         0.040 > RST | 21 | CLOSED       | CLOSED   | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'client'},
         neighbour_of='reset_unacceptable connection_refused abortive_close'),
    Case('RST of the other end while both open', 'It has sent a SYN as well.', '''
         0.000 > SYN     | 1  | SYN-SENT     | SYN-RECEIVED => CLOSED |
         0.005 < SYN     | 1? | SYN-RECEIVED | SYN-SENT | simultaneous_open
         0.040 < RST ACK | 21 | CLOSED       | CLOSED   | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'server'},
         neighbour_of='reset_unacceptable connection_refused connection_reset'),
    Case('RST behind one SYN-ACK while both open', '', '''
         0.000 > SYN           | 1  | SYN-SENT     | SYN-RECEIVED => CLOSED |
         0.005 < SYN           | 1? | SYN-RECEIVED | SYN-SENT | simultaneous_open
         0.010 > SYN ACK seq=0 | *  | SYN-RECEIVED | SYN-RECEIVED or ESTABLISHED |
         0.015 > RST ACK       | 21 | CLOSED       | CLOSED   | handshake_aborted''',
         neighbour_of='reset_unacceptable connection_refused connection_reset'),
    Case('RST behind a simultaneous open', 'It was complete: no handshake is aborted.', '''
         0.000 > SYN           | 1  | SYN-SENT     | SYN-RECEIVED => CLOSED |
         0.005 < SYN           | 1? | SYN-RECEIVED | SYN-SENT | simultaneous_open
         0.010 > SYN ACK seq=0 | *  | SYN-RECEIVED | * |
         0.011 < SYN ACK seq=0 | *  | *            | * |
         0.500 > ACK data=10   | *  | ESTABLISHED  | ESTABLISHED |
         0.520 < ACK data=10   |    | ESTABLISHED  | ESTABLISHED |
         0.540 > ACK           |    | ESTABLISHED  | ESTABLISHED |
         0.900 > RST ACK       | 21 | CLOSED       | CLOSED      | abortive_close''',
         conversation={'tcpshake.handshake': 'simultaneous'}, neighbour_of='handshake_aborted'),

    # What a RST tells when more comes behind it.
    Case('both abort, old ACK behind',
         '''The client's RST acknowledges as much as the ACK behind it: that was sent before, and nothing goes on,
         though the server has sent a RST as well.''', OPEN + '''
         5.000 < ACK data=100  |    | ESTABLISHED | ESTABLISHED |
         5.010 > RST ACK       | 21 | CLOSED      | CLOSED => ESTABLISHED or CLOSED | abortive_close?
         5.011 < RST ACK       | *  | CLOSED      | CLOSED | abortive_close?
         5.013 > ACK           |    | CLOSED      | CLOSED |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'client'}, neighbour_of='reset_ignored'),
    Case('both abort, and one goes on', 'The ACK behind both RSTs acknowledges more than its own did.', OPEN + '''
         5.000 < ACK data=100  |    | ESTABLISHED           | ESTABLISHED |
         5.010 > RST ACK ack=1 | 21 | CLOSED => ESTABLISHED | * | connection_reset(1) reset_ignored(h)
         5.011 < RST ACK       | *  | CLOSED => ESTABLISHED | * | *
         5.013 > ACK           |    | ESTABLISHED           | * | *'''),
    Case('RST lost, SYN-ACK by its timer',
         '''A second after the SYN-ACK before, long after the RST must have arrived: LISTEN sends no SYN-ACK by itself
         [RFC 6298 section 2].''', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         0.500 > RST           | 21 | CLOSED   | LISTEN => SYN-RECEIVED | handshake_aborted(1) reset_ignored(h)
         1.030 < SYN ACK seq=0 | 2? | CLOSED   | SYN-RECEIVED | \
             synack_retransmission missing_handshake_ack reset_ignored(1)'''),
    Case('RST crosses the SYN-ACK again', 'Each SYN had its answer; the second was under way when the RST passed.', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED |
         1.000 > SYN seq=0     | 1? | SYN-SENT | SYN-RECEIVED | syn_retransmission?
         1.020 < SYN ACK       | 2  | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         1.021 > RST           | 21 | CLOSED   | LISTEN or SYN-RECEIVED | handshake_aborted
         1.030 < SYN ACK seq=0 | 2? | CLOSED   | LISTEN or SYN-RECEIVED | synack_retransmission''',
         neighbour_of='reset_ignored'),
    Case('SYN-ACK refused, the next one accepted',
         '''The client's RST may be its answer to the first [3.10.7.3]. An end that acknowledges the second is open:
         CLOSED only ever sends a RST [3.10.7.1].''', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | SYN-SENT or ESTABLISHED | SYN-RECEIVED |
         0.021 > RST           | 21 | CLOSED => SYN-SENT or ESTABLISHED | * | handshake_aborted(1) reset_ignored(h)
         0.030 < SYN ACK seq=0 | 2? | CLOSED => SYN-SENT or ESTABLISHED | * | synack_retransmission
         0.031 > ACK           | *  | ESTABLISHED | * | reset_ignored(1)
         0.050 < ACK data=10   |    | ESTABLISHED | ESTABLISHED |''', needs_ip_id=True),

    # An ACK in front of which the FIN is missing.
    Case('FIN lost, its sender acknowledges again',
         '''The FIN that acknowledged the client's was lost: TIME-WAIT was not reached with it. The ACK behind it has
         arrived: FIN-WAIT-2 [3.10.7.4, ACK bit].''', OPEN + '''
         5.000 > FIN ACK        | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < FIN ACK        | 12 13 | TIME-WAIT => FIN-WAIT-1 | LAST-ACK |
         5.030 < ACK            |       | TIME-WAIT => FIN-WAIT-2 | LAST-ACK |
         5.330 < FIN ACK seq=-1 | 13?   | TIME-WAIT  | LAST-ACK | fin_retransmission missing_fin_ack(1)
         5.350 > ACK            | 14    | TIME-WAIT  | CLOSED   |'''),
    Case('FIN lost with its ACK', 'Nothing came behind it: FIN-WAIT-1, until it comes again.', OPEN + '''
         5.000 > FIN ACK        | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < FIN ACK        | 12 13 | TIME-WAIT => FIN-WAIT-1 | LAST-ACK |
         5.330 < FIN ACK seq=-1 | 13?   | TIME-WAIT  | LAST-ACK | fin_retransmission missing_fin_ack(1)
         5.350 > ACK            | 14    | TIME-WAIT  | CLOSED   |'''),
]
