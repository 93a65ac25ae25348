"""Which anomalies each capture at two points must show, and on which segment: all of them, and no others.

SPDX-License-Identifier: GPL-2.0-or-later

They are worked out as in expected.py. A line is POINT SEGMENT | ANOMALIES: at A, nearer to the client, or B. What is
captured at the second of both points under the same addresses is captured_twice besides, and nothing else.
"""

RESET_BOTH = """
    A server RST 1 | reset_in_between reset_ignored abortive_close
    B client RST 1 | reset_in_between reset_ignored"""

EXPECTED = {
    "syn_lost": """
        A client SYN 1 | lost_between
        A client SYN 2 | syn_retransmission
        A client ACK 1 | slow_handshake""",
    "syn_lost_nat": """
        A client SYN 1 | lost_between
        A client SYN 2 | syn_retransmission
        A client ACK 1 | slow_handshake""",
    # The second SYN-ACK answers the second SYN, and says so itself: see synack_lost_after.
    "synack_lost_renumbered": """
        B server SYN-ACK 1 | lost_between
        B server SYN-ACK 2 | synack_retransmission
        A client ACK 1     | slow_handshake""",
    "fin_lost": """
        A client FIN 1 | lost_between
        A client FIN 2 | fin_retransmission""",
    "fin_lost_nat": """
        A client FIN 1 | lost_between
        A client FIN 2 | fin_retransmission""",
    "fin_lost_renumbered": """
        A client FIN 1 | lost_between
        A client FIN 2 | fin_retransmission""",
    "reset_lost": "A client RST 1 | lost_between abortive_close",
    "reset_of_server": "B server RST 1 | abortive_close",
    "reset_of_server_nat": """
        A server RST 1 | abortive_close
        B server RST 1 | abortive_close""",
    # Under one pair of addresses the connection has ended with the first RST.
    "reset_in_between": RESET_BOTH,
    "reset_in_between_renumbered": RESET_BOTH,
    "reset_in_between_nat": RESET_BOTH + " abortive_close",
    # The server goes on, and a RST of the client's kernel answers that.
    "reset_client_in_between": """
        A server RST 1 | reset_in_between reset_ignored connection_reset""",
}

# What a device does to the numbers, where addresses and ports are the same at both points. It adds to the server's on
# their way to the client: so they are as much less at the point nearer to the server, of 2^32.
CHANGED = "at capture point 2: client sequence numbers + 3000000001, server sequence numbers + 3060399405"
RENUMBERED = {
    "renumbered": CHANGED,
    "renumbered_v6": CHANGED,
    "synack_lost_renumbered": CHANGED,
    "fin_lost_renumbered": CHANGED,
    "reset_in_between_renumbered": CHANGED,
    "renumbered_server": "at capture point 1: server sequence numbers + 1234567891",
}
