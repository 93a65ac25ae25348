"""Scripts of trouble that two real stacks get into: another attempt, lost memory, silence, and slow applications.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import socket

from plays_opening import connect_in_vain, tfo_answer_late, tfo_listen, tfo_send
from plays_talking import close_by_client, close_by_server
from script import CLIENT_PORT, abort, close_in_turn, half_closed, open_and_talk, read_to_end, talk_and_close, vanish

TCP = socket.IPPROTO_TCP
# Longer than the limits of 2 s with which these captures are looked at.
LONG = 3


def another_connection(lab, listener):
    """It shows that the capture went on."""
    client, server = lab.connect(listener, CLIENT_PORT + 1)
    close_in_turn(lab, client, server)


# Another attempt

def second_attempt(lab):
    """The application gives up before any answer and tries again from the same port."""
    listener = lab.listen()
    client = lab.begin_connect()
    lab.pause(0.02)
    client.close()
    lab.pause(0.3)
    close_by_client(lab, listener)


def server_restarts_in_handshake(lab):
    listener = lab.listen()
    client = lab.begin_connect()
    lab.until("server", "SYN-RECEIVED")
    listener.close()
    lab.pause(0.1)
    listener = lab.listen()
    server = lab.accept(listener)
    talk_and_close(lab, client, server)


def full_queue_drops_syn(lab):
    """A queue of one: the second SYN is dropped without a word until the application takes the first connection."""
    listener = lab.listen(backlog=0)
    first = lab.connect_unaccepted()
    lab.settle()
    second = lab.begin_connect(CLIENT_PORT + 1)
    lab.pause(0.3)
    servers = [lab.accept(listener), lab.accept(listener)]
    for client, server in zip((first, second), servers):
        close_in_turn(lab, client, server)


def six_connections(lab, isns):
    listener = lab.listen()
    for number, isn in enumerate(isns):
        client, server = lab.connect(listener, CLIENT_PORT + number, isn)
        lab.step_aside()
        client.close()
        read_to_end(server)
        lab.step_aside()
        server.close()
        lab.settle()


def isns_in_steps(lab):
    six_connections(lab, [1000 + 64000 * n for n in range(6)])


def isns_out_of_step(lab):
    """Four in step, then a jump."""
    six_connections(lab, [1000, 65000, 129000, 193000, 500000, 564000])


def data_without_cookie(lab):
    listener = tfo_listen(lab)
    tfo_answer_late(lab, tfo_send(lab, CLIENT_PORT), listener)


def data_without_cookie_ignored(lab):
    lab.server.apply({"net.ipv4.tcp_fastopen": 0})
    data_without_cookie(lab)


def greeting(lab):
    """The server speaks first."""
    client, server = lab.established()
    server.send(b"220 welcome\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


# Lost memory

def server_forgot(lab):
    client, server = open_and_talk(lab)
    vanish(server)
    lab.pause(0.1)
    client.send(b"are you there?\n")
    lab.settle()


def forget_both(lab):
    listener = lab.listen()
    client, server = open_and_talk(lab, listener)
    vanish(client)
    vanish(server)
    lab.pause(0.2)
    return listener


def both_forgot(lab):
    close_by_client(lab, forget_both(lab))


def both_forgot_and_nobody_listens(lab):
    forget_both(lab).close()
    connect_in_vain(lab)


def data_to_nobody(lab):
    """Each segment that is under way is answered by a RST."""
    client, server = open_and_talk(lab)
    server.setsockopt(TCP, socket.TCP_NODELAY, 1)
    vanish(client)
    for _ in range(10):
        server.send(b"x" * 10)
        lab.pause(0.006)
    lab.settle()


def abort_with_data_lost(lab):
    client, _ = open_and_talk(lab)
    client.send(b"this is lost\n")
    lab.pause(0.01)
    abort(client)
    lab.settle()


def second_request(lab):
    client, _ = open_and_talk(lab)
    with contextlib.suppress(OSError):
        client.send(b"GET /again\n")
        lab.until("client", "CLOSED")
    lab.settle()


# Silence

def idle(lab, seconds=LONG):
    client, server = open_and_talk(lab)
    lab.pause(seconds)
    talk_and_close(lab, client, server)


def unanswered_for_long(lab, listener=None, seconds=LONG):
    client, server = lab.connect(listener or lab.listen())
    client.send(b"GET /\n")
    server.recv(4096)
    lab.pause(seconds)
    return client, server


def slow_answer(lab, seconds=LONG):
    """Long enough not to be taken for a good-bye."""
    client, server = unanswered_for_long(lab, seconds=seconds)
    server.send(b"200 OK\n" + b"x" * 500)
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def ask_and_close(lab):
    close_in_turn(lab, *unanswered_for_long(lab))


def ask_and_abort(lab):
    client, _ = unanswered_for_long(lab)
    abort(client)
    lab.settle()


def ask_and_wait(lab):
    listener = lab.listen()
    unanswered_for_long(lab, listener)
    another_connection(lab, listener)


def close_late(lab):
    _, server = half_closed(lab)
    lab.pause(LONG)
    server.close()
    lab.settle()


def close_late_at_client(lab):
    client, server = open_and_talk(lab)
    server.shutdown(socket.SHUT_WR)
    read_to_end(client)
    lab.pause(LONG)
    client.close()
    read_to_end(server)
    server.close()
    lab.settle()


def abort_late(lab):
    _, server = half_closed(lab)
    lab.pause(LONG)
    abort(server)
    lab.settle()


def close_after_long_answer(lab):
    client, server = half_closed(lab)
    for _ in range(4):
        server.send(b"x" * 100)
        client.recv(4096)
        lab.pause(0.8)
    server.close()
    lab.settle()


def never_close(lab):
    listener = lab.listen()
    half_closed(lab, listener)
    lab.pause(LONG)
    another_connection(lab, listener)


def syn_of_the_vanished(lab):
    listener = lab.listen()
    client = lab.begin_connect()
    lab.pause(0.02)
    vanish(client)
    lab.pause(LONG)
    another_connection(lab, listener)


def fin_of_the_vanished(lab):
    listener = lab.listen()
    client, _ = open_and_talk(lab, listener)
    client.shutdown(socket.SHUT_WR)
    lab.pause(0.02)
    vanish(client)
    lab.pause(LONG)
    another_connection(lab, listener)


# The same ports again

def lower_isn_in_time_wait(lab):
    """The server's TIME-WAIT has seen the numbers from 1000000 on."""
    listener = lab.listen()
    close_by_server(lab, listener, isn=1000000)
    close_by_server(lab, listener, isn=500000)


def lower_isn_turned_away(lab):
    close_by_server(lab, lab.listen(), isn=1000000)
    lab.begin_connect(isn=500000)
    lab.until("client", "SYN-SENT")
    lab.until("client", "CLOSED")
    lab.settle()


def old_duplicate(lab):
    """The request of the connection before, in the next one."""
    listener = lab.listen()
    close_by_server(lab, listener)
    client, server = open_and_talk(lab, listener)
    lab.replay("client", "DATA")
    lab.settle()
    close_in_turn(lab, server, client)
