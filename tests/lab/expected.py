"""Which anomalies each recorded capture must show, and on which segment: all of them, and no others.

SPDX-License-Identifier: GPL-2.0-or-later

They are worked out from what the scenario did, from the meaning of each anomaly and from what a capture at that point
can know; never from what the plugin prints. A capture that is not named here is one of a healthy conversation.

A key is a scenario, and after a comma preferences that differ from the preset: "scenario, close_wait_lingering=2". The
scenario is held against the preset as well, by its own row or by the lack of one.

A line is SEGMENT | ANOMALIES | IN A FIRST PASS, the last only where a first pass differs. SEGMENT is the sender, a kind
as in segments.kinds, and which of that sender's segments of that kind in the capture: "client SYN 2",
"client ANY 2,4,6". A client port in front tells connections apart: "40002 server RST 1". "icmp 1" is an ICMP error. Of
the ANOMALIES,

    name?       may be there: neither the contract nor the capture decides it
    -           none
"""

UNANSWERED_FINS = """
    server FIN 2 | fin_retransmission missing_fin_ack     | fin_retransmission missing_fin_ack time_wait_lingering?
    server FIN 3 | fin_retransmission                     | fin_retransmission time_wait_lingering?
    server FIN 4 | fin_retransmission {0} | \
                   fin_retransmission time_wait_lingering? {0}"""

EXPECTED = {
    # Ordinary. The second SYN or FIN is the one that shows that they cross.
    "simultaneous_open": "server SYN 1 | simultaneous_open",
    "simultaneous_open_at_client": "server SYN 1 | simultaneous_open",
    "simultaneous_open_syn_lost": "server SYN 1 | simultaneous_open",
    "simultaneous_open_synack_lost": "server SYN 1 | simultaneous_open",
    "simultaneous_open_close_v6": """
        server SYN 1 | simultaneous_open
        server FIN 1 | simultaneous_close""",
    "simultaneous_close": "server FIN 1 | simultaneous_close",
    "simultaneous_close_at_client": "server FIN 1 | simultaneous_close",
    # The server's FIN leaves before it has the client's. As long as no ACK of the client's FIN was captured, nothing
    # says that the server is in TIME-WAIT when that comes again.
    "simultaneous_close_fin_lost": """
        server FIN 1 | simultaneous_close
        client FIN 2 | fin_retransmission | fin_retransmission missing_fin_ack time_wait_lingering?""",

    # Losses while opening
    "syn_lost_after": """
        client SYN 2 | syn_retransmission
        client ACK 1 | slow_handshake""",
    "ecn_given_up": """
        client SYN 2     | syn_retransmission syn_fallback | syn_retransmission
        server SYN-ACK 1 | - | syn_fallback
        client ACK 1     | slow_handshake""",
    # At 0, 1, 3, 7 and 15 seconds; the limit is 10.
    "syn_lost_four_times": """
        client SYN 2,3,4 | syn_retransmission
        client SYN 5     | syn_retransmission
        client ACK 1     | slow_handshake connection_timeout""",
    # The second SYN-ACK answers the second SYN; it left the server before the ACK reached it.
    "synack_lost_before": """
        client SYN 2     | syn_retransmission
        client ACK 1     | slow_handshake
        server SYN-ACK 2 | synack_retransmission""",
    # Whether a SYN counts as unanswered if its answer was captured and then lost, the contract does not say.
    "synack_lost_after": """
        client SYN 2     | syn_retransmission?
        server SYN-ACK 2 | synack_retransmission
        client ACK 1     | slow_handshake""",
    "handshake_ack_lost_before": """
        server SYN-ACK 2 | synack_retransmission | synack_retransmission missing_handshake_ack
        client ACK 1     | slow_handshake""",
    # Which of the two ACKs completes the handshake, the contract does not say; the second one needs more than a second.
    "handshake_ack_lost_after": """
        server SYN-ACK 2 | synack_retransmission handshake_ack_ignored
        client ACK 2     | slow_handshake?""",
    "syn_unanswered": """
        client SYN 1   | syn_unanswered | -
        client SYN 2,3 | syn_retransmission""",
    # The second SYN-ACK answers the second SYN, the third is the timer's.
    "syn_ack_unanswered": """
        client SYN 2     | syn_retransmission?
        server SYN-ACK 2 | synack_retransmission
        server SYN-ACK 3 | synack_retransmission missing_handshake_ack""",
    # The network's copy is the same packet to the last bit; the server answers both.
    "syn_repeated_by_network": """
        client SYN 2     | captured_twice
        server SYN-ACK 2 | synack_retransmission""",
    "refused": "server RST 1 | connection_refused",
    "refused_v6": "server RST 1 | connection_refused",
    "refused_then_accepted": "server RST 1 | connection_refused",
    # A copy of the connection's own SYN: nothing is wrong.
    "syn_again_late": "",
    # The server has sent data since: it had the ACK.
    "synack_again_late": "server SYN-ACK 2 | synack_retransmission",
    "refused_by_icmp": """
        client SYN 1 | icmp_rejected | -
        icmp 1       | icmp_rejected""",

    # Aborts
    "abort_by_client": "client RST 1 | abortive_close",
    "abort_by_server": "server RST 1 | abortive_close",
    "abort_in_syn_sent": "client RST 1 | handshake_aborted",
    "abort_after_handshake": "client RST 1 | abortive_close",
    "abort_in_close_wait": "server RST 1 | reset_while_closing",
    "abort_in_fin_wait_2": "client RST 1 | reset_while_closing",
    "data_after_close": """
        server DATA 2 | data_after_close | -
        client RST 1  | - | data_after_close""",
    "close_with_unread_data": "client RST 1 | abortive_close",
    "listener_closed": "server RST 1 | abortive_close",
    # The server never was open.
    "listener_closed_in_handshake": "server RST 1 | handshake_aborted",
    # The second RST meets an end that has no connection any more; its sender's was open.
    "abort_by_both": """
        client RST 1 | abortive_close
        server RST 1 | abortive_close?""",
    "fin_meets_rst": """
        server RST 1 | reset_while_closing
        server RST 2 | reset_while_closing?""",
    "client_forgot": "client RST 1 | connection_reset",
    # The first RST is the client's and was lost, as its second one proves.
    "rst_lost_after": """
        client RST 1 | abortive_close?
        client RST 2 | abortive_close?""",

    # Losses while closing
    "fin_lost_after": "client FIN 2 | fin_retransmission | fin_retransmission missing_fin_ack",
    # Nothing in the capture tells these two apart: whether the client had the first FIN, and so was in TIME-WAIT.
    "second_fin_lost": """
        server FIN 2 | fin_retransmission time_wait_lingering? | \
                       fin_retransmission missing_fin_ack time_wait_lingering?""",
    "last_ack_lost_before": """
        server FIN 2 | fin_retransmission time_wait_lingering? | \
                       fin_retransmission missing_fin_ack time_wait_lingering?""",
    # The network's copy, 30 ms later, is the same packet to the last bit.
    "fin_again": "client FIN 2 | captured_twice",
    "simultaneous_close_ack_lost": """
        server FIN 1 | simultaneous_close
        client FIN 2 | fin_retransmission time_wait_lingering""",
    "last_ack_lost_after": "server FIN 2 | fin_retransmission time_wait_lingering",
    "last_ack_lost_v6": "server FIN 2 | fin_retransmission time_wait_lingering",
    "time_wait_assassination": "server RST 1 | time_wait_assassination",
    # Nothing ever answers: a client in TIME-WAIT would have, so nothing is kept alive.
    "last_ack_unanswered": UNANSWERED_FINS.format(""),
    "fin_wait_2_timeout": "client RST 1 | reset_while_closing",

    # Fast open
    "tfo_declined": "server SYN-ACK 2 | tfo_data_rejected",
    "tfo_shutdown_in_syn_sent": "client RST 1 | handshake_aborted",

    # An open connection
    "keep_alive_unanswered": """
        client PROBE 1   | keepalive_unanswered | -
        client PROBE 2,3 | keepalive_unanswered
        client RST 1     | abortive_close | abortive_close keepalive_unanswered""",
    "connection_lost": "client DATA 4 | connection_lost",
    "backlog_full": """
        40002 server SYN-ACK 2 | synack_retransmission handshake_ack_ignored
        40002 client ACK 2     | slow_handshake?""",

    # The same ports again
    # It is the SYN-ACK that lets the four-tuple open again.
    "reuse_in_time_wait": "server SYN-ACK 2 | time_wait_reuse",
    "reuse_own_time_wait": "server SYN-ACK 2 | time_wait_reuse",
    "reuse_after_abort": "client RST 1 | abortive_close",
    # The challenge ACK is what the older connection has to say; the client's RST clears that, and Linux at once tries
    # again.
    "half_open": """
        client SYN 2 | syn_on_open_connection
        server ACK 2 | stale_ack
        client SYN 3 | syn_retransmission""",

    # What the capture lacks
    "at_client": """
        server SYN-ACK 2 | synack_retransmission handshake_ack_ignored
        client ACK 2     | slow_handshake?""",
    # At the server the timer's SYN-ACK comes first, then the SYN and its answer. Recorded anew it may come out the
    # other way round, since both timers run for a second; so it may in synack_lost_before, synack_lost_after and
    # syn_ack_unanswered.
    "at_server": """
        server SYN-ACK 2 | synack_retransmission | synack_retransmission missing_handshake_ack
        client SYN 2     | syn_retransmission?
        server SYN-ACK 3 | synack_retransmission
        client ACK 1     | slow_handshake""",
    "middle_of_transfer": "client DATA 1 | handshake_not_captured",
    "middle_of_close": "server FIN 1 | handshake_not_captured",
    "only_client": """
        client SYN 1 | one_sided | -
        client ACK 1 | - | one_sided""",
    "only_client_abort": """
        client SYN 1 | one_sided | -
        client ACK 1 | - | one_sided""",
    # The SYN is missing because its whole direction is: one_sided says so.
    "only_server": """
        server SYN-ACK 1 | one_sided synack_unsolicited? | synack_unsolicited
        server ACK 1     | - | one_sided""",
    "syn_not_captured": "server SYN-ACK 1 | synack_unsolicited",
    # In a first pass the server may be on the other way altogether, until its first segment comes.
    "synack_not_captured": """
        client ACK 1 | segment_not_captured | segment_not_captured? one_sided?
        server ACK 1 | - | segment_not_captured?""",
    "fin_not_captured": """
        server ACK 2 | segment_not_captured | -
        client ACK 3 | - | segment_not_captured""",
    "second_fin_not_captured": "client ACK 3 | segment_not_captured",
    "synack_before_syn": """
        server SYN-ACK 1 | captured_out_of_order | synack_unsolicited
        client SYN 1     | - | captured_out_of_order""",
    "ack_before_fin": """
        server ACK 2 | captured_out_of_order | -
        client FIN 1 | - | captured_out_of_order""",
    "recorded_twice": """
        client ANY 2,4,6,8,10,12 | captured_twice
        server ANY 2,4,6,8,10    | captured_twice""",
    "abort_recorded_twice": """
        client ANY 2,4,6,8,10 | captured_twice
        server ANY 2,4,6      | captured_twice
        client RST 1          | abortive_close""",

    # Limits other than the preset, and what they make of the captures above.
    "syn_lost_after, slow_handshake=2": "client SYN 2 | syn_retransmission",
    "syn_lost_after, connection_timeout=1": """
        client SYN 2 | syn_retransmission
        client ACK 1 | slow_handshake connection_timeout""",
    "syn_unanswered, connection_timeout=2": """
        client SYN 1 | syn_unanswered | -
        client SYN 2 | syn_retransmission
        client SYN 3 | syn_retransmission""",
    "keep_alive, socket_timeout=2": "",
    "connection_lost, connection_lost=4": "client DATA 5 | connection_lost",
    "connection_lost, connection_lost=5": "",
    "fin_wait_2_timeout, close_wait_lingering=1": """
        server FIN 1 | close_wait_lingering
        client RST 1 | reset_while_closing""",
    # The client's one FIN, and the server's four.
    "last_ack_unanswered, fin_storm=5": UNANSWERED_FINS.format("fin_storm"),
    "last_ack_unanswered, fin_storm=6": UNANSWERED_FINS.format(""),
    "reuse_after_time_wait, msl=60": "server SYN-ACK 2 | time_wait_reuse",

    # Turned away by a router
    **dict.fromkeys(("icmp_host_unreachable", "icmp_ttl_exceeded", "icmp_port_unreachable", "icmp_v6_prohibited",
                     "icmp_v6_no_route", "icmp_v6_hop_limit"), """
        client SYN 1 | icmp_rejected | -
        icmp 1       | icmp_rejected"""),

    # Opening, in trouble
    # The capture ends before an answer to the first SYN was overdue.
    "second_attempt": "client SYN 2 | syn_changed",
    "server_restarts_in_handshake": """
        client SYN 2     | syn_retransmission?
        server SYN-ACK 2 | synack_changed
        client ACK 1     | slow_handshake""",
    "backlog_drops_syn": """
        40002 client SYN 2 | syn_retransmission
        40002 client ACK 1 | slow_handshake""",
    "isns_in_steps": "client SYN 5 | isn_predictable",
    "isns_in_steps, time_wait_exhaustion=3": """
        client SYN 5 | isn_predictable
        server FIN 4 | time_wait_exhaustion""",
    "isns_out_of_step, isn_predictable=4": "client SYN 4 | isn_predictable",
    "isns_out_of_step, time_wait_exhaustion=6": "",
    "syn_with_data_taken": "client SYN 1 | syn_with_data",
    "syn_with_data_ignored": "client SYN 1 | syn_with_data",
    # That the client's ACK is missing shows where its next segment is none.
    "greeting_ack_not_captured": """
        server DATA 1 | segment_not_captured | early_data
        client ACK 1  | - | segment_not_captured""",
    "syn_into_silence": "40001 client SYN 1 | syn_unanswered | -",
    "syn_into_silence, connection_timeout=2": "40001 client SYN 1 | syn_unanswered | -",
    "synack_into_silence": "40001 server SYN-ACK 1 | missing_handshake_ack | -",
    "synack_into_silence, connection_timeout=2": """
        40001 client SYN 1     | connection_timeout | -
        40001 server SYN-ACK 1 | missing_handshake_ack | -""",

    # Lost memory
    "server_forgot": "server RST 1 | connection_reset",
    "both_forgot": "client SYN 2 | - | syn_on_open_connection",
    "both_forgot_refused": """
        client SYN 2 | - | syn_on_open_connection
        server RST 1 | connection_refused""",
    # The first of it is new, then it is repeated.
    "nat_forgets": "client DATA 5 | connection_lost",
    # The NAT is one hop away: a way that changes makes as much of a difference.
    "nat_resets": "server RST 1 | connection_reset",
    "reset_storm": """
        client RST 1  | connection_reset
        client RST 10 | reset_storm""",
    "reset_storm, reset_storm=11": "client RST 1 | connection_reset",

    # Silence
    "data_lost_four_times": "client DATA 4 | - | connection_lost",
    "keep_alive_once_unanswered": """
        client PROBE 2 | keepalive_unanswered | -
        client PROBE 3 | - | keepalive_unanswered""",
    # Past the limits that the preferences begin with.
    "idle_for_a_minute": "client DATA 2 | socket_timeout",
    "answer_after_12_s": "server DATA 1 | read_timeout",
    "idle, socket_timeout=2": "client DATA 2 | socket_timeout",
    "slow_answer, socket_timeout=2": "server DATA 1 | socket_timeout",
    "slow_answer, read_timeout=2": "server DATA 1 | read_timeout",
    "idle, read_timeout=2": "",
    "no_answer_close, read_timeout=2": """
        client DATA 1 | read_timeout | -
        client FIN 1  | - | read_timeout""",
    "no_answer_abort": "client RST 1 | connection_reset",
    "no_answer_abort, read_timeout=2": """
        client DATA 1 | read_timeout | -
        client RST 1  | connection_reset | connection_reset read_timeout""",
    "no_answer, read_timeout=2": "40001 client DATA 1 | read_timeout | -",
    "no_answer, read_timeout=4": "",

    # Resets. The challenge ACK proves that the first RST was not exact: the data in front of it was lost.
    "abort_after_lost_data": """
        client RST 1  | reset_challenged | abortive_close? connection_reset?
        server ACK 2  | - | reset_challenged
        client RST 2  | abortive_close""",
    # That the client goes on shows no more than that the RST was lost; that the server does, that it was not the
    # server's.
    "forged_reset_lost": """
        server RST 1  | reset_ignored | abortive_close
        server DATA 2 | - | reset_ignored""",
    "forged_reset_ttl": "server RST 1 | reset_ignored | reset_ignored abortive_close?",
    "forged_reset_in_window": """
        server RST 1 | reset_challenged | -
        client ACK 3 | - | reset_challenged""",
    "forged_reset_right": "server RST 1 | reset_unacceptable",
    "forged_reset_left": "server RST 1 | reset_unacceptable",

    # The first ACK of each end acknowledges what was forged; ten more follow on each other.
    "ack_storm": "server ACK 7 | ack_storm",
    "ack_storm, ack_storm=11": "client ACK 9 | ack_storm",
    "keep_alive, ack_storm=2": "",

    # Closing, in trouble
    "close_late, close_wait_lingering=2": "server FIN 1 | close_wait_lingering",
    "close_late_at_client": "",
    "close_late_at_client, close_wait_lingering=2": "client FIN 1 | close_wait_idle",
    "abort_late": "server RST 1 | reset_while_closing",
    "abort_late, close_wait_lingering=2": "server RST 1 | reset_while_closing close_wait_lingering",
    "close_after_long_answer, close_wait_lingering=2": "",
    "never_closed, close_wait_lingering=2": "40001 server FIN-ACK 1 | close_wait_lingering | -",
    "never_closed, close_wait_lingering=4": "",
    "fin_into_silence": "40001 client FIN 1 | missing_fin_ack | -",
    "forged_fin_right": "server FIN 1 | fin_out_of_window",
    "forged_fin_in_window": "server FIN 2 | fin_moved",
    "forged_fin_before_data": """
        server DATA 2 | data_after_fin
        server FIN 2  | fin_moved""",
    "forged_closing_ack": "server ACK 3 | closing_bad_ack",

    # Forged in the handshake
    "forged_refusal": """
        server RST 1 | reset_unacceptable
        client SYN 2 | syn_retransmission""",
    # Linux sends its SYN again at once, and has another SYN-ACK for that.
    "forged_synack": """
        server SYN-ACK 1 | synack_bad_ack
        server SYN-ACK 2 | synack_changed
        client RST 1     | reset_unacceptable?
        client SYN 2     | syn_retransmission?
        server SYN-ACK 3 | synack_retransmission? synack_changed?""",
    "forged_handshake_ack": """
        client ACK 1 | handshake_bad_ack
        server RST 1 | reset_unacceptable""",
    "forged_synack_by_client": "client SYN-ACK 1 | synack_from_client",
    "synack_for_nothing": """
        server SYN-ACK 1 | synack_unsolicited
        client RST 1     | handshake_aborted?""",
    # From a high port, as it is here, it may be a simultaneous open whose first SYN was lost.
    "split_handshake": "server SYN 1 | simultaneous_open",
    "split_handshake_in_four": "server SYN 1 | split_handshake simultaneous_open?",
    "early_data": "server DATA 1 | early_data",
    "scan": "client ANY 1,2,3,4,5,6,7,8 | bad_flags handshake_not_captured? syn_unanswered?",
    "syn_flood": "client SYN 101 | syn_flood",
    "syn_flood, syn_flood=20": "client SYN 21 | syn_flood",
    "syn_flood, syn_flood=150": "",

    # The same ports again, in trouble. Whether a four-tuple opens early if a RST has ended its TIME-WAIT, the contract
    # does not say.
    "time_wait_old_ack": """
        server ACK 3     | stale_ack time_wait_lingering
        client RST 1     | time_wait_assassination
        client SYN 3     | syn_retransmission
        server SYN-ACK 2 | time_wait_reuse?""",
    # The capture does not tell that the server takes no notice of the RST.
    "time_wait_turns_away": """
        server ACK 3 | stale_ack time_wait_lingering
        client RST 1 | time_wait_assassination?
        client SYN 3 | syn_retransmission""",
    "old_duplicate": """
        server SYN-ACK 2 | time_wait_reuse
        client DATA 3    | old_duplicate""",
    # To the last bit the packet of 100 ms ago, but not the one just before.
    "data_again_late": "client DATA 2 | captured_twice?",
}

# Of each anomaly: a row where it is, and its nearest neighbour, where it is not.
NEIGHBOURS = {
    "connection_timeout": ("syn_lost_after, connection_timeout=1", "syn_unanswered, connection_timeout=2"),
    "slow_handshake": ("syn_lost_after", "syn_lost_after, slow_handshake=2"),
    "syn_unanswered": ("syn_unanswered", "syn_ack_unanswered"),
    "syn_fallback": ("ecn_given_up", "syn_lost_after"),
    "syn_retransmission": ("syn_lost_after", "syn_repeated_by_network"),
    "connection_refused": ("refused", "forged_refusal"),
    "icmp_rejected": ("refused_by_icmp", "icmp_about_data"),
    "missing_handshake_ack": ("synack_into_silence", "handshake_ack_lost_before"),
    "synack_retransmission": ("handshake_ack_lost_after", "server_restarts_in_handshake"),
    "handshake_ack_ignored": ("backlog_full", "synack_lost_before"),
    "stale_ack": ("half_open", "split_handshake_in_four"),
    "synack_bad_ack": ("forged_synack", "tfo_declined"),
    "handshake_bad_ack": ("forged_handshake_ack", "handshake_ack_lost_data"),
    "synack_unsolicited": ("syn_not_captured", "synack_before_syn"),
    "synack_from_client": ("forged_synack_by_client", "simultaneous_open"),
    "synack_changed": ("server_restarts_in_handshake", "synack_again_late"),
    "syn_changed": ("second_attempt", "refused_then_accepted"),
    "syn_on_open_connection": ("half_open", "both_forgot"),
    "syn_with_data": ("syn_with_data_ignored", "tfo_declined"),
    "tfo_data_rejected": ("tfo_declined", "syn_with_data_ignored"),
    "simultaneous_open": ("simultaneous_open_syn_lost", "simultaneous_open_syn_unseen"),
    "split_handshake": ("split_handshake_in_four", "split_handshake"),
    "handshake_aborted": ("abort_in_syn_sent", "abort_after_handshake"),
    "early_data": ("early_data", "tfo_answer_before_ack"),
    "bad_flags": ("scan", "ecn"),
    "isn_predictable": ("isns_in_steps", "isns_out_of_step"),
    "syn_flood": ("syn_flood", "syn_burst"),
    "socket_timeout": ("idle, socket_timeout=2", "keep_alive, socket_timeout=2"),
    "read_timeout": ("slow_answer, read_timeout=2", "idle, read_timeout=2"),
    "keepalive_unanswered": ("keep_alive_unanswered", "keep_alive"),
    "connection_lost": ("connection_lost", "data_lost_four_times"),
    "connection_reset": ("no_answer_abort", "abort_by_client"),
    "abortive_close": ("abort_by_client", "no_answer_abort"),
    "reset_unacceptable": ("forged_reset_left", "forged_reset_in_window"),
    "reset_challenged": ("forged_reset_in_window", "forged_reset_right"),
    "reset_ignored": ("forged_reset_lost", "rst_lost_after"),
    "ack_storm": ("ack_storm", "keep_alive, ack_storm=2"),
    "reset_storm": ("reset_storm", "reset_storm, reset_storm=11"),
    "fin_storm": ("last_ack_unanswered, fin_storm=5", "last_ack_unanswered, fin_storm=6"),
    "fin_retransmission": ("fin_lost_after", "fin_again"),
    "missing_fin_ack": ("fin_into_silence", "fin_lost_after"),
    "close_wait_lingering": ("close_late, close_wait_lingering=2", "close_after_long_answer, close_wait_lingering=2"),
    "close_wait_idle": ("close_late_at_client, close_wait_lingering=2", "close_late, close_wait_lingering=2"),
    "reset_while_closing": ("abort_in_close_wait", "time_wait_assassination"),
    "fin_out_of_window": ("forged_fin_right", "forged_fin_in_window"),
    "fin_moved": ("forged_fin_in_window", "fin_lost_after"),
    "data_after_fin": ("forged_fin_before_data", "fin_after_lost_data"),
    "data_after_close": ("data_after_close", "half_close"),
    "closing_bad_ack": ("forged_closing_ack", "second_fin_not_captured"),
    "simultaneous_close": ("simultaneous_close", "three_segment_close"),
    "time_wait_lingering": ("last_ack_lost_after", "fin_lost_after"),
    "time_wait_reuse": ("reuse_in_time_wait", "reuse_after_time_wait"),
    "time_wait_assassination": ("time_wait_assassination", "abort_in_fin_wait_2"),
    "time_wait_exhaustion": ("isns_in_steps, time_wait_exhaustion=3", "isns_out_of_step, time_wait_exhaustion=6"),
    "old_duplicate": ("old_duplicate", "data_again_late"),
    "handshake_not_captured": ("middle_of_transfer", "syn_not_captured"),
    "one_sided": ("only_client", "synack_not_captured"),
    "segment_not_captured": ("synack_not_captured", "only_client"),
    "captured_twice": ("recorded_twice", "synack_again_late"),
    "captured_out_of_order": ("synack_before_syn", "fin_overtakes_data_in_capture"),
}
