"""Openings that fail: refused, reset, given up, answered wrongly or not at all; and their nearest neighbours. The
notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, DATA, FOUR_SEGMENTS, OPEN, Case

UNANSWERED = [
    Case('the capture ends right after the SYN', 'An answer is not overdue yet: nothing is concluded.',
         OPEN + CLOSE + '''
         5.060 2> SYN | 1 | SYN-SENT | * |''',
         last={'tcpshake.handshake': 'in progress'}, neighbour_of='syn_unanswered'),
    Case('three SYNs, then the client gives up', 'Nobody has answered, and the client\'s RST does not change that.', '''
         0.000 > SYN       | 1  | SYN-SENT | SYN-RECEIVED => UNKNOWN | syn_unanswered(h)
         2.900 > SYN seq=0 | 1? | SYN-SENT | SYN-RECEIVED => UNKNOWN | syn_retransmission
         8.900 > SYN seq=0 | 1? | SYN-SENT | SYN-RECEIVED => UNKNOWN | syn_retransmission
         30.00 > RST       | 21 | CLOSED   | *                       | handshake_aborted''',
         conversation={'tcpshake.handshake': 'unanswered', 'tcpshake.reset_by': 'client',
                       'tcpshake.reset_cause': 'handshake abort',
                       'tcpshake.verdict': 'no answer to 3 SYNs, aborted by the client after 30.0 s'}),
    Case('the client gives up at once', 'It has not waited for an answer: nothing was left unanswered.', '''
         0.000 > SYN       | 1  | SYN-SENT | *      |
         0.300 > RST       | 21 | CLOSED   | *      | handshake_aborted''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'aborted'}, neighbour_of='syn_unanswered'),
    Case('the client gives up at once, with the number of its SYN', '''Nobody accepts that RST, but the client is
         gone: no handshake is in progress.''', '''
         0.000 > SYN       | 1  | SYN-SENT | * |
         0.300 > RST seq=0 | 21 | CLOSED   | * | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'client'}, neighbour_of='syn_unanswered'),
    Case('the client gives up later, with the number of its SYN', 'It has waited as long as any.', '''
         0.000 > SYN       | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > SYN seq=0 | 1  | SYN-SENT | * | syn_retransmission
         2.500 > RST seq=0 | 21 | CLOSED   | * | handshake_aborted''',
         conversation={'tcpshake.handshake': 'unanswered', 'tcpshake.rst_frame': '3',
                       'tcpshake.verdict': 'no answer to 2 SYNs, aborted by the client after 2.5 s'}),
    Case('a client that gives up, and asks anew', 'Another ISN: another attempt.', '''
         0.000 > SYN            | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > SYN seq=0      | 1  | SYN-SENT | * | syn_retransmission
         1.500 > RST seq=1      | 21 | CLOSED   | * | handshake_aborted
         new 700000 800000
         3.000 > SYN            | 1  | SYN-SENT | * |''', neighbour_of='reset_ignored'),
    Case('a client that has cleared an older connection, and then gives up', '''The numbers of the older connection tell
         nothing about the new SYN [3.5.1].''', '''
         0.000 > SYN                  | 1  | SYN-SENT | * |
         1.000 < ACK seq=500 ack=900  | *  | SYN-SENT | * | stale_ack
         1.001 > RST seq=900          | *  | SYN-SENT | * |
         3.000 > SYN seq=0            | 1  | SYN-SENT | * | syn_retransmission
         5.000 > RST seq=1            | 21 | CLOSED   | * | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.rst_frame': '5'}, neighbour_of='syn_unanswered'),
    Case('the SYN-ACK comes after the client has given up', 'It was answered, though too late.', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED |
         3.000 > RST           | 21 | CLOSED   | *            | handshake_aborted
         3.500 < SYN ACK ack=1 | 2? | CLOSED   | *            |
         3.520 > RST           | 21? | CLOSED  | *            |''',
         neighbour_of='syn_unanswered connection_timeout'),
]

# Section 3.10.7.3: SYN-SENT takes a RST only if it acknowledges the SYN.
WRONG_RESETS = [
    Case('closed port that acknowledges the ISN', 'The RST is ignored, and the client goes on trying.', '''
         0.000 > SYN                 | 1   | SYN-SENT | SYN-RECEIVED => CLOSED | syn_unanswered(h)?
         0.004 < RST ACK seq=0 ack=0 | 21? | SYN-SENT | CLOSED | reset_unacceptable
         1.030 > SYN seq=0           | 1?  | SYN-SENT | CLOSED | syn_retransmission
         1.034 < RST ACK seq=0 ack=0 | 21? | SYN-SENT | CLOSED | reset_unacceptable
         15.40 > SYN seq=0           | 1?  | SYN-SENT | CLOSED | syn_retransmission
         15.41 < RST ACK seq=0 ack=0 | 21? | SYN-SENT | CLOSED | reset_unacceptable''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'unanswered',
                       'tcpshake.verdict': 'no valid answer to 3 SYNs in 60.0 s'},
         neighbour_of='connection_refused connection_timeout missing_handshake_ack'),
    Case('closed port without acknowledgments', 'A RST without ACK tells SYN-SENT nothing.', '''
         0.000 > SYN           | 1   | SYN-SENT | SYN-RECEIVED => CLOSED | syn_unanswered(h)?
         0.004 < RST seq=0     | 21? | SYN-SENT | CLOSED | reset_unacceptable
         1.030 > SYN seq=0     | 1?  | SYN-SENT | CLOSED | syn_retransmission
         1.034 < RST seq=0     | 21? | SYN-SENT | CLOSED | reset_unacceptable''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'unanswered'}, neighbour_of='connection_refused connection_timeout'),
    Case('wrong refusal in front of the right one', 'The second acknowledges the SYN.', '''
         0.000 > SYN                 | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.004 < RST ACK seq=0 ack=0 | 21? | SYN-SENT | CLOSED | reset_unacceptable
         0.005 < RST ACK seq=0       | 21  | CLOSED   | CLOSED | connection_refused''',
         conversation={'tcpshake.handshake': 'refused', 'tcpshake.reset_cause': 'refused'},
         neighbour_of='syn_unanswered'),
    Case('wrong refusal of a SYN with data', 'Fast Open: ISN + 1 and the data behind it are both right.', '''
         0.000 > SYN data=20 tfo        | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.004 < RST ACK seq=0 ack=21   | 21  | CLOSED   | CLOSED | connection_refused''',
         conversation={'tcpshake.handshake': 'refused'}, neighbour_of='reset_unacceptable'),
]

# What ends an attempt whose SYN was answered before, but which never opened.
RESET_BY_SERVER = [
    Case('SYN-ACK, then a refusal of the next SYN', '''The client, which asks again, had not received the SYN-ACK: it is
         in SYN-SENT, where a RST that acknowledges the SYN refuses it [3.10.7.3].''', '''
         0.000 > SYN           | 1   | SYN-SENT => SYN-SENT    | SYN-RECEIVED |
         0.010 < SYN ACK       | 2   | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         1.000 > SYN seq=0     | 1?  | SYN-SENT                | SYN-RECEIVED | syn_retransmission?
         1.010 < RST ACK       | 21  | CLOSED                  | CLOSED       | connection_refused''',
         conversation={'tcpshake.handshake': 'refused', 'tcpshake.reset_by': 'server',
                       'tcpshake.reset_cause': 'refused'},
         neighbour_of='abortive_close connection_reset missing_handshake_ack reset_ignored'),
    Case('the server resets its SYN-ACK, then refuses', '''It was in SYN-RECEIVED: no open connection is reset. The SYN
         that comes again is refused.''', '''
         0.000 > SYN           | 1   | SYN-SENT                | SYN-RECEIVED |
         0.010 < SYN ACK       | 2   | ESTABLISHED => SYN-SENT or ESTABLISHED | SYN-RECEIVED |
         0.500 < RST ACK       | 21  | CLOSED                  | CLOSED       | handshake_aborted
         1.000 > SYN seq=0     | 1?  | SYN-SENT                | *            |
         1.010 < RST ACK seq=0 | 21  | CLOSED                  | CLOSED       | connection_refused''',
         last={'tcpshake.handshake': 'refused', 'tcpshake.reset_by': 'server',
               'tcpshake.reset_cause': 'refused'},
         neighbour_of='abortive_close connection_reset missing_handshake_ack reset_ignored'),
    Case('the server resets right after the third segment', 'Both were open: it is closed, not refused.', OPEN + '''
         0.500 < RST ACK       | 21  | CLOSED      | CLOSED       | abortive_close''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'reset'},
         neighbour_of='connection_refused handshake_aborted'),
]

# What an end, or a scanner, may send without any connection: it shows none.
ALONE = [
    Case(f'{name} alone', 'It may belong to a connection or to none: the capture opens nothing, nor before it.', f'''
         0.000 < {flags} seq=500 ack=900 | *  | * => UNKNOWN | * | handshake_not_captured? {also}''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'not captured', 'tcpshake.verdict': verdict})
    for name, flags, also, verdict in (
        ('RST', 'RST ACK', '', 'no handshake in this capture, reset by the server'),
        ('FIN', 'FIN ACK', 'missing_fin_ack(h)?',
         'no handshake in this capture, closing; the capture does not show who started'),
        ('probe', 'ACK', '', 'no handshake in this capture'))
] + [
    Case('probe to a closed port', 'An ACK that no connection is for is answered with a RST [3.10.7.1].', '''
         0.000 > ACK seq=500 ack=900 | *   | *      | *      | handshake_not_captured
         0.020 < RST seq=900         | 21? | *      | CLOSED |''', neighbour_of='abortive_close connection_reset',
         conversation={'tcpshake.handshake': 'not captured', 'tcpshake.reset_cause': 'no such connection',
                       'tcpshake.verdict': 'no handshake in this capture, reset by the server'}),
    Case('data without a handshake', 'Only who has a connection sends data: it was opened before.', '''
         0.000 < ACK data=100 seq=500 ack=900 | | UNKNOWN | UNKNOWN | handshake_not_captured''',
         conversation={'tcpshake.handshake': 'not captured',
                       'tcpshake.verdict': 'opened before the capture began, not closed in this capture'}),
    Case('probe with its answer', 'Two ends that answer each other have a connection.', '''
         0.000 > ACK seq=500 ack=900 | | UNKNOWN | UNKNOWN | handshake_not_captured
         0.020 < ACK seq=900 ack=501 | | UNKNOWN | UNKNOWN |''',
         conversation={'tcpshake.handshake': 'not captured',
                       'tcpshake.verdict': 'opened before the capture began, not closed in this capture'}),
]

# RSTs that somebody else has sent in an end's name; and the kernel below a scanner, which has every right to.
FOREIGN = [
    Case('refusal by somebody else', '''The server accepts the SYN that it seemed to refuse, from another distance. The
         client had believed it: its kernel resets the SYN-ACK.''', '''
         0.000 > SYN                  | 1   | SYN-SENT | SYN-RECEIVED => SYN-RECEIVED |
         0.006 < RST ACK seq=0 ttl=98 | 21  | CLOSED   | CLOSED => SYN-RECEIVED | connection_refused reset_ignored(h)
         0.190 < SYN ACK seq=0        | 2?  | CLOSED   | SYN-RECEIVED | reset_ignored(1)
         0.191 > RST seq=1            | 21? | CLOSED   | LISTEN       |
         0.200 < RST ACK seq=1 ttl=99 | 21? | CLOSED   | *            | reset_ignored''',
         conversation={'tcpshake.reset_cause': 'foreign', 'tcpshake.handshake': 'refused',
                       'tcpshake.verdict': 'refused after 6.0 ms, probably not by the server'}),
    Case('refusal by somebody else, in vain', 'The client had not believed it, either: nothing of it remains.', '''
         0.000 > SYN                  | 1   | SYN-SENT | SYN-RECEIVED |
         0.006 < RST ACK seq=0 ttl=98 | 21? | CLOSED => SYN-SENT | CLOSED => SYN-RECEIVED | connection_refused(1) \
                                                                                             reset_ignored(h)
         0.190 < SYN ACK seq=0        | 2?  | CLOSED => ESTABLISHED | SYN-RECEIVED | reset_ignored(1)
         0.191 > ACK                  | 3   | ESTABLISHED | ESTABLISHED |
         0.200 > ACK data=10          |     | ESTABLISHED | ESTABLISHED |
         0.390 < ACK                  |     | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation=FOUR_SEGMENTS, neighbour_of='handshake_aborted'),
    Case('refused, then accepted by the same host', '''A copy of the SYN that the network has made comes late, to a
         process that listens by now.''', '''
         0.000 > SYN                  | 1   | SYN-SENT | * |
         0.006 < RST ACK seq=0        | 21  | CLOSED   | * | connection_refused
         0.306 < SYN ACK seq=0        | 2?  | CLOSED   | SYN-RECEIVED |
         0.311 > RST seq=1            | 21? | CLOSED   | LISTEN       |''',
         conversation={'tcpshake.reset_cause': 'refused', 'tcpshake.handshake': 'refused'},
         neighbour_of='reset_ignored'),
    Case('scanner beside its kernel', '''The kernel, which knows of no connection, resets the SYN-ACK; the server
         listens again, and answers what the scanner sends after that as a listener does [3.10.7.2].''', '''
         0.000 > SYN ttl=255           | 1   | SYN-SENT    | SYN-RECEIVED |
         0.100 < SYN ACK               | 2   | *           | SYN-RECEIVED |
         0.101 > RST                   | 21? | CLOSED      | LISTEN       | handshake_aborted
         0.102 > ACK ttl=255           | *   | CLOSED      | LISTEN       |
         0.200 < RST seq=1             | 21? | CLOSED      | LISTEN or CLOSED |
         0.201 > ACK data=60 ttl=255   | *   | CLOSED      | LISTEN or CLOSED |
         0.300 < RST seq=1             | 21? | CLOSED      | LISTEN or CLOSED |''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'client',
                       'tcpshake.reset_cause': 'handshake abort'},
         neighbour_of='reset_ignored abortive_close connection_reset'),
    Case('scanner faster than its kernel', 'Its ACK comes first. The TTLs differ, the distance does not.', '''
         0.000 > SYN ttl=255           | 1   | SYN-SENT    | SYN-RECEIVED |
         0.100 < SYN ACK               | 2   | ESTABLISHED | SYN-RECEIVED |
         0.101 > ACK ttl=255           | 3   | ESTABLISHED | ESTABLISHED  |
         0.200 < ACK data=20           |     | ESTABLISHED | ESTABLISHED  |
         0.201 > RST                   | 21  | CLOSED      | CLOSED       | connection_reset?''',
         neighbour_of='reset_ignored'),
    Case('scanner, its SYN-ACK not captured', 'What the kernel resets is not there to see.', '''
         0.000 > SYN ttl=255           | 1   | SYN-SENT    | *            |
         0.101 > RST seq=1             | 21  | CLOSED      | *            | handshake_aborted''',
         conversation={'tcpshake.reset_cause': 'handshake abort'}, neighbour_of='reset_ignored'),
    Case('scanner with SYN and FIN', 'The SYN-ACK leaves the FIN out; the kernel resets it.', '''
         0.000 > SYN FIN ttl=255       | *   | *           | *            | bad_flags
         0.100 < SYN ACK seq=0 ack=1   | 2?  | *           | SYN-RECEIVED |
         0.101 > RST seq=1             | 21? | CLOSED      | LISTEN       | handshake_aborted''',
         conversation={'tcpshake.reset_cause': 'handshake abort'}, neighbour_of='reset_ignored'),
    Case('RST in the client\'s name, in vain', 'It has not reached the server, which goes on with the client.', '''
         0.000 > SYN                   | 1   | SYN-SENT    | SYN-RECEIVED |
         0.100 < SYN ACK               | 2   | *           | SYN-RECEIVED |
         0.101 > RST ttl=8 | 21? | * => SYN-SENT or ESTABLISHED | * => SYN-RECEIVED | handshake_aborted(1) \
                                                                                       reset_ignored(h)
         0.102 > ACK                   | 3   | * => ESTABLISHED | * => ESTABLISHED |
         0.103 > ACK data=100          |     | * => ESTABLISHED | * => ESTABLISHED |
         0.200 < ACK                   |     | ESTABLISHED      | ESTABLISHED      | reset_ignored(1)''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '0.102000000'},
         neighbour_of='connection_reset abortive_close'),
]

# Nearly right, or right and strange.
ODD = [
    Case('SYN-ACK with the same number and another acknowledgment', 'Not the same SYN-ACK: it has changed.', '''
         0.000 > SYN                  | 1   | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK ack=-9       | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.500 < SYN ACK seq=0 ack=1  | 2?  | ESTABLISHED | SYN-RECEIVED | synack_changed
         0.520 > ACK                  | 3   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         neighbour_of='synack_retransmission missing_handshake_ack'),
    Case('SYN-ACK again that acknowledges too much', 'The first one was right, the second is not.', '''
         0.000 > SYN                  | 1   | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK              | 2   | ESTABLISHED | SYN-RECEIVED |
         0.500 < SYN ACK seq=0 ack=77 | 2?  | ESTABLISHED | SYN-RECEIVED | synack_changed
         0.520 > ACK                  | 3   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         neighbour_of='synack_retransmission missing_handshake_ack'),
    Case('FIN without ACK in SYN-SENT', 'macOS sends it if the application closes early; it is dropped.', '''
         0.000 > SYN           | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > FIN dropped   | *  | SYN-SENT | * | bad_flags''' + A_MINUTE_LATER,
         neighbour_of='fin_retransmission missing_fin_ack'),
    Case('split handshake, its SYN twice', 'The first SYN is the one that came in place of a SYN-ACK.', '''
         0.000 > SYN           | 1  | SYN-SENT     | *      |
         0.020 < SYN           | 1? | SYN-RECEIVED | *      | simultaneous_open(1)? split_handshake(h)
         0.021 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *      |
         1.020 < SYN seq=0     | 1? | SYN-RECEIVED | *      | syn_retransmission?
         1.021 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *      | synack_retransmission?
         1.040 < ACK           | 3? | ESTABLISHED  | *      | split_handshake(1) slow_handshake?'''),
    Case('three attempts on an open connection', 'The first meets it, and so it was said; the others meet it again.',
         OPEN + DATA + '''
         new 300000 900000
         20.00 > SYN           | 1  | SYN-SENT | * | syn_on_open_connection syn_unanswered(h)
         new 400000 910000
         30.00 > SYN           | 1  | SYN-SENT | * | syn_changed? syn_unanswered(h)
         new 500000 920000
         40.00 > SYN           | 1  | SYN-SENT | * | syn_changed? syn_unanswered(h)''' + A_MINUTE_LATER),
    Case('the SYN comes late once more', 'A copy: it is answered with an ACK [RFC 5961 section 4.2].',
         OPEN + DATA + '''
         2.000 > SYN seq=0     | *  | ESTABLISHED | ESTABLISHED |
         2.020 < ACK           |    | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='syn_on_open_connection syn_retransmission stale_ack'),
    Case('the SYN-ACK before is repeated to another SYN', '''It is still the answer to the first SYN. The client's RST
         clears that, and the next SYN gets a SYN-ACK of its own [3.5 figure 8].''', '''
         0.000 > SYN                      | 1   | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK                  | 2   | *           | SYN-RECEIVED | missing_handshake_ack(h)?
         new 300000 500000
         0.100 > SYN                      | 1   | SYN-SENT    | SYN-RECEIVED | syn_changed?
         0.120 < SYN ACK seq=0 ack=@1001  | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.121 > RST seq=@1001            | 21? | SYN-SENT    | LISTEN       |
         1.000 > SYN seq=0                | 1?  | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         1.020 < SYN ACK seq=7000 ack=1   | 2?  | ESTABLISHED | SYN-RECEIVED |
         1.030 > ACK ack=7001             | 3   | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='synack_changed handshake_aborted reset_ignored'),
    Case('the SYN before the last is answered', 'The answer is too late for that attempt, but it is one.', '''
         0.000 > SYN                      | 1  | SYN-SENT | * |
         new 300000 900000
         3.000 > SYN                      | 1  | SYN-SENT | SYN-RECEIVED | syn_changed
         3.020 < SYN ACK seq=0 ack=@1001  | 2? | SYN-SENT | SYN-RECEIVED | synack_bad_ack
         3.040 > RST seq=@1001            | 21? | SYN-SENT | LISTEN      |
         4.000 > SYN seq=0                | 1? | SYN-SENT | SYN-RECEIVED | syn_retransmission
         4.020 < SYN ACK seq=7000 ack=1   | 2? | ESTABLISHED | SYN-RECEIVED |
         4.040 > ACK ack=7001             | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         neighbour_of='syn_unanswered synack_changed handshake_aborted'),
]

CASES = ODD + FOREIGN + ALONE + UNANSWERED + WRONG_RESETS + RESET_BY_SERVER
