"""A four-tuple on which something begins anew, and what only looks like it. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, CLOSE, CLOSE_BY_SERVER, DATA, FOUR_SEGMENTS, OPEN, Case


def opened_at(time, isn):
    """The same SYN again, on a server that has chosen another number and takes it."""
    return f'''
    {time:.2f} > SYN seq=0                      | 1 | SYN-SENT    | SYN-RECEIVED |
    {time + 0.02:.2f} < SYN ACK seq=@{isn} ack=1 | 2 | ESTABLISHED | SYN-RECEIVED |
    {time + 0.04:.2f} > ACK seq=1 ack=@{isn + 1} | 3 | ESTABLISHED | ESTABLISHED |
    {time + 0.05:.2f} > ACK data=10 seq=1 ack=@{isn + 1} | | ESTABLISHED | ESTABLISHED |
    {time + 0.07:.2f} < ACK data=20 seq=@{isn + 1} ack=11 | | ESTABLISHED | ESTABLISHED |
    {time + 0.09:.2f} > FIN ACK seq=11 ack=@{isn + 21} | 11 | FIN-WAIT-1 | CLOSE-WAIT |
    {time + 0.11:.2f} < FIN ACK seq=@{isn + 21} ack=12 | 12 13 | TIME-WAIT | LAST-ACK |
    {time + 0.13:.2f} > ACK seq=12 ack=@{isn + 22} | 14 | TIME-WAIT | CLOSED |'''


# A device that counts from the same number each time that it starts. Wireshark puts that into one stream.
SAME_ISN = [
    Case('the same ISN after the close', 'Nothing is left of the old conversation: nothing is repeated [3.4.3].',
         OPEN + DATA + CLOSE + opened_at(100, 9_000_000),
         conversation=FOUR_SEGMENTS,
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments', 'tcpshake.closed_by': 'client'},
         neighbour_of='synack_unsolicited synack_changed syn_retransmission syn_on_open_connection time_wait_reuse '
                      'slow_handshake connection_timeout'),
    Case('the same ISN after a reset', 'A reset leaves nothing, either.', OPEN + DATA + '''
         5.00 < RST ACK | 21 | CLOSED | CLOSED | abortive_close''' + opened_at(20, 9_000_000),
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments'},
         neighbour_of='reset_ignored synack_unsolicited synack_changed syn_retransmission'),
    Case('the same ISN, twice again', 'Each time another conversation.',
         OPEN + DATA + CLOSE + opened_at(100, 9_000_000) + opened_at(200, 19_000_000), conversation=FOUR_SEGMENTS,
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments'},
         neighbour_of='synack_unsolicited synack_changed syn_retransmission'),
    Case('the same ISN after the close, no answer', '''What was seen of the old conversation stays; nothing is known of
         the server.''', OPEN + DATA + CLOSE + '''
         100.0 > SYN seq=0 | 1 | SYN-SENT | * => UNKNOWN | syn_unanswered(h)
         101.0 > SYN seq=0 | 1 | SYN-SENT | * => UNKNOWN | syn_retransmission
         103.0 > SYN seq=0 | 1 | SYN-SENT | * => UNKNOWN | syn_retransmission''',
         conversation=FOUR_SEGMENTS, last={'tcpshake.handshake': 'unanswered', 'tcpshake.teardown': 'none'}),
    Case('the same ISN after a start while open', '''No copy lives as long as that [3.4.3], so the client has started
         again. The server has not heard of it: challenge ACK, RST, and the next SYN comes through [3.5.1 figure 9].''',
         OPEN + DATA + '''
         100.50 > SYN seq=0 | 1 | SYN-SENT | ESTABLISHED | syn_on_open_connection
         100.52 < ACK       |   | SYN-SENT | ESTABLISHED | stale_ack
         100.54 > RST       | * | SYN-SENT | CLOSED      |
         103.50 > SYN seq=0 | 1 | SYN-SENT | SYN-RECEIVED | syn_retransmission
         103.52 < SYN ACK seq=@9000000 ack=1 | 2 | ESTABLISHED | SYN-RECEIVED |
         103.54 > ACK seq=1 ack=@9000001     | 3 | ESTABLISHED | ESTABLISHED | slow_handshake''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '3.040000000'},
         neighbour_of='synack_changed socket_timeout abortive_close'),
    Case('the same ISN, and both have started again', 'The server answers: it holds nothing.',
         OPEN + DATA + '''
         100.50 > SYN seq=0                  | 1 | SYN-SENT    | *            | syn_on_open_connection(1)
         100.52 < SYN ACK seq=@9000000 ack=1 | 2 | ESTABLISHED | SYN-RECEIVED |
         100.54 > ACK seq=1 ack=@9000001     | 3 | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='synack_changed synack_unsolicited syn_retransmission'),
    Case('the same ISN after a quick start while open', '''Within MSL it may be a copy. The RST shows that it was
         none: only SYN-SENT answers the challenge with it [3.10.7.3].''', OPEN + DATA + '''
         6.500 > SYN seq=0 | 1? | ESTABLISHED => SYN-SENT | ESTABLISHED | syn_on_open_connection?
         6.520 < ACK       |    | ESTABLISHED => SYN-SENT | ESTABLISHED | stale_ack(h)
         6.540 > RST       | *  | SYN-SENT | CLOSED |
         9.500 > SYN seq=0 | 1  | SYN-SENT | SYN-RECEIVED | syn_retransmission
         9.520 < SYN ACK seq=@9000000 ack=1 | 2 | ESTABLISHED | SYN-RECEIVED |
         9.540 > ACK seq=1 ack=@9000001     | 3 | ESTABLISHED | ESTABLISHED | slow_handshake''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '3.040000000'},
         neighbour_of='synack_changed abortive_close reset_ignored'),
    Case('the same ISN, and both have started again quickly', 'Nobody answers a copy with another number [3.10.7.4].',
         OPEN + DATA + '''
         6.500 > SYN seq=0                  | 1? | * => SYN-SENT | * => SYN-RECEIVED | syn_on_open_connection?
         6.520 < SYN ACK seq=@9000000 ack=1 | 2  | ESTABLISHED | SYN-RECEIVED |
         6.540 > ACK seq=1 ack=@9000001     | 3  | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='synack_changed synack_unsolicited syn_retransmission'),
    Case('the same ISN right behind the close', 'The answer shows that it was no copy.', OPEN + DATA + CLOSE + '''
         5.060 > SYN seq=0                  | 1  | * => SYN-SENT | * => SYN-RECEIVED |
         5.080 < SYN ACK seq=@9000000 ack=1 | 2  | ESTABLISHED | SYN-RECEIVED | time_wait_reuse
         5.100 > ACK seq=1 ack=@9000001     | 3  | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='synack_changed synack_unsolicited syn_retransmission'),
    Case('the same ISN after a start, captured from the middle', '''The capture begins right behind the first SYN:
         Wireshark keeps the stream.''', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 > ACK PSH data=100 |   | * | * | handshake_not_captured
         1.020 < ACK PSH data=100 |   | ESTABLISHED | ESTABLISHED |
         1.040 > ACK              |   | ESTABLISHED | ESTABLISHED |
         90.00 > SYN seq=0                  | 1 | SYN-SENT    | *            | syn_on_open_connection(1)
         90.02 < SYN ACK seq=@9000000 ack=1 | 2 | ESTABLISHED | SYN-RECEIVED |
         90.04 > ACK seq=1 ack=@9000001     | 3 | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'not captured'},
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='socket_timeout synack_unsolicited synack_changed'),
    Case('SYN of the end that was taken for the server', '''Who opened the connection before the capture was guessed by
         the ports: this SYN tells who opens the next.''', '''
         hidden > SYN
         hidden < SYN ACK
         1.000 > ACK PSH data=100           |   | * | * | handshake_not_captured
         6.000 < SYN seq=@9000000           | 1 | SYN-SENT | * => SYN-RECEIVED | syn_on_open_connection(1)
         6.020 > SYN ACK seq=@7000000 ack=@9000001 | 2 | ESTABLISHED | SYN-RECEIVED |
         6.040 < ACK seq=@9000001 ack=@7000001     | 3 | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'not captured'},
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='synack_unsolicited synack_from_client simultaneous_open'),
    Case('SYN of the end that was taken for the server, behind a RST', '''Half a second: all that was captured is no
         part of its handshake.''', '''
         0.000 > RST seq=@77777777          | 21 | * | * | handshake_not_captured
         0.500 < SYN seq=@9000000           | 1 | SYN-SENT | SYN-RECEIVED |
         0.520 > SYN ACK seq=@7000000 ack=@9000001 | 2 | ESTABLISHED | SYN-RECEIVED |
         0.540 < ACK seq=@9000001 ack=@7000001     | 3 | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='synack_unsolicited synack_from_client captured_out_of_order'),
    Case('SYN behind an uncertain close, no answer', '''Nothing tells whether that FIN was the first: its receiver is
         in CLOSE-WAIT or in TIME-WAIT, and still is when the SYN comes by.''', '''
         hidden > SYN
         hidden < SYN ACK
         0.000 > FIN ACK   | * | UNKNOWN  | UNKNOWN | handshake_not_captured
         0.020 < ACK       | * | UNKNOWN  | UNKNOWN |
         new 300000 900000
         20.00 > SYN       | 1 | SYN-SENT | UNKNOWN | syn_on_open_connection syn_unanswered(h)
         21.00 > SYN seq=0 | 1 | SYN-SENT | UNKNOWN | syn_retransmission''' + A_MINUTE_LATER),
    Case('SYN behind a probe, no answer', 'A probe alone shows no connection.', '''
         hidden > SYN
         hidden < SYN ACK
         0.000 > ACK data=1 seq=1 |   | UNKNOWN  | UNKNOWN | handshake_not_captured
         new 300000 900000
         20.00 > SYN              | 1 | SYN-SENT | UNKNOWN | syn_unanswered(h)
         21.00 > SYN seq=0        | 1 | SYN-SENT | UNKNOWN | syn_retransmission''' + A_MINUTE_LATER,
         neighbour_of='syn_on_open_connection'),
    Case('SYN behind data both ways, no answer', 'Both were open, and nothing has closed the receiver.', '''
         hidden > SYN
         hidden < SYN ACK
         0.000 > ACK data=100 |   | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         0.020 < ACK data=100 |   | ESTABLISHED | ESTABLISHED |
         new 300000 900000
         20.00 > SYN          | 1 | SYN-SENT | ESTABLISHED | syn_on_open_connection syn_unanswered(h)
         21.00 > SYN seq=0    | 1 | SYN-SENT | ESTABLISHED | syn_retransmission''' + A_MINUTE_LATER),
    Case('SYN-ACK with other numbers, begun in the middle', '''Its SYN is not in the capture; the ACK shows that it
         opens.''', '''
         hidden > SYN
         hidden < SYN ACK
         1.000 > ACK PSH data=100           |   | * | * | handshake_not_captured
         6.020 < SYN ACK seq=@7000000 ack=@9000001 | 2? | * => ESTABLISHED | * => SYN-RECEIVED | synack_unsolicited
         6.040 > ACK seq=@9000001 ack=@7000001     | 3? | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete'}, neighbour_of='synack_changed captured_out_of_order'),
    Case('a late copy of the SYN', '''Within MSL it may be that [3.4.3]: challenged [RFC 5961 section 4.2], and all
         goes on.''',
         OPEN + DATA + '''
         2.000 > SYN seq=0 | * | ESTABLISHED | ESTABLISHED |
         2.020 < ACK       |   | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='stale_ack syn_retransmission'),
    Case('refused, and started again much later', '''Later than any timer: SYN-SENT was left with the RST, and this is
         another attempt. One second later it would not be.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21 | CLOSED      | CLOSED       | connection_refused
         50.00 > SYN seq=0     | 1  | SYN-SENT    | *            |
         50.02 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         50.04 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='syn_retransmission reset_ignored slow_handshake connection_timeout'),
]

SYN_ACKS = [
    Case('SYN-ACK behind the close', '''Of no SYN in the capture, and nobody acknowledges it: it opens nothing, and
         hides nothing of the conversation before [3.10.7.1].''', OPEN + DATA + CLOSE + '''
         30.00 < SYN ACK seq=@7000000 ack=@4000 | * | * | * | synack_unsolicited
         30.02 > RST seq=@4000                  | * | * | * |
         31.00 < SYN ACK seq=@8000000 ack=@4000 | * | * | * | synack_unsolicited?''',
         conversation=FOUR_SEGMENTS, neighbour_of='synack_changed missing_handshake_ack'),
    Case('SYN-ACK behind the close, acknowledged', 'The client has sent a SYN that is not in the capture [3.10.7.3].',
         OPEN + DATA + CLOSE + '''
         30.00 < SYN ACK seq=@7000000 ack=@4000         | 2? | * => ESTABLISHED | * => SYN-RECEIVED | synack_unsolicited
         30.02 > ACK seq=@4000 ack=@7000001             | 3 | ESTABLISHED | ESTABLISHED |
         30.03 > ACK data=10 seq=@4000 ack=@7000001     |   | ESTABLISHED | ESTABLISHED |
         30.05 < ACK data=20 seq=@7000001 ack=@4010     |   | ESTABLISHED | ESTABLISHED |
         30.07 > FIN ACK seq=@4010 ack=@7000021         | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         30.09 < FIN ACK seq=@7000021 ack=@4011         | 12 13 | TIME-WAIT | LAST-ACK |
         30.11 > ACK seq=@4011 ack=@7000022             | 14 | TIME-WAIT | CLOSED |''', conversation=FOUR_SEGMENTS,
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments'},
         neighbour_of='synack_changed fin_moved data_after_fin'),
    Case('another SYN-ACK after the RST', '''The client can use none of them, and its SYNs went elsewhere. Each time the
         server was asked anew: it had gone back to LISTEN [3.10.7.4, RST bit] and chose another number [3.4.1].''', '''
         0.000 < SYN ACK ack=@1001                  | 2 | * => CLOSED | SYN-RECEIVED | synack_unsolicited
         0.001 > RST seq=@1001                      | * | CLOSED | LISTEN       |
         1.000 < SYN ACK seq=@250000000 ack=@1001   | 2 | *      | SYN-RECEIVED | synack_unsolicited?
         1.001 > RST seq=@1001                      | * | CLOSED | LISTEN       |
         3.000 < SYN ACK seq=@500000000 ack=@1001   | 2 | *      | SYN-RECEIVED | synack_unsolicited?
         3.001 > RST seq=@1001                      | * | CLOSED | LISTEN       |''',
         neighbour_of='reset_ignored synack_changed synack_retransmission'),
    Case('another SYN-ACK after the RST, acknowledged', 'The client has asked again as well, unseen.', '''
         0.000 < SYN ACK ack=@1001                  | 2 | * => CLOSED | SYN-RECEIVED | synack_unsolicited
         0.001 > RST seq=@1001                      | * | CLOSED | LISTEN       |
         1.000 < SYN ACK seq=@250000000 ack=@1001   | 2 | * => ESTABLISHED | SYN-RECEIVED | synack_unsolicited?
         1.020 > ACK seq=@1001 ack=@250000001       | 3 | ESTABLISHED | ESTABLISHED |
         1.030 > ACK data=10 seq=@1001 ack=@250000001 | | ESTABLISHED | ESTABLISHED |
         1.050 < ACK data=10 seq=@250000001 ack=@1011 | | ESTABLISHED | ESTABLISHED |''',
         last={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'none'},
         neighbour_of='reset_ignored synack_changed handshake_bad_ack'),
    Case('another SYN-ACK to the SYN after the RST', 'The SYNs are in the capture: attempts of their own.', '''
         0.000 > SYN                            | 1 | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK                        | 2 | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         0.021 > RST seq=1                      | * | CLOSED   | LISTEN       | handshake_aborted
         1.000 > SYN seq=0                      | 1 | SYN-SENT | SYN-RECEIVED | syn_retransmission?
         1.020 < SYN ACK seq=@250000000 ack=1   | 2 | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         1.021 > RST seq=1                      | * | CLOSED   | LISTEN       | handshake_aborted''',
         neighbour_of='reset_ignored synack_changed synack_retransmission'),
]

# TIME-WAIT may give way to a SYN [3.6.1; RFC 6191], and shows by its answer that it has. Until 2 x 30 s are over.
IN_TIME_WAIT = [
    Case('SYN into TIME-WAIT, no answer', 'Nothing shows that it was accepted.', OPEN + CLOSE_BY_SERVER + '''
         new 91000000 900000
         25.00 > SYN       | 1 | SYN-SENT | SYN-RECEIVED => TIME-WAIT | syn_unanswered(h)
         28.00 > SYN seq=0 | 1 | SYN-SENT | SYN-RECEIVED => TIME-WAIT | syn_retransmission
         34.00 > SYN seq=0 | 1 | SYN-SENT | SYN-RECEIVED => TIME-WAIT | syn_retransmission
         66.00 > SYN seq=0 | 1 | SYN-SENT | SYN-RECEIVED => UNKNOWN   | syn_retransmission''',
         conversation={**FOUR_SEGMENTS, 'tcpshake.closed_by': 'server', 'tcpshake.time_wait.owner': 'server'},
         last={'tcpshake.handshake': 'unanswered', 'tcpshake.teardown': 'none'}),
    Case('SYN with a low number into TIME-WAIT, no answer', 'It is dropped [3.10.7.4], or the ACK for it was lost.',
         OPEN + CLOSE_BY_SERVER + '''
         new 900 900000
         55.00 > SYN       | 1 | SYN-SENT | TIME-WAIT | syn_unanswered(h)
         66.00 > SYN seq=0 | 1 | SYN-SENT | TIME-WAIT => UNKNOWN | syn_retransmission''',
         last={'tcpshake.handshake': 'unanswered', 'tcpshake.teardown': 'none'}),
    Case('SYNs of two attempts into TIME-WAIT, no answer', 'The first has changed nothing for the second.',
         OPEN + CLOSE_BY_SERVER + '''
         new 91000000 900000
         25.00 > SYN       | 1 | SYN-SENT | SYN-RECEIVED => TIME-WAIT | syn_unanswered(h)
         new 92000000 900000
         30.00 > SYN       | 1 | SYN-SENT | * => TIME-WAIT | syn_unanswered(h) syn_changed
         32.00 > SYN seq=0 | 1 | SYN-SENT | * => TIME-WAIT | syn_retransmission'''),
    Case('the same SYN into TIME-WAIT, no answer', 'In one stream.', OPEN + CLOSE_BY_SERVER + '''
         25.00 > SYN seq=0 | 1 | SYN-SENT | * => TIME-WAIT | syn_unanswered(h)
         28.00 > SYN seq=0 | 1 | SYN-SENT | * => TIME-WAIT | syn_retransmission
         66.00 > SYN seq=0 | 1 | SYN-SENT | * => UNKNOWN   | syn_retransmission''',
         last={'tcpshake.handshake': 'unanswered'}),
    Case('SYN into TIME-WAIT, answered late', 'Now it shows: it was accepted.', OPEN + CLOSE_BY_SERVER + '''
         new 91000000 900000
         25.00 > SYN       | 1 | SYN-SENT    | SYN-RECEIVED |
         28.00 > SYN seq=0 | 1 | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         28.02 < SYN ACK   | 2 | ESTABLISHED | SYN-RECEIVED | time_wait_reuse
         28.04 > ACK       | 3 | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         last={'tcpshake.handshake': 'complete'}, neighbour_of='syn_unanswered time_wait_lingering'),
]

OLD_ACK = '< ACK seq=@500101 ack=@1101 | | SYN-SENT'
OLD_RST = '> RST seq=@1101 | * | SYN-SENT'
# The RST that was to clear an older connection has not [3.5.1 figure 9]: that answers the next SYN as it did the first.
NOT_CLEARED = [
    Case('RST that does not clear the older connection', 'Lost, or not heeded: nothing changes.', OPEN + DATA + f'''
         new 300000 900000
         20.00 > SYN       | 1  | SYN-SENT | ESTABLISHED | syn_on_open_connection
         20.02 {OLD_ACK} | ESTABLISHED | stale_ack
         20.03 {OLD_RST} | CLOSED => ESTABLISHED |
         21.00 > SYN seq=0 | 1? | SYN-SENT | * => ESTABLISHED | syn_retransmission
         21.02 {OLD_ACK} | ESTABLISHED | stale_ack
         21.03 {OLD_RST} | ESTABLISHED |
         23.00 > SYN seq=0 | 1? | SYN-SENT | ESTABLISHED | syn_retransmission
         23.02 {OLD_ACK} | ESTABLISHED | stale_ack''',
         last={'tcpshake.handshake': 'unanswered', 'tcpshake.teardown': 'none'},
         neighbour_of='handshake_aborted connection_reset reset_ignored'),
    Case('RST that does not clear what is not in the capture', 'Which state it is in, nothing tells.', '''
         0.000 > SYN                             | 1  | SYN-SENT | SYN-RECEIVED => UNKNOWN |
         0.010 < ACK seq=@700000000 ack=@1800000 |    | SYN-SENT | UNKNOWN | stale_ack
         0.011 > RST seq=@1800000                | *  | SYN-SENT | CLOSED => UNKNOWN |
         1.000 > SYN seq=0                       | 1? | SYN-SENT | * => UNKNOWN | syn_retransmission
         1.010 < ACK seq=@700000000 ack=@1800000 |    | SYN-SENT | UNKNOWN | stale_ack
         1.011 > RST seq=@1800000                | *  | SYN-SENT | UNKNOWN |
         3.000 > SYN seq=0                       | 1? | SYN-SENT | UNKNOWN => SYN-RECEIVED | syn_retransmission
         3.010 < SYN ACK                         | 2  | ESTABLISHED | SYN-RECEIVED |
         3.020 > ACK                             | 3  | ESTABLISHED | ESTABLISHED | slow_handshake
         3.030 > ACK data=10                     |    | ESTABLISHED | ESTABLISHED |
         3.040 < ACK data=10                     |    | ESTABLISHED | ESTABLISHED |''',
         conversation={'tcpshake.handshake': 'complete'},
         neighbour_of='reset_ignored connection_reset synack_changed'),
    Case('RST that does not end TIME-WAIT', 'Ignored, as RFC 1337 section 3 advises.', OPEN + CLOSE_BY_SERVER + '''
         new 900 900000
         10.00 > SYN               | 1  | SYN-SENT | TIME-WAIT |
         10.02 < ACK seq=@500002 ack=@1002 | | SYN-SENT | TIME-WAIT | time_wait_lingering stale_ack
         10.03 > RST seq=@1002     | *  | SYN-SENT | CLOSED => TIME-WAIT | time_wait_assassination(1)
         11.00 > SYN seq=0         | 1? | SYN-SENT | * => TIME-WAIT | syn_retransmission
         11.02 < ACK seq=@500002 ack=@1002 | | SYN-SENT | TIME-WAIT | time_wait_lingering stale_ack'''),
    Case('the second RST clears the older connection', 'The SYN-ACK to the next SYN shows it.', OPEN + DATA + f'''
         new 300000 900000
         20.00 > SYN       | 1  | SYN-SENT | ESTABLISHED | syn_on_open_connection
         20.02 {OLD_ACK} | ESTABLISHED | stale_ack
         20.03 {OLD_RST} | CLOSED => ESTABLISHED |
         21.00 > SYN seq=0 | 1? | SYN-SENT | * => ESTABLISHED | syn_retransmission
         21.02 {OLD_ACK} | ESTABLISHED | stale_ack
         21.03 {OLD_RST} | * => CLOSED |
         23.00 > SYN seq=0 | 1? | SYN-SENT    | * => SYN-RECEIVED | syn_retransmission
         23.02 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         23.04 > ACK       | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         last={'tcpshake.handshake': 'complete'}, neighbour_of='reset_ignored handshake_aborted'),
    Case('an ACK and data under way to a SYN', '''Sent before that can have come: it takes 20 ms to answer. The
         challenge is the ACK behind them.''', OPEN + DATA + f'''
         new 300000 900000
         20.000 > SYN                                      | 1 | SYN-SENT | ESTABLISHED | syn_on_open_connection
         20.002 < ACK data=10 seq=@500101 ack=@1101        |   | SYN-SENT | ESTABLISHED |
         20.005 < ACK seq=@500111 ack=@1101                |   | SYN-SENT | ESTABLISHED |
         20.020 < ACK seq=@500111 ack=@1101                |   | SYN-SENT | ESTABLISHED | stale_ack'''),
    Case('RST that clears the older connection behind another ACK', '''That ACK was sent before the RST arrived: it
         answers no other SYN.''', OPEN + DATA + f'''
         new 300000 900000
         20.00 > SYN       | 1  | SYN-SENT | ESTABLISHED | syn_on_open_connection
         20.02 {OLD_ACK} | ESTABLISHED | stale_ack
         20.03 {OLD_RST} | CLOSED => ESTABLISHED |
         20.04 {OLD_ACK} | ESTABLISHED | stale_ack
         20.05 {OLD_RST} | CLOSED |
         21.00 > SYN seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         21.02 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         21.04 > ACK       | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         last={'tcpshake.handshake': 'complete'}),
]

NEW_ACK = '''{a:.2f} > ACK seq=1 ack=@9000001         | 3 | ESTABLISHED | ESTABLISHED | segment_not_captured(h)
         {b:.2f} > ACK data=10 seq=1 ack=@9000001 |   | ESTABLISHED | ESTABLISHED |
         {c:.2f} < ACK data=10 seq=@9000001 ack=11 |  | ESTABLISHED | ESTABLISHED | segment_not_captured(1)'''


def acknowledged_at(time):
    return NEW_ACK.format(a=time, b=time + 0.01, c=time + 0.03)


# Only a SYN-ACK to its own SYN brings an end out of SYN-SENT, and makes it acknowledge anything [3.10.7.3].
SYN_ACK_NOT_CAPTURED = [
    Case('SYN into TIME-WAIT, the SYN-ACK not captured', 'It was accepted [3.6.1].', OPEN + CLOSE_BY_SERVER + '''
         new 200000 9000000
         6.000 > SYN | 1 | SYN-SENT | SYN-RECEIVED |
         ''' + acknowledged_at(6.04),
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='closing_bad_ack data_after_fin time_wait_lingering syn_unanswered one_sided'),
    Case('SYN on an open connection, the SYN-ACK not captured', 'Nobody held that any more.', OPEN + DATA + '''
         new 200000 9000000
         26.00 > SYN | 1 | SYN-SENT | * => SYN-RECEIVED | syn_on_open_connection(1)
         ''' + acknowledged_at(26.04),
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='syn_unanswered one_sided stale_ack'),
    Case('the same ISN, the SYN-ACK not captured', 'In one stream.', OPEN + DATA + '''
         100.5 > SYN seq=0 | 1 | SYN-SENT | * => SYN-RECEIVED | syn_on_open_connection(1)
         ''' + acknowledged_at(100.54),
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='syn_unanswered one_sided stale_ack'),
    Case('older connection cleared, the SYN-ACK not captured', 'Until the RST, nothing tells its state.', '''
         0.000 > SYN                             | 1  | SYN-SENT | SYN-RECEIVED => UNKNOWN |
         0.010 < ACK seq=@700000000 ack=@1800000 |    | SYN-SENT | UNKNOWN | stale_ack
         0.011 > RST seq=@1800000                | *  | SYN-SENT | CLOSED  |
         0.900 > SYN seq=0                       | 1? | SYN-SENT | SYN-RECEIVED | syn_retransmission
         ''' + acknowledged_at(0.92), last={'tcpshake.handshake': 'complete'},
         neighbour_of='one_sided handshake_bad_ack'),
    Case('SYN-ACK of another attempt, the right one not captured', 'Figure 8 [3.5].', '''
         0.000 > SYN                    | 1   | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK ack=-9         | 2?  | SYN-SENT | SYN-RECEIVED | synack_bad_ack
         0.021 > RST seq=-9             | 21? | SYN-SENT | LISTEN |
         ''' + acknowledged_at(0.04),
         last={'tcpshake.handshake': 'complete', 'tcpshake.connection_time': '0.040000000'},
         neighbour_of='one_sided handshake_bad_ack missing_handshake_ack'),
]

# The client is on the other side: nobody sees its SYN, nor the ACK that opens.
CLIENT_NOT_CAPTURED = [
    Case('SYN-ACK to another SYN behind the close, the client not captured',
         'Both numbers are others: the answer to another SYN [3.4.1].', '''
         hidden > SYN
         0.020 < SYN ACK          | 2  | * | SYN-RECEIVED | one_sided(h) synack_unsolicited(1)
         hidden > ACK
         hidden > ACK PSH data=100
         0.070 < ACK PSH data=500 | *  | * | ESTABLISHED  | one_sided(1)?
         hidden > FIN ACK
         5.020 < ACK              | *  | * | * | one_sided(1)?
         5.021 < FIN ACK          | *  | * | * |
         new 600000 900000
         hidden > SYN
         15.02 < SYN ACK          | 2  | * | SYN-RECEIVED | one_sided(h) synack_unsolicited(1)
         hidden > ACK
         hidden > ACK PSH data=100
         15.07 < ACK PSH data=500 | *  | * | ESTABLISHED  | one_sided(1)?
         hidden > FIN ACK
         15.10 < FIN ACK          | *  | * | *            | one_sided(1)?''',
         neighbour_of='synack_changed data_after_fin fin_moved'),
    Case('SYN-ACK to another SYN, the client not captured, from the middle',
         'The same behind a connection whose opening is missing.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         hidden > ACK PSH data=100
         0.070 < ACK PSH data=500 | *  | * | * | one_sided(h) handshake_not_captured
         hidden > FIN ACK
         5.020 < ACK              | *  | * | * | one_sided(1)?
         5.021 < FIN ACK          | *  | * | * | one_sided(1)?
         new 600000 900000
         hidden > SYN
         15.02 < SYN ACK          | 2  | * | SYN-RECEIVED | one_sided(h) synack_unsolicited(1)
         hidden > ACK
         hidden > ACK PSH data=100
         15.07 < ACK PSH data=500 | *  | * | ESTABLISHED  | one_sided(1)?''',
         neighbour_of='synack_changed data_after_fin fin_moved'),
    Case('SYN-ACK with another number to the same SYN, the client not captured', 'The server has chosen anew.', '''
         hidden > SYN
         0.020 < SYN ACK             | 2 | * | SYN-RECEIVED | synack_unsolicited
         1.020 < SYN ACK seq=@777777 | * | * | SYN-RECEIVED | synack_changed'''),
]

# What is opened again is not waited for any longer [3.10.7.4].
OPEN_AGAIN = '''
         new 200000 9000000
         60.00 > SYN     | 1 | SYN-SENT    | * => SYN-RECEIVED | syn_on_open_connection(1)
         60.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         60.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |
         900.0 > FIN ACK | 11    | FIN-WAIT-1 | CLOSE-WAIT | socket_timeout
         900.1 < FIN ACK | 12 13 | TIME-WAIT  | LAST-ACK   |
         900.2 > ACK     | 14    | TIME-WAIT  | CLOSED     |'''
REPLACED = [
    Case('CLOSE-WAIT, and the four-tuple opens again', '''The server that takes the SYN was CLOSED, nobody knows since
         when.''', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |''' + OPEN_AGAIN,
         neighbour_of='close_wait_lingering'),
    Case('the client\'s CLOSE-WAIT, and it opens the four-tuple again', 'It was CLOSED as well.', OPEN + '''
         5.000 < FIN ACK | 11 | CLOSE-WAIT | FIN-WAIT-1 |
         5.020 > ACK     | 12 | CLOSE-WAIT | FIN-WAIT-2 |''' + OPEN_AGAIN,
         neighbour_of='close_wait_idle'),
    Case('a request without an answer, and the four-tuple opens again', 'The client does not wait until the end.',
         OPEN + '''
         5.000 > ACK PSH data=100 | | ESTABLISHED | ESTABLISHED |
         5.020 < ACK              | | ESTABLISHED | ESTABLISHED |''' + OPEN_AGAIN, neighbour_of='read_timeout'),
    Case('a FIN without an ACK, and the four-tuple opens again',
         'Its receiver had got it, or would have challenged the SYN.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | * |''' + OPEN_AGAIN, neighbour_of='missing_fin_ack'),
    Case('CLOSE-WAIT until the SYN of the next connection clears it', 'The server has held it until then.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT | close_wait_lingering(h)
         new 200000 9000000
         60.00 > SYN                     | 1  | SYN-SENT    | CLOSE-WAIT | syn_on_open_connection?
         60.02 < ACK seq=@500001 ack=@1002 |  | SYN-SENT    | CLOSE-WAIT | stale_ack
         60.03 > RST seq=@1002           | *  | SYN-SENT    | CLOSED     |
         61.00 > SYN seq=0               | *  | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         61.02 < SYN ACK                 | 2  | ESTABLISHED | SYN-RECEIVED |
         61.04 > ACK                     | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake'''),
]

REPLACED += [
    Case('a request, a failed attempt, and then the four-tuple opens', 'The client waits no longer than until then.',
         OPEN + '''
         5.000 > ACK PSH data=100 | | ESTABLISHED | ESTABLISHED |
         5.020 < ACK              | | ESTABLISHED | ESTABLISHED |
         new 300000 7000000
         30.00 > SYN | 1 | SYN-SENT | * | syn_unanswered(h) syn_on_open_connection?
         31.00 > SYN seq=0 | * | SYN-SENT | * | syn_retransmission''' +
         OPEN_AGAIN.replace('syn_on_open_connection(1)', 'syn_on_open_connection? syn_changed?'),
         neighbour_of='read_timeout'),
    Case('a request, and a SYN that the old connection answers', 'Nothing has opened: the client still waits.',
         OPEN + '''
         5.000 > ACK PSH data=100 | | ESTABLISHED | ESTABLISHED | read_timeout(h)
         5.020 < ACK              | | ESTABLISHED | ESTABLISHED |
         new 300000 7000000
         60.00 > SYN                           | 1 | SYN-SENT | * | *
         60.02 < SYN ACK seq=@500000 ack=@1001 | * | *        | * | synack_bad_ack
         60.03 > RST seq=@1001                 | * | *        | * |''' + A_MINUTE_LATER),
]

CASES = REPLACED + CLIENT_NOT_CAPTURED + SAME_ISN + SYN_ACKS + IN_TIME_WAIT + NOT_CLEARED + SYN_ACK_NOT_CAPTURED
