"""Scripts of trouble that two real stacks get into: refusals by routers, lost memory, silence, and slow applications.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import contextlib
import socket

from plays_opening import connect_in_vain, tfo_answer_and_close, tfo_listen, tfo_send
from plays_talking import probe_each_second
from script import (CLIENT_PORT, SERVER_PORT, abort, close_in_turn, exchange, read_to_end, set_isn, vanish)

TCP = socket.IPPROTO_TCP
# Longer than the limits of 2 s with which these captures are looked at.
LONG = 3


def open_and_talk(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    return client, server


def another_connection(lab, listener):
    """It shows that the capture went on."""
    client, server = lab.connect(listener, CLIENT_PORT + 1)
    close_in_turn(lab, client, server)


# Routers

def connect_beyond(lab, route, hops=None):
    """The server's namespace plays the router; the address is behind it, by this kind of route."""
    beyond, six = lab.server.address, lab.server.family == socket.AF_INET6
    router, bits = ("fd77::ffff:1", 128) if six else ("10.77.255.1", 32)
    lab.server.apply({"net.ipv6.conf.all.forwarding" if six else "net.ipv4.ip_forward": 1})
    lab.server.ip(f"addr del {beyond}/{bits} dev lab0\naddr add {router}/{bits} dev lab0{' nodad' if six else ''}\n"
                  f"route replace {lab.client.address}/{bits} dev lab0\n"
                  f"route add {route.format(f'{beyond}/{bits}')}\n")
    client = lab.bound(lab.client, CLIENT_PORT)
    if hops:
        option = (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS) if six else (socket.IPPROTO_IP, socket.IP_TTL)
        client.setsockopt(*option, hops)
    with contextlib.suppress(OSError):
        client.connect((beyond, SERVER_PORT))
    client.close()


def connect_prohibited(lab):
    connect_beyond(lab, "prohibit {}")


def connect_unreachable(lab):
    connect_beyond(lab, "unreachable {}")


def connect_too_far(lab):
    connect_beyond(lab, "{} dev lab0", hops=1)


# Another attempt

def second_attempt(lab):
    """The application gives up before any answer and tries again from the same port."""
    listener = lab.listen()
    client = lab.begin_connect()
    lab.pause(0.02)
    client.close()
    lab.pause(0.3)
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


def server_restarts_in_handshake(lab):
    listener = lab.listen()
    client = lab.begin_connect()
    lab.until("server", "SYN-RECEIVED")
    listener.close()
    lab.pause(0.1)
    listener = lab.listen()
    lab.until("client", "ESTABLISHED")
    client.settimeout(30)
    server = lab.accept(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


def full_queue_drops_syn(lab):
    """A queue of one: the second SYN is dropped without a word until the application takes the first connection."""
    listener = lab.listen(backlog=0)
    first = lab.begin_connect()
    lab.until("client", "ESTABLISHED")
    lab.settle()
    second = lab.begin_connect(CLIENT_PORT + 1)
    lab.pause(0.3)
    servers = [lab.accept(listener)]
    lab.until("client", "ESTABLISHED", CLIENT_PORT + 1)
    servers.append(lab.accept(listener))
    for client, server in zip((first, second), servers):
        client.settimeout(30)
        close_in_turn(lab, client, server)


def six_connections(lab, isns):
    listener = lab.listen()
    for number, isn in enumerate(isns):
        port = CLIENT_PORT + number
        client = lab.begin_connect(port, prepare=lambda sock, isn=isn: set_isn(sock, isn))
        lab.until("client", "ESTABLISHED", port)
        server = lab.accept(listener)
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
    tfo_answer_and_close(lab, tfo_send(lab, CLIENT_PORT), listener)


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
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    vanish(client)
    vanish(server)
    lab.pause(0.2)
    return listener


def both_forgot(lab):
    client, server = lab.connect(forget_both(lab))
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


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
    client, server = open_and_talk(lab)
    with contextlib.suppress(OSError):
        client.send(b"GET /again\n")
        lab.until("client", "CLOSED")
    lab.settle()


# Silence

def keep_alive_once_in_vain(lab):
    client, server = lab.established()
    exchange(client, server)
    probe_each_second(client, 9)
    lab.pause(3.5)
    close_in_turn(lab, client, server)


def idle(lab):
    client, server = open_and_talk(lab)
    lab.pause(LONG)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


def slow_answer(lab):
    """Long enough not to be taken for a good-bye."""
    client, server = lab.established()
    client.send(b"GET /\n")
    server.recv(4096)
    lab.pause(LONG)
    server.send(b"200 OK\n" + b"x" * 500)
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, client, server)


def ask_in_vain(lab):
    client, server = lab.established()
    client.send(b"GET /\n")
    server.recv(4096)
    lab.pause(LONG)
    return client, server


def ask_and_close(lab):
    close_in_turn(lab, *ask_in_vain(lab))


def ask_and_abort(lab):
    abort(ask_in_vain(lab)[0])
    lab.settle()


def ask_and_wait(lab):
    listener = lab.listen()
    client, server = lab.connect(listener)
    client.send(b"GET /\n")
    server.recv(4096)
    lab.pause(LONG)
    another_connection(lab, listener)


def half_closed(lab, listener):
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    return client, server


def close_late(lab):
    _, server = half_closed(lab, lab.listen())
    lab.pause(LONG)
    server.close()
    lab.settle()


def abort_late(lab):
    _, server = half_closed(lab, lab.listen())
    lab.pause(LONG)
    abort(server)
    lab.settle()


def close_after_long_answer(lab):
    client, server = half_closed(lab, lab.listen())
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
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    client.shutdown(socket.SHUT_WR)
    lab.pause(0.02)
    vanish(client)
    lab.pause(LONG)
    another_connection(lab, listener)


# The same ports again

def connect_with_isn(lab, listener, isn):
    client = lab.begin_connect(prepare=lambda sock: set_isn(sock, isn))
    lab.until("client", "ESTABLISHED")
    client.settimeout(30)
    return client, lab.accept(listener)


def leave_time_wait(lab, listener):
    """The server's, which has seen the numbers from 1000000 on."""
    client, server = connect_with_isn(lab, listener, 1000000)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, server, client)


def lower_isn_in_time_wait(lab):
    listener = lab.listen()
    leave_time_wait(lab, listener)
    client, server = connect_with_isn(lab, listener, 500000)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, server, client)


def lower_isn_turned_away(lab):
    leave_time_wait(lab, lab.listen())
    lab.begin_connect(prepare=lambda sock: set_isn(sock, 500000))
    lab.until("client", "SYN-SENT")
    lab.until("client", "CLOSED")
    lab.settle()


def old_duplicate(lab):
    """The request of the connection before, in the next one."""
    listener = lab.listen()
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, server, client)
    client, server = lab.connect(listener)
    exchange(client, server)
    lab.settle()
    lab.replay("client", "DATA")
    lab.settle()
    close_in_turn(lab, server, client)
