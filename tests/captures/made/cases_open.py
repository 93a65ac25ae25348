"""Open connections that go wrong, resets with their likely causes, and the nearest neighbours. The notation is in
notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, DATA, OPEN, Case, close_at

BOTH_OPEN = '| | ESTABLISHED | ESTABLISHED |'

GAPS = [
    Case('silent for more than a minute', '60.01 s between two segments.', OPEN + DATA + f'''
         61.05 > ACK data=10  {BOTH_OPEN} socket_timeout
         61.07 < ACK data=10  {BOTH_OPEN}''' + close_at(62), conversation={'tcpshake.socket_time': '60.010000000'}),
    Case('silent for almost a minute', '59.99 s.', OPEN + DATA + f'''
         61.03 > ACK data=10  {BOTH_OPEN}
         61.05 < ACK data=10  {BOTH_OPEN}''' + close_at(62), conversation={'tcpshake.socket_time': '59.990000000'},
         neighbour_of='socket_timeout'),
    Case('silent for a minute, then closed', 'The connection was open until the FIN.', OPEN + DATA + '''
         70.00 > FIN ACK | 11    | FIN-WAIT-1 | CLOSE-WAIT | socket_timeout
         70.02 < FIN ACK | 12 13 | TIME-WAIT  | LAST-ACK   |
         70.04 > ACK     | 14    | TIME-WAIT  | CLOSED     |'''),
    Case('silent for a minute, begun in the middle', 'Both ends are known.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK data=10 | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.020 < ACK data=10 | | ESTABLISHED | ESTABLISHED |
         1.040 > ACK         | | ESTABLISHED | ESTABLISHED |
         62.00 > ACK data=10 | | ESTABLISHED | ESTABLISHED | socket_timeout
         62.02 < ACK data=10 | | ESTABLISHED | ESTABLISHED |'''),
    Case('silent for a minute, one direction only', 'The other end may have spoken all the time.', '''
         0.000 > SYN         | 1 | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK         | 3 | ESTABLISHED | * | one_sided(1)
         1.000 > ACK data=10 |   | ESTABLISHED | * |
         hidden < ACK data=10
         1.040 > ACK         |   | ESTABLISHED | * |
         70.00 > ACK data=10 |   | ESTABLISHED | * |''', neighbour_of='socket_timeout read_timeout'),
    Case('kept alive for minutes', 'Every 45 s a probe, which is answered [3.8.4].', OPEN + DATA + f'''
         46.00 > ACK seq=-1   {BOTH_OPEN}
         46.02 < ACK          {BOTH_OPEN}
         91.00 > ACK seq=-1   {BOTH_OPEN}
         91.02 < ACK          {BOTH_OPEN}
         136.0 > ACK seq=-1   {BOTH_OPEN}
         136.02 < ACK         {BOTH_OPEN}''' + close_at(150), neighbour_of='socket_timeout keepalive_unanswered'),
    Case('silent after the close', 'Nothing is open between the close and the next connection.', OPEN + CLOSE + '''
         new 200000 900000
         200.0 > SYN      | 1 | SYN-SENT    | SYN-RECEIVED |
         200.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         200.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', neighbour_of='socket_timeout connection_timeout'),
]

ANSWERS = [
    Case('late answer', 'Its first byte comes 10.01 s after the request.', OPEN + f'''
         1.000 > ACK PSH data=100 {BOTH_OPEN}
         1.020 < ACK              {BOTH_OPEN}
         11.01 < ACK PSH data=100 {BOTH_OPEN} read_timeout
         11.03 > ACK              {BOTH_OPEN}''' + close_at(15), conversation={'tcpshake.read_time': '10.010000000'}),
    Case('answer in 9.9 s', 'Within the limit.', OPEN + f'''
         1.000 > ACK PSH data=100 {BOTH_OPEN}
         1.020 < ACK              {BOTH_OPEN}
         10.90 < ACK PSH data=100 {BOTH_OPEN}
         10.92 > ACK              {BOTH_OPEN}''' + close_at(15), conversation={'tcpshake.read_time': '9.900000000'},
         neighbour_of='read_timeout'),
    Case('asker closes without an answer', 'It has waited 10.99 s.', OPEN + f'''
         1.000 > ACK data=100     {BOTH_OPEN}
         1.010 > ACK PSH data=100 {BOTH_OPEN} read_timeout(h)
         1.030 < ACK              {BOTH_OPEN}
         12.00 > FIN ACK | 11    | FIN-WAIT-1 | CLOSE-WAIT | read_timeout(1)
         12.02 < FIN ACK | 12 13 | TIME-WAIT  | LAST-ACK   |
         12.04 > ACK     | 14    | TIME-WAIT  | CLOSED     |'''),
    Case('asker closes without an answer, sooner', 'It has waited 9.9 s: no timeout, it has asked for nothing.',
         OPEN + f'''
         1.000 > ACK PSH data=100 {BOTH_OPEN}
         1.020 < ACK              {BOTH_OPEN}''' + close_at(10.9), neighbour_of='read_timeout'),
    Case('never answered', 'Only the end of the capture shows it.', OPEN + f'''
         1.000 > ACK data=100     {BOTH_OPEN}
         1.010 > ACK PSH data=100 {BOTH_OPEN} read_timeout(h)
         1.030 < ACK              {BOTH_OPEN}''' + A_MINUTE_LATER),
    Case('never answered, begun in the middle', 'What looks like a request may end an answer.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK PSH data=100 | | * | * | handshake_not_captured
         1.020 < ACK              | | * | * |''' + A_MINUTE_LATER, neighbour_of='read_timeout'),
    Case('never answered, after an answer', 'The exchange before makes it a request like others.', OPEN + DATA + f'''
         20.00 > ACK PSH data=100 {BOTH_OPEN} read_timeout(h)
         20.02 < ACK              {BOTH_OPEN}''' + A_MINUTE_LATER),
    Case('a server that pushes', '''It speaks unasked, 19 s after the last exchange: what the client says to that is
         no request that waits for an answer.''', OPEN + DATA + f'''
         20.00 < ACK PSH data=100 {BOTH_OPEN}
         20.02 > ACK PSH data=100 {BOTH_OPEN}
         20.04 < ACK              {BOTH_OPEN}''' + A_MINUTE_LATER, neighbour_of='read_timeout'),
    Case('a server that pushes, and a client that closes', 'The same, and it leaves after 20 s.', OPEN + DATA + f'''
         20.00 < ACK PSH data=100 {BOTH_OPEN}
         20.02 > ACK PSH data=100 {BOTH_OPEN}
         20.04 < ACK              {BOTH_OPEN}''' + close_at(40), neighbour_of='read_timeout'),
    Case('a request that takes long', 'The answer comes a second after its last part.', OPEN + ''.join(f'''
         {time}.00 > ACK data=1000 {BOTH_OPEN}
         {time}.02 < ACK           {BOTH_OPEN}''' for time in (1, 7, 13, 19)) + f'''
         20.00 < ACK PSH data=100 {BOTH_OPEN}
         20.02 > ACK              {BOTH_OPEN}''' + close_at(21), neighbour_of='read_timeout'),
    Case('an answer that pauses', 'Its first byte was in time.', OPEN + f'''
         1.000 > ACK PSH data=100 {BOTH_OPEN}
         1.020 < ACK PSH data=10  {BOTH_OPEN}
         1.040 > ACK              {BOTH_OPEN}
         21.00 < ACK PSH data=10  {BOTH_OPEN}
         21.02 > ACK              {BOTH_OPEN}''' + close_at(22), neighbour_of='read_timeout'),
    Case('a client that thinks', 'Between an answer and the next request nobody waits for an answer.',
         OPEN + DATA + f'''
         25.00 > ACK PSH data=100 {BOTH_OPEN}
         25.02 < ACK PSH data=100 {BOTH_OPEN}
         25.04 > ACK              {BOTH_OPEN}''' + close_at(26),
         conversation={'tcpshake.read_time': '0.020000000', 'tcpshake.socket_time': '23.960000000'},
         neighbour_of='read_timeout'),
    Case('a server that greets', 'A greeting is no request: the client speaks when it likes.', OPEN + f'''
         0.060 < ACK PSH data=50  {BOTH_OPEN}
         0.080 > ACK              {BOTH_OPEN}
         20.00 > ACK PSH data=100 {BOTH_OPEN}
         20.02 < ACK PSH data=100 {BOTH_OPEN}
         20.04 > ACK              {BOTH_OPEN}''' + close_at(21), neighbour_of='read_timeout'),
]

PROBES = [
    Case('keep-alive unanswered once', 'The second probe is answered.', OPEN + f'''
         20.00 > ACK seq=-1 {BOTH_OPEN} keepalive_unanswered(h)
         30.00 > ACK seq=-1 {BOTH_OPEN} keepalive_unanswered(1)
         30.02 < ACK        {BOTH_OPEN}''' + close_at(35)),
    Case('keep-alives into silence', 'Three probes, then the end gives up with a RST.', OPEN + f'''
         20.00 > ACK seq=-1 {BOTH_OPEN} keepalive_unanswered(h)
         30.00 > ACK seq=-1 {BOTH_OPEN} keepalive_unanswered
         40.00 > ACK seq=-1 {BOTH_OPEN} keepalive_unanswered
         50.00 > RST ACK | 21 | CLOSED | CLOSED | keepalive_unanswered(1) abortive_close''',
         neighbour_of='connection_lost'),
    Case('keep-alive answered by data', 'Any segment shows that the peer is alive.', OPEN + f'''
         20.00 > ACK seq=-1 {BOTH_OPEN}
         20.02 < ACK data=5 {BOTH_OPEN}
         20.04 > ACK        {BOTH_OPEN}
         30.00 > ACK seq=-1 {BOTH_OPEN}
         30.02 < ACK        {BOTH_OPEN}''' + close_at(35), neighbour_of='keepalive_unanswered'),
    Case('keep-alives that cross', 'Each end answers the other\'s.', OPEN + f'''
         20.00 > ACK seq=-1 {BOTH_OPEN}
         20.001 < ACK seq=-1 {BOTH_OPEN}
         20.020 < ACK       {BOTH_OPEN}
         20.021 > ACK       {BOTH_OPEN}
         30.00 > ACK seq=-1 {BOTH_OPEN}
         30.02 < ACK        {BOTH_OPEN}''' + close_at(35), neighbour_of='keepalive_unanswered'),
    Case('keep-alive captured twice',
         'Probes are minutes apart, or hours: so soon it is a copy, also without an IP ID.', OPEN + f'''
         20.00 > ACK seq=-1 {BOTH_OPEN}
         again              {BOTH_OPEN} captured_twice
         20.02 < ACK        {BOTH_OPEN}''' + close_at(25), neighbour_of='keepalive_unanswered'),
    Case('keep-alive with a byte captured twice', 'With data in it the copy is known, also without an IP ID.',
         OPEN + f'''
         20.00 > ACK seq=-1 data=1 {BOTH_OPEN}
         again                     {BOTH_OPEN} captured_twice
         20.02 < ACK               {BOTH_OPEN}''' + close_at(25), neighbour_of='keepalive_unanswered'),
    Case('keep-alives, one direction only', 'Their answers are not in the capture.', '''
         0.000 > SYN         | 1 | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK         | 3 | ESTABLISHED | * | one_sided(1)
         20.00 > ACK seq=-1  |   | ESTABLISHED | * |
         30.00 > ACK seq=-1  |   | ESTABLISHED | * |''', neighbour_of='keepalive_unanswered'),
]

REPETITIONS = [
    Case('three repetitions', 'Nothing is heard of the server any more.', OPEN + f'''
         1.000 > ACK data=100       {BOTH_OPEN}
         1.300 > ACK data=100 seq=1 {BOTH_OPEN}
         1.900 > ACK data=100 seq=1 {BOTH_OPEN}
         3.100 > ACK data=100 seq=1 {BOTH_OPEN} connection_lost'''),
    Case('three repetitions by the server', 'The same from the other end.', OPEN + f'''
         1.000 < ACK data=100       {BOTH_OPEN}
         1.300 < ACK data=100 seq=1 {BOTH_OPEN}
         1.900 < ACK data=100 seq=1 {BOTH_OPEN}
         3.100 < ACK data=100 seq=1 {BOTH_OPEN} connection_lost'''),
    Case('two repetitions', 'Not three, and the second is answered.', OPEN + f'''
         1.000 > ACK data=100       {BOTH_OPEN}
         1.300 > ACK data=100 seq=1 {BOTH_OPEN}
         1.900 > ACK data=100 seq=1 {BOTH_OPEN}
         1.920 < ACK                {BOTH_OPEN}''' + CLOSE, neighbour_of='connection_lost'),
    Case('two repetitions into silence', 'Two are not three.', OPEN + f'''
         1.000 > ACK data=100       {BOTH_OPEN}
         1.300 > ACK data=100 seq=1 {BOTH_OPEN}
         1.900 > ACK data=100 seq=1 {BOTH_OPEN}''', neighbour_of='connection_lost'),
    Case('three repetitions, then an answer', 'The connection was not lost after all.', OPEN + f'''
         1.000 > ACK data=100       {BOTH_OPEN}
         1.300 > ACK data=100 seq=1 {BOTH_OPEN}
         1.900 > ACK data=100 seq=1 {BOTH_OPEN}
         3.100 > ACK data=100 seq=1 {BOTH_OPEN} connection_lost(1)
         3.120 < ACK                {BOTH_OPEN}''' + CLOSE),
    Case('repetitions, and a peer that is there', 'It acknowledges what it has: the rest gets lost.', OPEN + f'''
         1.000 > ACK data=100       {BOTH_OPEN}
         1.300 > ACK data=100 seq=1 {BOTH_OPEN}
         1.900 > ACK data=100 seq=1 {BOTH_OPEN}
         2.000 < ACK ack=1          {BOTH_OPEN}
         3.100 > ACK data=100 seq=1 {BOTH_OPEN}
         3.120 < ACK                {BOTH_OPEN}''' + CLOSE, neighbour_of='connection_lost'),
    Case('three repetitions, and the peer still lacks the segment', '''It lives, but large segments do not reach it: a
         black hole [3.8.3].''', OPEN + f'''
         1.000 < ACK data=1460       {BOTH_OPEN}
         1.300 < ACK data=1460 seq=1 {BOTH_OPEN}
         1.900 < ACK data=1460 seq=1 {BOTH_OPEN}
         3.100 < ACK data=1460 seq=1 {BOTH_OPEN} connection_lost
         15.00 > FIN ACK ack=1       | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         15.02 < ACK                 | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         15.80 < ACK data=1460 seq=1 |    | FIN-WAIT-2 | CLOSE-WAIT |'''),
    Case('a request that is lost again and again, and the server closes', '''It has not crossed the FIN 30 s later, and
         the server was not slow to answer.''', OPEN + f'''
         1.000 > ACK data=1460         {BOTH_OPEN}
         1.001 > ACK data=1460         {BOTH_OPEN} read_timeout(h)
         1.300 > ACK data=1460 seq=1   {BOTH_OPEN}
         1.900 > ACK data=1460 seq=1   {BOTH_OPEN}
         3.100 > ACK data=1460 seq=1   {BOTH_OPEN} connection_lost
         31.00 < FIN ACK ack=1         | 11 | CLOSE-WAIT | FIN-WAIT-1 | read_timeout(1)
         31.02 > ACK                   | 12 | CLOSE-WAIT | FIN-WAIT-2 |
         32.00 > ACK data=1460 seq=1   |    | CLOSE-WAIT | FIN-WAIT-2 |
         60.00 > FIN ACK               | 13 | LAST-ACK   | * | close_wait_idle?
         60.02 < RST seq=2             | 21 | CLOSED     | CLOSED | reset_while_closing?''',
         neighbour_of='data_after_close'),
    Case('both directions lose, and recover', 'Each end\'s own is withdrawn when it is acknowledged.', OPEN + f'''
         1.000 > ACK data=200              {BOTH_OPEN}
         2.000 > ACK data=200 seq=1        {BOTH_OPEN}
         4.000 > ACK data=200 seq=1        {BOTH_OPEN}
         8.000 > ACK data=200 seq=1        {BOTH_OPEN} connection_lost(1)
         9.000 < ACK data=50 ack=1         {BOTH_OPEN}
         9.300 < ACK data=50 seq=1 ack=1   {BOTH_OPEN}
         9.900 < ACK data=50 seq=1 ack=1   {BOTH_OPEN}
         11.10 < ACK data=50 seq=1 ack=1   {BOTH_OPEN} connection_lost(1)
         16.00 > ACK data=200 seq=1 ack=1  {BOTH_OPEN}
         16.02 < ACK ack=201               {BOTH_OPEN}
         16.20 < ACK data=50 seq=1 ack=201 {BOTH_OPEN}
         16.22 > ACK ack=51                {BOTH_OPEN}'''),
    Case('repetitions, one direction only', 'The answers are not in the capture.', '''
         0.000 > SYN                | 1 | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK                | 3 | ESTABLISHED | * | one_sided(1)
         1.000 > ACK data=100       |   | ESTABLISHED | * |
         1.300 > ACK data=100 seq=1 |   | ESTABLISHED | * |
         1.900 > ACK data=100 seq=1 |   | ESTABLISHED | * |
         3.100 > ACK data=100 seq=1 |   | ESTABLISHED | * |''', neighbour_of='connection_lost'),
    Case('data captured four times', 'Sent once.', OPEN + f'''
         1.000 > ACK data=100 {BOTH_OPEN}
         again                {BOTH_OPEN} captured_twice
         again                {BOTH_OPEN} captured_twice
         again                {BOTH_OPEN} captured_twice
         1.020 < ACK          {BOTH_OPEN}''' + CLOSE, neighbour_of='connection_lost'),
]

RESETS = [
    Case('closed in order', 'The ordinary end: no RST.', OPEN + DATA + CLOSE,
         neighbour_of='connection_reset reset_while_closing reset_ignored time_wait_assassination reset_challenged'),
    Case('RST in a scaled window', 'The window is 65535 x 2^7 [RFC 7323]: 70000 ahead lies in it.', '''
         0.000 > SYN scale=7     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK scale=7 | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK             | 3 | ESTABLISHED | ESTABLISHED  |
         1.000 < RST seq=+70000  | * | ESTABLISHED | *            | reset_challenged(h)
         1.020 > ACK             |   | ESTABLISHED | *            | reset_challenged(1)''',
         isns=(31000, 731000), neighbour_of='reset_unacceptable reset_ignored'),
    Case('RST where the window is not known', '''Without the SYNs the scale is not known [RFC 7323 section 2.2]:
         70000 ahead lies in the window or beyond it. Nothing is said, neither of a RST nor of a FIN.''', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK data=100   | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.020 < ACK data=100   | | ESTABLISHED | ESTABLISHED |
         1.040 > ACK            | | ESTABLISHED | ESTABLISHED |
         2.000 < RST seq=+70000 | 21? | ESTABLISHED | * |
         2.020 > ACK            | | ESTABLISHED | * |''', neighbour_of='reset_challenged reset_unacceptable'),
    Case('FIN where the window is not known', 'The same of a FIN.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK data=100   | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.020 < ACK data=100   | | ESTABLISHED | ESTABLISHED |
         1.040 > ACK            | | ESTABLISHED | ESTABLISHED |
         2.000 < FIN ACK seq=+70000 | * | * | * |
         2.020 > ACK            | | * | * |''', neighbour_of='fin_out_of_window'),
    Case('RST out of a scaled window', 'Beyond 65535 x 2^1.', '''
         0.000 > SYN scale=1      | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK scale=1  | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK              | 3 | ESTABLISHED | ESTABLISHED  |
         1.000 < RST seq=+131100  | * | ESTABLISHED | *            | reset_unacceptable''',
         neighbour_of='reset_challenged connection_reset'),
    Case('RST again after the reset', '''What was in flight is answered by RSTs with the numbers that it acknowledges,
         left of the window that was: the client is not there any more.''', OPEN + DATA + '''
         5.000 < RST ACK            | 21  | CLOSED => ESTABLISHED or CLOSED | CLOSED | \
             abortive_close(1) connection_reset(h)
         5.001 > ACK data=100       |     | ESTABLISHED or CLOSED | CLOSED | connection_reset(1)
         5.002 > ACK data=100 ack=1 |     | ESTABLISHED or CLOSED | CLOSED |
         5.021 < RST                | 21? | CLOSED | CLOSED |
         5.022 < RST seq=1          | 21? | CLOSED | CLOSED |''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.teardown': 'reset'},
         neighbour_of='reset_unacceptable reset_ignored reset_storm'),
    Case('RST from elsewhere', 'Neither its TTL nor its IP ID is the server\'s; the connection ends all the same.',
         OPEN + DATA + '''
         5.000 < RST ACK ttl=37 id=31337 | 21? | * | * | reset_ignored abortive_close?''',
         conversation={'tcpshake.reset_cause': 'foreign'}),
    Case('RST from elsewhere, in vain', 'Both ends go on.', OPEN + DATA + '''
         5.000 < RST ACK ttl=37 id=31337 | 21? | *       | *                | reset_ignored abortive_close(1)?
         5.500 < ACK data=10    |     | * => ESTABLISHED | * => ESTABLISHED |
         5.520 > ACK            |     | * => ESTABLISHED | * => ESTABLISHED |''' + close_at(6),
         conversation={'tcpshake.teardown': 'four segments'}),
    Case('RST, and both go on', 'Who is said to have sent it speaks half a second later as if nothing had been.',
         OPEN + DATA + '''
         5.000 < RST ACK     | 21? | *                | *                | abortive_close(1) reset_ignored(h)
         5.500 < ACK data=10 |     | * => ESTABLISHED | * => ESTABLISHED | reset_ignored(1)
         5.520 > ACK         |     | * => ESTABLISHED | * => ESTABLISHED |''' + close_at(6)),
    Case('RST on another path', 'The server\'s segments come on two paths, with two TTLs: it is the server\'s.', '''
         0.000 > SYN                | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK ttl=56     | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK                | 3  | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK data=100       |    | ESTABLISHED | ESTABLISHED  |
         1.020 < ACK data=100 ttl=57 |   | ESTABLISHED | ESTABLISHED  |
         1.040 > ACK                |    | ESTABLISHED | ESTABLISHED  |
         2.000 > ACK data=100       |    | ESTABLISHED | ESTABLISHED  |
         2.020 < ACK data=100 ttl=56 |   | ESTABLISHED | ESTABLISHED  |
         2.040 > ACK                |    | ESTABLISHED | ESTABLISHED  |
         5.000 < RST ACK ttl=56     | 21 | CLOSED      | CLOSED       | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application'}, neighbour_of='reset_ignored'),
    Case('RST after a keep-alive by somebody else', '''A device on the way keeps the connection alive in the server's
         place, one number too low [3.8.4]; the RST is the first that was seen of the server itself.''', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 < ACK seq=-1 ttl=248 | * | * | * | handshake_not_captured
         1.020 > ACK                | * | * | * |
         5.000 < RST                | 21 | CLOSED | CLOSED | abortive_close''', neighbour_of='reset_ignored'),
    Case('RST by somebody else after an ACK', 'The same TTLs the other way round: the ACK was the server\'s own.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK data=100       | * | * | * | handshake_not_captured
         1.020 < ACK ttl=248        | * | * | * |
         5.000 < RST                | 21? | * | * | reset_ignored connection_reset?'''),
    Case('RST by a way one hop shorter', 'A hop more or less is the server still.', OPEN + DATA + '''
         5.000 < RST ACK ttl=58 | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application'}, neighbour_of='reset_ignored'),
    Case('data in flight at the RST', 'The client had not heard of it yet, and nobody takes what it sends.',
         OPEN + DATA + '''
         5.000 < RST ACK            | 21  | CLOSED => ESTABLISHED or CLOSED | CLOSED | \
             abortive_close(1) connection_reset(h)
         5.005 > ACK data=100       |     | ESTABLISHED or CLOSED | CLOSED | connection_reset(1)''',
         neighbour_of='reset_ignored'),
    Case('the peer has forgotten', 'Data is answered from CLOSED: <SEQ=SEG.ACK><CTL=RST> [3.10.7.1].', '''
         0.000 > SYN          | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK      | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK          | 3 | ESTABLISHED | ESTABLISHED |
         1.000 > ACK data=100 | | ESTABLISHED | ESTABLISHED |
         1.020 < RST          | 21 | CLOSED   | CLOSED | connection_reset''',
         conversation={'tcpshake.reset_cause': 'no such connection', 'tcpshake.reset_idle': '0.960000000'},
         neighbour_of='data_after_close'),
    Case('reset by an end that has closed', '''No data came that it would not take, and no long silence. An application
         may have ended a half-close; if not, nothing tells why.''', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         7.000 > RST ACK | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         conversation={'tcpshake.reset_cause': 'aborted by application or unknown',
                       'tcpshake.reset_idle': '1.980000000'},
         neighbour_of='data_after_close'),
    Case('reset after 20 s of silence', 'The longest silence there was, and longer than 10 s.', OPEN + DATA + '''
         21.04 < RST ACK | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '20.000000000'}),
    Case('reset after 61 s of silence', 'Longer than an open connection should be silent.', OPEN + DATA + '''
         62.04 < RST ACK | 21 | CLOSED | CLOSED | abortive_close socket_timeout''',
         conversation={'tcpshake.reset_cause': 'idle expiry', 'tcpshake.reset_idle': '61.000000000'}),
    Case('reset after a silence like others', '12 s, where 20 s did no harm before.', OPEN + DATA + f'''
         21.04 > ACK data=10  {BOTH_OPEN}
         21.06 < ACK data=10  {BOTH_OPEN}
         21.08 > ACK          {BOTH_OPEN}
         33.08 < RST ACK | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_idle': '12.000000000'}),
    Case('reset after 9 s of silence', 'The longest, but not over 10 s.', OPEN + DATA + '''
         10.04 < RST ACK | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_idle': '9.000000000'}),
]

STORMS = [
    Case(f'{count} RSTs', 'Ten are a storm.', OPEN + '''
         1.000 < RST ACK | 21  | CLOSED | CLOSED | abortive_close''' + ''.join(f'''
         1.{number}00 < RST ACK | 21? | CLOSED | CLOSED |''' for number in range(1, 9)) + last,
         neighbour_of=neighbour_of)
    for count, last, neighbour_of in (
        ('nine', '', 'reset_storm'), ('ten', '\n1.900 < RST ACK | 21? | CLOSED | CLOSED | reset_storm', ''))
] + [
    Case(f'{count} FINs', 'The same one: ten are a storm.', OPEN + '''
         1.000 > FIN ACK | 11  | FIN-WAIT-1 | * |''' + ''.join(f'''
         1.{number}00 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission missing_fin_ack? connection_lost?'''
                                                             for number in range(1, 9)) + last,
         neighbour_of=neighbour_of)
    for count, last, neighbour_of in (
        ('nine', '', 'fin_storm'),
        ('ten', '''
         1.900 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | \
             fin_storm fin_retransmission missing_fin_ack? connection_lost?''',
         ''))
]

CASES = GAPS + ANSWERS + PROBES + REPETITIONS + RESETS + STORMS
