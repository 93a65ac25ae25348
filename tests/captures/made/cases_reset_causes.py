"""RSTs by which an end gives up, aborts or answers: which of them has ended the conversation, and why; and their
nearest neighbours. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, DATA, OPEN, Case

CLOSED_BY_SERVER = OPEN + DATA + '''
5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
'''

GIVING_UP = [
    Case('a RST of an end that gives up its FIN', '''Nothing has acknowledged the FIN, so nothing shows that the server
         is in TIME-WAIT; and the RST does not stand for the last ACK [3.6, 3.8.3].''', CLOSED_BY_SERVER + '''
         6.000 > FIN ACK        | 13  | LAST-ACK | * |
         6.300 > FIN ACK seq=-1 | 13? | LAST-ACK | * | fin_retransmission missing_fin_ack
         6.900 > FIN ACK seq=-1 | 13? | LAST-ACK | * | fin_retransmission
         8.100 > FIN ACK seq=-1 | 13? | LAST-ACK | * | fin_retransmission
         10.50 > RST ACK        | 21  | CLOSED   | CLOSED | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'unknown', 'tcpshake.reset_by': 'client', 'tcpshake.closed_by': 'server',
                       'tcpshake.teardown': 'reset while closing'}, neighbour_of='time_wait_assassination'),
    Case('a RST of an end that gives up its data and its FIN', 'The same with a request in front of it.',
         CLOSED_BY_SERVER + '''
         5.100 > ACK PSH data=400               |     | CLOSE-WAIT | FIN-WAIT-2 |
         5.101 > FIN ACK                        | 13  | LAST-ACK   | *          |
         5.400 > FIN ACK PSH data=400 seq=101   | 13? | LAST-ACK   | * | fin_retransmission missing_fin_ack?
         6.000 > FIN ACK PSH data=400 seq=101   | 13? | LAST-ACK   | * | fin_retransmission missing_fin_ack?
         7.200 > FIN ACK PSH data=400 seq=101   | 13? | LAST-ACK   | * | fin_retransmission connection_lost
         9.600 > RST ACK                        | 21  | CLOSED     | CLOSED | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'unknown', 'tcpshake.reset_by': 'client'}, somewhere='missing_fin_ack'),
    Case('a RST in place of the last ACK, the first FIN sent again', 'It was acknowledged then: nothing is lost.',
         OPEN + DATA + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | *          |
         5.300 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | CLOSE-WAIT | fin_retransmission missing_fin_ack(1)
         5.320 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.330 < FIN ACK        | 13  | *          | LAST-ACK   |
         5.350 > RST ACK        | 21  | CLOSED     | CLOSED     |''',
         conversation={'tcpshake.reset_by': 'client'}, neighbour_of='reset_while_closing'),
    Case('a RST right behind the FIN of its sender', '''The FIN has not arrived yet, so the server cannot have left
         FIN-WAIT-2: the application has closed, and aborts [3.10.5].''', CLOSED_BY_SERVER + '''
         6.0000 > FIN ACK | 13 | LAST-ACK | *      |
         6.0001 > RST ACK | 21 | CLOSED   | CLOSED |''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_by': 'client'},
         neighbour_of='reset_while_closing time_wait_assassination'),
    Case('a RST behind the last ACK', 'The ACK of the second FIN shows that its sender is in TIME-WAIT [3.6].',
         CLOSED_BY_SERVER + '''
         5.030 > FIN ACK | 13 | LAST-ACK | TIME-WAIT |
         5.050 < ACK     | 14 | CLOSED   | TIME-WAIT |
         5.500 > RST ACK | 21 | CLOSED   | CLOSED    | time_wait_assassination''',
         conversation={'tcpshake.reset_cause': 'in TIME-WAIT', 'tcpshake.reset_by': 'client'},
         neighbour_of='reset_while_closing'),
    Case('a RST right behind data and a FIN', 'Nobody has acknowledged the data: they can be lost [3.10.5].',
         CLOSED_BY_SERVER + '''
         5.100 > ACK PSH data=300 |    | CLOSE-WAIT | FIN-WAIT-2 |
         5.101 > FIN ACK          | 13 | LAST-ACK   | *          |
         5.102 > RST ACK          | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         conversation={'tcpshake.reset_by': 'client'}),
    Case('a RST right behind a last word and a FIN', 'So short (TLS: close_notify), nobody misses it.',
         CLOSED_BY_SERVER + '''
         5.100 > ACK PSH data=31 |    | CLOSE-WAIT | FIN-WAIT-2 |
         5.101 > FIN ACK         | 13 | LAST-ACK   | *          |
         5.102 > RST ACK         | 21 | CLOSED     | CLOSED     |''',
         conversation={'tcpshake.reset_by': 'client'}, neighbour_of='reset_while_closing'),
    Case('a RST behind data that were sent again in vain', '''They are missing at the client, so the RST does not have
         the number that it expects [RFC 5961 section 3.2]; and no application has aborted: the server gives up
         [3.8.3].''', OPEN + DATA + '''
         2.000 < ACK PSH data=300         |    | ESTABLISHED | ESTABLISHED |
         2.300 < ACK PSH data=300 seq=101 |    | ESTABLISHED | ESTABLISHED |
         2.900 < ACK PSH data=300 seq=101 |    | ESTABLISHED | ESTABLISHED |
         4.100 < ACK PSH data=300 seq=101 |    | ESTABLISHED | ESTABLISHED | connection_lost
         6.500 < RST ACK                  | 21 | ESTABLISHED | CLOSED      |''',
         conversation={'tcpshake.reset_cause': 'unknown', 'tcpshake.reset_by': 'server', 'tcpshake.teardown': 'reset'},
         neighbour_of='abortive_close connection_reset reset_ignored'),
    Case('a RST behind data that were sent again once', 'That is not for ever: an application can have aborted.',
         OPEN + DATA + '''
         2.000 < ACK PSH data=300         |    | ESTABLISHED | ESTABLISHED |
         2.300 < ACK PSH data=300 seq=101 |    | ESTABLISHED | ESTABLISHED |
         2.350 < RST ACK                  | 21 | CLOSED      | CLOSED      | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_by': 'server'},
         neighbour_of='connection_lost reset_unacceptable'),
    Case('both ends reset on a dead path', '''A RST has no answer [3.10.7.1], and an end that is closed has no window:
         the server had not received the RST of the client.''', OPEN + DATA + '''
         2.000 > ACK PSH data=3 |    | ESTABLISHED | ESTABLISHED |
         2.100 < ACK PSH data=3 ack=101 | | ESTABLISHED | ESTABLISHED |
         2.500 > ACK PSH data=3 seq=101 ack=101 | | ESTABLISHED | ESTABLISHED |
         2.600 < ACK PSH data=3 seq=101 ack=101 | | ESTABLISHED | ESTABLISHED |
         9.000 > RST win=500    | 21 | CLOSED | CLOSED => ESTABLISHED | connection_reset
         25.00 < RST win=500    | 21 | CLOSED | CLOSED      |''',
         conversation={'tcpshake.reset_by': 'client', 'tcpshake.rst_frame': '11'}, neighbour_of='reset_ignored'),
    Case('both ends reset, the second with the answer of a closed end', 'It has no window: nobody was open there.',
         OPEN + DATA + '''
         2.000 > ACK PSH data=3 |    | ESTABLISHED | ESTABLISHED |
         9.000 > RST win=500    | 21 | CLOSED      | CLOSED      | abortive_close
         25.00 < RST win=0      | 21 | CLOSED      | CLOSED      |''',
         conversation={'tcpshake.reset_by': 'client'}, neighbour_of='reset_ignored'),
]

FIRST_OF_SEVERAL = [
    Case('RSTs of an end that has closed, the first to data under way', '''The client has closed, and answers each
         segment that was under way [3.10.7.1]. To the server, which acknowledges more by then, the number of the first
         is an old one; but with it the client was gone.''', OPEN + DATA + '''
         5.000 > ACK PSH data=24         |    | ESTABLISHED | ESTABLISHED |
         5.001 > FIN ACK                 | 11 | FIN-WAIT-1  | * => ESTABLISHED |
         5.010 < ACK PSH data=31 ack=101 |    | FIN-WAIT-1  | ESTABLISHED |
         5.011 > RST seq=101             | 21 | CLOSED      | * => ESTABLISHED | reset_while_closing
         5.020 < FIN ACK ack=125         | *  | CLOSED      | FIN-WAIT-1 | simultaneous_close?
         5.021 > RST seq=125             | 21? | CLOSED     | *       | reset_while_closing(1)
         5.022 < ACK ack=126             | *  | CLOSED      | CLOSING |
         5.042 > RST seq=126             | *  | CLOSED      | CLOSED  |''',
         conversation={'tcpshake.reset_cause': 'data after close', 'tcpshake.rst_frame': '10',
                       'tcpshake.reset_by': 'client', 'tcpshake.teardown': 'reset while closing'},
         neighbour_of='reset_unacceptable reset_ignored'),
    Case('a RST of an end that has closed, to data with a FIN', '''Both FINs crossed, and data of both ends: the client
         has forgotten nothing, but closed before they came.''', OPEN + DATA + '''
         5.000 > ACK PSH data=24                 |    | ESTABLISHED | ESTABLISHED |
         5.001 > FIN ACK                         | 11 | FIN-WAIT-1  | * => ESTABLISHED |
         5.010 < FIN ACK PSH data=64 ack=101     | *  | *           | FIN-WAIT-1 | simultaneous_close?
         5.011 > RST seq=101                     | 21 | CLOSED      | CLOSED | *''',
         conversation={'tcpshake.reset_cause': 'data after close', 'tcpshake.reset_by': 'client'}),
    Case('a RST of an end that has closed, to a FIN alone', 'FIN-WAIT-2 was given up: no data are lost.',
         OPEN + DATA + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         9.030 < FIN ACK | 13 | TIME-WAIT => FIN-WAIT-2 | LAST-ACK |
         9.050 > RST     | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'no such connection', 'tcpshake.rst_frame': '10'}),
]

# What comes behind the RST of a server that has closed: data in its name.
BEHIND_RESET = OPEN + DATA + '''
1.100 < ACK PSH data=100 id=51 | | ESTABLISHED | ESTABLISHED |
1.101 < ACK PSH data=100 id=52 | | ESTABLISHED | ESTABLISHED |
1.120 > ACK                    | | ESTABLISHED | ESTABLISHED |
'''
INJECTED = [
    Case('data of another sender behind a RST', '''They acknowledge less than the RST did, with another TTL and IP
         identification: the server does not go on, and the RST has acknowledged the FIN.''', BEHIND_RESET + '''
         5.000 > FIN ACK         | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.021 < RST ACK id=53   | 21 | CLOSED     | CLOSED     | reset_while_closing
         6.500 < ACK PSH data=112 seq=+1035 ack=101 ttl=59 id=9001 | | CLOSED | CLOSED |
         7.500 < ACK PSH data=112 seq=+0 ack=101 ttl=59 id=9001    | | CLOSED | CLOSED |''' + A_MINUTE_LATER,
         conversation={'tcpshake.reset_by': 'server', 'tcpshake.teardown': 'reset while closing'}, needs_ip_id=True,
         neighbour_of='reset_ignored missing_fin_ack'),
    Case('data of the server behind a RST', '''With its own TTL: the RST was another's, and the server goes on. The
         client is closed, all the same.''',
         BEHIND_RESET + '''
         5.000 > FIN ACK         | 11 | FIN-WAIT-1 | * | missing_fin_ack(h)?
         5.021 < RST ACK         | 21 | CLOSED | CLOSED => * | reset_ignored(h) reset_while_closing(1)
         6.500 < ACK PSH data=112 ack=101 id=54 | | CLOSED | ESTABLISHED | reset_ignored(1)
         7.500 < ACK PSH data=112 ack=101 id=55 | | CLOSED | ESTABLISHED |''' + A_MINUTE_LATER),
]

STORMS = [
    Case('ten RSTs after a long conversation', 'They take a second, not the minute since the SYN.', OPEN + DATA + '''
         60.00 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED | *
         60.02 < RST              | 21 | CLOSED      | CLOSED      | *''' + ''.join(f'''
         {60.02 + number / 10:.2f} < RST | 21? | CLOSED | CLOSED | {'reset_storm' * (number == 9)}'''
                                                                             for number in range(1, 11)),
         conversation={'tcpshake.reset_by': 'server'}),
    Case('one RST for each bare ACK under way', '''Both have closed. The ACKs were sent before the first RST came, and
         this stack answers with a RST that has an ACK itself.''', OPEN + DATA + '''
         5.000 > FIN ACK | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < FIN ACK | 12 13 | TIME-WAIT  | LAST-ACK   |
         5.040 > ACK     | 14    | TIME-WAIT  | CLOSED     |''' + ''.join(f'''
         5.{number:03}0 < ACK | *    | *      | CLOSED     |
         5.{number:03}1 > RST ACK | * | CLOSED | CLOSED     |''' for number in range(41, 53)),
         neighbour_of='reset_storm'),
]

FORMS = [
    Case('a FIN without ACK to a closed port', '''The answer is <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
         [3.10.7.1].''', '''
         0.000 > FIN                     | *  | *      | * => CLOSED | *
         0.001 < RST ACK seq=@0          | 21 | CLOSED | CLOSED      | *''',
         conversation={'tcpshake.reset_cause': 'no such connection', 'tcpshake.reset_by': 'server'}),
    Case('a segment without any flag to a closed port', 'The same.', '''
         0.000 > none                    | *  | *      | * => CLOSED | *
         0.001 < RST ACK seq=@0          | 21 | CLOSED | CLOSED      | *''',
         conversation={'tcpshake.reset_cause': 'no such connection', 'tcpshake.reset_by': 'server'}),
]

SILENCES = [
    Case('a RST of a client after a minute, its last word acknowledged', '''So short, that is no request: nobody waits,
         and the silence is the longest.''', OPEN + DATA + '''
         2.000 > ACK PSH data=38 |    | ESTABLISHED | ESTABLISHED |
         2.020 < ACK             |    | ESTABLISHED | ESTABLISHED |
         61.70 > RST ACK         | 21 | CLOSED      | CLOSED      | abortive_close''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '59.680000000'}),
    Case('a RST of a client after a minute, its request acknowledged', 'It has waited for the answer, and gives up.',
         OPEN + DATA + '''
         2.000 > ACK PSH data=138 |    | ESTABLISHED | ESTABLISHED | read_timeout(h)
         2.020 < ACK              |    | ESTABLISHED | ESTABLISHED |
         61.70 > RST ACK          | 21 | CLOSED      | CLOSED      | connection_reset read_timeout(1)''',
         conversation={'tcpshake.reset_cause': 'aborted by application'}),
    Case('a RST to data some seconds after an ACK that ended a silence', '''What the client acknowledged is not in the
         capture, and ended that silence. The RST answers what came later.''', OPEN + DATA + '''
         62.00 > ACK ack=102     |    | ESTABLISHED | ESTABLISHED | *
         67.00 > ACK PSH data=43 ack=102 | | ESTABLISHED | ESTABLISHED | *
         67.02 < RST seq=102     | 21 | CLOSED | CLOSED | *''',
         conversation={'tcpshake.reset_cause': 'no such connection or data after close',
                       'tcpshake.reset_idle': '5.000000000'}),
    Case('a RST to data after a silence', 'Here that was the longest.', OPEN + DATA + '''
         62.00 > ACK PSH data=43 |    | ESTABLISHED | ESTABLISHED | *
         62.02 < RST             | 21 | CLOSED | CLOSED | *''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '60.960000000'}),
]

LOST_BYTES = [
    Case('data under way when the peer resets, on a path whose delay varies', '''The client's answers took 25 ms in the
         handshake; its data cross the RST 30 ms behind it.''', '''
         0.000 > SYN                 | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK             | 2  | ESTABLISHED | SYN-RECEIVED |
         0.045 > ACK                 | 3  | ESTABLISHED | ESTABLISHED  |''' + DATA + '''
         5.000 < RST ACK             | 21 | CLOSED => ESTABLISHED | CLOSED | abortive_close(1) connection_reset(h)
         5.030 > ACK PSH data=200    | *  | *           | CLOSED       | connection_reset(1)
         5.050 < RST                 | *  | CLOSED      | CLOSED       |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'}, neighbour_of='reset_ignored'),
    Case('data long behind a RST', 'Nothing is under way for so long: the RST did not come.', '''
         0.000 > SYN                 | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK             | 2  | ESTABLISHED | SYN-RECEIVED |
         0.045 > ACK                 | 3  | ESTABLISHED | ESTABLISHED  |''' + DATA + '''
         5.000 < RST ACK             | 21 | CLOSED => ESTABLISHED or CLOSED | CLOSED | abortive_close
         5.500 > ACK PSH data=200    | *  | *           | CLOSED       |
         5.520 < RST                 | *  | CLOSED      | CLOSED       |''', neighbour_of='connection_reset'),
]

CASES = GIVING_UP + FIRST_OF_SEVERAL + INJECTED + STORMS + FORMS + SILENCES + LOST_BYTES
