"""Conversations that are made, and what has to be said about each of their segments. Here: what is ordinary, and what
is not but happens every day; each chapter of the anomalies has a file of its own. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import cases_acks
import cases_anew
import cases_capture
import cases_closing
import cases_failing
import cases_fallback
import cases_idle
import cases_open
import cases_opening
import cases_reset_causes
import cases_resets
import cases_states
import cases_waits
from notation import A_MINUTE_LATER, CLOSE, CLOSE_BY_SERVER, DATA, FOUR_SEGMENTS, OPEN, Case

MANY = 0xffffffff

# The ordinary conversation: nothing is wrong with it. Every link layer and tunnel carries it.
ORDINARY = Case('ordinary', 'Opened, used, closed with four segments [3.5 figure 6, 3.6 figure 12].',
                OPEN + DATA + CLOSE,
                conversation={**FOUR_SEGMENTS, 'tcpshake.socket_time': '3.960000000',
                              'tcpshake.read_time': '0.020000000'})

CASES = [
    ORDINARY,

    # Numbers that wrap [3.4]: MANY - n is n before the last number there is.
    Case('wrap at the SYN', 'SYN takes the last number, its acknowledgment is 0.', OPEN + DATA + CLOSE,
         isns=(MANY, MANY), conversation=FOUR_SEGMENTS),
    Case('wrap after the SYN', 'The first byte takes the last number.', OPEN + DATA + CLOSE,
         isns=(MANY - 1, MANY - 1), conversation=FOUR_SEGMENTS),
    Case('wrap in the data', 'The numbers start again in the middle of a segment.', OPEN + DATA + CLOSE,
         isns=(MANY - 50, MANY - 60), conversation=FOUR_SEGMENTS),
    Case('wrap before the FIN', 'The FIN takes number 0.', OPEN + DATA + CLOSE,
         isns=(MANY - 100, MANY - 100), conversation=FOUR_SEGMENTS),
    Case('wrap at the FIN', 'The FIN takes the last number, its acknowledgment is 0.', OPEN + DATA + CLOSE,
         isns=(MANY - 101, MANY - 101), conversation=FOUR_SEGMENTS),

    # Ordinary ways to open and close.
    Case('closed by the server', 'The other way round [3.6]: TIME-WAIT is the first closer\'s.',
         OPEN + DATA + CLOSE_BY_SERVER,
         conversation={'tcpshake.teardown': 'four segments', 'tcpshake.closed_by': 'server',
                       'tcpshake.time_wait.owner': 'server'}),
    Case('three segments', 'The second FIN acknowledges the first: FIN-WAIT-1 goes to TIME-WAIT [3.10.7.4, FIN bit].',
         OPEN + '''
         5.000 > FIN ACK  | 11    | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < FIN ACK  | 12 13 | TIME-WAIT  | LAST-ACK   |
         5.040 > ACK      | 14    | TIME-WAIT  | CLOSED     |''',
         conversation={'tcpshake.teardown': 'three segments', 'tcpshake.closed_by': 'client'},
         neighbour_of='simultaneous_close'),
    Case('half-close with data', 'An end that has sent its FIN still takes data [3.6].',
         OPEN + '''
         5.000 > FIN ACK       | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK           | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         6.000 < ACK data=1000 |    | FIN-WAIT-2 | CLOSE-WAIT |
         6.020 > ACK           |    | FIN-WAIT-2 | CLOSE-WAIT |
         7.000 < FIN ACK       | 13 | TIME-WAIT  | LAST-ACK   |
         7.020 > ACK           | 14 | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS,
         neighbour_of='data_after_close close_wait_lingering'),
    Case('half-close acknowledged by data', 'An acknowledgment counts on whatever segment it comes.',
         OPEN + '''
         5.000 > FIN ACK              | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK PSH data=1000    | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.040 > ACK                  |    | FIN-WAIT-2 | CLOSE-WAIT |
         5.060 < FIN ACK PSH data=500 | 13 | TIME-WAIT  | LAST-ACK   |
         5.080 > ACK                  | 14 | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS),
    Case('still half-closed', 'The capture ends while only one end has closed.',
         OPEN + '''
         5.000 > FIN ACK       | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK           | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         6.000 < ACK data=1000 |    | FIN-WAIT-2 | CLOSE-WAIT |
         6.020 > ACK           |    | FIN-WAIT-2 | CLOSE-WAIT |''',
         conversation={'tcpshake.teardown': 'half-closed', 'tcpshake.closed_by': 'client'}),
    Case('data on the third segment', 'The ACK that completes the handshake may carry data [3.5].', '''
         0.000 > SYN              | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK PSH data=100 | 3  | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK              |    | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='handshake_bad_ack early_data'),
    Case('FIN on the third segment', 'It may close as well: ESTABLISHED is passed through [3.10.7.4].', '''
         0.000 > SYN                  | 1     | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK              | 2     | ESTABLISHED | SYN-RECEIVED |
         0.040 > FIN ACK PSH data=100 | 3 11  | FIN-WAIT-1  | CLOSE-WAIT   |
         0.060 < FIN ACK PSH data=50  | 12 13 | TIME-WAIT   | LAST-ACK     |
         0.080 > ACK                  | 14    | TIME-WAIT   | CLOSED       |''',
         conversation={'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'three segments'},
         neighbour_of='handshake_aborted'),
    Case('simultaneous close', '''The FINs cross: the second does not acknowledge the first, so its sender had not
         received it [3.6 figure 13].''',
         OPEN + '''
         5.000 > FIN ACK        | 11 | FIN-WAIT-1 | CLOSE-WAIT => ESTABLISHED |
         5.001 < FIN ACK ack=-1 | 13 | CLOSING    | FIN-WAIT-1 | simultaneous_close
         5.020 > ACK            | 14 | CLOSING    | CLOSING or TIME-WAIT |
         5.021 < ACK            | 12 | TIME-WAIT  | TIME-WAIT |''',
         conversation={'tcpshake.teardown': 'simultaneous', 'tcpshake.closed_by': 'both'}),
    Case('simultaneous open', 'Both ends call each other [3.5 figure 7].', '''
         0.000 > SYN           | 1  | SYN-SENT     | SYN-RECEIVED => CLOSED |
         0.001 < SYN           | 1? | SYN-RECEIVED | SYN-SENT    | simultaneous_open
         0.020 > SYN ACK seq=0 | 2? | SYN-RECEIVED | *           |
         0.021 < SYN ACK seq=0 | 2? 3? | ESTABLISHED | *         |
         0.060 > ACK data=10   | 3? | ESTABLISHED  | ESTABLISHED |
         0.080 < ACK           |    | ESTABLISHED  | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'simultaneous', 'tcpshake.opened_by': 'both',
                       'tcpshake.synack_frame': '4', 'tcpshake.ack_frame': '3',
                       'tcpshake.connection_time': '0.021000000'},
         neighbour_of='split_handshake synack_from_client'),

    # Handshakes with data.
    Case('SYN with data', 'Allowed, and to be kept until ESTABLISHED [3.4]; here it is not kept.', '''
         0.000 > SYN data=50       | 1 | SYN-SENT    | SYN-RECEIVED | syn_with_data
         0.020 < SYN ACK ack=1     | 2 | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK data=50 seq=1 | 3 | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK               |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         needs_options=True),
    Case('SYN with data, kept', '''The SYN-ACK may acknowledge the data [3.10.7.2], though the list of anomalies
         knows of Fast Open only.''', '''
         0.000 > SYN data=50 | 1 | SYN-SENT    | SYN-RECEIVED | syn_with_data
         0.020 < SYN ACK     | 2 | ESTABLISHED | SYN-RECEIVED | synack_bad_ack?
         0.040 > ACK         | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         needs_options=True),
    Case('Fast Open accepted', 'The server takes the data and may answer before the ACK [RFC 7413 section 3].', '''
         0.000 > SYN data=50 tfo  | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK          | 2 | ESTABLISHED | SYN-RECEIVED |
         0.021 < ACK PSH data=200 |   | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK              | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='syn_with_data tfo_data_rejected synack_bad_ack handshake_bad_ack early_data'),
    Case('Fast Open declined', 'The SYN-ACK leaves the data out, it comes again [RFC 7413 section 4.2.2].', '''
         0.000 > SYN data=50 tfo   | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK ack=1     | 2 | ESTABLISHED | SYN-RECEIVED | tfo_data_rejected
         0.040 > ACK data=50 seq=1 | 3 | ESTABLISHED | ESTABLISHED  |
         0.060 < ACK               |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS),

    # Handshakes that take several tries.
    Case('SYN lost', 'The first SYN got lost behind the capture point; answered at last.', '''
         0.000 > SYN       | 1  | SYN-SENT    | *            |
         0.500 > SYN seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         0.520 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK       | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS),
    Case('SYN-ACK lost', '''The client repeats its SYN, so it had not received the SYN-ACK that was captured: it was in
         SYN-SENT still. Whether the SYN counts as unanswered, the contract does not say.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED => SYN-SENT | SYN-RECEIVED |
         0.500 > SYN seq=0     | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission?
         0.520 < SYN ACK seq=0 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission
         0.540 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS),
    Case('SYN-ACK again', 'Repeated before its ACK, which comes: nothing is missing.', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | *           | SYN-RECEIVED |
         0.500 < SYN ACK seq=0 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission missing_handshake_ack?
         0.520 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='handshake_ack_ignored'),
    Case('handshake ACK ignored', '''The SYN-ACK comes again although its ACK was captured: the server had not received
         it and was in SYN-RECEIVED still.''', '''
         0.000 > SYN           | 1  | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK           | 3  | ESTABLISHED | ESTABLISHED => SYN-RECEIVED |
         0.500 < SYN ACK seq=0 | 2? | ESTABLISHED | SYN-RECEIVED | synack_retransmission handshake_ack_ignored
         0.520 > ACK           | 3? | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS),
    Case('no handshake ACK', 'The SYN-ACK is repeated and never acknowledged, which is said once.', '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED |
         0.020 < SYN ACK       | 2  | *        | SYN-RECEIVED |
         1.020 < SYN ACK seq=0 | 2? | *        | SYN-RECEIVED | synack_retransmission missing_handshake_ack
         3.020 < SYN ACK seq=0 | 2? | *        | SYN-RECEIVED | synack_retransmission''',
         conversation={'tcpshake.handshake': 'half-open'}),
    Case('no handshake ACK, by silence', 'A SYN-ACK, and a minute without anything more.', '''
         0.000 > SYN     | 1 | SYN-SENT | SYN-RECEIVED | connection_timeout(h)
         0.020 < SYN ACK | 2 | *        | SYN-RECEIVED | missing_handshake_ack(h)''' + A_MINUTE_LATER),
    Case('nobody answers', 'Three SYNs, and the capture goes on for a minute.', '''
         0.000 > SYN       | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission
         3.000 > SYN seq=0 | 1? | SYN-SENT | * | syn_retransmission''' + A_MINUTE_LATER,
         conversation={'tcpshake.conn.state': 'S0'}),
    Case('nobody answers for five seconds', 'The capture ends before the time is up: no connection_timeout.', '''
         0.000 > SYN          | 1 | SYN-SENT    | *           | syn_unanswered(h)
         5.000 2> SYN         | 1 | SYN-SENT    | SYN-RECEIVED |
         5.020 2< SYN ACK     | 2 | ESTABLISHED | SYN-RECEIVED |
         5.040 2> ACK         | 3 | ESTABLISHED | ESTABLISHED  |''',
         conversation={'tcpshake.handshake': 'unanswered', 'tcpshake.conn.state': 'S0'},
         neighbour_of='connection_timeout'),
    Case('slow handshake', 'A little over a second.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         1.001 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | slow_handshake''' + CLOSE, conversation=FOUR_SEGMENTS),
    Case('handshake just fast enough', 'A little under a second.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         0.999 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='slow_handshake'),
    Case('connection timeout', 'A little over ten seconds, which is slow as well.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         10.01 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | connection_timeout slow_handshake
         11.00 > RST     | 21 | CLOSED     | CLOSED       | abortive_close'''),
    Case('no connection timeout yet', 'A little under ten seconds.', '''
         0.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         9.990 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | slow_handshake
         11.00 > RST     | 21 | CLOSED     | CLOSED       | abortive_close''',
         neighbour_of='connection_timeout'),

    # Resets.
    Case('refused', 'CLOSED answers a SYN with a RST that acknowledges it [3.10.7.1]; in SYN-SENT that is accepted.',
         '''
         0.000 > SYN           | 1  | SYN-SENT | SYN-RECEIVED => CLOSED |
         0.001 < RST ACK seq=0 | 21 | CLOSED   | CLOSED | connection_refused''',
         conversation={'tcpshake.handshake': 'refused', 'tcpshake.reset_by': 'server', 'tcpshake.conn.state': 'REJ',
                       'tcpshake.reset_cause': 'refused'}),
    Case('RST with a wrong ACK in SYN-SENT', 'Dropped, no state change [3.10.7.3].', '''
         0.000 > SYN                  | 1   | SYN-SENT    | *            |
         0.001 < RST ACK seq=0 ack=77 | 21? | SYN-SENT    | *            | reset_unacceptable
         0.500 > SYN seq=0            | 1?  | SYN-SENT    | * => SYN-RECEIVED | syn_retransmission
         0.520 < SYN ACK              | 2   | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK                  | 3   | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='connection_refused connection_reset abortive_close'),
    Case('RST without an ACK in SYN-SENT', 'Dropped [3.10.7.3].', '''
         0.000 > SYN       | 1   | SYN-SENT    | *            |
         0.001 < RST seq=0 | 21? | SYN-SENT    | *            | reset_unacceptable
         0.500 > SYN seq=0 | 1?  | SYN-SENT    | * => SYN-RECEIVED | syn_retransmission
         0.520 < SYN ACK   | 2   | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK       | 3   | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='connection_refused connection_reset'),
    Case('client gives up after the SYN-ACK', 'A passive SYN-RECEIVED returns to LISTEN [3.10.7.4, RST bit].', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED     |
         0.020 < SYN ACK | 2  | *           | SYN-RECEIVED     |
         0.040 > RST     | 21 | CLOSED      | LISTEN or CLOSED | handshake_aborted''',
         conversation={'tcpshake.handshake': 'aborted', 'tcpshake.reset_by': 'client',
                       'tcpshake.reset_cause': 'handshake abort'}),
    Case('reset by the client', 'Exactly RCV.NXT: accepted [3.10.7.4; RFC 5961 section 3.2].', OPEN + DATA + '''
         5.000 > RST     | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'client', 'tcpshake.conn.state': 'RSTO',
                       'tcpshake.reset_cause': 'aborted by application or unknown'}),
    Case('reset by the server', 'The same from the other end, with an ACK.', OPEN + DATA + '''
         5.000 < RST ACK | 21 | CLOSED | CLOSED | abortive_close''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server', 'tcpshake.conn.state': 'RSTR',
                       'tcpshake.reset_cause': 'aborted by application', 'tcpshake.reset_idle': '3.960000000'},
         neighbour_of='reset_unacceptable reset_challenged'),
    Case('a RST cuts an answer off', 'The request has its ACK and no answer: it is lost.', OPEN + '''
         1.000 > ACK data=10  | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK          | | ESTABLISHED | ESTABLISHED |
         1.500 < RST ACK | 21 | CLOSED | CLOSED | connection_reset''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'}, neighbour_of='abortive_close'),
    Case('a RST cuts data off', 'The second segment of the answer was not acknowledged, by the RST either.',
         OPEN + '''
         1.000 > ACK data=10  | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK data=100 | | ESTABLISHED | ESTABLISHED |
         1.040 > ACK          | | ESTABLISHED | ESTABLISHED |
         1.060 < ACK data=100 | | ESTABLISHED | ESTABLISHED |
         1.080 > RST ACK ack=-100 | 21 | CLOSED | CLOSED | connection_reset'''),
    Case('a RST acknowledges the last data', 'Its own acknowledgment counts [3.10.7.4, fifth check]: nothing is lost.',
         OPEN + '''
         1.000 > ACK data=10  | | ESTABLISHED | ESTABLISHED |
         1.020 < ACK data=100 | | ESTABLISHED | ESTABLISHED |
         1.040 > RST ACK | 21 | CLOSED | CLOSED | abortive_close''', neighbour_of='connection_reset'),
    Case('RST in the window', '''Not exactly RCV.NXT: the receiver answers with a challenge ACK and stays [3.10.7.4].
         The server goes on, so it has not sent that RST.''', OPEN + '''
         1.000 < RST seq=+100   | 21? | ESTABLISHED | * => ESTABLISHED | reset_challenged(h)
         1.020 > ACK            |     | ESTABLISHED | * => ESTABLISHED | reset_challenged(1)
         1.040 < ACK data=10    |     | ESTABLISHED | ESTABLISHED |
         1.060 > ACK            |     | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.closed_by': 'client'}, neighbour_of='reset_ignored reset_unacceptable'),
    Case('RST right of the window', 'Dropped without a word [3.10.7.4].', OPEN + '''
         1.000 < RST seq=+70000 | 21? | ESTABLISHED | *           | reset_unacceptable reset_ignored(h)?
         1.040 < ACK data=10    |     | ESTABLISHED | ESTABLISHED | reset_ignored(1)?
         1.060 > ACK            |     | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.closed_by': 'client'}, needs_options=True),
    Case('RST left of the window', 'Dropped without a word [3.10.7.4].', OPEN + '''
         1.000 > RST seq=-1     | 21? | *           | ESTABLISHED | reset_unacceptable reset_ignored(h)?
         1.040 > ACK data=10    |     | ESTABLISHED | ESTABLISHED | reset_ignored(1)?
         1.060 < ACK            |     | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.closed_by': 'client'}),
    Case('RST after a challenge', 'The challenge ACK tells the sender the number; its second RST is exact.', OPEN + '''
         1.000 < RST seq=+100 | 21? | ESTABLISHED | *      | reset_challenged(h)
         1.020 > ACK          |     | ESTABLISHED | *      | reset_challenged(1)
         1.040 < RST          | 21  | CLOSED      | CLOSED | abortive_close''',
         conversation={'tcpshake.teardown': 'reset', 'tcpshake.reset_by': 'server'}),
    Case('reset in place of the second FIN', 'FIN-WAIT-2 accepts it [3.10.7.4].', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < RST ACK | 21 | CLOSED     | CLOSED     | reset_while_closing''',
         conversation={'tcpshake.teardown': 'reset while closing', 'tcpshake.closed_by': 'client',
                       'tcpshake.reset_by': 'server'}),
    Case('data after the close', 'Nobody is there to read it: the closer resets [3.6.1, RFC 1122 section 4.2.2.13].',
         OPEN + '''
         5.000 > FIN ACK      | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK          | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < ACK data=129 |    | FIN-WAIT-2 | CLOSE-WAIT | data_after_close(h)
         5.050 > RST          | 21 | CLOSED     | CLOSED     | data_after_close(1)''',
         conversation={'tcpshake.teardown': 'reset while closing', 'tcpshake.reset_by': 'client',
                       'tcpshake.reset_cause': 'data after close'}),

    # Probes move nothing.
    Case('keep-alives', 'One byte before what comes next, answered by an ACK [3.8.4].', OPEN + '''
         20.00 > ACK seq=-1        |    | ESTABLISHED | ESTABLISHED |
         20.02 < ACK               |    | ESTABLISHED | ESTABLISHED |
         40.00 < ACK seq=-1 data=1 |    | ESTABLISHED | ESTABLISHED |
         40.02 > ACK               |    | ESTABLISHED | ESTABLISHED |
         50.00 > FIN ACK           | 11 | FIN-WAIT-1  | CLOSE-WAIT  |
         50.02 < ACK               | 12 | FIN-WAIT-2  | CLOSE-WAIT  |
         55.00 < ACK seq=-1        |    | FIN-WAIT-2  | CLOSE-WAIT  |
         55.02 > ACK               |    | FIN-WAIT-2  | CLOSE-WAIT  |
         56.00 > ACK seq=-1        |    | FIN-WAIT-2  | CLOSE-WAIT  |
         56.02 < ACK               |    | FIN-WAIT-2  | CLOSE-WAIT  |
         57.00 < FIN ACK           | 13 | TIME-WAIT   | LAST-ACK    |
         57.02 > ACK               | 14 | TIME-WAIT   | CLOSED      |''', conversation=FOUR_SEGMENTS,
         neighbour_of='keepalive_unanswered'),
    Case('zero-window probes', 'A byte that there is no room for is not acknowledged [3.8.6.1].', OPEN + '''
         1.000 < ACK win=0        | | ESTABLISHED | ESTABLISHED |
         2.000 > ACK data=1 dropped | | ESTABLISHED | ESTABLISHED |
         2.020 < ACK win=0        | | ESTABLISHED | ESTABLISHED |
         3.000 > ACK seq=-1       | | ESTABLISHED | ESTABLISHED |
         3.020 < ACK win=0        | | ESTABLISHED | ESTABLISHED |
         4.000 < ACK              | | ESTABLISHED | ESTABLISHED |
         4.020 > ACK data=500     | | ESTABLISHED | ESTABLISHED |
         4.040 < ACK              | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='keepalive_unanswered connection_lost'),

    # What a capture can miss or mix up.
    Case('captured twice', 'A packet that is seen twice was sent once.', '''
         0.000 > SYN     | 1  | SYN-SENT    | SYN-RECEIVED |
         again           | *  | SYN-SENT    | SYN-RECEIVED | captured_twice
         0.020 < SYN ACK | 2  | ESTABLISHED | SYN-RECEIVED |
         again           | *  | ESTABLISHED | SYN-RECEIVED | captured_twice
         0.040 > ACK     | 3  | ESTABLISHED | ESTABLISHED  |
         again           | *  | ESTABLISHED | ESTABLISHED  | captured_twice
         5.000 > FIN ACK | 11 | FIN-WAIT-1  | CLOSE-WAIT   |
         again           | *  | FIN-WAIT-1  | CLOSE-WAIT   | captured_twice
         5.020 < ACK     | 12 | FIN-WAIT-2  | CLOSE-WAIT   |
         again           | *  | FIN-WAIT-2  | CLOSE-WAIT   | captured_twice
         5.030 < FIN ACK | 13 | TIME-WAIT   | LAST-ACK     |
         again           | *  | TIME-WAIT   | LAST-ACK     | captured_twice
         5.050 > ACK     | 14 | TIME-WAIT   | CLOSED       |
         again           | *  | TIME-WAIT   | CLOSED       | captured_twice''', conversation=FOUR_SEGMENTS,
         neighbour_of='synack_retransmission fin_retransmission syn_retransmission time_wait_lingering'),
    Case('SYN-ACK before the SYN', '''The capture mixed up two packets: a late SYN takes nothing back, whether
         the client is shown before or after the SYN-ACK that is captured first.''', '''
         0.0 < SYN ACK ack=1   | 2  | ESTABLISHED => ESTABLISHED or SYN-SENT | SYN-RECEIVED | \
             captured_out_of_order(h) synack_unsolicited(1)
         0.001 > SYN           | 1  | ESTABLISHED | SYN-RECEIVED | captured_out_of_order(1)
         0.040 > ACK           | 3  | ESTABLISHED | ESTABLISHED  |''' + CLOSE, conversation=FOUR_SEGMENTS),
    Case('ACK before the FIN', 'The same in the close.', OPEN + '''
         5.019 < ACK ack=2 | *  | *          | *          | captured_out_of_order(h)
         5.020 > FIN ACK   | 11 | FIN-WAIT-2 | CLOSE-WAIT | captured_out_of_order(1)
         5.030 < FIN ACK   | 13 | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK       | 14 | TIME-WAIT  | CLOSED     |''', conversation={'tcpshake.closed_by': 'client'}),
    Case('only the client', 'What the other end says is not in the capture: its silence proves nothing.', '''
         0.000 > SYN          | 1  | SYN-SENT    | * | one_sided(h)
         hidden < SYN ACK
         0.040 > ACK          | 3  | ESTABLISHED | * | one_sided(1)
         1.000 > ACK data=100 |    | ESTABLISHED | * |
         5.000 > FIN ACK      | 11 | FIN-WAIT-1  | * |
         hidden < FIN ACK
         5.040 > ACK          | *  | TIME-WAIT or FIN-WAIT-2 or FIN-WAIT-1 or UNKNOWN | * |''',
         neighbour_of='segment_not_captured syn_unanswered'),
    Case('only the server', '''What the server acknowledges may hold a FIN: it may be UNKNOWN.''', '''
         hidden > SYN
         0.020 < SYN ACK      | 2  | ESTABLISHED | SYN-RECEIVED | \
             one_sided(h) synack_unsolicited? handshake_not_captured?
         hidden > ACK
         hidden > ACK data=10
         1.000 < ACK data=100 | *  | *           | ESTABLISHED or UNKNOWN | one_sided(1)
         hidden > ACK
         5.000 < FIN ACK      | 11 | *           | FIN-WAIT-1 or UNKNOWN |
         hidden > FIN ACK
         5.040 < ACK          | *  | *           | TIME-WAIT or FIN-WAIT-2 or FIN-WAIT-1 or UNKNOWN |''',
         neighbour_of='segment_not_captured missing_handshake_ack'),
    Case('capture starts in the middle', '''Data in both directions: both ends are ESTABLISHED, and were. The first
         segment alone does not tell: its sender could be in CLOSE-WAIT.''', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         1.000 < ACK data=100 | | * => ESTABLISHED | * => ESTABLISHED | handshake_not_captured
         1.020 > ACK data=100 | | ESTABLISHED | ESTABLISHED |
         1.040 < ACK          | | ESTABLISHED | ESTABLISHED |''' + CLOSE,
         conversation={'tcpshake.handshake': 'not captured', 'tcpshake.teardown': 'four segments',
                       'tcpshake.closed_by': 'client'}),
    Case('capture starts in the close', '''The first segment is a FIN. It could be the second one of the
         conversation, until the other end sends its own.''', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK
         5.000 > FIN ACK | 11 | * => FIN-WAIT-1 | * => CLOSE-WAIT | handshake_not_captured
         5.020 < ACK     | 12 | * => FIN-WAIT-2 | * => CLOSE-WAIT |
         5.030 < FIN ACK | 13 | TIME-WAIT   | LAST-ACK     |
         5.050 > ACK     | 14 | TIME-WAIT   | CLOSED       |''',
         conversation={'tcpshake.handshake': 'not captured', 'tcpshake.closed_by': 'client'}),
    Case('SYN-ACK not captured', 'The ACK of it was, so that it must have been there.', '''
         0.000 > SYN           | 1 | SYN-SENT    | SYN-RECEIVED |
         hidden < SYN ACK
         0.040 > ACK           | 3 | ESTABLISHED | ESTABLISHED  | \
             segment_not_captured(h) segment_not_captured(1)? one_sided(1)?
         0.060 < ACK data=10   |   | ESTABLISHED | ESTABLISHED  | segment_not_captured(1)?
         0.080 > ACK           |   | ESTABLISHED | ESTABLISHED  |''' + CLOSE, somewhere='segment_not_captured'),
    Case('third segment not captured', 'A server that sends data has left SYN-RECEIVED (Fast Open aside) [3.10.2].', '''
         0.000 > SYN          | 1 | SYN-SENT    | SYN-RECEIVED |
         0.020 < SYN ACK      | 2 | ESTABLISHED | SYN-RECEIVED |
         hidden > ACK
         0.060 < ACK data=10  | * | ESTABLISHED | * => ESTABLISHED | segment_not_captured(h) early_data(1)
         0.080 > ACK          | 3? | ESTABLISHED | ESTABLISHED | segment_not_captured(1)''' + CLOSE),
    Case('FIN not captured', '''By its numbers alone, what was acknowledged could be a byte of data as well.''',
         OPEN + DATA + '''
         hidden > FIN ACK
         5.020 < ACK     | *  | *         | *        | segment_not_captured?
         5.030 < FIN ACK | *  | *         | *        | segment_not_captured?
         5.050 > ACK     | *  | TIME-WAIT or CLOSE-WAIT | CLOSED or FIN-WAIT-2 | segment_not_captured?'''),
    Case('ICMP error quotes the SYN', 'It is evidence, and not a segment: the conversation does not move.', '''
         0.000 > SYN       | 1  | SYN-SENT    | *            | icmp_rejected(h)
         0.010 icmp <      | -  | -           | -            | icmp_rejected
         0.500 > SYN seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         0.520 < SYN ACK   | 2  | ESTABLISHED | SYN-RECEIVED |
         0.540 > ACK       | 3  | ESTABLISHED | ESTABLISHED  |'''),
    Case('ICMP error quotes data', 'A soft error on an open connection [3.9.2.2].', OPEN + '''
         1.000 > ACK data=100       | | ESTABLISHED | ESTABLISHED |
         1.010 icmp <               |-| -           | -           |
         1.500 > ACK data=100 seq=1 | | ESTABLISHED | ESTABLISHED |
         1.520 < ACK                | | ESTABLISHED | ESTABLISHED |''' + CLOSE, conversation=FOUR_SEGMENTS,
         neighbour_of='icmp_rejected'),

    # Closes that take several tries.
    Case('FIN again', 'Repeated once, then acknowledged: nothing is missing.', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | *          |
         5.300 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | CLOSE-WAIT | fin_retransmission missing_fin_ack?
         5.320 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.330 < FIN ACK        | 13  | TIME-WAIT  | LAST-ACK   |
         5.350 > ACK            | 14  | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS),
    Case('FIN never acknowledged', 'Repeated twice; what is missing is said once.', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | * |
         5.300 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission missing_fin_ack
         5.900 > FIN ACK seq=-1 | 11? | FIN-WAIT-1 | * | fin_retransmission''' + A_MINUTE_LATER),
    Case('FIN never acknowledged, by silence', 'Only the end of the capture shows it.', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | * | missing_fin_ack(h)''' + A_MINUTE_LATER),
    Case('FIN never acknowledged, where the capture lacks data', '''It may lack the ACK as well: the client has
         acknowledged what was never captured.''', OPEN + '''
         hidden < ACK PSH data=100
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | * |''' + A_MINUTE_LATER, neighbour_of='missing_fin_ack'),
    Case('FIN never acknowledged, behind data that the capture lacks', 'The same of what stands before the FIN.',
         OPEN + '''
         hidden > ACK PSH data=100
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | * |''' + A_MINUTE_LATER, neighbour_of='missing_fin_ack'),
    Case('last ACK missing', 'The second FIN is never acknowledged.', OPEN + '''
         5.000 > FIN ACK | 11 | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK     | 12 | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK | 13 | *          | LAST-ACK   | missing_fin_ack(h)''' + A_MINUTE_LATER,
         conversation={'tcpshake.closed_by': 'client'}),

    # TIME-WAIT [3.6.1].
    Case('FIN into TIME-WAIT', '''The last ACK got lost: the peer, still in LAST-ACK, repeats its FIN, which is
         acknowledged and restarts 2 x MSL [3.10.7.4, FIN bit].''', OPEN + '''
         5.000 > FIN ACK        | 11  | FIN-WAIT-1 | CLOSE-WAIT |
         5.020 < ACK            | 12  | FIN-WAIT-2 | CLOSE-WAIT |
         5.030 < FIN ACK        | 13  | TIME-WAIT  | LAST-ACK   |
         5.050 > ACK            | 14  | TIME-WAIT  | CLOSED => LAST-ACK |
         5.330 < FIN ACK seq=-1 | 13? | TIME-WAIT  | LAST-ACK   | fin_retransmission time_wait_lingering
         5.350 > ACK            | 14? | TIME-WAIT  | CLOSED     |''', conversation=FOUR_SEGMENTS),
    Case('SYN turned away by TIME-WAIT', '''Its number is below what TIME-WAIT has seen: answered with an ACK of the old
         connection, which the client resets [3.5.1, 3.10.7.4].''', OPEN + CLOSE_BY_SERVER + '''
         new 900 500002
         6.000 > SYN             | 1   | SYN-SENT | * |
         6.020 < ACK seq=0 ack=102 | | SYN-SENT | * | time_wait_lingering stale_ack
         6.040 > RST seq=+101    | *   | *        | * | time_wait_assassination? handshake_aborted?''',
         neighbour_of='time_wait_reuse old_duplicate'),
    Case('four-tuple used again in TIME-WAIT', 'A SYN with a higher number may open at once [3.6.1].',
         OPEN + CLOSE_BY_SERVER + '''
         new 200000 900000
         6.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED | time_wait_reuse?
         6.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED | time_wait_reuse?
         6.040 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | time_wait_reuse?''', somewhere='time_wait_reuse'),
    Case('four-tuple used again after TIME-WAIT', '2 x 30 s are over.', OPEN + CLOSE_BY_SERVER + '''
         new 200000 900000
         66.00 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         66.02 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         66.04 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='time_wait_reuse stale_ack'),
    Case('four-tuple used again after a reset', 'A reset leaves no TIME-WAIT.', OPEN + '''
         5.000 > RST     | 21 | CLOSED | CLOSED | abortive_close
         new 200000 900000
         6.000 > SYN     | 1 | SYN-SENT    | SYN-RECEIVED |
         6.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         6.040 > ACK     | 3 | ESTABLISHED | ESTABLISHED  |''',
         neighbour_of='time_wait_reuse syn_on_open_connection syn_changed'),
] + (cases_opening.CASES + cases_anew.CASES + cases_failing.CASES + cases_fallback.CASES + cases_open.CASES +
     cases_idle.CASES + cases_acks.CASES + cases_closing.CASES + cases_capture.CASES + cases_reset_causes.CASES +
     cases_resets.CASES + cases_states.CASES + cases_waits.CASES)
