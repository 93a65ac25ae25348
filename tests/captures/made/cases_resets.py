"""RSTs that end nothing: forged, challenged, behind what did not arrive, crossing a FIN; and their nearest neighbours.
Without them the conversation is what it would have been.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, DATA, FOUR_SEGMENTS, OPEN, Case

# A handshake in front of the capture.
UNSEEN_OPEN = '''
hidden > SYN
hidden < SYN ACK
'''

IN_THE_HANDSHAKE = [
    Case('RST without ACK before the first data of the server', '''It tells nothing of the handshake's ACK: an end in
         ESTABLISHED that aborts sends <SEQ=SND.NXT><CTL=RST> [3.10.5]. The server goes on: it was not its own.''',
         OPEN + '''
         0.060 > ACK PSH data=100 | | ESTABLISHED | ESTABLISHED |
         0.061 < RST              | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             connection_reset(1) reset_ignored(h)
         0.110 < ACK PSH data=500 | | * => ESTABLISHED | ESTABLISHED | reset_ignored(1)
         0.120 > ACK              | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments',
                       'tcpshake.closed_by': 'client', 'tcpshake.connection_time': '0.040000000'}),
    Case('RST without ACK instead of an answer', '''The same, and nothing follows: the server was open
         [3.10.7.4, fifth].''', OPEN + '''
         0.060 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         0.080 < RST              | 21 | CLOSED      | CLOSED      | connection_reset''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'reset',
                       'tcpshake.reset_by': 'server'}, neighbour_of='handshake_aborted reset_ignored'),
    Case('RST to the handshake\'s ACK', '''The answer of a server that has no such connection (any more)
         [3.10.7.1]: to it none was open.''', '''
         0.000 > SYN     | 1   | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2   | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK     | 3   | ESTABLISHED | ESTABLISHED => SYN-RECEIVED |
         0.060 < RST     | 21  | CLOSED      | CLOSED       | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.teardown': 'none', 'tcpshake.reset_by': 'server',
                       'tcpshake.reset_cause': 'handshake abort'}, neighbour_of='abortive_close connection_reset'),
    Case('RST to the handshake\'s ACK, forged', 'The server answers the first request: it had that ACK.', OPEN + '''
         0.060 < RST              | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             handshake_aborted(1) reset_ignored(h)
         2.000 > ACK PSH data=100 | | ESTABLISHED | * => ESTABLISHED | reset_ignored(1)?
         2.020 < ACK PSH data=100 | | ESTABLISHED | ESTABLISHED | reset_ignored(1)?
         2.040 > ACK              | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'}),
    Case('RSTs of a server, the first long after the handshake',
         'It had the handshake\'s ACK, however soon the others follow on each other.', OPEN + '''
         1.240 < RST | 21 | CLOSED | CLOSED | abortive_close
         2.440 < RST | 21 | CLOSED | CLOSED |
         2.445 < RST | 21 | CLOSED | CLOSED |
         2.465 < RST | 21 | CLOSED | CLOSED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'reset'},
         neighbour_of='handshake_aborted'),
    Case('RST in the client\'s name during the handshake', '''Its TTL is low, and the handshake completes with the ACK
         behind it, as if it had not been there. A scanner's kernel would look the same
         until the server speaks [3.10.7.2].''', '''
         0.000 > SYN               | 1  | SYN-SENT    | SYN-RECEIVED |
         0.100 < SYN ACK           | 2  | ESTABLISHED | SYN-RECEIVED |
         0.101 > RST ttl=8 id=4711 | 21 | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         0.102 > ACK               | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.103 > ACK PSH data=100  |    | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.200 < ACK               |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         0.210 < ACK PSH data=500  |    | ESTABLISHED | ESTABLISHED |
         0.220 > ACK               |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.102000000',
                       'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'client'}),
    Case('RST in the client\'s name, the SYN not captured', '''The capture begins with the SYN-ACK. The number is what a
         client that never asked would take [3.10.7.1], but this one goes on, and its server with it.''', '''
         hidden > SYN
         0.020 < SYN ACK          | 2  | * => ESTABLISHED | SYN-RECEIVED | synack_unsolicited
         0.021 > RST ttl=8 id=4711 | *  | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | reset_ignored(h)
         0.040 > ACK              | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.050 > ACK PSH data=100 |    | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.070 < ACK PSH data=500 |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         0.080 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments',
                       'tcpshake.closed_by': 'client'}),
    Case('RST of a client that never asked', 'The same number, and nothing else comes from it [3.10.7.1].', '''
         0.000 < SYN ACK ack=1 | 2 | * => CLOSED | SYN-RECEIVED | synack_unsolicited
         0.001 > RST seq=1     | * | CLOSED | LISTEN |''' + A_MINUTE_LATER, neighbour_of='reset_ignored'),
    Case('RST in the server\'s name, captured from the middle', '''It has the number that an end without a connection
         takes [3.10.7.1], and is the first of the server in the capture; but then the server goes on.''',
         UNSEEN_OPEN + '''
         0.040 > ACK              |    | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         0.060 > ACK PSH data=100 |    | * => ESTABLISHED | * => ESTABLISHED | one_sided(1)?
         0.061 < RST              | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             connection_reset(1)? reset_ignored(h)
         0.110 < ACK PSH data=500 |    | * => ESTABLISHED | ESTABLISHED | reset_ignored(1)
         0.120 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'not captured', 'tcpshake.teardown': 'four segments',
                       'tcpshake.closed_by': 'client'}),
    Case('RST of a server without a connection, captured from the middle', 'The same number, and it stays silent.',
         UNSEEN_OPEN + '''
         0.040 > ACK              |    | * | * => CLOSED or UNKNOWN | handshake_not_captured
         0.060 > ACK PSH data=100 |    | * | * => CLOSED or UNKNOWN | one_sided(1)?
         0.061 < RST              | 21 | CLOSED | CLOSED | connection_reset?''' + A_MINUTE_LATER,
         conversation={'tcpshake.reset_by': 'server'}, neighbour_of='reset_ignored'),
    Case('RST in the client\'s name before the SYN-ACK', '''It ends nothing: the SYN-ACK opens the client
         all the same [3.10.7.3], and the server goes on.''', '''
         0.000 > SYN     | 1   | SYN-SENT | SYN-RECEIVED |
         0.001 > RST     | 21? | CLOSED => SYN-SENT | LISTEN => SYN-RECEIVED | handshake_aborted(1) reset_ignored(h)
         0.020 < SYN ACK | 2   | * => ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK     | *   | * => ESTABLISHED | * => ESTABLISHED |
         1.000 > ACK PSH data=100 | | * => ESTABLISHED | * => ESTABLISHED |
         1.020 < ACK PSH data=100 | | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         1.040 > ACK              | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments',
                       'tcpshake.connection_time': '0.040000000'}, neighbour_of='syn_unanswered connection_refused'),
] + [
    Case(f'RST in the client\'s name, and the client closes: {name}', '''The server answers that FIN, which was sent by
         an open client [3.10.4].''', '''
         0.000 > SYN       | 1   | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK   | 2   | ESTABLISHED | SYN-RECEIVED |
         0.021 > RST seq=1 | 21? | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         0.040 > ACK       | *   | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |''' + text,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': teardown, 'tcpshake.closed_by': 'client',
                       'tcpshake.connection_time': '0.040000000', 'tcpshake.fin1_frame': '5'},
         neighbour_of='reset_while_closing segment_not_captured')
    for name, teardown, text in (
        ('three segments', 'three segments', '''
         0.041 > FIN ACK         | * | CLOSED => FIN-WAIT-1 | LISTEN => CLOSE-WAIT |
         0.060 < FIN ACK         | * | TIME-WAIT  | LAST-ACK   | reset_ignored(1)
         0.080 > ACK             | * | TIME-WAIT  | CLOSED     |'''),
        ('the FIN acknowledged first', 'four segments', '''
         0.041 > FIN ACK data=20 | * | CLOSED => FIN-WAIT-1 | LISTEN => CLOSE-WAIT |
         0.060 < ACK             | * | FIN-WAIT-2 | CLOSE-WAIT | reset_ignored(1)
         0.061 < FIN ACK data=9  | * | TIME-WAIT  | LAST-ACK   |
         0.080 > ACK             | * | TIME-WAIT  | CLOSED     |'''),
        ('data crosses the FIN', 'four segments', '''
         0.041 > FIN ACK         | * | CLOSED => FIN-WAIT-1 | LISTEN => ESTABLISHED |
         0.060 < ACK data=9 ack=1 | * | FIN-WAIT-1 | ESTABLISHED | reset_ignored(1)
         0.061 < ACK             | * | FIN-WAIT-2 | CLOSE-WAIT |
         0.062 < FIN ACK         | * | TIME-WAIT  | LAST-ACK   |
         0.080 > ACK             | * | TIME-WAIT  | CLOSED     |'''))
] + [
    Case('RST in the client\'s name, and the last ACK is not captured', '''What the client sent behind the RST shows
         that it had received the SYN-ACK; nothing shows that it received the FIN.''', '''
         0.000 > SYN       | 1   | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK   | 2   | ESTABLISHED | SYN-RECEIVED |
         0.021 > RST seq=1 | 21? | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         0.040 > ACK       | *   | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.041 > FIN ACK   | *   | CLOSED => FIN-WAIT-1 | LISTEN => CLOSE-WAIT |
         0.060 < FIN ACK   | *   | TIME-WAIT => FIN-WAIT-1 | LAST-ACK | reset_ignored(1) missing_fin_ack(h)'''
         + A_MINUTE_LATER, conversation={'tcpshake.handshake': 'complete', 'tcpshake.closed_by': 'client'}),
    Case('RST of the kernel below a scanner, which closes', 'The server knows of no connection: nobody closes one.', '''
         0.000 > SYN       | 1   | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK   | 2   | *        | SYN-RECEIVED |
         0.021 > RST seq=1 | 21? | CLOSED   | LISTEN | handshake_aborted
         0.022 > ACK       | *   | CLOSED   | LISTEN |
         0.023 > FIN ACK   | *   | CLOSED   | LISTEN |
         0.042 < RST seq=1 | *   | CLOSED   | *      |
         0.043 < RST seq=1 | *   | CLOSED   | *      |''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.teardown': 'none'}, neighbour_of='reset_ignored'),
    Case('RST in the client\'s name, and a slow handshake', '''Slow was the ACK that ended it, wherever
         it shows that the server had it.''', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         0.021 > RST              | 21 | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         1.020 < SYN ACK seq=0    | 2? | * => ESTABLISHED | SYN-RECEIVED | \
             synack_retransmission missing_handshake_ack(1) reset_ignored(1)
         1.040 > ACK              | *  | ESTABLISHED | ESTABLISHED | slow_handshake
         2.000 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         2.020 < ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         2.040 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '1.040000000'},
         neighbour_of='connection_timeout'),
    Case('RST in the client\'s name, and only the client captured', '''What it acknowledges next was sent
         by a server that goes on.''', '''
         0.000 > SYN              | 1  | SYN-SENT | * | one_sided(h)
         hidden < SYN ACK
         0.021 > RST seq=1        | 21 | CLOSED => SYN-SENT | LISTEN => * | handshake_aborted(1) reset_ignored(h)
         0.040 > ACK              | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED | one_sided(1)
         1.000 > ACK PSH data=100 |    | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         hidden < ACK PSH data=100
         1.040 > ACK              |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         2.000 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'none',
                       'tcpshake.connection_time': '0.040000000'}, neighbour_of='syn_unanswered slow_handshake'),
    Case('RST of the client, and only the client captured', 'A scanner: nothing of the server is acknowledged.', '''
         0.000 > SYN              | 1  | SYN-SENT | * | one_sided(h)? syn_unanswered(h)?
         hidden < SYN ACK
         0.021 > RST seq=1        | 21 | CLOSED | LISTEN | handshake_aborted
         0.040 > ACK              | *  | CLOSED | LISTEN | one_sided(1)?''',
         conversation={'tcpshake.handshake': 'aborted'}, neighbour_of='reset_ignored'),
    Case('two RSTs of a stranger', 'Each said once.', OPEN + DATA + '''
         2.000 < RST ttl=200 id=7 | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             abortive_close(1) reset_ignored
         2.001 < RST ttl=200 id=8 | * | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | reset_ignored
         4.000 > ACK data=10      |   | ESTABLISHED | * => ESTABLISHED |
         4.020 < ACK data=10      |   | ESTABLISHED | ESTABLISHED |
         4.040 > ACK              |   | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.teardown': 'four segments'}),
    Case('data behind the RST, with what the RST answers', 'An open client sends that: the RST was not its own.',
         OPEN + '''
         0.050 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         0.070 < ACK PSH data=50  |    | ESTABLISHED | ESTABLISHED |
         0.071 > RST              | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             connection_reset(1) reset_ignored(h)
         0.079 > ACK PSH data=10  |    | ESTABLISHED | * => ESTABLISHED | reset_ignored(1)?
         0.100 < ACK data=20      |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)?
         0.110 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.teardown': 'four segments'}),
    Case('the same RST of a stranger, four times', 'The last ones only count.', OPEN + DATA + '''
         2.000 < RST ttl=200 id=7  | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             abortive_close(1) reset_ignored
         2.001 < RST ttl=200 id=8  | * | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | reset_ignored
         2.002 < RST ttl=200 id=9  | * | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | reset_ignored
         2.003 < RST ttl=200 id=10 | * | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | reset_ignored
         4.000 > ACK data=10       |   | ESTABLISHED | * => ESTABLISHED |
         4.020 < ACK data=10       |   | ESTABLISHED | ESTABLISHED |
         4.040 > ACK               |   | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.teardown': 'four segments'}),
    Case('two RSTs in the client\'s name during the handshake', 'With its own TTL: neither has ended anything.', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         0.021 > RST              | 21 | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         0.022 > RST              | 21? | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | reset_ignored(h)
         0.040 > ACK              | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         1.000 > ACK PSH data=100 |    | * => ESTABLISHED | * => ESTABLISHED |
         1.020 < ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         1.040 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments',
                       'tcpshake.connection_time': '0.040000000'}),
    Case('RSTs in the client\'s name on both sides of its ACK', 'The server answers what came behind both.', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         0.021 > RST              | 21 | CLOSED => ESTABLISHED | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         0.040 > ACK              | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.042 > RST              | 21? | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED | reset_ignored(h)
         1.000 > ACK PSH data=100 |    | * => ESTABLISHED | * => ESTABLISHED |
         1.020 < ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED | reset_ignored(1)
         1.040 > ACK              |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'}),
    Case('two RSTs of the client', 'A scanner: nobody goes on.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2  | ESTABLISHED => SYN-SENT or ESTABLISHED | SYN-RECEIVED |
         0.021 > RST     | 21 | CLOSED | LISTEN | handshake_aborted
         0.022 > RST     | 21? | CLOSED | LISTEN |''', neighbour_of='reset_ignored'),
    Case('two refusals that were forged', 'The client acknowledges the SYN-ACK behind both.', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED or CLOSED => SYN-RECEIVED |
         0.001 < RST ACK seq=0 | 21 | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | \
             connection_refused(1) reset_ignored(h)
         0.002 < RST ACK seq=0 | 21? | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | reset_ignored(h)
         0.020 < SYN ACK seq=0 | 2  | CLOSED => ESTABLISHED | SYN-RECEIVED | reset_ignored(1)
         0.040 > ACK           | 3  | ESTABLISHED | ESTABLISHED |
         0.060 < ACK data=100  |    | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'}),
    Case('a refusal that was forged, and only the server captured', '''It acknowledges the same SYN with a SYN-ACK, and
         goes on: the client is open [3.10.7.3].''', '''
         hidden > SYN
         0.001 < RST ACK seq=0 | 21 | * => SYN-SENT | * => SYN-RECEIVED | handshake_not_captured(1) reset_ignored(h) \
             one_sided(h)
         0.020 < SYN ACK seq=0 | 2  | * => ESTABLISHED | SYN-RECEIVED | reset_ignored(1) synack_unsolicited(1)
         hidden > ACK
         hidden > ACK data=10
         0.120 < ACK data=100  | *  | ESTABLISHED | ESTABLISHED | one_sided(1)''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'none'},
         neighbour_of='connection_refused segment_not_captured'),
    Case('a refusal, and only the server captured', 'Nothing contradicts it.', '''
         hidden > SYN
         0.001 < RST ACK seq=0 | 21 | * | CLOSED | handshake_not_captured''', neighbour_of='reset_ignored'),
    Case('a refusal that was forged, the SYN-ACK not captured', '''The client acknowledges one, and CLOSED only ever
         sends a RST [3.10.7.1]: it had not taken the RST for an answer.''', '''
         0.000 > SYN                | 1  | SYN-SENT | SYN-RECEIVED |
         0.002 < RST ACK seq=@0     | 21 | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | \
             connection_refused(1) reset_ignored(h)
         hidden < SYN ACK seq=0
         0.030 > ACK ack=1          | 3  | ESTABLISHED | ESTABLISHED | \
             reset_ignored(1) one_sided(1) segment_not_captured(h)
         0.031 > ACK data=100 ack=1 |    | ESTABLISHED | ESTABLISHED |
         0.060 < ACK data=100 seq=1 |    | ESTABLISHED | ESTABLISHED | segment_not_captured(1)
         0.061 > ACK                |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '0.030000000', 'tcpshake.ack_frame': '3'},
         neighbour_of='handshake_aborted syn_unanswered'),
    Case('a refusal that was forged, and only the client captured', '''The RST is all that there is in the server's
         name.''', '''
         0.000 > SYN                | 1  | SYN-SENT | SYN-RECEIVED | one_sided(h)
         0.002 < RST ACK seq=@0     | 21 | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | \
             connection_refused(1) reset_ignored(h)
         hidden < SYN ACK seq=0
         0.030 > ACK data=100 ack=1 | 3  | ESTABLISHED | ESTABLISHED | reset_ignored(1) one_sided(1)
         hidden < ACK data=100 seq=1
         0.060 > ACK                |    | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.030000000',
                       'tcpshake.verdict': 'established in 30 ms, not closed in this capture'},
         neighbour_of='handshake_aborted syn_unanswered read_timeout'),
    Case('refused, and a RST of the client', 'A RST is what CLOSED sends: it shows nothing.', '''
         0.000 > SYN                | 1  | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.002 < RST ACK seq=@0     | 21 | CLOSED   | CLOSED | connection_refused
         0.003 > RST seq=1          | 21? | CLOSED  | CLOSED |''',
         conversation={'tcpshake.handshake': 'refused'}, neighbour_of='reset_ignored'),
    Case('RST in the client\'s name, the SYN-ACK not captured', '''The server answers what the client sent behind
         it.''', '''
         0.000 > SYN                | 1  | SYN-SENT | SYN-RECEIVED |
         0.021 > RST seq=1          | 21 | CLOSED => SYN-SENT | LISTEN => SYN-RECEIVED | \
             handshake_aborted(1) reset_ignored(h)
         hidden < SYN ACK
         0.040 > ACK                | *  | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED | \
             one_sided(1) segment_not_captured(h)
         0.050 > ACK data=100       |    | CLOSED => ESTABLISHED | LISTEN => ESTABLISHED |
         0.080 < ACK data=100       |    | ESTABLISHED | ESTABLISHED | reset_ignored(1) segment_not_captured(1)
         0.090 > ACK                |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '0.040000000', 'tcpshake.ack_frame': '3'},
         neighbour_of='syn_unanswered missing_handshake_ack'),
    Case('a refusal that was forged', '''The client acknowledges the SYN-ACK behind it, and CLOSED only ever sends a RST
         [3.10.7.1].''', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED or CLOSED => SYN-RECEIVED |
         0.001 < RST ACK seq=0 | 21 | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | \
             connection_refused(1) reset_ignored(h)
         0.020 < SYN ACK seq=0 | 2  | CLOSED => ESTABLISHED | SYN-RECEIVED | reset_ignored(1)
         0.040 > ACK           | 3  | ESTABLISHED | ESTABLISHED |
         0.060 < ACK data=100  |    | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'}),
    Case('a FIN behind a RST that was forged', 'It arrives as if there had been no RST.', OPEN + DATA + '''
         5.000 > RST ACK ttl=8 id=4711 | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             abortive_close(1)? reset_ignored
         5.001 > FIN ACK               | 11 | FIN-WAIT-1 | CLOSED => CLOSE-WAIT |
         5.020 < ACK                   | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK               | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK                   | 14 | TIME-WAIT  | CLOSED     |''',
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'client',
                       'tcpshake.time_wait.owner': 'client'}),
]

BEHIND = [
    Case('a copied SYN-ACK behind the RST', '''The network has made it, sooner than any timer: it was sent before the
         RST came, and moves nothing back.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > RST ACK       | 21 | CLOSED      | LISTEN       | handshake_aborted
         0.045 < SYN ACK seq=0 | 2? | CLOSED      | LISTEN       | synack_retransmission? captured_twice?''',
         conversation={'tcpshake.handshake': 'aborted'}, neighbour_of='reset_ignored'),
    Case('the same SYN-ACK a second behind the RST', 'Its timer ran out: the RST has not come.', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > RST ACK       | 21 | CLOSED      | LISTEN => SYN-RECEIVED | handshake_aborted(1)? *
         1.050 < SYN ACK seq=0 | 2? | *           | SYN-RECEIVED | *''', neighbour_of=''),
]

CHALLENGES = [
    Case('RST behind data that did not arrive', '''In the window, not exact: the receiver says with a challenge ACK
         what it expects [RFC 5961 section 3.2], and goes on.''', OPEN + '''
         0.060 > ACK PSH data=200         | | ESTABLISHED | ESTABLISHED |
         0.080 < ACK PSH data=300         | | ESTABLISHED | ESTABLISHED |
         5.000 < RST ACK                  | 21 | CLOSED => ESTABLISHED | CLOSED | \
             abortive_close(1) reset_challenged(h)
         5.020 > ACK ack=1                | | ESTABLISHED | CLOSED | reset_challenged(1)
         65.00 > ACK PSH data=50 ack=1    | | ESTABLISHED | CLOSED |
         65.30 > ACK PSH data=50 seq=201 ack=1 | | ESTABLISHED | CLOSED |''',
         conversation={'tcpshake.teardown': 'none'}, neighbour_of='reset_ignored'),
    Case('RST behind data that did not arrive, then the exact one', 'The challenge has told its sender the number.',
         OPEN + '''
         0.060 > ACK PSH data=200         | | ESTABLISHED | ESTABLISHED |
         0.080 < ACK PSH data=300         | | ESTABLISHED | ESTABLISHED |
         5.000 < RST ACK                  | 21 | CLOSED => ESTABLISHED | CLOSED | \
             abortive_close(1) reset_challenged(h)
         5.020 > ACK ack=1                | | ESTABLISHED | CLOSED | reset_challenged(1)
         5.040 < RST seq=1                | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'}, neighbour_of='reset_ignored'),
    Case('RST behind data that did not arrive, and an ACK under way', '''It passed the RST: it comes sooner than half
         of what the client's answer took in the handshake. The challenge is the next.''', OPEN + '''
         0.060 > ACK PSH data=200         | | ESTABLISHED | ESTABLISHED |
         0.080 < ACK PSH data=300         | | ESTABLISHED | ESTABLISHED |
         1.000 < ACK PSH data=400         | | ESTABLISHED | ESTABLISHED |
         5.000 < RST ACK                  | 21 | CLOSED => ESTABLISHED | CLOSED | \
             abortive_close(1) reset_challenged(h)
         5.005 > ACK ack=301              | | ESTABLISHED | CLOSED |
         5.020 > ACK ack=301              | | ESTABLISHED | CLOSED | reset_challenged(1)
         65.00 > ACK PSH data=50 ack=301  | | ESTABLISHED | CLOSED |''',
         conversation={'tcpshake.teardown': 'none'}, neighbour_of='reset_ignored'),
    Case('RST right behind data, and an ACK under way', '''It was sent before either of them can have arrived, and says
         nothing of the RST.''', OPEN + '''
         0.060 > ACK PSH data=200 | | ESTABLISHED | ESTABLISHED |
         0.080 < ACK PSH data=300 | | ESTABLISHED | ESTABLISHED |
         0.081 < RST ACK          | 21 | CLOSED => ESTABLISHED or CLOSED | CLOSED | abortive_close
         0.085 > ACK ack=1        | | ESTABLISHED or CLOSED | CLOSED |
         0.105 < RST seq=1        | 21? | CLOSED | CLOSED |''',
         conversation={'tcpshake.teardown': 'reset'}, neighbour_of='reset_challenged reset_ignored'),
    Case('RST ahead of what was captured', '''In the window, and nobody challenges it: the capture may lack what came
         before it.''', OPEN + '''
         1.000 < RST seq=+100 | 21? | * | * |''', neighbour_of='reset_challenged reset_unacceptable reset_ignored'),
    Case('RST ahead of what was captured, and data behind it', 'They answer nothing.', OPEN + '''
         1.000 < RST seq=+100     | 21? | ESTABLISHED | * |
         1.020 > ACK PSH data=100 |     | ESTABLISHED | * |''', neighbour_of='reset_challenged reset_unacceptable'),
    Case('RST at the right edge of the window', '''One number further than the last that there is room for, so it is
         dropped [3.10.7.4, first]; this stack challenges it.''', OPEN + '''
         1.000 < RST seq=+65535 | 21? | ESTABLISHED | * | reset_unacceptable(1) reset_challenged(h)
         1.020 > ACK            |     | ESTABLISHED | * | reset_challenged(1)''', neighbour_of='reset_ignored'),
    Case('RST at the right edge of the window, dropped', 'By one that follows the letter.', OPEN + '''
         1.000 < RST seq=+65535   | 21? | ESTABLISHED | * | reset_unacceptable
         2.000 > ACK PSH data=100 |     | ESTABLISHED | * |
         2.020 < ACK PSH data=100 |     | ESTABLISHED | ESTABLISHED |''',
         neighbour_of='reset_challenged reset_ignored'),
    Case('RST just inside the window, ignored', '''Neither exact nor challenged, and the end in whose name it was sent
         goes on.''', OPEN + '''
         1.000 < RST seq=+65534   | 21? | ESTABLISHED | * => ESTABLISHED | reset_ignored(h)
         2.000 > ACK PSH data=100 |     | ESTABLISHED | * |
         2.020 < ACK PSH data=100 |     | ESTABLISHED | ESTABLISHED | reset_ignored(1)''',
         neighbour_of='reset_challenged reset_unacceptable'),
    Case('RST of the client behind data that did not arrive', '''It acknowledges the answer: with the exact one, nothing
         is lost.''', OPEN + '''
         0.060 > ACK PSH data=200       |    | ESTABLISHED | ESTABLISHED |
         0.080 < ACK PSH data=300 ack=1 |    | ESTABLISHED | ESTABLISHED |
         5.000 > RST ACK                | 21 | CLOSED | CLOSED => ESTABLISHED | abortive_close(1) reset_challenged(h)
         5.020 < ACK ack=1              |    | CLOSED | ESTABLISHED | reset_challenged(1)
         5.030 > RST seq=1              | 21 | CLOSED | CLOSED | abortive_close''',
         neighbour_of='connection_reset reset_ignored'),
    Case('RSTs to both ends by a device on the way', 'Each is of another than it names, and is said once.',
         OPEN + DATA + '''
         5.000 > ACK PSH data=100      |     | ESTABLISHED | ESTABLISHED |
         5.001 < RST ACK ttl=50 id=5   | 21  | CLOSED | CLOSED => ESTABLISHED | reset_ignored connection_reset(1)
         5.002 > RST ACK ttl=50 id=6   | 21? | CLOSED | * | reset_ignored
         5.030 < ACK data=500 ack=201  |     | CLOSED | ESTABLISHED | reset_ignored(1)?'''),
    *[Case(f'RST by {who}, the answer, and the RST of the client', '''The first has closed the client, which
         answers the server's data with another [3.10.7.1]. The server has sent none.''', OPEN + DATA + '''
         5.000 > ACK PSH data=100        |     | ESTABLISHED | ESTABLISHED |
         5.001 < RST ACK {other}         | 21  | CLOSED | CLOSED => ESTABLISHED | connection_reset reset_ignored{h}
         5.020 < ACK PSH data=500        |     | CLOSED | ESTABLISHED | reset_ignored(1)?
         5.021 > RST                     | 21  | CLOSED | CLOSED      | connection_reset(1)
         '''.replace('{other}', other).replace('{h}', when),
         conversation={'tcpshake.reset_cause': 'foreign', 'tcpshake.reset_by': 'server',
                       'tcpshake.reset_idle': '3.960000000'}, neighbour_of='reset_while_closing')
      for who, other, when in (('a device on the way', 'ttl=50 id=5', ''), ('somebody', '', '(h)'))],
    Case('two RSTs by a device on the way, the second exact, and the RST of the server', '''The second has closed the
         server, which answers the client's data with another.''', OPEN + DATA + '''
         5.000 > RST ttl=40 id=5 seq=+900000 | 21? | CLOSED => ESTABLISHED | ESTABLISHED | \
             reset_unacceptable? reset_ignored
         5.500 > RST ttl=40 id=6             | 21  | CLOSED => ESTABLISHED | CLOSED | \
             abortive_close(1) connection_reset(h) reset_ignored
         6.000 > ACK PSH data=100            |     | ESTABLISHED | CLOSED | reset_ignored(1)?
         6.020 < RST                         | 21  | CLOSED      | CLOSED | connection_reset(1)''',
         conversation={'tcpshake.reset_cause': 'foreign', 'tcpshake.reset_by': 'client', 'tcpshake.rst_frame': '8'}),
    Case('a RST in the name of the client, and data that acknowledge what it answered', 'The client goes on.',
         OPEN + '''
         0.060 > ACK PSH data=500       |    | ESTABLISHED           | ESTABLISHED           |
         0.080 < ACK PSH data=1         |    | ESTABLISHED           | ESTABLISHED           |
         0.085 > RST                    | 21 | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | *
         0.095 > ACK data=500 ack=2     |    | ESTABLISHED           | CLOSED => ESTABLISHED | reset_ignored(1)?
         0.115 < ACK                    |    | ESTABLISHED           | ESTABLISHED           | reset_ignored(1)?''',
         somewhere='reset_ignored(h)'),
    Case('a forged refusal, and later a RST of the server', '''That the server went on behind the first says nothing
         about the second: the client's data were under way.''', '''
         0.000 > SYN                         | 1  | SYN-SENT           | *                      |
         0.005 < RST ACK seq=0 ttl=40 id=77  | *  | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | *
         0.020 < SYN ACK                     | *  | * => ESTABLISHED   | SYN-RECEIVED           | *
         0.040 > ACK                         | 3  | ESTABLISHED        | ESTABLISHED            | *
         1.000 > ACK PSH data=25             |    | ESTABLISHED        | ESTABLISHED            |
         1.020 < ACK                         |    | ESTABLISHED        | ESTABLISHED            |
         1.025 < RST ACK                     | 21 | CLOSED => ESTABLISHED | CLOSED              | connection_reset
         1.030 > ACK PSH data=150            |    | ESTABLISHED        | CLOSED                 |
         1.050 < RST                         | 21?| CLOSED             | CLOSED                 |''',
         conversation={'tcpshake.rst_frame': '7'}),
    Case('the client resets after a RST that it ignored', 'By itself, and later: with an ACK, as an application does.',
         OPEN + DATA + '''
         5.000 < RST ACK ttl=50 id=5     | 21  | CLOSED => ESTABLISHED | CLOSED => ESTABLISHED | \
             abortive_close(1) reset_ignored
         6.500 > ACK PSH data=100        |     | ESTABLISHED | CLOSED => ESTABLISHED | reset_ignored(1)?
         6.520 < ACK PSH data=500        |     | ESTABLISHED | ESTABLISHED |
         6.540 > ACK                     |     | ESTABLISHED | ESTABLISHED |
         8.000 > RST ACK                 | 21  | CLOSED      | CLOSED      | abortive_close''',
         conversation={'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_by': 'client'}),
    Case('RSTs with rising numbers', '''Somebody tries where the window is: with the first, beyond all that the server
         has sent.''', OPEN + DATA + '''
         5.0000 > ACK PSH data=100   |     | ESTABLISHED | ESTABLISHED |
         5.0210 < RST ACK            | 21  | CLOSED | CLOSED | connection_reset
         5.0211 < RST ACK seq=+1460  | 21? | CLOSED | CLOSED |
         5.0212 < RST ACK seq=+4380  | 21? | CLOSED | CLOSED |''', conversation={'tcpshake.reset_cause': 'foreign'}),
    Case('RST captured twice, then the challenge ACK', 'The copy stands between them.', OPEN + '''
         1.000 < RST seq=+100 | 21? | ESTABLISHED | * | reset_challenged(h)
         again                | 21? | ESTABLISHED | * | captured_twice
         1.020 > ACK          |     | ESTABLISHED | * | reset_challenged(1)''', needs_ip_id=True,
         neighbour_of='reset_unacceptable reset_ignored'),
]

CROSSINGS = [
    Case('an ACK under way when the peer resets, over a satellite', 'A round trip takes 1.2 s.', '''
         0.000 > SYN                | 1  | SYN-SENT    | SYN-RECEIVED |
         1.200 < SYN ACK            | 2  | ESTABLISHED | SYN-RECEIVED |
         1.201 > ACK                | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake
         1.202 > ACK PSH data=100   |    | ESTABLISHED | ESTABLISHED  |
         2.402 < ACK PSH data=100   |    | ESTABLISHED | ESTABLISHED  |
         2.403 > FIN ACK            | *  | FIN-WAIT-1  | *            |
         2.404 < ACK data=41 ack=-1 |    | *           | *            |
         2.405 > RST                | 21 | CLOSED      | *            | reset_while_closing
         3.603 < ACK                | *  | CLOSED      | *            |
         3.604 > RST                | *  | CLOSED      | *            |''', neighbour_of='reset_ignored'),
    Case('a FIN under way when the peer resets', 'The RST came first: nobody began to close before it.',
         OPEN + DATA + '''
         5.000 > RST ACK | 21 | CLOSED | CLOSED => ESTABLISHED | abortive_close
         5.001 < FIN ACK | *  | CLOSED | FIN-WAIT-1 |
         5.020 > RST     | *  | CLOSED | CLOSED     |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.closed_by': 'client', 'tcpshake.reset_by': 'client'},
         neighbour_of='reset_while_closing reset_ignored'),
    Case('data and a FIN under way when the peer resets', '''The capture ends with the FIN: each was sent in the state
         that it shows [3.10.2, 3.10.4].''', OPEN + DATA + '''
         5.000 > RST ACK        | 21 | CLOSED | CLOSED => ESTABLISHED | abortive_close(1) connection_reset(h)
         5.005 < ACK data=200   |    | CLOSED | ESTABLISHED | connection_reset(1)
         5.006 < ACK data=200   |    | CLOSED | ESTABLISHED |
         5.007 < FIN ACK        | *  | CLOSED | FIN-WAIT-1  |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'client'},
         neighbour_of='reset_ignored reset_while_closing'),
    Case('data and a FIN under way when the server resets', 'The same from the other end.', OPEN + DATA + '''
         5.000 < RST ACK        | 21 | CLOSED => ESTABLISHED | CLOSED | abortive_close(1) connection_reset(h)
         5.005 > ACK data=200   |    | ESTABLISHED | CLOSED | connection_reset(1)
         5.006 > FIN ACK        | *  | FIN-WAIT-1  | CLOSED |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'},
         neighbour_of='reset_ignored reset_while_closing'),
    Case('data under way when the peer resets', '''CLOSED takes none of them [3.10.7.1]: they are cut off, though all
         that was sent before was acknowledged.''', OPEN + DATA + '''
         5.000 > RST ACK             | 21 | CLOSED | CLOSED => ESTABLISHED | abortive_close(1) connection_reset(h)
         5.005 < ACK PSH data=200    | *  | CLOSED | * | connection_reset(1)
         5.006 < ACK PSH data=200    | *  | CLOSED | * |
         5.025 > RST                 | *  | CLOSED | CLOSED |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'client'}, neighbour_of='reset_ignored'),
    Case('data under way when the server resets', 'The same, with a bare RST; the answer to them is another.',
         OPEN + DATA + '''
         5.000 < RST                 | 21 | CLOSED => ESTABLISHED | CLOSED | abortive_close(1) connection_reset(h)
         5.005 > ACK PSH data=200    | *  | * | CLOSED | connection_reset(1)
         5.025 < RST                 | *  | CLOSED | CLOSED |''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'}, neighbour_of='reset_ignored'),
    Case('old data behind a RST', 'They were acknowledged before: nothing is lost.', OPEN + DATA + '''
         5.000 > RST ACK                | 21 | CLOSED | * | abortive_close
         5.005 < ACK PSH data=100 seq=1 | *  | CLOSED | * |''', neighbour_of='connection_reset reset_ignored'),
    Case('RST behind a last word', 'It is acknowledged, and too short for a request (LDAP: UnbindRequest).',
         OPEN + DATA + '''
         5.000 > ACK PSH data=43 |    | ESTABLISHED | ESTABLISHED |
         5.020 < RST ACK         | 21 | CLOSED      | CLOSED      | abortive_close''', neighbour_of='connection_reset'),
    Case('RST behind a request that was acknowledged', 'No answer has come.', OPEN + DATA + '''
         5.000 > ACK PSH data=64 |    | ESTABLISHED | ESTABLISHED |
         5.020 < RST ACK         | 21 | CLOSED      | CLOSED      | connection_reset''', neighbour_of='abortive_close'),
    Case('RST of a client, one direction only', 'Its ACK shows that the answer has come.', '''
         0.000 > SYN              | 1  | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK              | 3  | ESTABLISHED | * | one_sided(1)
         1.000 > ACK PSH data=100 |    | ESTABLISHED | * |
         hidden < ACK PSH data=400
         1.040 > ACK              |    | ESTABLISHED | * |
         1.300 > RST ACK          | 21 | CLOSED      | * | abortive_close?''', neighbour_of='connection_reset'),
    Case('a RST in place of the last ACK', 'Both have closed, nothing is lost.', OPEN + DATA + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK | 13 | *          | LAST-ACK   |
         5.050 > RST ACK | 21 | CLOSED     | CLOSED     |''',
         conversation={'tcpshake.reset_by': 'client', 'tcpshake.closed_by': 'client'},
         neighbour_of='reset_while_closing abortive_close'),
    Case('a FIN to an end that waited for it too long', '''FIN-WAIT-2 was given up, and the FIN finds no connection
         [3.10.7.1].''', OPEN + DATA + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         9.030 < FIN ACK | 13 | TIME-WAIT => FIN-WAIT-2 | LAST-ACK |
         9.050 > RST     | 21 | CLOSED     | CLOSED     | reset_while_closing'''),
    Case('one RST for each segment under way', '''The client aborts in the middle of a download: its host
         answers what still comes, segment by segment [3.10.7.1].''', OPEN + '''
         0.060 > ACK PSH data=100 | | ESTABLISHED | ESTABLISHED |''' + ''.join(f'''
         0.1{number:02} < ACK data=1000 | | ESTABLISHED | ESTABLISHED |''' for number in range(12)) + '''
         0.120 > RST ACK ack=1 | 21 | CLOSED | CLOSED | connection_reset''' + ''.join(f'''
         0.1{number + 20} > RST seq=101 | 21? | CLOSED | CLOSED |''' for number in range(1, 13)),
         neighbour_of='reset_storm'),
    Case('one RST for each small segment under way', '''The server has closed. The client goes on writing until the
         first RST has come.''', OPEN + DATA + '''
         5.000 < FIN ACK       | 11    | CLOSE-WAIT | FIN-WAIT-1 |
         5.001 > ACK           | 12    | CLOSE-WAIT | FIN-WAIT-2 => FIN-WAIT-2 or FIN-WAIT-1 |''' + ''.join(f'''
         5.0{number:02} > ACK PSH data=16 | | CLOSE-WAIT | * | {'data_after_close(h)' * (number == 2)}'''
                                                                              for number in range(2, 17)) + '''
         5.021 < RST           | 21    | CLOSED     | CLOSED     | data_after_close(1)''' + ''.join(f'''
         5.0{number:02} < RST  | 21?   | CLOSED     | CLOSED     |''' for number in range(22, 36)),
         neighbour_of='reset_storm'),
    Case('one RST for each small segment, for a minute', '''RSTs do not reach the client: what it keeps sending was not
         under way.''', OPEN + DATA + '''
         5.000 < FIN ACK         | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.001 > ACK             | 12 | CLOSE-WAIT | FIN-WAIT-2 => FIN-WAIT-2 or FIN-WAIT-1 |
         5.002 > ACK PSH data=16 |    | CLOSE-WAIT | * |
         5.022 < RST             | 21 | CLOSED => CLOSE-WAIT | CLOSED | *''' + ''.join(f'''
         {number}.000 > ACK PSH data=16 |   | * | CLOSED | *
         {number}.020 < RST             | * | * | CLOSED | {'reset_storm' * (number == 23)} *'''
                                                     for number in range(15, 25))),
    Case('last words before a RST', '''A remote desktop takes its leave and resets: no answer could have come, and it
         waits for none.''', OPEN + DATA + '''
         5.000 > ACK PSH data=66 |    | ESTABLISHED | ESTABLISHED |
         5.001 > ACK PSH data=38 |    | ESTABLISHED | ESTABLISHED |
         5.002 > RST ACK         | 21 | CLOSED      | CLOSED      | abortive_close''', neighbour_of='connection_reset'),
    Case('a request given up with a RST', 'After a while: the client has waited for the answer.', OPEN + DATA + '''
         5.000 > ACK PSH data=104 |    | ESTABLISHED | ESTABLISHED |
         5.020 < ACK              |    | ESTABLISHED | ESTABLISHED |
         8.000 > RST ACK          | 21 | CLOSED      | CLOSED      | connection_reset'''),
    *[Case(f'a request given up with a RST where {what} was sent again', '''The handshake took a second, an answer takes
         20 ms: the client has waited for it.''', opening + '''
         2.000 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         2.020 < ACK              |    | ESTABLISHED | ESTABLISHED |
         2.480 > RST ACK          | 21 | CLOSED      | CLOSED      | connection_reset''')
      for what, opening in (('the SYN', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED | *
         1.000 > SYN seq=0        | 1  | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         1.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         1.040 > ACK              | 3  | ESTABLISHED | ESTABLISHED  | *'''), ('the SYN-ACK', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         1.020 < SYN ACK seq=0    | 2  | ESTABLISHED | SYN-RECEIVED | synack_retransmission missing_handshake_ack(1)?
         1.040 > ACK              | 3  | ESTABLISHED | ESTABLISHED  | *'''))],
    Case('one RST for each segment under way, and more', 'Nothing was sent that ten of them could answer.', OPEN + '''
         0.060 > ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         0.100 < ACK data=1000    |    | ESTABLISHED | ESTABLISHED |
         0.120 > RST ACK ack=1    | 21 | CLOSED      | CLOSED      | connection_reset''' + ''.join(f'''
         0.1{number + 20} > RST seq=101 | 21? | CLOSED | CLOSED |''' for number in range(1, 11)) + '''
         0.140 > RST seq=101 | 21? | CLOSED | CLOSED | reset_storm'''),
    Case('a RST in the name of the server, and later its own', '''The first has closed the client. The server, which had
         not sent it, resets on its own account. Then both are closed: the conversation is over.''', OPEN + DATA + '''
         5.000 < RST               | 21 | CLOSED | *                     | reset_ignored(h) *
         5.020 < ACK PSH data=100  |    | CLOSED | * => ESTABLISHED      | reset_ignored(1)?
         5.220 < ACK PSH data=100 seq=101 | | CLOSED | * => ESTABLISHED  | reset_ignored(1)?
         9.000 < RST               | 21 | CLOSED | CLOSED                | abortive_close''',
         conversation={'tcpshake.verdict': 'established in 40 ms, reset by the server', 'tcpshake.reset_by': 'server',
                       'tcpshake.rst_frame': '10'}),
    Case('a RST between the last data and the RST of the client', 'It was captured too early, or is not the client\'s.',
         OPEN + DATA + '''
         5.000 > RST              | 21 | *      | * => CLOSED | reset_ignored(h)? *
         5.010 > ACK PSH data=10  |    | *      | * => CLOSED | *
         5.020 > RST ACK          | 21 | CLOSED | CLOSED      | *
         5.030 < RST              | 21 | CLOSED | CLOSED      |''',
         conversation={'tcpshake.verdict': 'established in 40 ms, reset by the client', 'tcpshake.reset_by': 'client'}),
]

COPIES = [
    Case('a RST of a device, and 20 ms later one of the client', '''No path between two points has so many routers: the
         other TTL is another sender's.''', OPEN + '''
         1.000 > ACK PSH data=300   |    | ESTABLISHED           | ESTABLISHED |
         1.001 < RST ttl=250 id=0   | 21 | CLOSED                | CLOSED => ESTABLISHED | \
             connection_reset reset_ignored
         1.002 > RST ttl=250 id=0   | 21? | CLOSED               | * | reset_ignored
         1.021 < ACK PSH data=500   |    | CLOSED                | * | reset_ignored(1)?
         1.022 > RST id=0           | 21 | CLOSED                | CLOSED | connection_reset(1)? reset_ignored?''',
         neighbour_of='captured_twice'),
    Case('RST in SYN-RECEIVED, everything captured twice', 'A copy changes no state: as if it were not there.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         again ttl=63    | 1? | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         again ttl=56    | 2? | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK     | *  | ESTABLISHED | ESTABLISHED => SYN-RECEIVED |
         again ttl=63    | *  | ESTABLISHED | ESTABLISHED => SYN-RECEIVED | captured_twice
         0.060 < RST     | 21 | CLOSED      | CLOSED       | handshake_aborted
         again ttl=56    | *  | CLOSED      | CLOSED       | captured_twice''',
         conversation={'tcpshake.handshake': 'aborted'}, neighbour_of='abortive_close'),
]

CASES = IN_THE_HANDSHAKE + BEHIND + CHALLENGES + CROSSINGS + COPIES
