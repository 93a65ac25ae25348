"""Scripts about opening: handshakes, fast open, and the same ports again.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import socket

from plays_talking import close_by_client
from script import CLIENT_PORT, MSG_FASTOPEN, SERVER_PORT, TCP_FASTOPEN, abort, close_in_turn, exchange, vanish

TCP = socket.IPPROTO_TCP


# Opening

def data_at_once(lab):
    listener = lab.listen()
    client = lab.bound(lab.client, CLIENT_PORT)
    client.connect((lab.server.address, SERVER_PORT))
    client.send(b"GET /\n")
    server = lab.accept(listener)
    server.recv(4096)
    server.send(b"200 OK\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def fin_at_once(lab):
    listener = lab.listen()
    client = lab.bound(lab.client, CLIENT_PORT)
    client.connect((lab.server.address, SERVER_PORT))
    lab.step_aside()
    client.close()
    server = lab.accept(listener)
    lab.settle()
    server.close()
    lab.settle()


def connect_in_vain(lab):
    client = lab.bound(lab.client, CLIENT_PORT)
    with contextlib.suppress(OSError):
        client.connect((lab.server.address, SERVER_PORT))
    client.close()


def connect_in_vain_listening(lab):
    lab.listen()
    connect_in_vain(lab)
    lab.until("server", "LISTEN")


def connect_prohibited(lab):
    """The server's namespace plays the router: it forwards, and has a prohibiting route to the address behind it."""
    beyond = lab.server.address
    lab.server.apply({"net.ipv4.ip_forward": 1})
    lab.server.ip(f"addr del {beyond}/32 dev lab0\naddr add 10.77.255.1/32 dev lab0\n"
                  f"route add {lab.client.address}/32 dev lab0\nroute add prohibit {beyond}/32\n")
    connect_in_vain(lab)


# Fast open

def tfo_listen(lab):
    return lab.listen(options=[(TCP, TCP_FASTOPEN, 5)])


def tfo_send(lab, port, wait=False):
    """Without waiting the call returns as soon as the SYN is out with its data, which needs a cookie."""
    client = lab.bound(lab.client, port)
    client.setblocking(wait)
    client.sendto(b"GET /\n", MSG_FASTOPEN, (lab.server.address, SERVER_PORT))
    client.settimeout(30)
    return client


def tfo_fetch_cookie(lab, listener):
    client = tfo_send(lab, CLIENT_PORT, wait=True)
    server = lab.accept(listener)
    server.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def tfo_answer_and_close(lab, client, listener):
    server = lab.accept(listener)
    lab.settle()
    server.recv(4096)
    server.send(b"200 OK\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def tfo(lab):
    listener = tfo_listen(lab)
    tfo_fetch_cookie(lab, listener)
    tfo_answer_and_close(lab, tfo_send(lab, CLIENT_PORT + 1), listener)


def tfo_declined(lab):
    listener = tfo_listen(lab)
    tfo_fetch_cookie(lab, listener)
    lab.server.apply({"net.ipv4.tcp_fastopen": 1})
    tfo_answer_and_close(lab, tfo_send(lab, CLIENT_PORT + 1), listener)


def tfo_answer_early(lab):
    listener = tfo_listen(lab)
    tfo_fetch_cookie(lab, listener)
    client = tfo_send(lab, CLIENT_PORT + 1)
    server = lab.accept(listener)
    server.recv(4096)
    server.send(b"200 OK\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def tfo_close_early(lab):
    listener = tfo_listen(lab)
    tfo_fetch_cookie(lab, listener)
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
    listener = tfo_listen(lab)
    tfo_fetch_cookie(lab, listener)
    client = tfo_send(lab, CLIENT_PORT + 1)
    lab.step_aside()
    client.shutdown(socket.SHUT_WR)
    lab.accept(listener)
    lab.settle()


# The same ports again

def reuse_port(lab):
    listener = lab.listen()
    for _ in range(2):
        client, server = lab.connect(listener)
        exchange(client, server)
        lab.settle()
        close_in_turn(lab, server, client)


def reuse_own_port(lab):
    listener = lab.listen()
    for _ in range(2):
        client, server = lab.connect(listener)
        exchange(client, server)
        lab.settle()
        close_in_turn(lab, client, server)
        lab.pause(1.2)


def refused_then_accepted(lab):
    connect_in_vain(lab)
    lab.settle()
    close_by_client(lab)


def reuse_after_abort(lab):
    listener = lab.listen()
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    abort(client)
    lab.settle()
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


def reuse_after_time_wait(lab):
    listener = lab.listen()
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, server, client)
    lab.until("server", "LISTEN")
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, server, client)


def half_open(lab):
    listener = lab.listen()
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    vanish(client)
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)
