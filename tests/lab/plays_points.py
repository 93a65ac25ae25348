"""Scripts of connections that are recorded at two points.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from plays_talking import close_by_client
from script import abort, exchange, open_and_talk

TTL_OF_DEVICE = 200


def talk_and_close(lab):
    """And wait, so that the other point was watched for longer than anything is under way."""
    close_by_client(lab)
    lab.pause(1.2)


def late_loss(lab):
    """Data behind the close of another connection: both points are watched to the end."""
    client, server = open_and_talk(lab)
    client.close()
    lab.settle(1.5)
    server.close()
    lab.settle(0.6)


def reset_both(lab):
    """A device resets both ends, each in the other's name."""
    client, server = open_and_talk(lab)
    for end in "server", "client":
        lab.forge(end, "R", ttl=TTL_OF_DEVICE)
    lab.settle()
    assert not closes_in_order(client, server)


def closes_in_order(client, server):
    try:
        client.send(b"more\n")
        return server.recv(10) == b"more\n"
    except ConnectionError:
        return False


def reset_client(lab):
    """A device resets the client; the server goes on, and the client's kernel answers with RSTs."""
    _, server = open_and_talk(lab)
    lab.forge("server", "R", ttl=TTL_OF_DEVICE)
    lab.settle()
    server.send(b"more\n")
    lab.settle(1.2)


def abort_by_server(lab):
    """The server's own RST passes both points."""
    client, server = lab.established()
    exchange(client, server)
    lab.settle()
    abort(server)
    lab.settle()


def abort_lost(lab):
    """The client's RST is lost in between; the server goes on, and a second RST answers that."""
    client, server = open_and_talk(lab)
    abort(client)
    lab.settle()
    server.send(b"more\n")
    lab.settle(1.2)
