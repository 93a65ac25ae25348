"""Scripts about aborts and closing.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import socket

from script import abort, close_in_turn, half_closed, open_and_talk, read_to_end, vanish

TCP = socket.IPPROTO_TCP


# Aborts

def abort_by_client(lab):
    client, _ = open_and_talk(lab)
    abort(client)
    lab.settle()


def abort_by_server(lab):
    _, server = open_and_talk(lab)
    abort(server)
    lab.settle()


def abort_in_syn_sent(lab):
    lab.listen()
    client = lab.begin_connect()
    lab.step_aside()
    client.close()
    lab.settle()


def abort_after_handshake(lab):
    lab.listen()
    client = lab.connect_unaccepted()
    lab.step_aside()
    abort(client)
    lab.settle()


def abort_in_close_wait(lab):
    _, server = half_closed(lab)
    abort(server)
    lab.settle()


def abort_in_fin_wait_2(lab):
    client, _ = half_closed(lab)
    abort(client)
    lab.settle()


def data_after_close(lab):
    client, server = open_and_talk(lab)
    client.close()
    lab.settle()
    server.send(b"too late\n" * 20)  # more than a farewell: somebody misses it
    lab.settle()


def abort_by_both(lab):
    client, server = open_and_talk(lab)
    abort(client)
    abort(server)
    lab.settle()


def fin_meets_rst(lab):
    """The FIN comes to an end that has just aborted, and is answered by another RST."""
    client, server = open_and_talk(lab)
    client.close()
    abort(server)
    lab.settle()


def data_to_forgetful(lab):
    """The client has lost its memory without a word; only the answer to the server's data tells."""
    client, server = open_and_talk(lab)
    vanish(client)
    lab.pause(0.1)
    server.send(b"are you there?\n")
    lab.settle()


def close_with_unread_data(lab):
    client, server = lab.established()
    server.send(b"nobody reads this\n")
    lab.settle()
    client.close()
    lab.settle()


def listener_closed(lab):
    listener = lab.listen()
    lab.connect_unaccepted()
    lab.settle()
    listener.close()
    lab.settle()


def listener_closed_in_handshake(lab):
    """The request for the connection goes with its listener, so the handshake's ACK meets nobody."""
    listener = lab.listen()
    lab.begin_connect()
    lab.until("server", "SYN-RECEIVED")
    listener.close()
    lab.settle()


def rst_lost(lab):
    client, server = open_and_talk(lab)
    abort(client)
    lab.settle()
    server.send(b"are you there?\n")
    lab.settle()


# Closing

def ack_then_fin(lab):
    """The second FIN comes before the first is sent again for want of its ACK."""
    client, server = open_and_talk(lab)
    client.close()
    read_to_end(server)
    # A FIN turns Linux to delayed ACKs; the option sends the one that waits.
    server.setsockopt(TCP, socket.TCP_QUICKACK, 1)
    lab.pause(0.01)
    server.close()
    lab.settle(0.6)


def data_and_close(lab):
    client, server = lab.established()
    lab.settle()
    client.send(b"last words\n")
    close_in_turn(lab, client, server)


def last_ack_in_vain(lab):
    client, server = open_and_talk(lab)
    client.close()
    lab.settle()
    server.close()
    lab.until("server", "LISTEN")
    lab.until("client", "CLOSED")


def fin_wait_2_timeout(lab):
    client, server = open_and_talk(lab)
    client.close()
    lab.until("client", "CLOSED")
    server.close()
    lab.settle()


def close_wait_stays(lab):
    half_closed(lab)
    lab.pause(12)
