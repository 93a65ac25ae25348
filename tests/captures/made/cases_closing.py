"""Closes that go wrong, TIME-WAIT and what comes after it, and their nearest neighbours. The notation is in
notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, CLOSE_BY_SERVER, DATA, FOUR_SEGMENTS, OPEN, Case

HALF_CLOSED = OPEN + '''
5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
'''
HALF_CLOSED_BY_SERVER = OPEN + DATA + '''
5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
'''
STILL = '| | FIN-WAIT-2 | CLOSE-WAIT |'

FINS = [
    Case('the second FIN again', '''Its timer ran out and the peer, which acknowledges a FIN at once, had said
         nothing: it had not got it, and waits in FIN-WAIT-2 still [3.10.7.4]. TIME-WAIT begins with the second one.''',
         OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK        | 13  | TIME-WAIT => FIN-WAIT-2 | LAST-ACK |
         5.530 < FIN ACK seq=-1 | 13? | TIME-WAIT  | LAST-ACK   | fin_retransmission missing_fin_ack(1)
         5.550 > ACK            | 14  | TIME-WAIT  | CLOSED     |''',
         conversation=FOUR_SEGMENTS, last={'tcpshake.time_wait.remaining': '59.980000000'},
         neighbour_of='time_wait_lingering'),
    Case('FIN again to an end that has left TIME-WAIT', '''TIME-WAIT would acknowledge it; the RST says that there is no
         connection any more [3.10.7.1, 3.10.7.4].''', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK        | 13  | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK            | 14  | TIME-WAIT  | CLOSED => LAST-ACK |
         75.33 < FIN ACK seq=-1 | 13? | TIME-WAIT => CLOSED | LAST-ACK | fin_retransmission time_wait_lingering(1)
         75.35 > RST            | 21  | CLOSED     | CLOSED     |'''),
    Case('the second FIN again, which acknowledges the first', '''The segment was lost as a whole: FIN-WAIT-1 until it
         comes again.''', OPEN + '''
         5.000 < FIN ACK        | 11     | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > FIN ACK        | 12 13  | LAST-ACK   | TIME-WAIT => FIN-WAIT-1 |
         5.320 > FIN ACK seq=-1 | *      | LAST-ACK   | TIME-WAIT  | fin_retransmission missing_fin_ack(1)
         5.340 < ACK            | 14     | CLOSED     | TIME-WAIT  |''', neighbour_of='time_wait_lingering'),
    Case('the second FIN again, across the last ACK', '''It was sent before the ACK arrived and closed its sender:
         CLOSED answers the second ACK with a RST [3.10.7.1], LAST-ACK would have taken it.''', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.200 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.201 < FIN ACK        | 13  | TIME-WAIT  | LAST-ACK   |
         5.202 > ACK            | 14  | TIME-WAIT  | CLOSED => CLOSED or LAST-ACK |
         5.416 < FIN ACK seq=-1 | 13? | TIME-WAIT  | LAST-ACK   | fin_retransmission time_wait_lingering(1)
         5.417 > ACK            | 14  | TIME-WAIT  | CLOSED     |
         5.620 < RST            | 21  | CLOSED     | CLOSED     | time_wait_assassination''',
         last={'tcpshake.time_wait.frame': '6'}),
    Case('the second FIN again, since the last ACK was lost', 'The second ACK closes its sender: no RST.', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.200 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.201 < FIN ACK        | 13  | TIME-WAIT  | LAST-ACK   |
         5.202 > ACK            | 14  | TIME-WAIT  | CLOSED => CLOSED or LAST-ACK |
         5.616 < FIN ACK seq=-1 | 13? | TIME-WAIT  | LAST-ACK   | fin_retransmission time_wait_lingering
         5.617 > ACK            | 14  | TIME-WAIT  | CLOSED     |''', last={'tcpshake.time_wait.frame': '8'}),
    Case('FINs that crossed, and the ACK of one, the last segment', '''It arrives behind the FIN: CLOSING, and then
         TIME-WAIT [3.6, figure 13].''', OPEN + '''
         5.000 < FIN ACK        | 11 | * | FIN-WAIT-1 |
         5.002 > FIN ACK ack=-1 | 13 | * | * | simultaneous_close
         5.003 < ACK            | 14 | CLOSING => TIME-WAIT | * |'''),
    *[Case(f'the second FIN again and again, never acknowledged{what}', '''TIME-WAIT acknowledges each FIN at once
         [3.10.7.4]: nobody got there, and nobody holds it.''', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK        | 13  | TIME-WAIT => FIN-WAIT-2 | LAST-ACK |
         5.330 < FIN ACK seq=-1 | 13? | TIME-WAIT => FIN-WAIT-2 | LAST-ACK | fin_retransmission missing_fin_ack
         5.930 < FIN ACK seq=-1 | 13? | TIME-WAIT => FIN-WAIT-2 | LAST-ACK | fin_retransmission
         7.130 < FIN ACK seq=-1 | 13? | TIME-WAIT => FIN-WAIT-2 | LAST-ACK | fin_retransmission''' + behind,
         conversation={'tcpshake.time_wait.owner': ''}, neighbour_of='time_wait_lingering time_wait_assassination')
      for what, behind in (('', A_MINUTE_LATER), (', and given up', '''
         9.530 < RST ACK        | 21  | CLOSED     | CLOSED | reset_while_closing?'''))],
    Case('only SYNs and FINs in the capture', 'A filter has left out every ACK, the last one, too: no FIN is repeated.',
         '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         hidden > ACK
         hidden > ACK data=100
         hidden < ACK data=100
         5.000 < FIN ACK | 11    | ESTABLISHED or CLOSE-WAIT | FIN-WAIT-1 | segment_not_captured
         5.020 > FIN ACK | 12 13 | LAST-ACK   | FIN-WAIT-2 or TIME-WAIT |''' + A_MINUTE_LATER,
         neighbour_of='missing_fin_ack'),
    Case('FINs that crossed come again with an ACK, over a satellite', '''BSD acknowledges so. A round trip takes
         300 ms: no timer expires that soon.''', '''
         0.000 > SYN             | 1  | SYN-SENT    | SYN-RECEIVED |
         0.300 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED |
         0.301 > ACK             | 3  | ESTABLISHED | ESTABLISHED  |
         5.000 > FIN ACK         | 11 | FIN-WAIT-1  | CLOSE-WAIT => ESTABLISHED |
         5.100 < FIN ACK ack=-1  | 13 | CLOSING     | FIN-WAIT-1 | simultaneous_close
         5.101 > FIN ACK seq=-1  | *  | CLOSING     | CLOSING    |
         5.401 < FIN ACK seq=-1  | *  | TIME-WAIT   | TIME-WAIT or CLOSING |''',
         conversation={'tcpshake.teardown': 'simultaneous'}, neighbour_of='fin_retransmission missing_fin_ack'),
    Case('FIN lost, and the other one minutes later', '''They did not cross: the first is long gone. The server, which
         closes by itself, has not got it [3.5, figure 13 is of FINs under way].''', OPEN + DATA + '''
         5.000 > FIN ACK                | 11  | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED | missing_fin_ack(h)
         5.020 < ACK ack=-1             |     | FIN-WAIT-1 | ESTABLISHED |
         200.0 < FIN ACK ack=-1         | 13  | FIN-WAIT-1 or CLOSING | FIN-WAIT-1 | socket_timeout
         200.3 < FIN ACK ack=-1 seq=-1  | 13? | FIN-WAIT-1 or CLOSING | FIN-WAIT-1 | fin_retransmission missing_fin_ack
         200.9 < FIN ACK ack=-1 seq=-1  | 13? | FIN-WAIT-1 or CLOSING | FIN-WAIT-1 | fin_retransmission''',
         conversation={'tcpshake.closed_by': 'client', 'tcpshake.teardown': 'in progress'},
         neighbour_of='simultaneous_close'),
    Case('FIN captured twice', 'Sent once.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         again           | *  | FIN-WAIT-1 | CLOSE-WAIT | captured_twice
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK     | 14 | TIME-WAIT  | CLOSED     |''', conversation={'tcpshake.client.fin_count': '1'},
         neighbour_of='fin_retransmission time_wait_lingering fin_storm'),
    Case('FIN again and again at once', '''BSD in CLOSING answers each ACK with its FIN. Nothing else was captured
         twice, and the first FIN was not.''', OPEN + '''
         5.000000 > FIN ACK id=0        | 11 | FIN-WAIT-1 | *          |
         5.000007 < FIN ACK ack=-1 id=0 | 13 | CLOSING    | FIN-WAIT-1 | simultaneous_close
         5.000021 < FIN ACK seq=-1 id=0 | *  | TIME-WAIT  | CLOSING    | fin_retransmission?
         5.000029 < FIN ACK seq=-1 id=0 | *  | TIME-WAIT  | CLOSING    | fin_retransmission
         5.000034 < FIN ACK seq=-1 id=0 | *  | TIME-WAIT  | CLOSING    | fin_retransmission
         5.000059 > ACK id=0            | *  | TIME-WAIT  | TIME-WAIT  |
         5.000072 > ACK id=0            | *  | TIME-WAIT  | TIME-WAIT  |
         5.000077 > ACK id=0            | *  | TIME-WAIT  | TIME-WAIT  |''',
         conversation={'tcpshake.teardown': 'simultaneous', 'tcpshake.server.fin_count': '4'},
         neighbour_of='captured_twice time_wait_lingering'),
    Case('FIN again, with the data before it', 'One segment now repeats both: the FIN has the number that it had.',
         OPEN + '''
         5.000 > ACK data=100           |     | ESTABLISHED | ESTABLISHED |
         5.001 > FIN ACK                | 11  | FIN-WAIT-1  | *           |
         5.300 > FIN ACK data=100 seq=1 | 11? | FIN-WAIT-1  | CLOSE-WAIT  | fin_retransmission missing_fin_ack?
         5.320 < ACK                    | 12  | FIN-WAIT-2  | CLOSE-WAIT  |
         5.330 < FIN ACK                | 13  | TIME-WAIT   | LAST-ACK    |
         5.350 > ACK                    | 14  | TIME-WAIT   | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='fin_moved fin_out_of_window data_after_fin'),
    Case('FIN acknowledged late', 'The last ACK takes 20 s, and nothing is repeated meanwhile.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK | 13 | TIME-WAIT  | LAST-ACK   |
         25.03 > ACK     | 14 | TIME-WAIT  | CLOSED     |''' + A_MINUTE_LATER, conversation=FOUR_SEGMENTS,
         neighbour_of='missing_fin_ack close_wait_lingering'),
    Case('FIN, one direction only', 'Whether it was acknowledged is not in the capture.', '''
         0.000 > SYN     | 1  | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK     | 3  | ESTABLISHED | * | one_sided(1)
         5.000 > FIN ACK | 11 | FIN-WAIT-1  | * |''' + A_MINUTE_LATER, neighbour_of='missing_fin_ack'),
    Case('FIN out of the window', 'Nobody can have sent it: an ACK says what is expected [3.10.7.4], and it goes on.',
         OPEN + '''
         1.000 > FIN ACK seq=+70000 | 11? | *           | ESTABLISHED | fin_out_of_window
         1.020 < ACK                |     | *           | ESTABLISHED |
         1.500 > ACK data=10        |     | ESTABLISHED | ESTABLISHED |
         1.520 < ACK                |     | ESTABLISHED | ESTABLISHED |''' + CLOSE, neighbour_of='data_after_fin',
         needs_options=True),
    Case('FIN before its data',
         'They were reordered: the FIN waits in the window for what stands before it [3.10.7.4].', OPEN + '''
         5.001 > ACK data=100  |    | *          | *          |
         5.000 > FIN ACK       | 11 | FIN-WAIT-1 | *          |
         5.020 < ACK           | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK       | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK           | 14 | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='fin_out_of_window fin_moved data_after_fin old_duplicate captured_out_of_order'),
    Case('FIN moved', 'A connection ends once: the second FIN stands 50 further on.', OPEN + '''
         5.000 > FIN ACK         | 11  | FIN-WAIT-1 | * |
         5.300 > FIN ACK seq=+50 | 11? | FIN-WAIT-1 | * | fin_moved
         5.320 < ACK             | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.330 < FIN ACK         | 13  | TIME-WAIT  | LAST-ACK   |
         5.350 > ACK             | 14  | TIME-WAIT  | CLOSED     |'''),
    Case('FIN moved after the first was acknowledged', 'The one that moved comes again as it was.',
         OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         6.000 > FIN ACK seq=+1 | 11? | FIN-WAIT-2 | CLOSE-WAIT | fin_moved
         7.000 > FIN ACK seq=+1 | 11? | FIN-WAIT-2 | CLOSE-WAIT | fin_retransmission'''),
    Case('data after the FIN', 'It lies behind the FIN, where nothing can be [3.6].', HALF_CLOSED + '''
         5.500 > ACK data=50 dropped | | FIN-WAIT-2 | CLOSE-WAIT | data_after_fin
         5.530 < FIN ACK        | 13 | TIME-WAIT  | LAST-ACK   |
         5.550 > ACK            | 14 | TIME-WAIT  | CLOSED     |'''),
    Case('frame filled after the FIN', '''Ethernet's smallest frame has room for 6 bytes more, which some stacks count
         as data. They are zeros.''', HALF_CLOSED + '''
         5.500 > ACK data=6 dropped | | FIN-WAIT-2 | CLOSE-WAIT |
         5.530 < FIN ACK        | 13 | TIME-WAIT  | LAST-ACK   |
         5.550 > ACK            | 14 | TIME-WAIT  | CLOSED     |
         5.560 > ACK data=6 dropped | | TIME-WAIT | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='data_after_fin fin_moved closing_bad_ack', needs_options=True, needs_ip_id=True),
    Case('frames filled from the handshake on', '''Also 2 bytes, where a VLAN tag has left room for no more and is gone.
         Only what an application sends is pushed.''', '''
         0.000 > SYN                | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK            | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK data=2 dropped | 3  | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK PSH data=100   |    | ESTABLISHED | ESTABLISHED  |
         1.020 < ACK data=6 dropped |    | ESTABLISHED | ESTABLISHED  |
         1.030 < ACK PSH data=100   |    | ESTABLISHED | ESTABLISHED  |
         1.040 > ACK data=2 dropped |    | ESTABLISHED | ESTABLISHED  |
         hidden > FIN ACK
         5.000 > FIN ACK seq=101 ack=101 data=2 | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK data=6 dropped     | 12    | FIN-WAIT-2 | CLOSE-WAIT |
         hidden < FIN ACK
         5.030 < FIN ACK seq=101 data=6 | 13    | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK data=2 dropped     | 14    | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='missing_fin_ack fin_moved data_after_fin simultaneous_close early_data', needs_options=True,
         needs_ip_id=True),
    Case('data repeated after the FIN', 'It lies before the FIN.', OPEN + '''
         5.000 > ACK data=100       |    | ESTABLISHED | ESTABLISHED |
         5.001 > FIN ACK            | 11 | FIN-WAIT-1  | *           |
         5.010 < ACK ack=1          |    | FIN-WAIT-1  | *           |
         5.300 > ACK data=100 seq=1 |    | FIN-WAIT-1  | *           |
         5.320 < ACK                | 12 | FIN-WAIT-2  | CLOSE-WAIT  |
         5.330 < FIN ACK            | 13 | TIME-WAIT   | LAST-ACK    |
         5.350 > ACK                | 14 | TIME-WAIT   | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='data_after_fin closing_bad_ack fin_moved'),
    Case('keep-alive after the FIN', 'A byte of garbage at the FIN\'s number [3.8.4] is not data.', HALF_CLOSED + f'''
         8.000 > ACK seq=-1 data=1 {STILL}
         8.020 < ACK               {STILL}
         9.000 < FIN ACK        | 13 | TIME-WAIT  | LAST-ACK   |
         9.020 > ACK            | 14 | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='data_after_fin keepalive_unanswered'),
    Case('acknowledgment of the future', 'FIN-WAIT-1 drops it [3.10.7.4, ACK bit].', OPEN + '''
         5.000 > FIN ACK      | 11 | FIN-WAIT-1 | *          |
         5.010 < ACK ack=+500 |    | FIN-WAIT-1 | *          | closing_bad_ack
         5.020 < ACK          | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK      | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK          | 14 | TIME-WAIT  | CLOSED     |'''),
    Case('acknowledgment of the future in LAST-ACK', 'The last ACK goes too far.', HALF_CLOSED + '''
         5.030 < FIN ACK      | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK ack=+500 |    | TIME-WAIT  | LAST-ACK   | closing_bad_ack
         5.060 > ACK          | 14 | TIME-WAIT  | CLOSED     |'''),
    Case('acknowledgment of the past', 'It was on its way when the FIN was sent.', OPEN + '''
         5.000 > FIN ACK   | 11 | FIN-WAIT-1 | *          |
         5.010 < ACK ack=1 |    | FIN-WAIT-1 | *          |
         5.020 < ACK       | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK   | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK       | 14 | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='closing_bad_ack'),
    Case('the second FIN at once', 'A millisecond later, but it acknowledges the first.', OPEN + '''
         5.000 > FIN ACK | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.001 < FIN ACK | 12 13 | TIME-WAIT  | LAST-ACK   |
         5.020 > ACK     | 14    | TIME-WAIT  | CLOSED     |''',
         conversation={'tcpshake.teardown': 'three segments'},
         neighbour_of='simultaneous_close missing_fin_ack fin_retransmission'),
    Case('ten FINs of five connections', 'Two each: a storm is of one conversation.', ''.join(f'''
         {n}.000 {n}> SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         {n}.020 {n}< SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         {n}.040 {n}> ACK     | 3  | ESTABLISHED | ESTABLISHED  |
         {n}.500 {n}> FIN ACK | 11 | FIN-WAIT-1  | CLOSE-WAIT   |
         {n}.520 {n}< ACK     | 12 | FIN-WAIT-2  | CLOSE-WAIT   |
         {n}.530 {n}< FIN ACK | 13 | TIME-WAIT   | LAST-ACK     |
         {n}.550 {n}> ACK     | 14 | TIME-WAIT   | CLOSED       |''' for n in range(1, 6)),
         neighbour_of='fin_storm fin_retransmission'),
]

LINGERING = [
    Case('the second FIN late', '10.01 s after the ACK of the first.', HALF_CLOSED + '''
         15.03 < FIN ACK | 13 | TIME-WAIT | LAST-ACK | close_wait_lingering
         15.05 > ACK     | 14 | TIME-WAIT | CLOSED   |''', conversation={'tcpshake.half_close_time': '10.010000000'}),
    Case('the second FIN almost late', '9.9 s after it.', HALF_CLOSED + '''
         14.92 < FIN ACK | 13 | TIME-WAIT | LAST-ACK |
         14.94 > ACK     | 14 | TIME-WAIT | CLOSED   |''', conversation={'tcpshake.half_close_time': '9.900000000'},
         neighbour_of='close_wait_lingering'),
    Case('the second FIN never', 'The server keeps CLOSE-WAIT for ever.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT | close_wait_lingering(h)''' + A_MINUTE_LATER,
         conversation={'tcpshake.teardown': 'half-closed'}),
    Case('the client stays in CLOSE-WAIT', 'Twelve seconds after the ACK of the server\'s FIN: a pool, perhaps.',
         OPEN + '''
         5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         17.02 > FIN ACK | 13 | LAST-ACK   | TIME-WAIT  | close_wait_idle
         17.04 < ACK     | 14 | CLOSED     | TIME-WAIT  |''', neighbour_of='close_wait_lingering'),
    Case('the client leaves CLOSE-WAIT in time', 'Nine seconds after it.', OPEN + '''
         5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         14.02 > FIN ACK | 13 | LAST-ACK   | TIME-WAIT  |
         14.04 < ACK     | 14 | CLOSED     | TIME-WAIT  |''', neighbour_of='close_wait_idle'),
    Case('a last word before the second FIN', 'Twelve seconds in CLOSE-WAIT, whatever is said after them.',
         HALF_CLOSED + '''
         17.02 < ACK data=20 | | FIN-WAIT-2 | CLOSE-WAIT | close_wait_lingering
         17.03 < FIN ACK | 13 | TIME-WAIT | LAST-ACK |
         17.05 > ACK     | 14 | TIME-WAIT | CLOSED   |'''),
    Case('half-closed when the capture ends', 'Eight seconds are within the limit.', HALF_CLOSED + '''
         13.00 2> SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         13.02 2< SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         13.04 2> ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', neighbour_of='close_wait_lingering missing_fin_ack'),
    Case('a RST in place of the second FIN, late', 'It ends CLOSE-WAIT after 11 s.', HALF_CLOSED + '''
         16.02 < RST ACK | 21 | CLOSED | CLOSED | close_wait_lingering reset_while_closing'''),
    Case('half-close with data for a minute', 'The server still has to send: it does not linger.', HALF_CLOSED
         + ''.join(f'''
         {time}.00 < ACK data=1000 {STILL}
         {time}.02 > ACK           {STILL}''' for time in range(6, 66, 5)) + '''
         66.00 < FIN ACK | 13 | TIME-WAIT | LAST-ACK |
         66.02 > ACK     | 14 | TIME-WAIT | CLOSED   |''', conversation=FOUR_SEGMENTS,
         neighbour_of='close_wait_lingering socket_timeout data_after_close'),
    Case('half-close, one direction only', 'When the client closes is not in the capture.', '''
         hidden > SYN
         0.020 < SYN ACK     | 2  | *          | SYN-RECEIVED | one_sided(h) synack_unsolicited? handshake_not_captured?
         hidden > ACK
         hidden > ACK data=10
         1.000 < ACK data=10 | *  | *          | * | one_sided(1)
         hidden > FIN ACK
         5.020 < ACK         | *  | *          | * |
         25.00 < FIN ACK     | *  | *          | * |
         hidden > ACK''', neighbour_of='close_wait_lingering missing_handshake_ack synack_retransmission'),
]



def tls(kind, length):
    """The data of a segment: a record [RFC 8446 5.1]."""
    return ''.join(['text=', *(f'\\x{byte:02x}' for byte in (kind, 3, 3, length >> 8, length & 255)), 'a' * length])


AFTER_THE_CLOSE = [
    Case('FIN never repeated by an end that lives on', 'It received the ACK, which is not in the capture.', OPEN + '''
         5.000 > FIN ACK             | 11 | FIN-WAIT-1 | * |
         5.005 < ACK data=100 ack=-1 |    | *          | * |
         8.000 < ACK data=100 ack=-1 |    | *          | * |
         8.020 > ACK                 |    | *          | * |''' + A_MINUTE_LATER,
         neighbour_of='missing_fin_ack fin_retransmission'),
    Case('a farewell after the close', 'TLS, HTTP/2 and SMTP have a last word: nobody misses 128 bytes.',
         HALF_CLOSED + '''
         5.030 < ACK data=128 |    | FIN-WAIT-2 | CLOSE-WAIT |
         5.050 > RST          | 21 | CLOSED     | CLOSED     | reset_while_closing''', neighbour_of='data_after_close'),
    Case('a request after the close', 'As long as the shortest request: it is missed.', HALF_CLOSED_BY_SERVER + '''
         5.030 > ACK data=64 | | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         5.050 < RST         | 21 | CLOSED  | CLOSED     | data_after_close(1)''',
         conversation={'tcpshake.reset_cause': 'data after close'}, neighbour_of='reset_while_closing'),
    Case('a farewell of the client after the close', 'A TLS alert.', HALF_CLOSED_BY_SERVER + '''
         5.030 > ACK data=63 | | CLOSE-WAIT | FIN-WAIT-2 |
         5.050 < RST         | 21 | CLOSED  | CLOSED     | reset_while_closing''', neighbour_of='data_after_close'),
    Case('a long farewell of the client after the close', 'A TLS alert, encrypted with SHA-384: 85 bytes.',
         HALF_CLOSED_BY_SERVER + f'''
         5.030 > ACK PSH {tls(21, 80)} |    | CLOSE-WAIT | FIN-WAIT-2 |
         5.050 < RST                   | 21 | CLOSED  | CLOSED     | reset_while_closing''',
         neighbour_of='data_after_close', needs_options=True),
    Case('a farewell of the client after the close that is accepted, and a request', '''The alert has done no harm; the
         request comes to nobody.''', HALF_CLOSED_BY_SERVER + f'''
         5.030 > ACK PSH {tls(21, 1)}  |    | CLOSE-WAIT | FIN-WAIT-2 |
         5.050 < ACK                   |    | CLOSE-WAIT | FIN-WAIT-2 |
         6.000 > ACK PSH data=900      |    | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         6.020 < RST                   | 21 | CLOSED     | CLOSED     | data_after_close(1)''', needs_options=True),
    Case('a request after a FIN that is not in the capture', 'When the server closed is not known.',
         OPEN + f'''
         1.000 > ACK PSH data=100             |  | ESTABLISHED     | ESTABLISHED |
         1.020 < ACK PSH data=100             |  | ESTABLISHED     | ESTABLISHED |
         1.040 > ACK                          |  | ESTABLISHED     | ESTABLISHED => FIN-WAIT-1 |
         5.020 > ACK ack=102                  |  | * => CLOSE-WAIT | * => FIN-WAIT-2 | segment_not_captured(h)
         5.030 > ACK PSH ack=102 {tls(21, 1)} |  | * => CLOSE-WAIT | * => FIN-WAIT-2 | segment_not_captured(1)?
         5.050 < ACK seq=102                  |  | CLOSE-WAIT | FIN-WAIT-2 | segment_not_captured(1)?
         6.000 > ACK PSH ack=102 data=900     |  | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         6.020 < RST seq=102                  | 21 | CLOSED     | CLOSED     | data_after_close(1)''',
         needs_options=True),
    Case('a request in TLS after the close', 'As long, and of the application.', HALF_CLOSED_BY_SERVER + f'''
         5.030 > ACK PSH {tls(23, 80)} |    | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         5.050 < RST                   | 21 | CLOSED  | CLOSED     | data_after_close(1)''', needs_options=True),
    Case('the rest of a TLS handshake after the close', '''The client closes a connection that it does not need after
         all. What is left of the certificates follows on their beginning.''', HALF_CLOSED + f'''
         5.030 < ACK {tls(22, 1000)}   |    | FIN-WAIT-2 | CLOSE-WAIT |
         5.031 < ACK PSH data=800      |    | FIN-WAIT-2 | CLOSE-WAIT |
         5.050 > RST                   | 21 | CLOSED     | CLOSED     | reset_while_closing
         5.051 > RST                   | *  | CLOSED     | CLOSED     |''',
         neighbour_of='data_after_close', needs_options=True),
    Case('a TLS session ticket after the close, and data', 'The ticket is missed by nobody, but what follows is.',
         HALF_CLOSED + f'''
         5.030 < ACK PSH {tls(22, 200)} |    | FIN-WAIT-2 | CLOSE-WAIT |
         5.050 > RST                    | 21 | CLOSED     | CLOSED => CLOSE-WAIT | reset_while_closing
         5.060 < ACK PSH {tls(23, 200)} |    | CLOSED     | CLOSE-WAIT | data_after_close(h)
         5.080 > RST                    | *  | CLOSED     | CLOSED     | data_after_close(1)''', needs_options=True),
    Case('the end of a TLS handshake after the close, and a request', 'The request is missed.',
         HALF_CLOSED_BY_SERVER + f'''
         5.030 > ACK PSH {tls(20, 1)}   |    | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         5.031 > ACK PSH {tls(23, 200)} |    | CLOSE-WAIT | FIN-WAIT-2 |
         5.050 < RST                    | 21 | CLOSED     | CLOSED     | data_after_close(1)''', needs_options=True),
    Case('farewells and FINs that cross', '''Each end answers the other's with a RST. The client's RST is no answer to
         what the client has sent.''', OPEN + DATA + '''
         5.000 < ACK PSH data=31        |    | ESTABLISHED | ESTABLISHED |
         5.001 < FIN ACK                | 11 | *           | FIN-WAIT-1  |
         5.002 > ACK PSH data=31 ack=101 |   | *           | FIN-WAIT-1  |
         5.003 > FIN ACK ack=101        | 13 | FIN-WAIT-1  | *           | simultaneous_close
         5.004 > RST seq=101            | *  | CLOSED      | *           | reset_while_closing?
         5.005 > RST seq=101            | *  | CLOSED      | *           |
         5.022 < RST seq=101            | *  | CLOSED      | CLOSED      | reset_while_closing?
         5.023 < RST seq=101            | *  | CLOSED      | CLOSED      |''', neighbour_of='data_after_close'),
    Case('more data after the first RST', 'They were under way when it passed: what is lost is said once.',
         HALF_CLOSED + '''
         5.030 < ACK data=200 |    | FIN-WAIT-2 | CLOSE-WAIT | data_after_close(h)
         5.050 > RST          | 21 | CLOSED     | * | data_after_close(1)
         5.051 < ACK data=200 |    | *          | * |
         5.071 > RST          | *  | CLOSED     | * |
         5.072 < ACK data=200 |    | *          | * |
         5.092 > RST          | *  | CLOSED     | CLOSED     |'''),
    Case('data after the close, on a half-close', 'The client reads on: no RST.', HALF_CLOSED + f'''
         5.030 < ACK data=100 {STILL}
         5.050 > ACK          {STILL}
         5.060 < FIN ACK | 13 | TIME-WAIT | LAST-ACK |
         5.080 > ACK     | 14 | TIME-WAIT | CLOSED   |''', conversation=FOUR_SEGMENTS,
         neighbour_of='data_after_close reset_while_closing'),
    Case('FIN and the last ACK pass each other', '''The ACK was late, and 45 ms old when the FIN that came again is
         captured: it was not lost.''', OPEN + '''
         5.000 > FIN ACK        | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.050 < FIN ACK        | 12 13 | TIME-WAIT  | LAST-ACK   |
         6.000 > ACK            | 14    | TIME-WAIT  | LAST-ACK or CLOSED |
         6.045 < FIN ACK seq=-1 | *     | TIME-WAIT  | LAST-ACK or CLOSED | fin_retransmission
         6.046 > ACK            | *     | TIME-WAIT  | CLOSED     |''', neighbour_of='time_wait_lingering'),
    Case('FIN into TIME-WAIT, captured twice', 'The peer sent it once.', HALF_CLOSED + '''
         5.030 < FIN ACK | 13 | TIME-WAIT | LAST-ACK |
         again           | *  | TIME-WAIT | LAST-ACK | captured_twice
         5.050 > ACK     | 14 | TIME-WAIT | CLOSED   |''', conversation=FOUR_SEGMENTS,
         neighbour_of='time_wait_lingering fin_retransmission'),
    Case('used again in TIME-WAIT by its holder',
         'The client closed first, and opens again 59 s after entering TIME-WAIT.', OPEN + CLOSE + '''
         new 200000 900000
         64.00 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED | time_wait_reuse?
         64.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED | time_wait_reuse?
         64.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | time_wait_reuse?''', somewhere='time_wait_reuse'),
    Case('used again after TIME-WAIT by its holder', '61 s after.', OPEN + CLOSE + '''
         new 200000 900000
         66.20 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         66.22 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         66.24 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', neighbour_of='time_wait_reuse'),
    Case('refused in TIME-WAIT', 'The port is closed now: it does not succeed.', OPEN + CLOSE + '''
         new 200000 900000
         10.00 > SYN           | 1  | SYN-SENT | *      | time_wait_reuse(1)?
         10.02 < RST ACK seq=0 | 21 | CLOSED   | CLOSED | connection_refused'''),
    Case('TIME-WAIT assassinated', '''An old segment comes again, TIME-WAIT answers it with an ACK, and the other end,
         which has closed, answers that with a RST [RFC 1337].''', OPEN + DATA + CLOSE + '''
         5.500 < ACK data=100 seq=1 | | TIME-WAIT | CLOSED |
         5.520 > ACK                | | TIME-WAIT | CLOSED |
         5.540 < RST                | 21? | CLOSED | CLOSED | time_wait_assassination''',
         conversation={'tcpshake.reset_cause': 'in TIME-WAIT', 'tcpshake.closed_by': 'client'}),
    Case('TIME-WAIT not assassinated', '''A RST left of the window is dropped [3.10.7.4]. CLOSED sends it in answer
         to an old segment, with the number that this acknowledges [3.10.7.1]: a sign of nothing.''',
         OPEN + DATA + CLOSE + '''
         5.540 < RST seq=1          | 21? | TIME-WAIT | CLOSED |''',
         neighbour_of='time_wait_assassination reset_unacceptable reset_ignored'),
    Case('nine RSTs after the close', 'One for each old segment that came late: they end nothing.', OPEN + DATA + CLOSE
         + ''.join(f'''
         5.{number}00 < RST seq=1   | 21? | TIME-WAIT | CLOSED |''' for number in range(1, 10)),
         neighbour_of='reset_storm reset_unacceptable'),
    Case('an old segment in TIME-WAIT', 'It comes again and is acknowledged again: nothing more.',
         OPEN + DATA + CLOSE + '''
         5.500 < ACK data=100 seq=1 | | TIME-WAIT | CLOSED |
         5.520 > ACK                | | TIME-WAIT | CLOSED |''', conversation=FOUR_SEGMENTS,
         neighbour_of='time_wait_assassination time_wait_lingering old_duplicate data_after_fin'),
    Case('a segment of the previous connection', 'Its numbers were right a minute ago; an ACK says what is expected.',
         OPEN + DATA + CLOSE_BY_SERVER + '''
         new 200000 900000
         66.00 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         66.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         66.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |
         66.10 < ACK data=100 seq=@500001 ack=@1101 | | ESTABLISHED | ESTABLISHED | old_duplicate
         66.12 > ACK     |   | ESTABLISHED | ESTABLISHED  |'''),
    Case('a segment of this connection again', 'Left of the window as well, but its own.',
         OPEN + DATA + CLOSE_BY_SERVER + '''
         new 200000 900000
         66.00 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         66.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         66.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |
         66.10 < ACK data=100       | | ESTABLISHED | ESTABLISHED |
         66.12 > ACK                | | ESTABLISHED | ESTABLISHED |
         66.40 < ACK data=100 seq=1 | | ESTABLISHED | ESTABLISHED |
         66.42 > ACK                | | ESTABLISHED | ESTABLISHED |''', neighbour_of='old_duplicate'),
]

CASES = FINS + LINGERING + AFTER_THE_CLOSE
