"""The table of scenarios that are recorded at two points, with a device in the middle.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import ipaddress
import socket

import plays_points as points
from relay import lose_after
from scenario import BY_CLIENT, C_OPEN, CLOSED, RESET, S_OPEN, row

OUTSIDE = ipaddress.ip_address("10.99.0.1").packed
SHIFT = 3_000_000_001, 1_234_567_891
V6 = socket.AF_INET6


def two(name, about, play, *paths, device=None, **settings):
    return row(name, about, play, *paths, device=device or {}, **settings)


POINTS = [
    two("router", "nothing but a router in between", points.talk_and_close, BY_CLIENT),
    two("router_v6", "the same over IPv6", points.talk_and_close, BY_CLIENT, family=V6),
    two("nat", "a NAT in between", points.talk_and_close, BY_CLIENT, device={"outside": OUTSIDE}),
    two("renumbered", "a firewall that changes the numbers of both ends, and is no router", points.talk_and_close,
        BY_CLIENT, device={"shift": SHIFT, "hop": False}),
    two("renumbered_server", "a router that changes the numbers of the server", points.talk_and_close, BY_CLIENT,
        device={"shift": (0, SHIFT[1])}),
    two("renumbered_v6", "the same of both ends over IPv6", points.talk_and_close, BY_CLIENT, device={"shift": SHIFT},
        family=V6),
    two("renumbered_nat", "a NAT that changes the numbers of both ends", points.talk_and_close, BY_CLIENT,
        device={"outside": OUTSIDE, "shift": SHIFT}),
    two("syn_lost", "the SYN is lost in between", points.talk_and_close, BY_CLIENT, rules=[lose_after("client SYN")]),
    two("syn_lost_nat", "the same with a NAT", points.talk_and_close, BY_CLIENT, rules=[lose_after("client SYN")],
        device={"outside": OUTSIDE}),
    two("synack_lost_renumbered", "the SYN-ACK is lost in a firewall that changes numbers", points.talk_and_close,
        BY_CLIENT, rules=[lose_after("server SYN-ACK")], device={"shift": SHIFT}),
    two("fin_lost", "the client's FIN is lost in between", points.late_loss, BY_CLIENT,
        rules=[lose_after("client FIN")]),
    two("fin_lost_nat", "the same with a NAT", points.late_loss, BY_CLIENT, rules=[lose_after("client FIN")],
        device={"outside": OUTSIDE}),
    two("fin_lost_renumbered", "the same with a firewall that changes numbers", points.late_loss, BY_CLIENT,
        rules=[lose_after("client FIN")], device={"shift": SHIFT, "hop": False}),
    two("reset_lost", "the client's RST is lost in between", points.abort_lost, RESET,
        rules=[lose_after("client RST")]),
    two("reset_of_server", "the server's own RST", points.abort_by_server, RESET),
    two("reset_of_server_nat", "the same with a NAT", points.abort_by_server, RESET, device={"outside": OUTSIDE}),
    two("reset_in_between", "a device resets both ends", points.reset_both, RESET),
    two("reset_in_between_nat", "the same with a NAT", points.reset_both, RESET, device={"outside": OUTSIDE}),
    two("reset_in_between_renumbered", "the same with a firewall that changes numbers", points.reset_both, RESET,
        device={"shift": SHIFT, "hop": False}),
    two("reset_client_in_between", "a device resets the client alone", points.reset_client,
        (C_OPEN + CLOSED, S_OPEN + CLOSED)),
]

