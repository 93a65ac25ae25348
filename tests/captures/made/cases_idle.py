"""Connections that are used again after a long silence, and what ends them. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import CLOSE, DATA, FOUR_SEGMENTS, OPEN, Case

BOTH_OPEN = '| | ESTABLISHED | ESTABLISHED |'
EXPIRED = {'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '350.000000000'}

FORGOTTEN = [
    Case('used again after 350 s, reset', 'Nothing is left of the connection: the request is answered with its number.',
         OPEN + DATA + f'''
         351.04 > ACK PSH data=100 {BOTH_OPEN} socket_timeout
         351.06 < RST | 21 | CLOSED | CLOSED | connection_reset''', conversation=EXPIRED),
    Case('used again after 350 s with a long request, reset', 'The answer is to the first of it.', OPEN + DATA + f'''
         351.040 > ACK data=1000     {BOTH_OPEN} socket_timeout
         351.041 > ACK data=1000     {BOTH_OPEN}
         351.042 > ACK PSH data=1000 {BOTH_OPEN}
         351.060 < RST | 21 | CLOSED | CLOSED | connection_reset''', conversation=EXPIRED),
    Case('used again after 350 s, reset after retransmissions', 'A connection that waits for an answer is not idle.',
         OPEN + DATA + f'''
         351.04 > ACK data=100         {BOTH_OPEN} socket_timeout
         352.04 > ACK data=100 seq=101 {BOTH_OPEN}
         354.04 > ACK data=100 seq=101 {BOTH_OPEN}
         374.04 > ACK data=100 seq=101 {BOTH_OPEN} connection_lost(1)
         374.06 < RST | 21 | CLOSED | CLOSED | connection_reset''', conversation=EXPIRED),
    Case('used again after 350 s, no answer', 'A device on the way drops what it knows no connection for.',
         OPEN + DATA + f'''
         351.04 > ACK data=100         {BOTH_OPEN} socket_timeout
         351.34 > ACK data=100 seq=101 {BOTH_OPEN}
         351.94 > ACK data=100 seq=101 {BOTH_OPEN}
         353.14 > ACK data=100 seq=101 {BOTH_OPEN} connection_lost'''),
    Case('used again after 350 s, reset by a device on the way', 'Its TTL tells that it is no end.', OPEN + DATA + f'''
         351.04 > ACK PSH data=100 {BOTH_OPEN} socket_timeout
         351.05 < RST ttl=250      | 21 | CLOSED | CLOSED | connection_reset reset_ignored''',
         conversation={'tcpshake.reset_cause': 'foreign', 'tcpshake.reset_idle': '350.000000000'}),
    Case('closed in vain after a minute in CLOSE-WAIT', 'The server has given up FIN-WAIT-2 by then.', OPEN + DATA + '''
         5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         80.00 > FIN ACK | 13 | LAST-ACK   | TIME-WAIT => FIN-WAIT-2 | close_wait_idle socket_timeout
         80.02 < RST     | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '74.980000000'}),
    Case('used again after 350 s, given up', '''Nobody answers; the client ends it. What stands in front of the RST is
         missing at the server, which does not take it [RFC 5961 section 3.2].''', OPEN + DATA + f'''
         351.04 > ACK data=100         {BOTH_OPEN} socket_timeout read_timeout(h)
         352.04 > ACK data=100 seq=101 {BOTH_OPEN}
         354.04 > ACK data=100 seq=101 {BOTH_OPEN}
         358.04 > ACK data=100 seq=101 {BOTH_OPEN} connection_lost
         378.04 > RST ACK | 21 | CLOSED | ESTABLISHED | connection_reset? abortive_close? read_timeout(1)''',
         conversation=EXPIRED),
    Case('kept alive after 350 s, reset', 'The probe is what meets it [3.8.4].', OPEN + DATA + f'''
         351.04 > ACK seq=-1 {BOTH_OPEN} socket_timeout
         351.06 < RST | 21 | CLOSED | CLOSED | abortive_close''', conversation=EXPIRED),
    Case('retransmissions for a minute, reset', 'The longest pauses were those of a timer: nobody was idle.',
         OPEN + DATA + f'''
         1.10 > ACK data=100         {BOTH_OPEN}
         2.10 > ACK data=100 seq=101 {BOTH_OPEN}
         4.10 > ACK data=100 seq=101 {BOTH_OPEN}
         8.10 > ACK data=100 seq=101 {BOTH_OPEN} connection_lost(1)
         16.1 > ACK data=100 seq=101 {BOTH_OPEN}
         32.1 > ACK data=100 seq=101 {BOTH_OPEN}
         64.1 > ACK data=100 seq=101 {BOTH_OPEN}
         64.12 < RST | 21 | CLOSED | CLOSED | connection_reset''',
         conversation={'tcpshake.reset_cause': 'no such connection', 'tcpshake.reset_idle': '0.060000000'}),
    Case('FIN sent again for a minute, reset', 'The same of a FIN that nobody acknowledges.', OPEN + DATA + '''
         1.10 > FIN ACK        | 11  | FIN-WAIT-1 | * |
         2.10 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission missing_fin_ack
         4.10 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission
         20.1 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission
         55.1 > RST ACK        | 21  | CLOSED     | * | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'aborted by application or unknown',
                       'tcpshake.reset_idle': '0.060000000', 'tcpshake.close_idle': '0.060000000'}),
    Case('used again after 350 s, answered, then reset', 'The server knew the connection.', OPEN + DATA + f'''
         351.04 > ACK PSH data=100 {BOTH_OPEN} socket_timeout
         351.06 < ACK              {BOTH_OPEN}
         351.10 < RST ACK | 21 | CLOSED | CLOSED | connection_reset''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_idle': '0.040000000'}),
]

RACES = [
    Case('request crosses the FIN of an idle server', 'Neither knew of the other. The RST has the request\'s number.',
         OPEN + DATA + '''
         6.040 < FIN ACK                 | 11 | *      | FIN-WAIT-1 |
         6.045 > ACK PSH data=200 ack=-1 |    | *      | FIN-WAIT-1 | data_after_close(h)
         6.065 < RST seq=-1              | 21 | *      | *          | data_after_close(1) reset_while_closing?''',
         conversation={'tcpshake.close_idle': '5.000000000', 'tcpshake.reset_cause': 'data after close',
                       'tcpshake.reset_idle': '0.005000000'}),
    Case('request crosses the FIN of an idle server, at the client', '''It is captured before the FIN, which does not
         acknowledge it: so long the server had heard nothing.''', OPEN + DATA + '''
         76.04 > ACK PSH data=300 |    | ESTABLISHED | ESTABLISHED | socket_timeout data_after_close(h)
         76.05 < FIN ACK ack=101  | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         76.06 > ACK              | 12 | CLOSE-WAIT | FIN-WAIT-2 => FIN-WAIT-1 |
         76.07 < RST seq=101      | *  | CLOSE-WAIT | CLOSED | data_after_close(1)
         76.08 < RST seq=102      | 21 | CLOSED     | CLOSED |''',
         conversation={'tcpshake.close_idle': '75.010000000', 'tcpshake.reset_cause': 'data after close'},
         neighbour_of='reset_while_closing'),
    Case('request crosses the FIN of an idle server, and the client closes', '''With the ACK of that FIN: the RST
         answers the request, so the server was in FIN-WAIT-1 still [3.10.7.1].''', OPEN + DATA + '''
         76.04 > ACK PSH data=300 |       | ESTABLISHED | ESTABLISHED | socket_timeout data_after_close(h)
         76.05 < FIN ACK ack=101  | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         76.06 > FIN ACK          | 12 13 | LAST-ACK   | TIME-WAIT => FIN-WAIT-1 |
         76.07 < RST seq=101      | *     | LAST-ACK   | CLOSED | data_after_close(1)
         76.08 < RST seq=102      | 21    | CLOSED     | CLOSED |''',
         conversation={'tcpshake.reset_cause': 'data after close'}, neighbour_of='reset_while_closing'),
    Case('request crosses the FIN of a server that reads on', 'It has closed its own direction only, and takes it in.',
         OPEN + DATA + '''
         6.040 > ACK PSH data=300 |       | ESTABLISHED | ESTABLISHED |
         6.050 < FIN ACK ack=101  | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         6.060 > ACK              | 12    | CLOSE-WAIT | FIN-WAIT-2 |
         6.070 < ACK              |       | CLOSE-WAIT | FIN-WAIT-2 |
         6.080 > FIN ACK          | 13    | LAST-ACK   | TIME-WAIT  |
         6.100 < ACK              | 14    | CLOSED     | TIME-WAIT  |''',
         conversation={'tcpshake.closed_by': 'server'}, neighbour_of='data_after_close'),
    Case('farewell crosses the FIN of an idle server', 'Nobody misses a TLS alert.', OPEN + DATA + '''
         76.04 > ACK PSH data=31 |    | ESTABLISHED | ESTABLISHED | socket_timeout
         76.05 < FIN ACK ack=101 | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         76.06 > ACK             | 12 | CLOSE-WAIT | * |
         76.07 < RST seq=102     | 21 | CLOSED     | CLOSED | reset_while_closing''', neighbour_of='data_after_close'),
    Case('request after the FIN of an idle server', 'A pool has acknowledged it, and uses the connection all the same.',
         OPEN + DATA + '''
         76.04 < FIN ACK           | 11 | CLOSE-WAIT | FIN-WAIT-1 | socket_timeout
         76.06 > ACK               | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         80.00 > ACK PSH data=200  |    | CLOSE-WAIT | FIN-WAIT-2 | data_after_close(h)
         80.02 < RST               | 21 | CLOSED     | CLOSED     | data_after_close(1)''',
         conversation={'tcpshake.close_idle': '75.000000000', 'tcpshake.reset_cause': 'data after close',
                       'tcpshake.reset_idle': '3.940000000'}),
    Case('request before the FIN of an idle server', 'It is answered, and nothing is lost.', OPEN + DATA + f'''
         6.020 > ACK PSH data=200 {BOTH_OPEN}
         6.040 < ACK PSH data=200 {BOTH_OPEN}
         6.060 > ACK              {BOTH_OPEN}
         11.06 < FIN ACK | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         11.08 > FIN ACK | 12 13 | LAST-ACK   | TIME-WAIT  |
         11.10 < ACK     | 14    | CLOSED     | TIME-WAIT  |''',
         conversation={'tcpshake.close_idle': '5.000000000', 'tcpshake.closed_by': 'server'},
         neighbour_of='data_after_close reset_while_closing'),
    Case('farewell and FIN of an idle server', 'A TLS server closes a connection that nobody has used for 75 s.',
         OPEN + DATA + '''
         76.040 < ACK PSH data=31 |       | ESTABLISHED | ESTABLISHED | socket_timeout
         76.041 < FIN ACK         | 11    | CLOSE-WAIT  | FIN-WAIT-1  |
         76.061 > FIN ACK         | 12 13 | LAST-ACK    | TIME-WAIT   |
         76.081 < ACK             | 14    | CLOSED      | TIME-WAIT   |''',
         conversation={'tcpshake.close_idle': '75.000000000'}, neighbour_of='data_after_close'),
    Case('request crosses the farewell and the FIN of an idle server', 'The race, in TLS.', OPEN + DATA + '''
         76.040 < ACK PSH data=31                |    | ESTABLISHED | ESTABLISHED | socket_timeout
         76.041 < FIN ACK                        | 11 | *           | FIN-WAIT-1  |
         76.050 > ACK PSH data=200 ack=101       |    | *           | FIN-WAIT-1  | data_after_close(h)
         76.070 < RST seq=101                    | 21 | *           | *           | data_after_close(1)''',
         conversation={'tcpshake.close_idle': '75.000000000', 'tcpshake.reset_cause': 'data after close'}),
    Case('farewell and FIN of an idle client', 'The same from the other end.', OPEN + DATA + '''
         76.040 > ACK PSH data=31 |       | ESTABLISHED | ESTABLISHED | socket_timeout
         76.041 > FIN ACK         | 11    | FIN-WAIT-1  | CLOSE-WAIT  |
         76.061 < FIN ACK         | 12 13 | TIME-WAIT   | LAST-ACK    |
         76.081 > ACK             | 14    | TIME-WAIT   | CLOSED      |''',
         conversation={'tcpshake.close_idle': '75.000000000'}),
    Case('a short answer and the FIN of a slow server', 'It was not idle: the request was waiting.', OPEN + DATA + '''
         2.000 > ACK PSH data=100 |       | ESTABLISHED | ESTABLISHED |
         2.020 < ACK              |       | ESTABLISHED | ESTABLISHED |
         9.000 < ACK PSH data=60  |       | ESTABLISHED | ESTABLISHED |
         9.001 < FIN ACK          | 11    | CLOSE-WAIT  | FIN-WAIT-1  |
         9.021 > FIN ACK          | 12 13 | LAST-ACK    | TIME-WAIT   |
         9.041 < ACK              | 14    | CLOSED      | TIME-WAIT   |''',
         conversation={'tcpshake.close_idle': '0.001000000'}),
    Case('closed after a while', 'The client had nothing more to say.', OPEN + DATA + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.close_idle': '3.960000000'}, neighbour_of='data_after_close'),
]

REASONS = [
    Case(name, why, OPEN + DATA + f'''
         5.000 < RST ACK {data} | 21 | CLOSED | CLOSED | abortive_close''', needs_options=True,
         conversation={'tcpshake.reset_cause': 'aborted by application', **fields})
    for name, why, data, fields in (
        ('RST with a text', 'It may say why [3.5.3].', 'text=[0x28d6c3b:3152]_Flow_expired',
         {'tcpshake.reset_reason': '[0x28d6c3b:3152] Flow expired'}),
        ('RST with a text and a line end', 'That is no part of it.', r'text=Go_away\r\n\0',
         {'tcpshake.reset_reason': 'Go away'}),
        ('RST with a text that hides', 'Nothing on the wire writes to a terminal.', r'text=Go\x1b[2J\taway\xff.',
         {'tcpshake.reset_reason': r'Go\x1b[2J\taway\xff.'}),
        ('RST with a reason of Multipath TCP', 'MP_TCPRST [RFC 8684 3.6].', 'reason=2 transient',
         {'tcpshake.reset_reason': 'MPTCP: lack of resources (transient)'}),
        ('RST with a reason of Multipath TCP without a name', 'IANA may give it one.', 'reason=200',
         {'tcpshake.reset_reason': 'MPTCP: reason 200'}),
        ('RST with a reason and a text', 'The text says more.', 'reason=6 text=Go_away',
         {'tcpshake.reset_reason': 'Go away'}))
]

CASES = FORGOTTEN + RACES + REASONS
