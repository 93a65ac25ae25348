"""The table of scenarios: what both applications do, what the wire does to it, and which states that must lead to.

SPDX-License-Identifier: GPL-2.0-or-later

A row's paths are worked out by thinking; the run compares them with the kernel's and fails where they differ. They
leave out the CLOSED or LISTEN in which an end began. To add a scenario, add a row; its script takes a Lab.
"""

import dataclasses
import socket

import plays_closing as closing
import plays_opening as opening
import plays_talking as talking
from relay import (hide, hold_after, hold_before, lose_after, lose_before, record_late, record_twice, repeat_after,
                   repeat_before, stateless)

C_OPEN, S_OPEN = "SYN-SENT ESTABLISHED", "SYN-RECEIVED ESTABLISHED"
X_OPEN = "SYN-SENT SYN-RECEIVED ESTABLISHED"
ACTIVE = " FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"
PASSIVE = " CLOSE-WAIT LAST-ACK CLOSED"
CROSSED = " FIN-WAIT-1 CLOSING TIME-WAIT"
HALF = " FIN-WAIT-1 FIN-WAIT-2"
CLOSED = " CLOSED"
BY_CLIENT = (C_OPEN + ACTIVE, S_OPEN + PASSIVE)
BY_SERVER = (C_OPEN + PASSIVE, S_OPEN + ACTIVE)
BOTH = ("client", "server")
TFO = {"net.ipv4.tcp_fastopen": 3}


@dataclasses.dataclass
class Scenario:
    name: str
    about: str
    play: object
    paths: list
    rules: list = dataclasses.field(default_factory=list)
    sysctls: dict = dataclasses.field(default_factory=dict)
    family: int = socket.AF_INET
    delay: float = 0.02
    capture_at: float = 0.5
    record: tuple = BOTH
    incomplete: bool = False
    unknown: str = ""
    seconds: float = 3


def row(name, about, play, *paths, **settings):
    """Faults and incomplete captures are settings; each pair of paths is one connection, in order of opening."""
    return Scenario(name, about, play, list(paths), **settings)


def partial(name, about, play, *paths, unknown="client server", **settings):
    """A capture that lacks something: UNKNOWN is allowed for the ends named, a contradiction is not."""
    return row(name, about, play, *paths, incomplete=True, unknown=unknown, **settings)


SCENARIOS = [
    # Ordinary
    row("close_by_client", "request, answer, the client closes, the server later", talking.close_by_client, BY_CLIENT),
    row("close_by_server", "request, answer, the server closes, the client later", talking.close_by_server, BY_SERVER),
    row("three_segment_close", "the server's FIN carries the ACK of the client's FIN", talking.three_segment_close,
        BY_CLIENT),
    row("three_segment_close_by_server", "the client's FIN carries the ACK of the server's FIN",
        talking.three_segment_close_by_server, BY_SERVER),
    row("no_data", "opened and closed without a byte", talking.no_data, BY_CLIENT),
    row("half_close", "the client shuts down writing, the server goes on sending, then closes", talking.half_close,
        BY_CLIENT),
    row("half_close_by_server", "the server shuts down writing, the client goes on sending, then closes",
        talking.half_close_by_server, BY_SERVER),
    row("simultaneous_open", "both SYNs cross; the client closes", talking.simultaneous_open,
        (X_OPEN + ACTIVE, X_OPEN + PASSIVE)),
    row("simultaneous_open_syn_lost", "both ends connect, the server's SYN is lost behind the capture",
        talking.simultaneous_open, (C_OPEN + ACTIVE, X_OPEN + PASSIVE), rules=[lose_after("server SYN")]),
    row("simultaneous_open_synack_lost", "both SYNs cross, the server's SYN-ACK is lost: the client has to wait",
        talking.simultaneous_open, (X_OPEN + ACTIVE, X_OPEN + PASSIVE), rules=[lose_after("server SYN-ACK")],
        seconds=5),
    row("simultaneous_close", "both FINs cross", talking.simultaneous_close, (C_OPEN + CROSSED, S_OPEN + CROSSED)),
    row("simultaneous_close_at_client", "both FINs cross, captured at the client", talking.simultaneous_close,
        (C_OPEN + CROSSED, S_OPEN + CROSSED), capture_at=0.05),
    row("simultaneous_close_fin_lost", "both FINs cross, the client's is lost: only the client goes through CLOSING",
        talking.simultaneous_close, (C_OPEN + CROSSED, S_OPEN + ACTIVE), rules=[lose_after("client FIN")]),
    row("stream_into_fin", "the server is still streaming while the client's FIN is under way", talking.stream_into_fin,
        BY_CLIENT),
    row("fin_with_data", "both FINs carry data", talking.fin_with_data, BY_CLIENT),
    row("request_and_half_close", "request and FIN leave at once; so do the answer and the second FIN",
        talking.request_and_half_close, BY_CLIENT),
    row("simultaneous_open_at_client", "both SYNs cross, captured at the client", talking.simultaneous_open,
        (X_OPEN + ACTIVE, X_OPEN + PASSIVE), capture_at=0.05),

    # Losses while opening
    row("syn_lost_before", "the first SYN is lost in front of the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_before("client SYN")], seconds=5),
    row("syn_lost_after", "the first SYN is lost behind the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("client SYN")], seconds=5),
    row("synack_lost_before", "the first SYN-ACK is lost in front of the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_before("server SYN-ACK")], seconds=5),
    row("synack_lost_after", "the first SYN-ACK is lost behind the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("server SYN-ACK")], seconds=5),
    row("handshake_ack_lost_before", "the handshake's ACK is lost in front of the capture; silence follows",
        talking.silent_close_by_client, BY_CLIENT, rules=[lose_before("client ACK")], seconds=5),
    row("handshake_ack_lost_after", "the handshake's ACK is lost behind the capture; silence follows",
        talking.silent_close_by_client, BY_CLIENT, rules=[lose_after("client ACK")], seconds=5),
    row("handshake_ack_lost_data", "the handshake's ACK is lost, the request completes the handshake",
        opening.data_at_once, BY_CLIENT, rules=[lose_after("client ACK")]),
    row("handshake_ack_lost_data_before", "the handshake's ACK is lost in front of the capture, data completes it",
        opening.data_at_once, BY_CLIENT, rules=[lose_before("client ACK")]),
    row("handshake_ack_lost_fin", "the handshake's ACK is lost, the client's FIN completes the handshake",
        opening.fin_at_once, BY_CLIENT, rules=[lose_after("client ACK")]),
    row("syn_unanswered", "the server is not there", opening.connect_in_vain, ("SYN-SENT CLOSED", ""),
        rules=[lose_after("client SYN", 1, 99)], sysctls={"net.ipv4.tcp_syn_retries": 2}, seconds=9),
    row("syn_ack_unanswered", "the client never hears: the server's request expires too",
        opening.connect_in_vain_listening,
        ("SYN-SENT CLOSED", "SYN-RECEIVED CLOSED"), rules=[lose_after("server SYN-ACK", 1, 99)],
        sysctls={"net.ipv4.tcp_syn_retries": 1, "net.ipv4.tcp_synack_retries": 1}, seconds=11),
    row("syn_repeated_by_network", "the SYN arrives twice", talking.close_by_client, BY_CLIENT,
        rules=[repeat_before("client SYN", 0.002)]),
    row("refused", "nobody listens", opening.connect_in_vain, ("SYN-SENT CLOSED", "")),
    row("refused_then_accepted", "nobody listens; the same port tries again when somebody does",
        opening.refused_then_accepted, ("SYN-SENT CLOSED", ""), BY_CLIENT),
    row("syn_again_late", "the network delivers the SYN once more on the open connection", talking.close_by_client,
        BY_CLIENT, rules=[repeat_before("client SYN", 0.2)]),
    row("synack_again_late", "the network delivers the SYN-ACK once more on the open connection",
        talking.close_by_client, BY_CLIENT, rules=[repeat_before("server SYN-ACK", 0.2)]),
    row("refused_by_icmp", "a router on the way prohibits it", opening.connect_prohibited, ("SYN-SENT CLOSED", "")),

    row("syn_cookie", "the server answers with a SYN cookie and keeps no state until the ACK", talking.close_by_client,
        BY_CLIENT, rules=[stateless("server SYN-ACK")], sysctls={"net.ipv4.tcp_syncookies": 2}),

    row("ecn", "both ends negotiate ECN in the handshake's flags", talking.close_by_client, BY_CLIENT,
        sysctls={"net.ipv4.tcp_ecn": 1}),
    row("bare_options", "neither timestamps nor SACK nor window scaling", talking.close_by_client, BY_CLIENT,
        sysctls={"net.ipv4.tcp_timestamps": 0, "net.ipv4.tcp_sack": 0, "net.ipv4.tcp_window_scaling": 0}),

    # Aborts
    row("abort_by_client", "the client aborts an open connection", closing.abort_by_client,
        (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("abort_by_server", "the server aborts an open connection", closing.abort_by_server,
        (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("abort_in_syn_sent", "the client gives up before the SYN-ACK comes, and answers it with a RST",
        closing.abort_in_syn_sent, ("SYN-SENT CLOSED", "SYN-RECEIVED CLOSED")),
    row("abort_after_handshake", "the client aborts as soon as it is connected", closing.abort_after_handshake,
        (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("abort_in_close_wait", "the server aborts after the client's FIN", closing.abort_in_close_wait,
        (C_OPEN + HALF + CLOSED, S_OPEN + " CLOSE-WAIT CLOSED")),
    row("abort_in_fin_wait_2", "the client aborts after its own FIN was acknowledged", closing.abort_in_fin_wait_2,
        (C_OPEN + HALF + CLOSED, S_OPEN + " CLOSE-WAIT CLOSED")),
    row("data_after_close", "the server sends to a client that has closed, and is reset", closing.data_after_close,
        (C_OPEN + HALF + CLOSED, S_OPEN + " CLOSE-WAIT CLOSED")),
    row("close_with_unread_data", "the client closes with data unread: a RST takes the place of the FIN",
        closing.close_with_unread_data, (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("listener_closed", "the server dies before it accepted the connection", closing.listener_closed,
        (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("listener_closed_in_handshake", "the server stops listening before the handshake's ACK comes",
        closing.listener_closed_in_handshake, (C_OPEN + CLOSED, "SYN-RECEIVED CLOSED")),
    row("abort_by_both", "both abort, the RSTs cross", closing.abort_by_both, (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("fin_meets_rst", "the client's FIN and the server's RST cross", closing.fin_meets_rst,
        (C_OPEN + " FIN-WAIT-1 CLOSED", S_OPEN + CLOSED)),
    row("client_forgot", "the client has lost its memory: the server's data is answered by a RST",
        closing.data_to_forgetful, (C_OPEN + CLOSED, S_OPEN + CLOSED)),
    row("rst_lost_after", "the client's RST is lost; the server's data is answered by another", closing.rst_lost,
        (C_OPEN + CLOSED, S_OPEN + CLOSED), rules=[lose_after("client RST")]),

    # Losses while closing
    row("fin_lost_before", "the client's FIN is lost in front of the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_before("client FIN")]),
    row("fin_lost_after", "the client's FIN is lost behind the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("client FIN")]),
    row("fin_ack_lost_before", "the ACK of the first FIN is lost in front of the capture", talking.close_by_client,
        BY_CLIENT, rules=[lose_before("server FIN-ACK")]),
    row("fin_ack_lost_after", "the ACK of the first FIN is lost behind the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("server FIN-ACK")]),
    row("fin_ack_lost_second_fin", "the ACK of the first FIN is lost, the second FIN acknowledges it instead",
        closing.ack_then_fin, BY_CLIENT, rules=[lose_after("server FIN-ACK")]),
    row("second_fin_lost", "the server's FIN is lost behind the capture", talking.close_by_client, BY_CLIENT,
        rules=[lose_after("server FIN")]),
    row("fin_again", "the network delivers the first FIN twice", talking.close_by_client, BY_CLIENT,
        rules=[repeat_before("client FIN", 0.03)]),
    row("simultaneous_close_ack_lost", "both FINs cross, the ACK of the client's FIN is lost: it stays in CLOSING",
        talking.simultaneous_close, (C_OPEN + CROSSED, S_OPEN + CROSSED), rules=[lose_after("server FIN-ACK")]),
    row("close_behind_zero_window", "the client closes while the window is shut: its FIN waits behind the data",
        talking.close_behind_zero_window, BY_CLIENT, seconds=5),
    row("last_ack_lost_before", "the last ACK is lost in front of the capture: the FIN comes again, into TIME-WAIT",
        talking.close_by_client, BY_CLIENT, rules=[lose_before("client FIN-ACK")]),
    row("last_ack_lost_after", "the last ACK is lost behind the capture: the FIN comes again, into TIME-WAIT",
        talking.close_by_client, BY_CLIENT, rules=[lose_after("client FIN-ACK")]),
    row("fin_overtakes_data", "the last data arrives behind the FIN", closing.data_and_close, BY_CLIENT,
        rules=[hold_after("client DATA", 0.08)]),
    row("fin_overtakes_data_in_capture", "the last data is captured behind the FIN", closing.data_and_close, BY_CLIENT,
        rules=[hold_before("client DATA", 0.08)]),
    row("fin_after_lost_data", "the FIN arrives, the data in front of it was lost", closing.data_and_close, BY_CLIENT,
        rules=[lose_after("client DATA")]),
    row("time_wait_assassination", "the last ACK arrives twice; the RST to the second ends TIME-WAIT",
        talking.close_by_client_quick, (C_OPEN + ACTIVE + CLOSED, S_OPEN + PASSIVE),
        rules=[repeat_after("client FIN-ACK", 0.2)]),
    row("last_ack_unanswered", "the client is gone in LAST-ACK: the server gives up", closing.last_ack_in_vain,
        (C_OPEN + HALF + CLOSED, S_OPEN + PASSIVE), rules=[lose_after("server FIN", 1, 99)],
        sysctls={"net.ipv4.tcp_orphan_retries": 2, "net.ipv4.tcp_fin_timeout": 2}, seconds=6),
    row("fin_wait_2_timeout", "the server closes only after the client's FIN-WAIT-2 has run out",
        closing.fin_wait_2_timeout, (C_OPEN + HALF + CLOSED, S_OPEN + PASSIVE),
        sysctls={"net.ipv4.tcp_fin_timeout": 2}, seconds=5),
    row("close_wait_stays", "the server never closes", closing.close_wait_stays, (C_OPEN + HALF,
        S_OPEN + " CLOSE-WAIT"),
        seconds=14),

    # Fast open
    row("tfo_accepted", "cookie first; then data in the SYN is taken and answered", opening.tfo, BY_CLIENT, BY_CLIENT,
        sysctls=TFO),
    row("tfo_declined", "data in the SYN with a cookie that the server no longer takes", opening.tfo_declined,
        BY_CLIENT,
        BY_CLIENT, sysctls=TFO),
    row("tfo_answer_before_ack", "the server answers the SYN's data before the handshake is complete",
        opening.tfo_answer_early, BY_CLIENT, BY_CLIENT, sysctls=TFO),
    row("tfo_close_before_ack", "the server closes in SYN-RECEIVED, in front of the handshake's ACK",
        opening.tfo_close_early, BY_CLIENT, (C_OPEN + PASSIVE, "SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"),
        sysctls=TFO),
    row("tfo_shutdown_in_syn_sent", "the client shuts down before the SYN-ACK comes, and answers it with a RST",
        opening.tfo_shutdown_early, BY_CLIENT, ("SYN-SENT CLOSED", "SYN-RECEIVED CLOSED"), sysctls=TFO),

    # An open connection
    row("keep_alive", "keep-alive probes each second, answered", talking.keep_alive, BY_CLIENT, seconds=6),
    row("keep_alive_unanswered", "every keep-alive is lost: the client gives up with a RST", talking.keep_alive_in_vain,
        (C_OPEN + CLOSED, S_OPEN + CLOSED), rules=[lose_after("client ACK", 3, 99)], seconds=7),
    row("zero_window", "the server does not read: zero window and probes, then it goes on", talking.zero_window,
        BY_CLIENT, seconds=6),
    row("connection_lost", "the server is gone while data is sent: the client gives up", talking.data_in_vain,
        (C_OPEN + CLOSED, S_OPEN), rules=[lose_after("client DATA", 1, 99)], sysctls={"net.ipv4.tcp_retries2": 3},
        seconds=9),
    row("client_isn_wraps", "the client's sequence numbers wrap in its first data", talking.isn_wraps, BY_CLIENT),
    row("defer_accept", "TCP_DEFER_ACCEPT: the server stays in SYN-RECEIVED until data comes", talking.defer_accept,
        BY_CLIENT, seconds=4),
    row("backlog_full", "a full accept queue ignores the handshake's ACK of the second connection",
        talking.backlog_full, BY_CLIENT, BY_CLIENT, seconds=6),

    # The same ports again
    row("reuse_in_time_wait", "the server holds TIME-WAIT; the same client port opens again at once",
        opening.reuse_port,
        (C_OPEN + PASSIVE, S_OPEN + ACTIVE + CLOSED), BY_SERVER),
    row("reuse_own_time_wait", "the client holds TIME-WAIT and reuses it (tcp_tw_reuse)", opening.reuse_own_port,
        (C_OPEN + ACTIVE + CLOSED, S_OPEN + PASSIVE), BY_CLIENT, sysctls={"net.ipv4.tcp_tw_reuse": 1}, seconds=5),
    row("reuse_after_abort", "the same client port opens again after a RST", opening.reuse_after_abort,
        (C_OPEN + CLOSED, S_OPEN + CLOSED), BY_CLIENT),
    row("reuse_after_time_wait", "the same client port opens again after the server's TIME-WAIT has run out",
        opening.reuse_after_time_wait, (C_OPEN + PASSIVE, S_OPEN + ACTIVE + CLOSED), BY_SERVER, seconds=65),
    row("half_open", "the client lost its memory and connects again: challenge ACK, RST, new SYN", opening.half_open,
        (C_OPEN + CLOSED, S_OPEN + CLOSED), BY_CLIENT, seconds=5),

    # IPv6
    row("close_by_client_v6", "request, answer, close, over IPv6", talking.close_by_client, BY_CLIENT,
        family=socket.AF_INET6),
    row("refused_v6", "nobody listens, over IPv6", opening.connect_in_vain, ("SYN-SENT CLOSED", ""),
        family=socket.AF_INET6),
    row("simultaneous_open_close_v6", "both SYNs cross, and both FINs, over IPv6", talking.cross_open_close,
        (X_OPEN + CROSSED, X_OPEN + CROSSED), family=socket.AF_INET6),
    row("last_ack_lost_v6", "the last ACK is lost behind the capture, over IPv6", talking.close_by_client, BY_CLIENT,
        family=socket.AF_INET6, rules=[lose_after("client FIN-ACK")]),

    # What the capture lacks
    row("at_client", "captured at the client, the handshake's ACK lost on the way", talking.silent_close_by_client,
        BY_CLIENT, capture_at=0.02, rules=[lose_after("client ACK")], seconds=5),
    row("at_server", "captured at the server, the first SYN-ACK lost on the way", talking.close_by_client, BY_CLIENT,
        capture_at=0.98, rules=[lose_after("server SYN-ACK")], seconds=5),
    partial("simultaneous_open_syn_unseen", "both ends connect, the server's SYN is lost in front of the capture",
            talking.simultaneous_open, (C_OPEN + ACTIVE, X_OPEN + PASSIVE), rules=[lose_before("server SYN")],
            unknown=""),
    partial("middle_of_transfer", "recorded from the middle of the transfer on", talking.record_from_transfer,
            BY_CLIENT),
    partial("middle_of_close", "recorded from between the two FINs on", talking.record_from_close, BY_CLIENT),
    partial("end_missing", "the recording ends before the close", talking.record_without_end, BY_CLIENT, unknown=""),
    partial("only_client", "only the client's segments are recorded", talking.close_by_client, BY_CLIENT,
            record=("client",)),
    partial("only_server", "only the server's segments are recorded", talking.close_by_client, BY_CLIENT,
            record=("server",)),
    partial("only_client_abort", "only the client's segments, the server aborts", closing.abort_by_server,
            (C_OPEN + CLOSED, S_OPEN + CLOSED), record=("client",)),
    partial("syn_not_captured", "the SYN is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("client SYN")]),
    partial("synack_not_captured", "the SYN-ACK is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("server SYN-ACK")]),
    partial("ack_not_captured", "the handshake's ACK is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("client ACK")]),
    partial("fin_not_captured", "the client's FIN is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("client FIN")]),
    partial("fin_ack_not_captured", "the ACK of the first FIN is missing in the capture", talking.close_by_client,
            BY_CLIENT, rules=[hide("server FIN-ACK")]),
    partial("second_fin_not_captured", "the server's FIN is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("server FIN")]),
    partial("last_ack_not_captured", "the last ACK is missing in the capture", talking.close_by_client, BY_CLIENT,
            rules=[hide("client FIN-ACK")]),
    partial("synack_before_syn", "the SYN-ACK is recorded in front of its SYN", talking.close_by_client, BY_CLIENT,
            rules=[record_late("client SYN", 0.03)], unknown=""),
    partial("ack_before_fin", "the ACK of the FIN is recorded in front of the FIN", talking.close_by_client, BY_CLIENT,
            rules=[record_late("client FIN", 0.07)], unknown=""),
    row("recorded_twice", "every segment is recorded twice", talking.close_by_client, BY_CLIENT,
        rules=[record_twice("client ANY", 1, 99), record_twice("server ANY", 1, 99)]),
    row("abort_recorded_twice", "every segment of a reset connection is recorded twice", closing.abort_by_client,
        (C_OPEN + CLOSED, S_OPEN + CLOSED), rules=[record_twice("client ANY", 1, 99), record_twice("server ANY", 1,
        99)]),
]
