"""Scripts about opening: handshakes, refusals by routers, fast open, and the same ports again.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import socket

from forge import ROUTERS
from plays_talking import close_by_client, close_by_server
from script import (CLIENT_PORT, MSG_FASTOPEN, PATIENCE, SERVER_PORT, TCP_FASTOPEN, abort, close_in_turn, open_and_talk,
                    vanish)

TCP = socket.IPPROTO_TCP


# Opening

def answer_and_close(lab, client, server):
    server.recv(4096)
    server.send(b"200 OK\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def data_at_once(lab):
    listener = lab.listen()
    client = lab.connect_unaccepted()
    client.send(b"GET /\n")
    answer_and_close(lab, client, lab.accept(listener))


def fin_at_once(lab):
    listener = lab.listen()
    client = lab.connect_unaccepted()
    lab.step_aside()
    client.close()
    server = lab.accept(listener)
    lab.settle()
    server.close()
    lab.settle()


def connect_in_vain(lab, options=()):
    client = lab.bound(lab.client, CLIENT_PORT)
    for level, option, value in options:
        client.setsockopt(level, option, value)
    with contextlib.suppress(OSError):
        client.connect((lab.server.address, SERVER_PORT))
    client.close()


def connect_in_vain_listening(lab):
    lab.listen()
    connect_in_vain(lab)
    lab.until("server", "LISTEN")


# Routers

def connect_beyond(lab, route, options=()):
    """The server's namespace plays the router; the address is behind it, by this kind of route."""
    beyond, six = lab.server.address, lab.server.family == socket.AF_INET6
    router, bits = (ROUTERS[6], 128) if six else (ROUTERS[4], 32)
    lab.server.apply({"net.ipv6.conf.all.forwarding" if six else "net.ipv4.ip_forward": 1})
    lab.server.ip(f"addr del {beyond}/{bits} dev lab0\naddr add {router}/{bits} dev lab0{' nodad' if six else ''}\n"
                  f"route replace {lab.client.address}/{bits} dev lab0\n"
                  f"route add {route.format(f'{beyond}/{bits}')}\n")
    connect_in_vain(lab, options)


def connect_prohibited(lab):
    connect_beyond(lab, "prohibit {}")


def connect_unreachable(lab):
    connect_beyond(lab, "unreachable {}")


def connect_too_far(lab):
    hop_limits = {socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TTL, 1),
                  socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)}
    connect_beyond(lab, "{} dev lab0", [hop_limits[lab.client.family]])


# Fast open

def tfo_listen(lab):
    return lab.listen(options=[(TCP, TCP_FASTOPEN, 5)])


def tfo_send(lab, port, wait=False):
    """Without waiting the call returns as soon as the SYN is out with its data, which needs a cookie."""
    client = lab.bound(lab.client, port)
    client.setblocking(wait)
    client.sendto(b"GET /\n", MSG_FASTOPEN, (lab.server.address, SERVER_PORT))
    client.settimeout(PATIENCE)
    return client


def tfo_fetch_cookie(lab):
    """By a connection of its own; returns the listener."""
    listener = tfo_listen(lab)
    client = tfo_send(lab, CLIENT_PORT, wait=True)
    server = lab.accept(listener)
    server.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)
    return listener


def tfo_answer_late(lab, client, listener):
    """When the handshake is complete."""
    server = lab.accept(listener)
    lab.settle()
    answer_and_close(lab, client, server)


def tfo(lab):
    listener = tfo_fetch_cookie(lab)
    tfo_answer_late(lab, tfo_send(lab, CLIENT_PORT + 1), listener)


def tfo_declined(lab):
    listener = tfo_fetch_cookie(lab)
    lab.server.apply({"net.ipv4.tcp_fastopen": 1})
    tfo_answer_late(lab, tfo_send(lab, CLIENT_PORT + 1), listener)


def tfo_answer_early(lab):
    listener = tfo_fetch_cookie(lab)
    client = tfo_send(lab, CLIENT_PORT + 1)
    answer_and_close(lab, client, lab.accept(listener))


def tfo_close_early(lab):
    listener = tfo_fetch_cookie(lab)
    client = tfo_send(lab, CLIENT_PORT + 1)
    server = lab.accept(listener)
    server.recv(4096)
    lab.step_aside()
    server.close()
    lab.settle()
    client.close()
    lab.settle()


def tfo_shutdown_early(lab):
    """Shutting down in SYN-SENT sends no FIN: Linux forgets the connection, and answers the SYN-ACK with a RST."""
    listener = tfo_fetch_cookie(lab)
    client = tfo_send(lab, CLIENT_PORT + 1)
    lab.step_aside()
    client.shutdown(socket.SHUT_WR)
    lab.accept(listener)
    lab.settle()


# The same ports again

def reuse_port(lab):
    listener = lab.listen()
    for _ in range(2):
        close_by_server(lab, listener)


def reuse_own_port(lab):
    listener = lab.listen()
    for _ in range(2):
        close_by_client(lab, listener)
        lab.pause(1.2)


def refused_then_accepted(lab):
    connect_in_vain(lab)
    lab.settle()
    close_by_client(lab)


def reuse_after_abort(lab):
    listener = lab.listen()
    client, _ = open_and_talk(lab, listener)
    abort(client)
    lab.settle()
    close_by_client(lab, listener)


def reuse_after_time_wait(lab):
    listener = lab.listen()
    close_by_server(lab, listener)
    lab.until("server", "LISTEN")
    close_by_server(lab, listener)


def half_open(lab):
    listener = lab.listen()
    client, _ = open_and_talk(lab, listener)
    vanish(client)
    close_by_client(lab, listener)
