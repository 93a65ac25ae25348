"""Scripts about aborts and closing.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import socket

from script import CLIENT_PORT, SERVER_PORT, abort, close_in_turn, exchange, read_to_end, vanish

TCP = socket.IPPROTO_TCP


# Aborts

def abort_by_client(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    abort(client)
    lab.settle()


def abort_by_server(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
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
    client = lab.bound(lab.client, CLIENT_PORT)
    client.connect((lab.server.address, SERVER_PORT))
    lab.step_aside()
    abort(client)
    lab.settle()


def half_closed(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    return client, server


def abort_in_close_wait(lab):
    _, server = half_closed(lab)
    abort(server)
    lab.settle()


def abort_in_fin_wait_2(lab):
    client, _ = half_closed(lab)
    abort(client)
    lab.settle()


def data_after_close(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.close()
    lab.settle()
    server.send(b"too late\n")
    lab.settle()


def abort_by_both(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    abort(client)
    abort(server)
    lab.settle()


def fin_meets_rst(lab):
    """The FIN comes to an end that has just aborted, and is answered by another RST."""
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.close()
    abort(server)
    lab.settle()


def data_to_forgetful(lab):
    """The client has lost its memory without a word; only the answer to the server's data tells."""
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
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
    client = lab.bound(lab.client, CLIENT_PORT)
    client.connect((lab.server.address, SERVER_PORT))
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
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    abort(client)
    lab.settle()
    server.send(b"are you there?\n")
    lab.settle()


# Closing

def ack_then_fin(lab):
    """The second FIN comes before the first is sent again for want of its ACK."""
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
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
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.close()
    lab.settle()
    server.close()
    lab.until("server", "LISTEN")
    lab.until("client", "CLOSED")


def fin_wait_2_timeout(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.close()
    lab.until("client", "CLOSED")
    server.close()
    lab.settle()


def close_wait_stays(lab):
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    client.shutdown(socket.SHUT_WR)
    lab.pause(12)
