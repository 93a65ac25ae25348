"""What an end waits for, how long, and who gives up. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import DATA, OPEN, Case

BOTH_OPEN = '| | ESTABLISHED | ESTABLISHED |'
ASKED = f'''
         1.000 > ACK PSH data=100 {BOTH_OPEN}'''

GIVEN_UP = [
    Case('the client gives up, and the answer comes late', '''The server worked on the request all the time: it does not
         linger, and the client has not closed an idle connection.''', OPEN + ASKED + f''' read_timeout(h)
         1.020 < ACK               {BOTH_OPEN}
         31.000 > FIN ACK          | 11 | FIN-WAIT-1 | CLOSE-WAIT | read_timeout(1)
         31.020 < ACK              | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         45.000 < ACK PSH data=999 |    | FIN-WAIT-2 | CLOSE-WAIT | data_after_close(h)
         45.001 > RST              | 21 | CLOSED     | CLOSED     | data_after_close(1)''',
         neighbour_of='close_wait_lingering'),
    Case('the answer is given, and then the server lingers', 'From the answer on, nothing keeps it.',
         OPEN + ASKED + f'''
         1.020 < ACK               {BOTH_OPEN}
         5.000 > FIN ACK           | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK               | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         6.000 < ACK PSH data=999  |    | FIN-WAIT-2 | CLOSE-WAIT |
         6.020 > ACK               |    | FIN-WAIT-2 | CLOSE-WAIT |
         26.00 < FIN ACK           | 13 | TIME-WAIT  | LAST-ACK   | close_wait_lingering
         26.02 > ACK               | 14 | TIME-WAIT  | CLOSED     |'''),
    Case('the client gives up with a RST', 'It has waited: the connection was not idle.',
         OPEN + ASKED + f''' read_timeout(h)
         1.020 < ACK               {BOTH_OPEN}
         31.00 > RST ACK           | 21 | CLOSED | CLOSED | connection_reset read_timeout(1)''',
         conversation={'tcpshake.reset_cause': 'aborted by application'}),
    Case('the client gives up early, and its FIN is lost', 'It has waited for 2 s, however often the FIN comes again.',
         OPEN + ASKED + f'''
         1.020 < ACK              {BOTH_OPEN}
         3.000 > FIN ACK          | 11  | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         3.200 > FIN ACK seq=101  | 11? | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED | fin_retransmission missing_fin_ack(1)
         9.600 > FIN ACK seq=101  | 11? | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED | fin_retransmission
         32.80 > FIN ACK seq=101  | 11? | FIN-WAIT-1 | CLOSE-WAIT | fin_retransmission
         32.82 < ACK              | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         32.90 < FIN ACK          | 13  | TIME-WAIT  | LAST-ACK   |
         32.91 > ACK              | 14  | TIME-WAIT  | CLOSED     |''', neighbour_of='read_timeout'),
    Case('a client that sends on without an answer, and closes', 'It expects none.', OPEN + ASKED + f'''
         1.020 < ACK              {BOTH_OPEN}
         9.000 > ACK PSH data=200 {BOTH_OPEN}
         9.020 < ACK              {BOTH_OPEN}
         49.00 > FIN ACK          | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         49.02 < FIN ACK          | 12 13 | TIME-WAIT  | LAST-ACK   |
         49.03 > ACK              | 14    | TIME-WAIT  | CLOSED     |''', neighbour_of='read_timeout'),
    Case('nobody acknowledges the request, and the client gives up', 'It was lost: said as such, not as a slow server.',
         OPEN + f'''
         1.000 > ACK PSH data=100       {BOTH_OPEN} read_timeout(h)
         1.300 > ACK PSH data=100 seq=1 {BOTH_OPEN}
         31.00 > RST ACK | 21 | CLOSED | CLOSED | connection_reset? abortive_close? read_timeout(1)'''),
    Case('a request that is lost, repeated, and answered at once', 'The server was not slow.', OPEN + f'''
         1.000 > ACK PSH data=300       {BOTH_OPEN}
         2.000 > ACK PSH data=300 seq=1 {BOTH_OPEN}
         4.000 > ACK PSH data=300 seq=1 {BOTH_OPEN}
         15.00 > ACK PSH data=300 seq=1 {BOTH_OPEN} connection_lost(1)
         15.02 < ACK PSH data=500       {BOTH_OPEN} read_timeout'''),
    Case('the client gives up after its FIN came again', 'It waits until its RST.', OPEN + ASKED + f''' read_timeout(h)
         1.020 < ACK             {BOTH_OPEN}
         2.000 > FIN ACK         | 11  | FIN-WAIT-1 | * | missing_fin_ack?
         2.300 > FIN ACK seq=101 | 11? | FIN-WAIT-1 | * | fin_retransmission missing_fin_ack?
         16.00 > FIN ACK seq=101 | 11? | FIN-WAIT-1 | * | fin_retransmission
         31.00 > RST ACK         | 21  | CLOSED     | CLOSED | \
             connection_reset? reset_while_closing? read_timeout(1)'''),
    Case('only the client in the capture, and it resets after half a minute', '''Its acknowledgment has not moved, so no
         answer has come that anybody could know of.''', '''
         0.000 > SYN              | 1  | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK              | 3  | ESTABLISHED | * | one_sided(1)?
         0.050 > ACK PSH data=180 | *  | ESTABLISHED | * | one_sided(1)?
         hidden < ACK PSH data=1000
         0.090 > ACK              | *  | ESTABLISHED | * | one_sided(1)?
         0.100 > ACK PSH data=146 | *  | ESTABLISHED | * |
         31.00 > RST ACK          | 21 | CLOSED      | * | one_sided(1)? abortive_close?''',
         neighbour_of='read_timeout'),
    Case('a server that closes and never answers', 'Nobody else ends the wait.', OPEN + f'''
         1.000 > ACK PSH data=300  {BOTH_OPEN} read_timeout(h)
         1.020 < ACK               {BOTH_OPEN}
         31.00 < FIN ACK           | 11    | CLOSE-WAIT | FIN-WAIT-1 | read_timeout(1)
         31.02 > FIN ACK           | 12 13 | LAST-ACK   | TIME-WAIT  |
         31.04 < ACK               | 14    | CLOSED     | TIME-WAIT  |'''),
    Case('a stream that nobody answers', 'Who sends on without an answer expects none.', OPEN + f'''
         1.000 > ACK PSH data=300  {BOTH_OPEN}
         1.020 < ACK               {BOTH_OPEN}
         9.000 > ACK PSH data=300  {BOTH_OPEN}
         9.020 < ACK               {BOTH_OPEN}
         40.00 < FIN ACK           | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         40.02 > FIN ACK           | 12 13 | LAST-ACK   | TIME-WAIT  |
         40.04 < ACK               | 14    | CLOSED     | TIME-WAIT  |''', neighbour_of='read_timeout'),
    Case('a file sent, and nothing to come', 'The client has closed: it waits for nothing.', OPEN + f'''
         1.000 > ACK PSH data=1400 {BOTH_OPEN}
         1.020 < ACK               {BOTH_OPEN}
         1.030 > FIN ACK           | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         1.050 < ACK               | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         50.00 < FIN ACK           | 13 | TIME-WAIT  | LAST-ACK   |
         50.02 > ACK               | 14 | TIME-WAIT  | CLOSED     |''',
         neighbour_of='read_timeout close_wait_lingering'),
    Case('the rest of a handshake of TLS, and nothing more', 'Too short for a request.', OPEN + f'''
         1.000 > ACK PSH data=500  {BOTH_OPEN}
         1.020 < ACK PSH data=3000 {BOTH_OPEN}
         1.040 > ACK PSH data=80   {BOTH_OPEN}
         1.080 < ACK               {BOTH_OPEN}
         50.00 < FIN ACK           | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         50.02 > FIN ACK           | 12 13 | LAST-ACK   | TIME-WAIT  |
         50.04 < ACK               | 14    | CLOSED     | TIME-WAIT  |''', neighbour_of='read_timeout'),
    Case('a late answer, captured behind its acknowledgment', 'That tells how long the client has waited.', OPEN + f'''
         1.000 > ACK PSH data=300         {BOTH_OPEN}
         1.020 < ACK                      {BOTH_OPEN}
         46.002 < ACK PSH data=500        {BOTH_OPEN} read_timeout
         46.000 > ACK                     {BOTH_OPEN}'''),
    Case('an acknowledgment after a minute, and no answer in the capture', 'When it came, nobody knows.',
         OPEN + f'''
         1.000 > ACK PSH data=300  {BOTH_OPEN}
         1.020 < ACK               {BOTH_OPEN}
         hidden < ACK PSH data=500
         46.00 > ACK               {BOTH_OPEN}
         90.00 < ACK               {BOTH_OPEN}
         90.01 > ACK PSH data=300  {BOTH_OPEN}
         90.02 < ACK PSH data=500  {BOTH_OPEN}''', neighbour_of='read_timeout'),
    Case('the rest of an answer after a minute', 'Its beginning is not in the capture, nor when that came.', OPEN + f'''
         1.000 > ACK PSH data=300  {BOTH_OPEN}
         1.020 < ACK               {BOTH_OPEN}
         hidden < ACK PSH data=500
         71.00 < ACK PSH data=500  {BOTH_OPEN}
         71.02 > ACK               {BOTH_OPEN}''', neighbour_of='read_timeout socket_timeout'),
    Case('requests and answers that the capture lacks', 'The numbers tell that nobody was silent for two minutes.',
         OPEN + DATA + f'''
         hidden > ACK PSH data=700
         hidden < ACK PSH data=900
         121.0 > ACK PSH data=100  {BOTH_OPEN}
         121.1 < ACK PSH data=100  {BOTH_OPEN}
         hidden > ACK PSH data=700
         hidden < ACK PSH data=900
         242.0 < ACK               {BOTH_OPEN}
         242.1 > ACK               {BOTH_OPEN}''', neighbour_of='read_timeout socket_timeout'),
    Case('a silence of two minutes, and nothing is missing', 'The next numbers are those that are due.',
         OPEN + DATA + f'''
         121.0 > ACK PSH data=100  {BOTH_OPEN} socket_timeout
         121.1 < ACK PSH data=100  {BOTH_OPEN}'''),
    Case('a server that closes soon without an answer', 'Nobody has waited long.', OPEN + ASKED + f'''
         1.020 < ACK               {BOTH_OPEN}
         4.000 < FIN ACK           | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         4.020 > FIN ACK           | 12 13 | LAST-ACK   | TIME-WAIT  |
         4.040 < ACK               | 14    | CLOSED     | TIME-WAIT  |''', neighbour_of='read_timeout'),
]

UNSEEN = [
    Case('an answer that the capture lacks', 'The client acknowledges it.', OPEN + ASKED + f'''
         hidden < ACK PSH data=500
         1.040 > ACK               {BOTH_OPEN}
         16.00 > FIN ACK           | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         16.02 < FIN ACK           | 12 13 | TIME-WAIT  | LAST-ACK   |
         16.04 > ACK               | 14    | TIME-WAIT  | CLOSED     |''', neighbour_of='read_timeout'),
    Case('an answer that the capture lacks, and a RST', 'No request waits.', OPEN + ASKED + f'''
         hidden < ACK PSH data=500
         1.040 > ACK               {BOTH_OPEN}
         2.000 > RST ACK           | 21 | CLOSED | CLOSED | abortive_close''', neighbour_of='connection_reset'),
    Case('an answer captured in front of its request', 'It acknowledges what comes later.', '''
         0.0000 > SYN              | 1 | SYN-SENT    | SYN-RECEIVED |
         0.0001 < SYN ACK          | 2 | ESTABLISHED | SYN-RECEIVED |
         0.0002 > ACK              | 3 | ESTABLISHED | ESTABLISHED  |
         1.0001 > ACK PSH data=300 |   | ESTABLISHED | ESTABLISHED  | captured_out_of_order(1)
         1.0000 < ACK PSH data=500 |   | ESTABLISHED | ESTABLISHED  | captured_out_of_order(h)
         1.0400 > ACK              |   | ESTABLISHED | ESTABLISHED  |
         3.000 > RST ACK           | 21 | CLOSED     | CLOSED       | abortive_close''',
         neighbour_of='connection_reset read_timeout'),
]

PROBES = [
    *[Case(f'keep-alive given up{kind}', '''Its own timer ends it: no application, and no idle timer
         [3.8.4].''', OPEN + DATA + f'''
         301.04 > ACK seq=-1{garbage} {BOTH_OPEN} socket_timeout keepalive_unanswered(h)
         302.04 > ACK seq=-1{garbage} {BOTH_OPEN} keepalive_unanswered
         303.04 > ACK seq=-1{garbage} {BOTH_OPEN} keepalive_unanswered
         304.04 > RST ACK | 21 | CLOSED | CLOSED | abortive_close keepalive_unanswered(1)''',
           somewhere='keepalive_unanswered',
           conversation={'tcpshake.reset_cause': 'unknown', 'tcpshake.reset_idle': '300.000000000'})
      for kind, garbage in (('', ''), (', with a byte of garbage', ' data=1'))],
    Case('the third of equal silences meets a RST', 'It has survived two as long: no idle timer has expired.',
         OPEN + f'''
         30.040 > ACK seq=-1 {BOTH_OPEN}
         30.060 < ACK        {BOTH_OPEN}
         60.060 > ACK seq=-1 {BOTH_OPEN}
         60.080 < ACK        {BOTH_OPEN}
         90.086 > ACK seq=-1 {BOTH_OPEN}
         90.106 < RST        | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'no such connection'}),
    Case('a longer silence meets a RST', 'It has survived shorter ones only.', OPEN + f'''
         30.040 > ACK seq=-1  {BOTH_OPEN}
         30.060 < ACK         {BOTH_OPEN}
         60.060 > ACK seq=-1  {BOTH_OPEN}
         60.080 < ACK         {BOTH_OPEN}
         110.08 > ACK seq=-1  {BOTH_OPEN}
         110.10 < RST         | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '50.000000000'}),
]

LINGERS = [
    Case('CLOSE-WAIT with a closed window, until the other end resets', 'The server has more to send, and may not.',
         f'''
         0.000 > SYN                    | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK                | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK win=2000           | 3  | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK PSH data=300 win=2000 {BOTH_OPEN}
         1.020 < ACK PSH data=1000      {BOTH_OPEN}
         1.040 > ACK win=1000           {BOTH_OPEN}
         1.050 < ACK PSH data=1000      {BOTH_OPEN}
         1.060 > FIN ACK win=0          | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         1.080 < ACK                    | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         20.00 < ACK seq=-1             |    | FIN-WAIT-2 | CLOSE-WAIT |
         20.02 > ACK win=0              |    | FIN-WAIT-2 | CLOSE-WAIT |
         70.00 > RST ACK                | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         neighbour_of='close_wait_lingering', needs_options=True),
    Case('CLOSE-WAIT ends with the RST of the other end', 'The application never closed.', OPEN + '''
         2.000 > FIN ACK    | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         2.020 < ACK        | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         17.02 < ACK seq=-1 |    | FIN-WAIT-2 | CLOSE-WAIT |
         17.04 > ACK        |    | FIN-WAIT-2 | CLOSE-WAIT |
         62.02 < ACK seq=-1 |    | FIN-WAIT-2 | CLOSE-WAIT |
         62.04 > RST        | 21 | CLOSED     | CLOSED     | close_wait_lingering reset_while_closing'''),
    Case('CLOSE-WAIT ends soon with the RST of the other end', 'The application had little time.', OPEN + '''
         2.000 > FIN ACK    | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         2.020 < ACK        | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         6.000 > RST ACK    | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         neighbour_of='close_wait_lingering'),
]

CASES = GIVEN_UP + UNSEEN + PROBES + LINGERS
