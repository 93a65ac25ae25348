"""Openings that go wrong, and their nearest neighbours that do not. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, CLOSE_BY_SERVER, DATA, FOUR_SEGMENTS, OPEN, Case, close_at

AGREED, NOT_AGREED = 'True or 1', 'False or 0'


def early(name, why, syn, syn_ack):
    return Case(name, why, f'''
         0.000 > {syn}           | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < {syn_ack}       | 2 | ESTABLISHED | SYN-RECEIVED |
         0.021 < ACK PSH data=10 | * | ESTABLISHED | * => SYN-RECEIVED | early_data
         0.040 > ACK ack=1       | 3 | ESTABLISHED | ESTABLISHED  |
         0.041 > ACK             |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
                conversation=FOUR_SEGMENTS)


RETRIES = [
    Case('SYN answered late', 'Once, and in time: nothing is missing, and nothing comes again.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.900 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.920 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''' + A_MINUTE_LATER,
         conversation={'tcpshake.connection_time': '0.920000000', 'tcpshake.synack_time': '0.900000000',
                       'tcpshake.ack_time': '0.020000000'},
         neighbour_of='syn_retransmission syn_unanswered synack_unsolicited missing_handshake_ack '
                      'synack_retransmission'),
    Case('SYN-ACK again long after its ACK', '''A server that puts off accepting asks again; connect() has returned with
         the first ACK.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK           | 3  | ESTABLISHED | *            |
         12.00 < SYN ACK seq=0 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission handshake_ack_ignored
         12.02 > ACK           | 3? | ESTABLISHED | ESTABLISHED  |
         13.00 > ACK data=10   |    | ESTABLISHED | ESTABLISHED  |
         13.02 < ACK           |    | ESTABLISHED | ESTABLISHED  |''' + close_at(14),
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='connection_timeout slow_handshake'),
    Case('SYN-ACK again, and it crosses the ACK', '''A slow path, and a server whose timer runs out before the ACK is
         in: that takes as long as the SYN and its answer. Nothing was lost or ignored.''', '''
         0.000 > SYN               | 1  | SYN-SENT    | SYN-RECEIVED |
         1.525 < SYN ACK           | 2  | ESTABLISHED | SYN-RECEIVED |
         1.526 > ACK               | 3  | ESTABLISHED | * => SYN-RECEIVED | slow_handshake
         1.527 > ACK data=410      |    | ESTABLISHED | * => SYN-RECEIVED |
         2.976 < SYN ACK seq=0 ack=1 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission
         2.977 > ACK               | 3? | ESTABLISHED | *            |
         3.086 < ACK               |    | ESTABLISHED | ESTABLISHED  |''' + close_at(5),
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '1.526000000'},
         neighbour_of='handshake_ack_ignored missing_handshake_ack'),
    Case('SYN-ACK again, too late to cross the ACK', 'The same path, and a second more.', '''
         0.000 > SYN               | 1  | SYN-SENT    | SYN-RECEIVED |
         1.525 < SYN ACK           | 2  | ESTABLISHED | SYN-RECEIVED |
         1.526 > ACK               | 3  | ESTABLISHED | * => SYN-RECEIVED | slow_handshake
         3.976 < SYN ACK seq=0     | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission handshake_ack_ignored
         3.977 > ACK               | 3? | ESTABLISHED | *            |''' + close_at(8)),
    Case('SYN-ACK again and again, and the server gives up', '''Nobody acknowledges any of them: the client has not
         opened [3.10.7.3], and waited too long once.''', '''
         0.000 > SYN               | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK           | 2  | * => SYN-SENT | SYN-RECEIVED |
         3.020 < SYN ACK seq=0     | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission missing_handshake_ack
         11.02 < SYN ACK seq=0     | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission connection_timeout
         30.02 < SYN ACK seq=0     | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission
         60.02 < RST ACK           | 21 | CLOSED      | CLOSED       | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'server',
                       'tcpshake.reset_cause': 'handshake abort'}),
    Case('SYN-ACK once, and the server resets', '''It has not waited for the ACK in vain: the client may have
         opened.''', '''
         0.000 > SYN               | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK           | 2  | ESTABLISHED | SYN-RECEIVED |
         0.030 < RST ACK           | 21 | CLOSED      | CLOSED       | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'server'},
         neighbour_of='missing_handshake_ack connection_timeout'),
    Case('SYN-ACK, and the capture ends', 'Its ACK is still to come: that is not half-open yet.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |''',
         conversation={'tcpshake.handshake': 'in progress'}, neighbour_of='missing_handshake_ack'),
    Case('accepted at once', 'As fast as a refusal, but with a SYN-ACK, and the server goes on from there.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.001 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.002 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |
         0.500 < ACK win=60000 | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='connection_refused handshake_ack_ignored missing_handshake_ack synack_retransmission'),
    Case('SYNs on two ports', 'Two attempts at once: neither repeats the other.', '''
         0.000 > SYN      | 1 | SYN-SENT    | SYN-RECEIVED |
         0.010 2> SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK  | 2 | ESTABLISHED | SYN-RECEIVED |
         0.030 2< SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK      | 3 | ESTABLISHED | ESTABLISHED  |
         0.050 2> ACK     | 3 | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='syn_retransmission syn_changed synack_changed'),
    Case('SYN again until the limit', 'The limit is exceeded on the SYN after 15 s.', '''
         0.000 > SYN       | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission
         3.000 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission
         7.000 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission
         15.00 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission''',
         conversation={'tcpshake.client.syn_count': '5', 'tcpshake.handshake': 'unanswered or timed out'}),
    Case('SYN again within the limit', 'The third repetition is answered, after 7 s. Repeated SYNs are no lost data.',
         '''
         0.000 > SYN       | 1  | SYN-SENT    | *            |
         1.000 > SYN seq=0 | 1? | SYN-SENT    | *            | syn_retransmission
         3.000 > SYN seq=0 | 1? | SYN-SENT    | *            | syn_retransmission
         7.000 > SYN seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         7.020 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         7.040 > ACK       | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         conversation={'tcpshake.connection_time': '7.040000000'}, neighbour_of='connection_timeout connection_lost'),
    Case('SYN again, which makes it slow', 'From the first SYN on it took longer than a second.', '''
         0.000 > SYN       | 1  | SYN-SENT    | *            |
         1.000 > SYN seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         1.020 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         1.040 > ACK       | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake'''),
    Case('refused twice, the same SYN', '''A client that tries again with the same number (Windows does): an answer has
         come, the RST was not ignored, and no other attempt is pending.''', '''
         0.000 > SYN           | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21  | CLOSED   | CLOSED | connection_refused
         0.500 > SYN seq=0     | 1?  | SYN-SENT | *      |
         0.501 < RST ACK seq=0 | 21? | CLOSED   | CLOSED | connection_refused''',
         conversation={'tcpshake.reset_cause': 'refused'},
         neighbour_of='syn_retransmission reset_ignored syn_changed syn_unanswered'),
    # Newer Wiresharks begin a conversation with the second attempt.
    Case('refused, tried again, no answer', '''The refusal answered the first SYN [3.10.7.3]; the second waits, and
         its repetition is the first that nothing has answered.''', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21 | CLOSED   | CLOSED | connection_refused
         0.500 > SYN seq=0     | 1? | SYN-SENT | *      | syn_unanswered(h)
         1.500 > SYN seq=0     | 1? | SYN-SENT | *      | syn_retransmission''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'unanswered or refused', 'tcpshake.client.syn_count': '3 or 1'}),
    Case('refused, tried again, accepted', 'The second attempt is answered: nothing waits in vain.', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21 | CLOSED      | CLOSED | connection_refused
         0.500 > SYN seq=0     | 1? | SYN-SENT    | * => SYN-RECEIVED |
         0.520 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'complete or refused'},
         neighbour_of='syn_retransmission syn_unanswered connection_timeout slow_handshake'),
    # Newer Wiresharks begin a conversation with the second attempt.
    Case('refused, tried again, accepted and not acknowledged', '''What is timed is the second attempt: its SYN, and one
         handshake that takes too long.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21 | CLOSED      | CLOSED | connection_refused
         8.000 > SYN seq=0     | 1? | SYN-SENT    | * => SYN-RECEIVED |
         8.020 < SYN ACK seq=0 | 2  | * => SYN-SENT | SYN-RECEIVED |
         11.02 < SYN ACK seq=0 | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission missing_handshake_ack
         17.02 < SYN ACK seq=0 | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission
         29.02 < SYN ACK seq=0 | 2? | * => SYN-SENT | SYN-RECEIVED | synack_retransmission connection_timeout''',
         last={'tcpshake.syn_frame': '3', 'tcpshake.synack_time': '0.020000000'}),
    Case('another attempt on an open connection, no answer', '''What the server said before was of the earlier
         connection: to this SYN it says nothing.''', OPEN + DATA + '''
         new 300000 900000
         20.00 > SYN       | 1  | SYN-SENT | * | syn_on_open_connection syn_unanswered(h)
         21.00 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission''' + A_MINUTE_LATER),
    Case('scanned', '''The SYN is made up, TTL and all; the SYN-ACK meets a kernel that knows of none, and the
         server listens again [3.10.7.4].''', '''
         0.000 > SYN ttl=240   | 1   | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2   | *           | SYN-RECEIVED |
         0.040 > RST           | 21? | CLOSED      | LISTEN       | handshake_aborted''',
         conversation={'tcpshake.reset_cause': 'handshake abort'}, neighbour_of='reset_ignored connection_reset'),
    Case('nobody answers, then somebody does', '''Five minutes later it is another attempt: what answers that has not
         answered the first.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED | syn_unanswered(h)
         1.000 > SYN seq=0     | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         300.0 > SYN seq=0     | 1? | SYN-SENT    | SYN-RECEIVED | syn_unanswered(1)
         300.02 < SYN ACK      | 2  | ESTABLISHED | SYN-RECEIVED |
         300.04 > ACK          | 3  | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='slow_handshake connection_timeout'),
    Case('refused twice, another SYN', 'The first attempt is over when the second begins.', '''
         0.000 > SYN           | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21  | CLOSED   | CLOSED | connection_refused
         new 300000 900000
         0.500 > SYN           | 1   | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.501 < RST ACK seq=0 | 21  | CLOSED   | CLOSED | connection_refused''',
         neighbour_of='syn_changed syn_retransmission reset_ignored'),
    Case('another SYN while one is pending', 'Half a second later with another ISN: a new attempt, which succeeds.', '''
         0.000 > SYN     | 1 | SYN-SENT    | *            | syn_unanswered(h)?
         new 300000 900000
         0.500 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED | syn_changed
         0.520 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |'''),
    Case('another SYN after 100 seconds', 'A SYN is pending for 3 minutes [3.8.3].', '''
         0.000 > SYN     | 1 | SYN-SENT    | *            | syn_unanswered(h)??
         new 300000 900000
         100.0 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED | syn_changed?
         100.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         100.04 > ACK    | 3 | ESTABLISHED | ESTABLISHED  |'''),
    Case('another SYN while one is pending, a RST that is ignored between', '''In SYN-SENT a RST without ACK is dropped
         [3.10.7.3]: the SYN is pending for more than 3 minutes when the next one comes, whatever came since.''', '''
         0.000 > SYN     | 1 | SYN-SENT    | *            | syn_unanswered(h)?
         100.0 < RST     | * | SYN-SENT    | *            | reset_unacceptable
         new 300000 900000
         181.0 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         181.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         181.04 > ACK    | 3 | ESTABLISHED | ESTABLISHED  |''', neighbour_of='syn_changed'),
    Case('another SYN after 181 seconds', 'Nothing is pending any more.', '''
         0.000 > SYN     | 1 | SYN-SENT    | *            | syn_unanswered(h)
         new 300000 900000
         181.0 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         181.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         181.04 > ACK    | 3 | ESTABLISHED | ESTABLISHED  |''', neighbour_of='syn_changed'),
]

ICMP = [
    Case(f'ICMP error: {kind}', 'It quotes the SYN, and nothing else answers.', f'''
         0.000 > SYN            | 1 | SYN-SENT => * | * | icmp_rejected(h) syn_unanswered(h)?
         0.010 icmp < {kind}    | - | -        | - | icmp_rejected''',
         conversation={'tcpshake.handshake': 'rejected by ICMP'})
    for kind in ('port', 'host', 'net', 'prohibited', 'expired')
] + [
    Case('ICMP error with the whole SYN', 'More than the 8 bytes that must be quoted.', '''
         0.000 > SYN                       | 1 | SYN-SENT => * | * | icmp_rejected(h) syn_unanswered(h)?
         0.010 icmp < prohibited quote=100 | - | -             | - | icmp_rejected'''),
    Case('ICMP error with 8 bytes', 'Ports and the sequence number: the least that can be quoted.', '''
         0.000 > SYN                  | 1  | SYN-SENT => * | *            | icmp_rejected(h)
         0.010 icmp < host quote=8    | -  | -             | -            | icmp_rejected
         0.500 > SYN seq=0            | 1? | SYN-SENT      | SYN-RECEIVED | syn_retransmission
         0.520 < SYN ACK              | 2  | ESTABLISHED   | SYN-RECEIVED |
         0.540 > ACK                  | 3  | ESTABLISHED   | ESTABLISHED  |'''),
    Case('ICMP error quotes the second SYN', 'By its numbers it quotes both.', '''
         0.000 > SYN         | 1  | SYN-SENT => * | * | icmp_rejected(h)? syn_unanswered(h)?
         0.500 > SYN seq=0   | 1? | SYN-SENT => * | * | icmp_rejected(h)? syn_retransmission
         0.600 icmp < host   | -  | -             | - | icmp_rejected'''),
    Case('ICMP error quotes the first SYN', 'It has the IP identification of that one [RFC 792].', '''
         0.000 > SYN                   | 1  | SYN-SENT => * | * | icmp_rejected(h) syn_unanswered(h)?
         3.100 icmp < host             | -  | -             | - | icmp_rejected
         3.000 > SYN seq=0             | 1? | SYN-SENT => * | * | syn_retransmission''', needs_ip_id=True),
    Case('ICMP error quotes the second of three SYNs', 'They are numbered one after the other.', '''
         0.000 > SYN                   | 1  | SYN-SENT => * | * | syn_unanswered(h)?
         1.000 > SYN seq=0             | 1? | SYN-SENT => * | * | syn_retransmission icmp_rejected(h)
         3.100 icmp < host             | -  | -             | - | icmp_rejected
         3.000 > SYN seq=0             | 1? | SYN-SENT => * | * | syn_retransmission''', needs_ip_id=True),
    Case('ICMP error quotes the last SYN', 'The one before is not rejected.', '''
         0.000 > SYN                   | 1  | SYN-SENT => * | * | syn_unanswered(h)?
         3.000 > SYN seq=0             | 1? | SYN-SENT => * | * | syn_retransmission icmp_rejected(h)
         3.100 icmp < host             | -  | -             | - | icmp_rejected''', needs_ip_id=True),
    Case('ICMP error quotes another SYN', '''A SYN of an earlier attempt, which is not in the capture: that one was
         rejected, and not this one.''', '''
         hidden > SYN
         0.010 icmp < host quote=8 | - | -       | -            | icmp_rejected?
         new 300000 900000
         0.000 > SYN         | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK     | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK         | 3  | ESTABLISHED | ESTABLISHED  |'''),
    Case('ICMP redirect quotes the SYN', 'It tells of a better way, and rejects nothing.', '''
         0.000 > SYN           | 1 | SYN-SENT    | SYN-RECEIVED |
         0.010 icmp < redirect quote=8 | - | -   | -            |
         0.020 < SYN ACK       | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK           | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='icmp_rejected'),
    Case('ICMP error with 8 bytes quotes data', 'The number is not the SYN\'s: flags are not quoted.', OPEN + '''
         1.000 > ACK data=100       | | ESTABLISHED | ESTABLISHED |
         1.010 icmp < host quote=8  |-| -           | -           |
         1.500 > ACK data=100 seq=1 | | ESTABLISHED | ESTABLISHED |
         1.520 < ACK                | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='icmp_rejected'),
]

SYN_ACKS = [
    Case('SYN-ACK captured twice', 'Sent once: nothing was repeated.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         again           | *  | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK     | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='synack_retransmission synack_changed missing_handshake_ack'),
    Case('SYN-ACK that arrives twice', '''The network has duplicated it, sooner than any timer; the client answers it
         again [3.10.7.4, first]. It changes no state.''', '''
         0.0000 > SYN                      | 1 | SYN-SENT    | SYN-RECEIVED |
         0.0184 < SYN ACK id=0             | 2 | ESTABLISHED | SYN-RECEIVED |
         0.0185 > ACK                      | 3 | ESTABLISHED | ESTABLISHED  |
         0.0186 > ACK PSH data=517         |   | ESTABLISHED | ESTABLISHED  |
         0.0284 < SYN ACK id=0 seq=0 ack=1 | * | ESTABLISHED | ESTABLISHED  | captured_twice
         0.0285 > ACK                      |   | ESTABLISHED | ESTABLISHED  |
         0.0400 < ACK PSH data=1000        |   | ESTABLISHED | ESTABLISHED  |
         0.0401 > ACK                      |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='synack_retransmission handshake_ack_ignored'),
    Case('SYN-ACK of the timer, and 5 ms later the answer to another SYN', '''Client and server repeat after a second
         [RFC 6298 section 2]: the answer to the second SYN comes 126 ms after it, as the first did.''', '''
         0.0000 > SYN                | 1  | SYN-SENT | SYN-RECEIVED |
         0.1258 < SYN ACK id=0       | 2  | * | SYN-RECEIVED |
         1.0119 > SYN seq=0          | 1? | * | SYN-RECEIVED | syn_retransmission?
         1.1322 < SYN ACK id=0 seq=0 | 2? | * | SYN-RECEIVED | synack_retransmission
         1.1376 < SYN ACK id=0 seq=0 | 2? | * | SYN-RECEIVED | synack_retransmission
         1.1400 > ACK                | 3  | ESTABLISHED | ESTABLISHED | slow_handshake''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '2', 'tcpshake.server.synack_count': '3'},
         neighbour_of='captured_twice'),
    Case('SYN-ACK of the timer captured twice, as all else', 'Each copy comes 5 ms later: it was sent once.', '''
         0.0000 > SYN id=0           | 1  | SYN-SENT | SYN-RECEIVED |
         again after=5               | *  | SYN-SENT | SYN-RECEIVED | captured_twice
         0.1258 < SYN ACK id=0       | 2  | * | SYN-RECEIVED |
         again after=5               | *  | * | SYN-RECEIVED | captured_twice
         1.0119 > SYN id=0 seq=0     | 1? | * | SYN-RECEIVED | syn_retransmission?
         again after=5               | *  | * | SYN-RECEIVED | captured_twice
         1.1322 < SYN ACK id=0 seq=0 | 2? | * | SYN-RECEIVED | synack_retransmission
         again after=5               | *  | * | SYN-RECEIVED | captured_twice
         1.1400 > ACK                | 3  | ESTABLISHED | ESTABLISHED | slow_handshake''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.client.syn_count': '2', 'tcpshake.server.synack_count': '2'}),
    Case('SYN-ACK of another attempt', '''An old duplicate of a SYN, not in the capture, was answered first; the client
         resets that, and its own SYN comes through [3.5 figure 8].''', '''
         0.000 > SYN                    | 1  | SYN-SENT    | *            |
         0.020 < SYN ACK ack=-9         | 2? | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.040 > RST seq=-9             | 21? | SYN-SENT   | LISTEN       |
         0.060 < SYN ACK seq=7000 ack=1 | 2? | ESTABLISHED | SYN-RECEIVED |
         0.080 > ACK ack=7001           | 3  | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.synack_time': '0.060000000'},
         neighbour_of='synack_changed missing_handshake_ack reset_ignored handshake_aborted'),
    Case('SYN-ACK of another attempt, the SYN once more', 'The same, and the timer sends the SYN again [RFC 6298].', '''
         0.000 > SYN                    | 1   | SYN-SENT    | *            |
         0.020 < SYN ACK ack=-9         | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.021 > RST seq=-9             | 21? | SYN-SENT    | LISTEN       |
         0.900 > SYN seq=0              | 1?  | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         0.920 < SYN ACK seq=7000 ack=1 | 2?  | ESTABLISHED | SYN-RECEIVED |
         0.940 > ACK ack=7001           | 3   | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.synack_time': '0.920000000'},
         neighbour_of='synack_changed missing_handshake_ack reset_ignored handshake_aborted'),
    Case('an old duplicate behind the SYN', '''Figure 8 [3.5], captured on the way: the duplicate arrives first, and
         Wireshark begins a stream with it. The client refuses the answer to that, and acknowledges the one to its own
         SYN.''', '''
         0.000 > SYN                         | 1   | SYN-SENT    | * |
         0.002 > SYN seq=@900                | 1   | SYN-SENT    | SYN-RECEIVED | syn_changed(1)
         0.020 < SYN ACK seq=@3000 ack=@901  | 2?  | * => SYN-SENT | SYN-RECEIVED |
         0.041 > RST seq=@901                | 21? | * => SYN-SENT | LISTEN       | handshake_aborted(1)
         0.060 < SYN ACK seq=@4000 ack=1     | 2   | * => ESTABLISHED | SYN-RECEIVED |
         0.080 > ACK seq=1 ack=@4001         | 3   | ESTABLISHED | ESTABLISHED |
         0.081 > ACK data=10 seq=1 ack=@4001 |     | ESTABLISHED | ESTABLISHED |
         0.100 < ACK data=9 seq=@4001 ack=11 |     | ESTABLISHED | ESTABLISHED |
         20.00 > ACK seq=11 ack=@4010        |     | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'in progress'},
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.080000000'},
         neighbour_of='reset_ignored synack_changed connection_timeout syn_unanswered missing_handshake_ack'),
    Case('an old duplicate before the SYN', 'Nothing waits for its handshake: the client has refused that.', '''
         0.000 > SYN seq=@900                | 1   | SYN-SENT    | * |
         0.002 > SYN                         | 1   | SYN-SENT    | SYN-RECEIVED | syn_changed?
         0.020 < SYN ACK seq=@3000 ack=@901  | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.041 > RST seq=@901                | 21? | SYN-SENT    | LISTEN       |
         0.060 < SYN ACK seq=@4000 ack=1     | 2   | ESTABLISHED | SYN-RECEIVED |
         0.080 > ACK seq=1 ack=@4001         | 3   | ESTABLISHED | ESTABLISHED |
         0.081 > ACK data=10 seq=1 ack=@4001 |     | ESTABLISHED | ESTABLISHED |
         0.100 < ACK data=9 seq=@4001 ack=11 |     | ESTABLISHED | ESTABLISHED |
         20.00 > ACK seq=11 ack=@4010        |     | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'client'},
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.078000000'},
         neighbour_of='reset_ignored synack_changed connection_timeout syn_unanswered missing_handshake_ack'),
    Case('SYN-ACK of another attempt, and nothing more', 'No ACK of it is missing: it was reset.', '''
         0.000 > SYN                    | 1   | SYN-SENT    | *            |
         0.020 < SYN ACK ack=-9         | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.021 > RST seq=-9             | 21? | SYN-SENT    | LISTEN       |''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'unanswered'},
         neighbour_of='missing_handshake_ack handshake_aborted connection_timeout'),
    Case('the RST to the SYN-ACK of another attempt is lost', 'The same SYN-ACK again: its sender was not reset.', '''
         0.000 > SYN                    | 1   | SYN-SENT    | *            |
         0.020 < SYN ACK ack=-9         | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack
         0.021 > RST seq=-9             | 21? | SYN-SENT    | LISTEN => SYN-RECEIVED |
         1.020 < SYN ACK ack=-9 seq=0 | 2? | SYN-SENT | SYN-RECEIVED | synack_bad_ack synack_retransmission
         1.021 > RST seq=-9             | 21? | SYN-SENT    | LISTEN       |''',
         neighbour_of='synack_changed handshake_aborted missing_handshake_ack'),
    Case('SYN-ACK of another attempt, and no RST', 'What is due is a RST [3.10.7.3]: no ACK of it is missing.', '''
         0.000 > SYN                    | 1   | SYN-SENT    | *            | syn_unanswered(h)?
         0.020 < SYN ACK ack=-9         | 2?  | SYN-SENT    | SYN-RECEIVED | synack_bad_ack''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'unanswered'},
         neighbour_of='missing_handshake_ack connection_timeout'),
    Case('SYN-ACK acknowledges too much', 'SEG.ACK > SND.NXT is answered with a RST [3.10.7.3].', '''
         0.000 > SYN             | 1  | SYN-SENT | * | syn_unanswered(h)?
         0.020 < SYN ACK ack=+76 | 2? | SYN-SENT | * | synack_bad_ack
         0.040 > RST seq=+76     | *  | *        | * | *'''),
    Case('SYN-ACK that nobody asked for', 'CLOSED answers it with a RST [3.10.7.1].', '''
         0.000 < SYN ACK ack=1 | * | *      | * | synack_unsolicited handshake_not_captured?
         0.001 > RST seq=1     | * | CLOSED | * | handshake_aborted?'''),
    Case('SYN-ACK by the client', '''It has not received a SYN. To the server its number is left of the window, which
         begins behind the SYN: SYN-RECEIVED answers and stays [3.10.7.4, first check].''', '''
         0.000 > SYN                  | 1 | SYN-SENT    | SYN-RECEIVED |
         0.010 > SYN ACK seq=0 ack=5  | * | *           | SYN-RECEIVED | synack_from_client
         0.020 < SYN ACK              | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK                  | 3 | ESTABLISHED | ESTABLISHED  |'''),
    Case('another SYN-ACK', 'Of another server behind the same address; the client agrees with the first.', '''
         0.000 > SYN                    | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK                | 2  | ESTABLISHED | SYN-RECEIVED |
         0.030 < SYN ACK seq=7000 ack=1 | 2? | ESTABLISHED | SYN-RECEIVED | synack_changed
         0.040 > ACK                    | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE),
    Case('SYN-ACK again, the same', 'The same numbers: the same SYN-ACK.', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | *           | SYN-RECEIVED |
         0.500 < SYN ACK seq=0 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission missing_handshake_ack?
         0.520 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         neighbour_of='synack_changed handshake_ack_ignored'),
    Case('SYN-ACK alone', 'Nothing was captured from its receiver: it may or may not have sent a SYN.', '''
         0.000 < SYN ACK ack=1 | 2 | ESTABLISHED => UNKNOWN | SYN-RECEIVED | synack_unsolicited''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'not captured',
                       'tcpshake.verdict': 'a SYN-ACK, but nothing from the client in this capture'},
         neighbour_of='connection_timeout missing_handshake_ack handshake_not_captured one_sided'),
    Case('backscatter, twice', 'Of who never speaks here nothing is concluded but that nobody asked.', '''
         0.000 < SYN ACK ack=1       | *  | * => UNKNOWN | * | synack_unsolicited missing_handshake_ack(h)?
         1.000 < SYN ACK ack=1 seq=0 | 2? | * => UNKNOWN | * | synack_retransmission missing_handshake_ack?
         15.00 < SYN ACK ack=1 seq=0 | 2? | * => UNKNOWN | * | synack_retransmission missing_handshake_ack?''',
         conversation={'tcpshake.handshake': 'not captured'}, neighbour_of='one_sided connection_timeout'),
    Case('SYN-ACK without its SYN, then the ACK', 'The ACK shows that the client had asked.', '''
         0.000 < SYN ACK ack=1       | 2 | ESTABLISHED | SYN-RECEIVED | synack_unsolicited handshake_not_captured?
         0.020 > ACK seq=1           | 3 | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK data=10         |   | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'complete'}),
]

THIRD = [
    Case('third segment acknowledges too much', 'Not the SYN-ACK: the handshake waits for the right one.', '''
         0.000 > SYN        | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK    | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK ack=77 |   | ESTABLISHED | SYN-RECEIVED | handshake_bad_ack
         0.050 > ACK        | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE),
    Case('third segment refused', 'SYN-RECEIVED answers it with a RST of that number [3.10.7.4, ACK bit].', '''
         0.000 > SYN        | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK    | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK ack=77 |   | ESTABLISHED | SYN-RECEIVED | handshake_bad_ack
         0.060 < RST seq=77 | * | *           | *            | *'''),
    early('server speaks before the ACK', 'Its data is not acknowledged by the third segment, so it was earlier.',
          'SYN', 'SYN ACK'),
    early('server speaks before the ACK, its cookie was refused',
          'The SYN-ACK brings another [RFC 7413 section 4.2.2].', 'SYN tfo', 'SYN ACK tfo'),
    early('server speaks before the ACK, a cookie was asked for', 'There is none yet [RFC 7413 section 4.2.1].',
          'SYN cookie', 'SYN ACK'),
    Case('server speaks for a cookie', '''Fast Open without data: the server has taken the cookie, and may answer before
         the ACK is in [RFC 7413 section 3].''', '''
         0.000 > SYN tfo         | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK         | 2 | ESTABLISHED | SYN-RECEIVED |
         0.021 < ACK PSH data=10 |   | ESTABLISHED | SYN-RECEIVED |
         0.041 > ACK             | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.negotiated.tfo': AGREED},
         neighbour_of='early_data segment_not_captured', needs_options=True),
    Case('server speaks and closes before the ACK', '''Right behind its SYN-ACK, sooner than anything can have reached
         it: no ACK is missing, the client's first is the one that confirms all.''', '''
         0.000 > SYN             | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK         | 2     | ESTABLISHED | SYN-RECEIVED |
         0.021 < ACK PSH data=85 |       | ESTABLISHED | SYN-RECEIVED | early_data
         0.022 < FIN ACK data=1  | 11    | CLOSE-WAIT  | FIN-WAIT-1   |
         0.040 > ACK             | *     | CLOSE-WAIT  | FIN-WAIT-2   |
         0.050 > FIN ACK         | 13    | LAST-ACK    | TIME-WAIT    |
         0.070 < ACK             | 14    | CLOSED      | TIME-WAIT    |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='segment_not_captured'),
    Case('server speaks before the ACK, which confirms its data', 'The same, and the connection goes on.', '''
         0.000 > SYN             | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK         | 2     | ESTABLISHED | SYN-RECEIVED |
         0.021 < ACK PSH data=85 |       | ESTABLISHED | SYN-RECEIVED | early_data
         0.022 < ACK PSH data=85 |       | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK             | 3     | ESTABLISHED | ESTABLISHED  |
         0.050 > ACK data=10     |       | ESTABLISHED | ESTABLISHED  |
         0.070 < ACK             |       | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='segment_not_captured'),
    Case('server speaks after an ACK that was not captured', '''So much later that the ACK had come; the client's next
         confirms data and SYN together.''', '''
         0.000 > SYN             | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK         | 2     | ESTABLISHED | SYN-RECEIVED |
         hidden > ACK
         0.060 < ACK PSH data=85 |       | ESTABLISHED | ESTABLISHED  | early_data(1) segment_not_captured(h)
         0.080 > ACK             | *     | ESTABLISHED | ESTABLISHED  | segment_not_captured(1)
         0.090 > ACK data=10     |       | ESTABLISHED | ESTABLISHED  |
         0.110 < ACK             |       | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments'}),
    Case('the server\'s data again, no ACK captured', '''An end that sends data has left SYN-RECEIVED [3.10.2] with its
         client's ACK: so that has opened.''', '''
         0.000 > SYN               | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK           | 2 | ESTABLISHED | SYN-RECEIVED |
         0.300 < ACK data=40       |   | ESTABLISHED | ESTABLISHED | early_data
         0.600 < ACK data=40 seq=1 |   | ESTABLISHED | ESTABLISHED |
         1.200 < ACK data=40 seq=1 |   | ESTABLISHED | ESTABLISHED |''' + A_MINUTE_LATER,
         conversation={'tcpshake.handshake': 'complete'}),
    Case('server speaks after the ACK', 'A millisecond after it.', '''
         0.000 > SYN             | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK         | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK             | 3 | ESTABLISHED | ESTABLISHED  |
         0.041 < ACK PSH data=10 |   | ESTABLISHED | ESTABLISHED  |
         0.060 > ACK             |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='early_data handshake_bad_ack segment_not_captured'),
    Case('ACK lost, data in its place', 'What the client sends next acknowledges the SYN-ACK as well.', '''
         0.000 > SYN              | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2 | ESTABLISHED | SYN-RECEIVED |
         hidden > ACK
         0.041 > ACK PSH data=100 | 3 | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK              |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='early_data segment_not_captured'),
    Case('client gives up before any answer', 'SYN-SENT, ABORT [3.10.5].', '''
         0.000 > SYN     | 1  | SYN-SENT | * | syn_unanswered(h)
         3.000 > RST     | 21 | CLOSED   | * | handshake_aborted''',
         conversation={'tcpshake.handshake': 'unanswered', 'tcpshake.reset_cause': 'handshake abort',
                       'tcpshake.reset_idle': '3.000000000'}),
    Case('reset right after the handshake', 'The third segment has opened the connection.', OPEN + '''
         0.050 > RST ACK | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.reset_cause': 'aborted by application',
                       'tcpshake.reset_idle': '0.010000000'}, neighbour_of='handshake_aborted'),
]

OTHER_WAYS = [
    Case('Fast Open, a cookie asked for', 'No data: none can be left out.', '''
         0.000 > SYN cookie      | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK tfo     | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK             | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='tfo_data_rejected syn_with_data'),
    Case('calls that cross on two ports', 'Two connections, each with one opener.', '''
         0.000 > SYN      | 1 | SYN-SENT    | SYN-RECEIVED |
         0.001 2< SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK  | 2 | ESTABLISHED | SYN-RECEIVED |
         0.021 2> SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK      | 3 | ESTABLISHED | ESTABLISHED  |
         0.041 2< ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', conversation={'tcpshake.opened_by': 'client'},
         neighbour_of='simultaneous_open split_handshake synack_from_client'),
    Case('split handshake', '''The server calls back in place of a SYN-ACK, and acknowledges what the client answers
         without ever having sent one: it did not take the client\'s SYN for a simultaneous open.''', '''
         0.000 > SYN           | 1  | SYN-SENT     | *      |
         0.020 < SYN           | 1? | SYN-RECEIVED | *      | simultaneous_open(1)? split_handshake(h)
         0.040 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *      |
         0.060 < ACK           | 3? | ESTABLISHED  | *      | split_handshake(1)
         0.080 > ACK data=10   | 3? | ESTABLISHED  | ESTABLISHED |
         0.100 < ACK           |    | ESTABLISHED  | ESTABLISHED |'''),
    Case('split handshake, the ACK first', '''An ACK, then a SYN, where a SYN-ACK was due. In SYN-SENT an ACK without
         SYN is dropped, the SYN leads to SYN-RECEIVED, and that sends a SYN-ACK, as it should [3.10.7.3].''', '''
         0.000 > SYN           | 1  | SYN-SENT     | *      |
         0.020 < ACK ack=1 seq=+1 |   | SYN-SENT   | *      |
         0.021 < SYN           | 1? | SYN-RECEIVED | *      | split_handshake
         0.040 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *      |
         0.060 < ACK           | 3? | ESTABLISHED  | *      |
         0.080 > ACK data=10   | 3? | ESTABLISHED  | ESTABLISHED |
         0.100 < ACK           |    | ESTABLISHED  | ESTABLISHED |'''),
] + [
    Case(f'split handshake, an ACK of {which} first', '''Wireshark begins a stream with the SYN. To the client it is the
         answer to its own [3.10.7.3].''', f'''
         0.000 > SYN           | 1  | SYN-SENT     | *      |
         0.020 < ACK seq={seq} ack=1 |  | SYN-SENT | *      |
         0.021 < SYN seq=0     | 1? | SYN-RECEIVED | *      | split_handshake
         0.040 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *      |
         0.060 < ACK           | 3? | ESTABLISHED  | *      |
         0.080 > ACK data=10   | 3? | ESTABLISHED  | ESTABLISHED |
         0.100 < ACK           |    | ESTABLISHED  | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.opened_by': 'client'},
         last={'tcpshake.handshake': 'complete', 'tcpshake.opened_by': 'client'},
         neighbour_of='simultaneous_open syn_unanswered')
    for which, seq in (('the SYN\'s number', '0'), ('any number', '@77777777'))
] + [
    Case('older connection cleared, and the peer calls', '''No SYN-ACK of the server has followed the RST: the client
         has sent the one that has.''', '''
         0.000 > SYN                             | 1  | SYN-SENT | SYN-RECEIVED => UNKNOWN |
         0.020 < ACK seq=@77777777 ack=@1234567  |    | SYN-SENT | UNKNOWN | stale_ack
         0.021 > RST seq=@1234567                | *  | SYN-SENT | CLOSED |
         0.500 < SYN seq=0                       | 1? | SYN-RECEIVED | SYN-SENT | simultaneous_open(1) split_handshake?
         0.520 > SYN ACK seq=0                   | 2? | SYN-RECEIVED | *    | split_handshake?
         0.540 < ACK                             | *  | ESTABLISHED | ESTABLISHED | split_handshake?
         0.550 > ACK data=10                     |    | ESTABLISHED | ESTABLISHED |''',
         last={'tcpshake.handshake': 'complete'}),
    Case('simultaneous open, a slow one', 'Each end answers the other\'s SYN with a SYN-ACK.', '''
         0.000 > SYN           | 1  | SYN-SENT     | *           |
         0.015 < SYN           | 1? | SYN-RECEIVED | *           | simultaneous_open
         0.020 < SYN ACK seq=0 | *  | *            | *           |
         0.030 > SYN ACK seq=0 | *  | *            | *           |
         0.060 > ACK data=10   | 3? | ESTABLISHED  | ESTABLISHED |
         0.080 < ACK           | 3? | ESTABLISHED  | ESTABLISHED |''' + CLOSE,
         neighbour_of='split_handshake synack_from_client syn_changed'),
]

CLOSED_EARLY = [
    Case('closed in SYN-RECEIVED', '''The server\'s FIN crosses the handshake\'s ACK [3.10.4]; the client\'s FIN
         acknowledges SYN and FIN.''', '''
         0.000 > SYN     | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2     | ESTABLISHED | SYN-RECEIVED |
         0.030 < FIN ACK | 11    | CLOSE-WAIT  | FIN-WAIT-1   |
         0.040 > FIN ACK | 12 13 | LAST-ACK    | TIME-WAIT    |
         0.060 < ACK     | 14    | CLOSED      | TIME-WAIT    |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments',
                       'tcpshake.ack_frame': '4', 'tcpshake.connection_time': '0.040000000'}),
    Case('closed, the handshake\'s ACK not captured', 'After a minute, what acknowledges the FIN is not that ACK.', '''
         0.000 > SYN     | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2     | ESTABLISHED | SYN-RECEIVED |
         hidden > ACK
         30.00 < FIN ACK | 11    | CLOSE-WAIT  | FIN-WAIT-1   |
         30.02 > FIN ACK | 12 13 | LAST-ACK    | TIME-WAIT    |
         30.04 < ACK     | 14    | CLOSED      | TIME-WAIT    |''',
         conversation={'tcpshake.verdict': 'established, closed by the server, three segments'},
         neighbour_of='slow_handshake connection_timeout missing_handshake_ack'),
]

OLDER_CONNECTIONS = [
    Case('client restarted', '''It has forgotten the connection, the server has not: it answers with an ACK of the old
         one, which the client resets [3.5.1 figure 9].''', OPEN + DATA + '''
         new 300000 900000
         20.00 > SYN                        | 1  | SYN-SENT    | *            | syn_on_open_connection
         20.02 < ACK seq=@500101 ack=@1101  |    | SYN-SENT    | *            | stale_ack
         20.04 > RST seq=@1101              | *  | *           | *            | handshake_aborted(1)? connection_reset?
         20.50 > SYN seq=0                  | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission?
         20.52 < SYN ACK                    | 2  | ESTABLISHED | SYN-RECEIVED |
         20.54 > ACK                        | 3  | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete'}),
    Case('client restarted before the capture', '''The older connection is not in the capture: its ACK alone tells
         that there is one, the RST clears it, and the next SYN finds nothing in its way [3.5.1 figure 9].''', '''
         0.000 > SYN                             | 1  | SYN-SENT    | SYN-RECEIVED => UNKNOWN |
         0.020 < ACK seq=@700000000 ack=@1800000 |    | SYN-SENT    | UNKNOWN      | stale_ack
         0.040 > RST seq=@1800000                | *  | SYN-SENT    | CLOSED       |
         1.000 > SYN seq=0                       | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         1.020 < SYN ACK                         | 2  | ESTABLISHED | SYN-RECEIVED |
         1.040 > ACK                             | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake
         1.060 > ACK data=100                    |    | ESTABLISHED | ESTABLISHED  |
         1.080 < ACK                             |    | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'complete'},
         neighbour_of='segment_not_captured handshake_bad_ack synack_changed'),
    Case('forged SYN', 'Challenged [3.10.7.4; RFC 5961 section 4], and the connection goes on.', OPEN + DATA + '''
         new 300000 900000
         2.000 > SYN                        | *  | *           | *            | syn_on_open_connection
         2.020 < ACK seq=@500101 ack=@1101  |    | *           | *            | stale_ack
         2.040 > ACK data=10 seq=@1101 ack=@500101 | | *       | *            |
         2.060 < ACK seq=@500101 ack=@1111  |    | *           | *            |'''),
    Case('forged SYN, and the connection is closed', 'As if the SYN had not been there.', OPEN + DATA + '''
         new 300000 900000
         2.000 > SYN                               | *  | * => ESTABLISHED | ESTABLISHED | syn_on_open_connection
         2.020 < ACK seq=@500101 ack=@1101         |    | * => ESTABLISHED | ESTABLISHED | stale_ack
         2.040 > ACK data=10 seq=@1101 ack=@500101 |    | ESTABLISHED | ESTABLISHED |
         2.060 < ACK seq=@500101 ack=@1111         |    | ESTABLISHED | ESTABLISHED |
         40.00 > FIN ACK seq=@1111 ack=@500101     | 11 | FIN-WAIT-1  | CLOSE-WAIT  |
         40.02 < ACK seq=@500101 ack=@1112         | 12 | FIN-WAIT-2  | CLOSE-WAIT  |
         40.03 < FIN ACK seq=@500101 ack=@1112     | 13 | TIME-WAIT   | LAST-ACK    |
         40.05 > ACK seq=@1112 ack=@500102         | 14 | TIME-WAIT   | CLOSED      |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.opened_by': 'client', 'tcpshake.teardown': 'four segments',
               'tcpshake.closed_by': 'client'},
         neighbour_of='connection_timeout missing_handshake_ack syn_unanswered'),
    Case('a late copy of the SYN, captured from the middle', '''The capture begins with the handshake's ACK: the SYN
         opens nothing [RFC 5961 section 4.2], and what it was is not known.''', '''
         hidden > SYN
         hidden < SYN ACK
         0.040 > ACK              |    | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.000 > ACK PSH data=100 |    | * => ESTABLISHED | * => ESTABLISHED |
         1.020 < ACK PSH data=100 |    | ESTABLISHED | ESTABLISHED |
         1.040 > ACK              |    | ESTABLISHED | ESTABLISHED |
         2.000 > SYN seq=0        | *  | * => ESTABLISHED | ESTABLISHED | syn_on_open_connection
         2.020 < ACK              |    | * => ESTABLISHED | ESTABLISHED | stale_ack''' + close_at(40),
         last={'tcpshake.handshake': 'not captured', 'tcpshake.teardown': 'four segments',
               'tcpshake.closed_by': 'client'},
         neighbour_of='connection_timeout missing_handshake_ack syn_unanswered'),
    Case('opened again without a captured close', 'The server answers with a good SYN-ACK: it held no connection.',
         OPEN + DATA + '''
         new 300000 900000
         20.00 > SYN     | 1 | SYN-SENT    | *            | syn_on_open_connection(1) segment_not_captured?
         20.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED | segment_not_captured?
         20.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''', last={'tcpshake.handshake': 'complete'}),
    Case('refused on an open connection', 'The server restarted: it held none either.', OPEN + DATA + '''
         new 300000 900000
         20.00 > SYN           | 1  | SYN-SENT | *      | syn_on_open_connection(1) segment_not_captured?
         20.02 < RST ACK seq=0 | 21 | CLOSED   | CLOSED | connection_refused segment_not_captured?''',
         last={'tcpshake.reset_cause': 'refused'}),
    Case('four-tuple used again long after the close', 'Nobody holds the old connection: nothing is stale.',
         OPEN + CLOSE_BY_SERVER + '''
         new 200000 900000
         100.0 > SYN      | 1 | SYN-SENT    | SYN-RECEIVED |
         100.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         100.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='stale_ack syn_on_open_connection time_wait_lingering time_wait_reuse syn_changed old_duplicate'),
]

FLAGS = [
    Case('flags that make no sense', 'Without ACK they are dropped [3.10.7.4], and the connection goes on.', OPEN + '''
         1.000 > none dropped        | *  | *           | *           | bad_flags
         1.100 > PSH data=5 dropped  | *  | *           | *           | bad_flags
         1.200 > URG dropped         | *  | *           | *           | bad_flags
         1.300 > FIN dropped         | *  | *           | *           | bad_flags
         1.400 > FIN PSH URG dropped | *  | *           | *           | bad_flags
         1.500 > ACK data=10         |    | ESTABLISHED | ESTABLISHED |
         1.520 < ACK                 |    | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'client'},
         neighbour_of='data_after_fin fin_moved fin_retransmission'),
    Case('many flags that make sense', 'With ACK, each of them may be set; ECN asks with ECE and CWR [RFC 3168].', '''
         0.000 > SYN ECE CWR              | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK ECE              | 2     | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK PSH URG data=10      | 3     | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK                      |       | ESTABLISHED | ESTABLISHED  |
         5.000 > FIN ACK PSH URG data=10  | 11    | FIN-WAIT-1  | CLOSE-WAIT   |
         5.020 < FIN ACK ECE              | 12 13 | TIME-WAIT   | LAST-ACK     |
         5.040 > ACK CWR                  | 14    | TIME-WAIT   | CLOSED       |''', neighbour_of='bad_flags'),
    Case('data without ACK, and nothing else', '''Dropped in every state [3.10.7.4], as without data: no connection is
         behind it.''', '''
         0.000 > none data=12        | * | * | * | bad_flags handshake_not_captured?
         0.100 > none data=12 seq=0  | * | * | * | bad_flags''',
         conversation={'tcpshake.verdict': 'no handshake in this capture'}),
    Case('data with ACK, and nothing else', 'Its sender has a connection.', '''
         0.000 > ACK data=12 ack=1   | * | * | * | handshake_not_captured''',
         conversation={'tcpshake.verdict': 'opened before the capture began, not closed in this capture'},
         neighbour_of='bad_flags'),
    Case('FIN and RST', 'The RST is looked at first [3.10.7.4].', OPEN + '''
         1.000 > FIN RST ACK  | * | * | * | bad_flags abortive_close? reset_while_closing?'''),
] + [
    Case(f'scan with {flags}', 'A probe for what a host does with it; a closed port resets [3.10.7.1].', f'''
         0.000 > {flags} dropped | * | * | * | bad_flags handshake_not_captured? syn_unanswered(h)? handshake_aborted?
         0.001 < RST ACK seq=@0 ack=+{1 if flags != 'SYN FIN' else 2} | * | * | * | connection_refused?''',
         neighbour_of='abortive_close connection_reset reset_while_closing')
    for flags in ('SYN FIN', 'SYN RST', 'FIN', 'FIN PSH URG')
]

ECN = [
    Case(f'{asks or "nothing"} answered with {answers or "nothing"}', '''Who asked for what, and what the answer
         makes of it [RFC 9768 table 2, RFC 3168 section 6.1.1].''', f'''
         0.000 > SYN {asks}         | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK {answers}  | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK AE             | 3  | ESTABLISHED | ESTABLISHED  |
         1.000 > ACK AE CWR data=10 |    | ESTABLISHED | ESTABLISHED  |
         1.020 < ACK AE CWR ECE     |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE,
         conversation={**FOUR_SEGMENTS, 'tcpshake.negotiated.ecn': agreed}, neighbour_of='bad_flags',
         needs_options=True)
    for asks, answers, agreed in (
        ('AE CWR ECE', 'CWR', AGREED), ('AE CWR ECE', 'CWR ECE', AGREED), ('AE CWR ECE', 'AE', AGREED),
        ('AE CWR ECE', 'AE CWR', AGREED), ('AE CWR ECE', 'AE ECE', AGREED), ('AE CWR ECE', 'ECE', AGREED),
        ('AE CWR ECE', '', NOT_AGREED), ('AE CWR ECE', 'AE CWR ECE', NOT_AGREED),
        ('CWR ECE', 'ECE', AGREED), ('CWR ECE', 'AE ECE', AGREED), ('CWR ECE', '', NOT_AGREED),
        ('CWR ECE', 'CWR ECE', NOT_AGREED), ('CWR ECE', 'AE CWR', NOT_AGREED), ('', 'ECE', NOT_AGREED),
        ('', 'CWR', NOT_AGREED))
]

CASES = RETRIES + ICMP + SYN_ACKS + THIRD + OTHER_WAYS + CLOSED_EARLY + OLDER_CONNECTIONS + FLAGS + ECN
