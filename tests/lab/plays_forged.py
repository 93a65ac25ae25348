"""Scripts in which somebody sends segments in the name of an end.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import random
import socket

from relay import FORGED_PORT
from script import close_in_turn, open_and_talk, read_to_end, talk_and_close

SERVER_ISN = 7000


def go_on_after(lab, flags, **settings):
    """Forged in the server's name on an open connection, which then goes on and closes."""
    client, server = open_and_talk(lab)
    lab.forge("server", flags, **settings)
    lab.settle()
    talk_and_close(lab, client, server)


def reset_lost(lab):
    go_on_after(lab, "R", lost=True)


def reset_of_other_ttl(lab):
    go_on_after(lab, "R", ttl=50, lost=True)


def reset_in_window(lab):
    go_on_after(lab, "R", seq=1000)


def reset_right_of_window(lab):
    go_on_after(lab, "R", seq=200000)


def reset_left_of_window(lab):
    go_on_after(lab, "R", seq=-1)


def fin_right_of_window(lab):
    open_and_talk(lab)
    lab.forge("server", "FA", seq=200000)
    lab.settle()


def fin_in_window(lab):
    client, server = open_and_talk(lab)
    lab.forge("server", "FA", seq=100, lost=True)
    lab.settle()
    close_in_turn(lab, server, client)


def fin_before_data(lab):
    client, server = open_and_talk(lab)
    lab.forge("server", "FA", lost=True)
    lab.settle()
    server.send(b"more\n")
    client.recv(4096)
    lab.settle()
    close_in_turn(lab, server, client)


def ack_of_nothing(lab):
    client, server = open_and_talk(lab)
    client.shutdown(socket.SHUT_WR)
    read_to_end(server)
    lab.settle()
    lab.forge("server", "A", ack=1000)
    lab.settle()
    server.close()
    lab.settle()


def data_in_both_names(lab):
    """Neither end has sent what its peer acknowledges from here on: each ACK is answered by another."""
    open_and_talk(lab)
    lab.forge("client", "PA", data=b"never sent\n")
    lab.forge("server", "PA", data=b"not sent either\n")
    lab.settle()


# In the handshake

def wrong_refusal(lab):
    """A RST that does not acknowledge the SYN, which itself is lost."""
    listener = lab.listen()
    client = lab.begin_connect()
    lab.step_aside()
    lab.forge("server", "RA", ack=500)
    server = lab.accept(listener)
    talk_and_close(lab, client, server)


def meddle(lab, when, *forged, **settings):
    listener = lab.listen()
    client = lab.begin_connect()
    lab.until("server", when)
    lab.step_aside()
    lab.forge(*forged, **settings)
    server = lab.accept(listener)
    lab.settle()
    talk_and_close(lab, client, server)


def wrong_syn_ack(lab):
    meddle(lab, "LISTEN", "server", "SA", seq=SERVER_ISN, ack=100000)


def wrong_ack(lab):
    meddle(lab, "SYN-RECEIVED", "client", "A", ack=-100000)


def syn_ack_by_client(lab):
    meddle(lab, "SYN-RECEIVED", "client", "SA", seq=-1, lost=True)


def syn_ack_for_nothing(lab):
    lab.forge("server", "SA", seq=SERVER_ISN, ack=9001)
    lab.settle()


# A peer that only sends what the script says: the client's segments are captured and lost.

def answered_with(lab, *answers):
    """Each answer: flags, and its number behind the server's ISN."""
    client = lab.begin_connect()
    lab.pause(0.05)
    for flags, number, data in answers:
        lab.forge("server", flags, seq=SERVER_ISN + number, data=data)
        lab.pause(0.05 if not data else 0.1)
    lab.until("client", "ESTABLISHED")
    end = max(number + len(data) for _, number, data in answers)
    lab.settle()
    if end > 1:
        client.recv(4096)
    client.close()
    lab.pause(0.05)
    lab.forge("server", "FA", seq=SERVER_ISN + end)
    lab.settle()


def split_handshake(lab):
    answered_with(lab, ("S", 0, b""), ("A", 1, b""))


def split_handshake_in_four(lab):
    """The ACK carries the number behind the SYN that follows: with any other, Wireshark begins a new stream there."""
    answered_with(lab, ("A", 1, b""), ("S", 0, b""), ("A", 1, b""))


def data_behind_syn_ack(lab):
    client = lab.begin_connect()
    lab.pause(0.05)
    lab.forge("server", "SA", seq=SERVER_ISN)
    lab.forge("server", "PA", seq=SERVER_ISN + 1, data=b"220 welcome\n")
    lab.settle()
    client.recv(4096)
    client.close()
    lab.pause(0.05)
    lab.forge("server", "FA", seq=SERVER_ISN + 13)
    lab.settle()


# Without any client

def scan(lab):
    lab.listen()
    for number, flags in enumerate(("SF", "SR", "FR", "", "F", "P", "U", "FPU")):
        lab.forge("client", flags, seq=1000000, port=FORGED_PORT + number)
        lab.step_aside()
    lab.settle()


def flood(lab, count):
    """None of these SYNs has anybody behind it."""
    lab.listen(backlog=512)
    numbers = random.Random(count)
    for port in range(FORGED_PORT, FORGED_PORT + count):
        lab.forge("client", "S", seq=numbers.getrandbits(32), port=port)
    lab.settle()


def syn_flood(lab):
    flood(lab, 150)


def syn_burst(lab):
    flood(lab, 100)
