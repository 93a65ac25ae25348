"""Scripts of ordinary conversations, of what happens while one is open, and of incomplete captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import socket

from script import CLIENT_PORT, close_in_turn, delay_acks, exchange, open_and_talk, read_to_end, talk_and_close

TCP = socket.IPPROTO_TCP


# Ordinary

def close_by_client(lab, listener=None):
    client, server = open_and_talk(lab, listener)
    close_in_turn(lab, client, server)


def close_by_server(lab, listener=None, isn=None):
    client, server = open_and_talk(lab, listener, isn)
    close_in_turn(lab, server, client)


def no_data(lab):
    client, server = lab.established()
    lab.settle()
    close_in_turn(lab, client, server)


def close_on_end_of_file(lab, first, second):
    """The second end is waiting in recv, so its FIN comes sooner than its delayed ACK would."""
    exchange(first, second)
    lab.settle()
    delay_acks(first, second)
    first.close()
    read_to_end(second)
    # Long enough to tell CLOSE-WAIT from LAST-ACK in time, shorter than a delayed ACK.
    lab.pause(0.008)
    second.close()
    lab.settle()


def three_segment_close(lab):
    client, server = lab.established()
    close_on_end_of_file(lab, client, server)


def three_segment_close_by_server(lab):
    client, server = lab.established()
    close_on_end_of_file(lab, server, client)


def go_on_after_half_close(lab, first, second):
    exchange(first, second)
    first.shutdown(socket.SHUT_WR)
    for _ in range(3):
        lab.settle()
        second.send(b"x" * 500)
        first.recv(4096)
    lab.settle()
    second.close()
    first.recv(1)
    first.close()
    lab.settle()


def half_close(lab):
    client, server = lab.established()
    go_on_after_half_close(lab, client, server)


def half_close_by_server(lab):
    client, server = lab.established()
    go_on_after_half_close(lab, server, client)


def simultaneous_open(lab):
    client, server = lab.cross_connect()
    lab.until("client", "ESTABLISHED")
    lab.until("server", "ESTABLISHED")
    lab.settle()
    talk_and_close(lab, client, server)


def cross_open_close(lab):
    client, server = lab.cross_connect()
    exchange(client, server)
    lab.settle()
    client.close()
    server.close()
    lab.settle()


def simultaneous_close(lab):
    client, server = open_and_talk(lab)
    client.close()
    server.close()
    lab.settle(0.6)


def request_and_half_close(lab):
    """Request and FIN leave together, and so do answer and FIN."""
    client, server = lab.established()
    client.send(b"GET /\n")
    client.shutdown(socket.SHUT_WR)
    read_to_end(server)
    lab.pause(0.008)
    server.send(b"200 OK\n")
    server.close()
    read_to_end(client)
    lab.step_aside()
    client.close()
    lab.settle()


def stream_into_fin(lab):
    client, server = lab.established()
    exchange(client, server)
    client.shutdown(socket.SHUT_WR)
    for _ in range(4):
        server.send(b"y" * 200)
        lab.pause(0.012)
    lab.settle()
    server.close()
    lab.settle()
    client.close()
    lab.settle()


def fin_with_data(lab):
    client, server = lab.established()
    client.send(b"last words\n", socket.MSG_MORE)
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    server.recv(4096)
    server.send(b"the answer\n", socket.MSG_MORE)
    server.close()
    lab.settle()
    client.close()
    lab.settle()


# Open

def probe_each_second(sock, count):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(TCP, socket.TCP_KEEPIDLE, 1)
    sock.setsockopt(TCP, socket.TCP_KEEPINTVL, 1)
    sock.setsockopt(TCP, socket.TCP_KEEPCNT, count)


def keep_alive(lab):
    client, server = lab.established()
    exchange(client, server)
    probe_each_second(client, 9)
    lab.pause(3.5)
    close_in_turn(lab, client, server)


def keep_alive_in_vain(lab):
    client, server = lab.established()
    exchange(client, server)
    probe_each_second(client, 3)
    lab.until("client", "CLOSED")
    lab.settle()


def zero_window(lab):
    listener = lab.listen(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)])
    client, server = lab.connect(listener)
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        for _ in range(4):
            client.send(b"z" * 1000)
    lab.pause(2)
    server.settimeout(0.5)
    with contextlib.suppress(TimeoutError):
        read_to_end(server)
    lab.settle(0.6)
    close_in_turn(lab, client, server)


def close_behind_zero_window(lab):
    """The client closes with data queued: it is in FIN-WAIT-1 long before the window lets its FIN out."""
    listener = lab.listen(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)])
    client, server = lab.connect(listener)
    for _ in range(4):
        client.send(b"z" * 1000)
    lab.settle()
    client.close()
    lab.pause(1.5)
    read_to_end(server)
    lab.settle()
    server.close()
    lab.settle(0.6)


def data_in_vain(lab):
    client, _ = lab.established()
    client.send(b"are you there?\n")
    lab.until("client", "CLOSED")


def isn_wraps(lab):
    client, server = lab.connect(lab.listen(), isn=0xFFFFFFFA)
    exchange(client, server, b"q" * 20)
    lab.settle()
    close_in_turn(lab, client, server)


def defer_accept(lab):
    listener = lab.listen(options=[(TCP, socket.TCP_DEFER_ACCEPT, 5)])
    client = lab.connect_unaccepted()
    lab.pause(0.4)
    client.send(b"GET /\n")
    server = lab.accept(listener)
    server.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def backlog_full(lab):
    """The queue shrinks between the SYNs and their ACKs; a queue full earlier would have dropped the SYN."""
    listener = lab.listen()
    clients = [lab.begin_connect(), lab.begin_connect(CLIENT_PORT + 1)]
    lab.until("server", "SYN-RECEIVED", CLIENT_PORT + 1)
    listener.listen(0)
    lab.settle()
    servers = [lab.accept(listener), lab.accept(listener)]
    lab.settle(0.4)
    for client, server in zip(clients, servers):
        close_in_turn(lab, client, server)


# Incomplete captures

def record_from_transfer(lab):
    client, server = open_and_talk(lab)
    lab.start_recording()
    talk_and_close(lab, client, server)


def record_from_close(lab):
    client, server = open_and_talk(lab)
    client.close()
    lab.settle()
    lab.start_recording()
    server.close()
    lab.settle()


def record_without_end(lab):
    client, server = open_and_talk(lab)
    lab.stop_recording()
    close_in_turn(lab, client, server)
