"""The second half of the table of scenarios: each makes an anomaly, or nearly does.

SPDX-License-Identifier: GPL-2.0-or-later

expected.py says which, and on which segment.
"""

import socket

import forge
import plays_forged as forged
import plays_opening as opening
import plays_talking as talking
import plays_trouble as trouble
from relay import hide, lose_after, reject, repeat_before, reset
from scenario import (ACTIVE, BY_CLIENT, BY_SERVER, C_OPEN, CLOSED, HALF, PASSIVE, REFUSED, RESET, S_OPEN, X_OPEN,
                      partial, row)

V6 = socket.AF_INET6
NO_TIMESTAMPS = {"net.ipv4.tcp_timestamps": 0}
# Data on a SYN without the option: what the client sends unasked, and the server takes.
NO_COOKIE = {"net.ipv4.tcp_fastopen": 0x207}

TROUBLE = [
    # Turned away by a router
    row("icmp_host_unreachable", "a router has no way to the host", opening.connect_unreachable, REFUSED),
    row("icmp_ttl_exceeded", "a router is one hop too many", opening.connect_too_far, REFUSED),
    row("icmp_port_unreachable", "a firewall rejects the SYN", opening.connect_in_vain, REFUSED,
        rules=[reject("client SYN", forge.PORT_UNREACHABLE)]),
    row("icmp_v6_prohibited", "a router on the way prohibits it, over IPv6", opening.connect_prohibited, REFUSED,
        family=V6),
    row("icmp_v6_no_route", "a router has no route, over IPv6", opening.connect_unreachable, REFUSED, family=V6),
    row("icmp_v6_hop_limit", "a router is one hop too many, over IPv6", opening.connect_too_far, REFUSED, family=V6),
    row("icmp_about_data", "a router turns away data of an open connection, once", talking.close_by_client, BY_CLIENT,
        rules=[reject("client DATA", forge.HOST_UNREACHABLE)]),

    # Opening
    row("second_attempt", "no answer; the application tries again from the same port", trouble.second_attempt, REFUSED,
        BY_CLIENT, rules=[lose_after("client SYN")]),
    row("server_restarts_in_handshake", "the server is restarted before its SYN-ACK arrives",
        trouble.server_restarts_in_handshake, BY_CLIENT, rules=[lose_after("server SYN-ACK")], seconds=5),
    row("backlog_drops_syn", "a full accept queue drops the SYN of the second connection", trouble.full_queue_drops_syn,
        BY_CLIENT, BY_CLIENT, seconds=6),
    row("isns_in_steps", "six connections, each ISN 64000 above the one before", trouble.isns_in_steps,
        *[BY_CLIENT] * 6, seconds=5),
    row("isns_out_of_step", "six connections, four ISNs in step, then a jump", trouble.isns_out_of_step,
        *[BY_CLIENT] * 6, seconds=5),
    row("syn_with_data_taken", "data on the SYN without Fast Open's option; the server takes it",
        trouble.data_without_cookie, BY_CLIENT, sysctls=NO_COOKIE),
    row("syn_with_data_ignored", "data on the SYN without Fast Open's option; the server leaves it",
        trouble.data_without_cookie_ignored, BY_CLIENT, sysctls=NO_COOKIE),
    row("greeting", "the server speaks first", trouble.greeting, BY_CLIENT),
    partial("greeting_ack_not_captured", "the server speaks first; the handshake's ACK is missing in the capture",
            trouble.greeting, BY_CLIENT, rules=[hide("client ACK")]),
    row("syn_into_silence", "a SYN, and its sender vanishes; another connection later", trouble.syn_of_the_vanished,
        REFUSED, BY_CLIENT, rules=[lose_after("client SYN")], seconds=6),
    row("synack_into_silence", "the client vanishes, the SYN-ACK is lost and not repeated; another connection later",
        trouble.syn_of_the_vanished, ("SYN-SENT CLOSED", "SYN-RECEIVED CLOSED"), BY_CLIENT,
        rules=[lose_after("server SYN-ACK")], sysctls={"net.ipv4.tcp_synack_retries": 0}, seconds=6),

    # Lost memory
    row("server_forgot", "the server has lost its memory: the client's data is answered by a RST",
        trouble.server_forgot, RESET),
    row("both_forgot", "both have lost their memory; the same client port opens again", trouble.both_forgot, RESET,
        BY_CLIENT),
    row("both_forgot_refused", "both have lost their memory, and nobody listens any more",
        trouble.both_forgot_and_nobody_listens, RESET, REFUSED),
    row("nat_forgets", "a NAT has lost its mapping and drops everything: the client gives up", trouble.second_request,
        (C_OPEN + CLOSED, S_OPEN), rules=[lose_after("client DATA", 2, 99)], sysctls={"net.ipv4.tcp_retries2": 3},
        seconds=9),
    row("nat_resets", "a NAT has lost its mapping and answers with a RST", trouble.second_request,
        (C_OPEN + CLOSED, S_OPEN), rules=[reset("client DATA", 63, 2)], uncompared="server"),
    row("reset_storm", "ten segments to a client that has lost its memory, ten RSTs", trouble.data_to_nobody, RESET,
        delay=0.05),

    # Silence
    row("data_lost_twice", "the request is lost twice, then arrives", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("client DATA", 1, 2)], seconds=4),
    row("data_lost_four_times", "the request is lost four times, then arrives", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("client DATA", 1, 4)], seconds=5),
    row("keep_alive_once_unanswered", "the second of three keep-alive probes is lost", talking.keep_alive, BY_CLIENT,
        rules=[lose_after("client PROBE", 2)], seconds=6),
    row("idle", "three seconds without a segment", trouble.idle, BY_CLIENT, seconds=6),
    row("slow_answer", "the answer takes three seconds", trouble.slow_answer, BY_CLIENT, seconds=6),
    # Longer than the limits that the preferences begin with.
    row("idle_for_a_minute", "61 seconds without a segment", lambda lab: trouble.idle(lab, 61), BY_CLIENT, seconds=64),
    row("answer_after_12_s", "the answer takes twelve seconds", lambda lab: trouble.slow_answer(lab, 12), BY_CLIENT,
        seconds=15),
    row("no_answer_close", "no answer; the client closes after three seconds", trouble.ask_and_close, BY_CLIENT,
        seconds=6),
    row("no_answer_abort", "no answer; the client aborts after three seconds", trouble.ask_and_abort, RESET, seconds=5),
    row("no_answer", "no answer; another connection later", trouble.ask_and_wait, (C_OPEN, S_OPEN), BY_CLIENT,
        seconds=6),

    # Resets
    row("abort_after_lost_data", "the client aborts while data is lost: its RST is challenged",
        trouble.abort_with_data_lost, RESET, rules=[lose_after("client DATA", 2)]),
    row("forged_reset_lost", "a RST in the server's name, lost behind the capture: the conversation goes on",
        forged.reset_lost, BY_CLIENT, uncompared="server"),
    row("forged_reset_ttl", "a RST in the server's name with another TTL, lost behind the capture",
        forged.reset_of_other_ttl, BY_CLIENT, uncompared="server"),
    row("forged_reset_in_window", "a RST in the server's name, 1000 too far: challenged", forged.reset_in_window,
        BY_CLIENT),
    row("forged_reset_right", "a RST in the server's name, right of the window", forged.reset_right_of_window,
        BY_CLIENT),
    row("forged_reset_left", "a RST in the server's name, left of the window", forged.reset_left_of_window, BY_CLIENT),

    # Closing
    row("close_late", "the server closes three seconds after the client", trouble.close_late, BY_CLIENT, seconds=6),
    row("close_late_at_client", "the client closes three seconds after the server", trouble.close_late_at_client,
        BY_SERVER, seconds=6),
    row("abort_late", "the server aborts three seconds after the client has closed", trouble.abort_late,
        (C_OPEN + HALF + CLOSED, S_OPEN + " CLOSE-WAIT CLOSED"), seconds=6),
    row("close_after_long_answer", "the server closes three seconds after the client, and sends until then",
        trouble.close_after_long_answer, BY_CLIENT, seconds=6),
    row("never_closed", "the server never closes; another connection later", trouble.never_close,
        (C_OPEN + HALF, S_OPEN + " CLOSE-WAIT"), BY_CLIENT, seconds=7),
    row("fin_into_silence", "the client's FIN is lost, and the client vanishes; another connection later",
        trouble.fin_of_the_vanished, (C_OPEN + " FIN-WAIT-1 CLOSED", S_OPEN), BY_CLIENT,
        rules=[lose_after("client FIN")], seconds=7),
    row("forged_fin_right", "a FIN in the server's name, right of the window", forged.fin_right_of_window,
        (C_OPEN, S_OPEN)),
    row("forged_fin_in_window", "a FIN in the server's name, 100 too far, is lost; then the server closes",
        forged.fin_in_window, BY_SERVER, uncompared="server"),
    row("forged_fin_before_data", "a FIN in the server's name is lost; then the server sends and closes",
        forged.fin_before_data, BY_SERVER, uncompared="server"),
    row("forged_closing_ack", "an ACK in the server's name, of nothing ever sent", forged.ack_of_nothing, BY_CLIENT),

    # Forged in the handshake
    row("forged_refusal", "a RST that does not acknowledge the SYN", forged.wrong_refusal, BY_CLIENT,
        rules=[lose_after("client SYN")]),
    row("forged_synack", "a SYN-ACK that does not acknowledge the SYN, in front of the real one", forged.wrong_syn_ack,
        BY_CLIENT),
    row("forged_handshake_ack", "an ACK that does not acknowledge the SYN-ACK, in front of the real one",
        forged.wrong_ack, BY_CLIENT),
    row("forged_synack_by_client", "a SYN-ACK in the client's name", forged.syn_ack_by_client, BY_CLIENT),
    row("synack_for_nothing", "a SYN-ACK to a client that has sent no SYN", forged.syn_ack_for_nothing,
        uncompared="client server"),
    row("split_handshake", "a peer answers the SYN with a bare SYN", forged.split_handshake, (X_OPEN + ACTIVE, ""),
        rules=[lose_after("client ANY", 1, 99)], uncompared="server"),
    row("split_handshake_in_four", "a peer answers the SYN with an ACK, then with a SYN",
        forged.split_handshake_in_four,
        (X_OPEN + ACTIVE, ""), rules=[lose_after("client ANY", 1, 99)], uncompared="server"),
    row("early_data", "a peer sends data right behind its SYN-ACK", forged.data_behind_syn_ack, (C_OPEN + ACTIVE, ""),
        rules=[lose_after("client ANY", 1, 99)], uncompared="server"),
    row("scan", "flags that exclude each other, or say nothing, at a listener", forged.scan,
        uncompared="client server"),
    row("syn_flood", "150 SYNs at once with nobody behind them", forged.syn_flood,
        rules=[lose_after("server SYN-ACK", 1, 999)], uncompared="client server"),
    row("syn_burst", "100 SYNs at once", forged.syn_burst, rules=[lose_after("server SYN-ACK", 1, 999)],
        uncompared="client server"),

    # The same ports again
    row("time_wait_old_ack", "a SYN below the numbers that the server's TIME-WAIT has seen: ACK, RST, and again",
        trouble.lower_isn_in_time_wait, (C_OPEN + PASSIVE, S_OPEN + ACTIVE + CLOSED), BY_SERVER, sysctls=NO_TIMESTAMPS),
    row("time_wait_turns_away", "the same, but the RST does not end TIME-WAIT (tcp_rfc1337)",
        trouble.lower_isn_turned_away, (C_OPEN + PASSIVE, S_OPEN + ACTIVE), REFUSED,
        sysctls=dict(NO_TIMESTAMPS, **{"net.ipv4.tcp_rfc1337": 1, "net.ipv4.tcp_syn_retries": 1}), uncompared="server",
        seconds=6),
    row("old_duplicate", "the request of the connection before arrives once more in the next one",
        trouble.old_duplicate, (C_OPEN + PASSIVE, S_OPEN + ACTIVE + CLOSED), BY_SERVER),
    row("data_again_late", "the request arrives once more in the same connection", talking.close_by_client, BY_CLIENT,
        rules=[repeat_before("client DATA", 0.1)]),

    # Less on the SYN
    row("ecn_given_up", "the SYN with ECN is lost behind the capture; the next one is without it",
        talking.close_by_client, BY_CLIENT, rules=[lose_after("client SYN")], sysctls={"net.ipv4.tcp_ecn": 1},
        seconds=5),

    # An ACK for each ACK
    row("ack_storm", "data in both names: ACKs that answer each other, without a limit, until they are lost",
        forged.data_in_both_names, (C_OPEN, S_OPEN), rules=[lose_after("client ACK", 20, 99)],
        sysctls={"net.ipv4.tcp_invalid_ratelimit": 0}),
]
