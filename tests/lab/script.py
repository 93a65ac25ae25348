"""What a scenario's script can do: sockets of both ends, waiting, and the switch of the capture.

SPDX-License-Identifier: GPL-2.0-or-later

One thread plays both applications. A socket belongs to the namespace it was made in, so no process per end is needed,
and the order in which the two applications act is the order of the lines.
"""

import contextlib
import signal
import socket
import struct
import time

import forge
from device import Device, TwoPoints
from kernel import SocketDiagnosis
from network import DEVICE, Host
from relay import Relay
from segments import OTHER

SERVER_PORT = 7777
CLIENT_PORT = 40001
TIME_LIMIT = 150
# Of one call.
PATIENCE = 30

TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ, TCP_SEND_QUEUE = 19, 20, 21, 2
TCP_REPAIR_ON, TCP_REPAIR_OFF_WITHOUT_PROBE = 1, -1
TCP_FASTOPEN = 23
MSG_FASTOPEN = 0x20000000


class Lab:
    def __init__(self, number, scenario):
        self.client = Host("client", number, 1, scenario.family)
        self.server = Host("server", number, 2, scenario.family)
        self.hosts = {"client": self.client, "server": self.server}
        for host in self.hosts.values():
            host.apply(scenario.sysctls)
        self.relay = self._relay(scenario)
        self.delay = scenario.delay
        self.record_from = 0.0
        self.record_until = float("inf")
        # A socket that Python closes on its own, at the end of a function, would be a close that the script never made.
        self._kept = []

    def _relay(self, scenario):
        if scenario.device is None:
            return Relay(self.hosts, scenario.rules, SERVER_PORT, scenario.delay, scenario.capture_at)
        device = Device(**scenario.device)
        if device.outside:  # to the server, the client is there
            self.server.peer_address = socket.inet_ntop(scenario.family, device.outside)
            self.server.ip(f"route add {self.server.peer_address} dev {DEVICE}\n")
        inside = socket.inet_pton(scenario.family, self.client.address)
        return TwoPoints(self.hosts, scenario.rules, SERVER_PORT, scenario.delay, device, inside)

    # Sockets

    def listen(self, backlog=8, options=()):
        listener = self.bound(self.server, SERVER_PORT)
        for level, option, value in options:
            listener.setsockopt(level, option, value)
        listener.listen(backlog)
        return listener

    def bound(self, host, port):
        """A fixed port, so that the trace knows the connection from its first line."""
        sock = host.socket()
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host.address, port))
        return self.keep(sock)

    def keep(self, sock):
        self._kept.append(sock)
        return sock

    def connect(self, listener, port=CLIENT_PORT, isn=None):
        client = self.begin_connect(port, isn)
        return client, self.accept(listener)

    def accept(self, listener):
        """Waits for the next connection. But for fast open, its client's end is open by then."""
        accepted = listener.accept()[0]
        accepted.settimeout(PATIENCE)
        return self.keep(accepted)

    def connect_unaccepted(self):
        """Returns when the client's end is open."""
        client = self.bound(self.client, CLIENT_PORT)
        client.connect((self.server.address, SERVER_PORT))
        return client

    def begin_connect(self, port=CLIENT_PORT, isn=None):
        """Sends the SYN and returns without waiting for the answer."""
        client = self.bound(self.client, port)
        if isn is not None:
            set_isn(client, isn)
        start_connect(client, (self.server.address, SERVER_PORT))
        return client

    def established(self):
        return self.connect(self.listen())

    def cross_connect(self):
        """Simultaneous open: the delay of the way is far longer than the time between the two calls."""
        ends = self.bound(self.client, CLIENT_PORT), self.bound(self.server, SERVER_PORT)
        start_connect(ends[0], (self.server.address, SERVER_PORT))
        start_connect(ends[1], (self.client.address, CLIENT_PORT))
        self.settle()
        return ends

    # In somebody's name

    def forge(self, sender, flags, seq=0, ack=0, port=CLIENT_PORT, lost=False, **settings):
        """A segment that seems to come from that end, captured, and delivered unless it is to be lost.

        seq and ack count from where the sender's and its peer's numbers have got to.
        """
        seq += self.relay.numbers(sender, port)
        ack = ack + self.relay.numbers(OTHER[sender], port) if "A" in flags else 0
        host = self.hosts[sender]
        ports = (port, SERVER_PORT) if sender == "client" else (SERVER_PORT, port)
        packet = forge.tcp_packet((host.address, host.peer_address), ports, flags, seq, ack, **settings)
        self.relay.forge(sender, packet, lost)

    def replay(self, sender, kind):
        """An old segment arrives once more."""
        self.relay.replay(sender, kind)

    # Waiting

    def pause(self, seconds):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self._check_relay()
            time.sleep(min(0.05, max(0, limit - time.monotonic())))

    def step_aside(self):
        """Until the relay has noted what was just sent: its time must lie in front of the next transition."""
        self.pause(0.006)

    def settle(self, quiet=0.15):
        """Until nothing is under way and no delayed ACK can be; retransmission timers may still be running."""
        self.pause(self.delay)
        while not self.relay.is_quiet(quiet):
            self.pause(0.02)

    def until(self, end, state, port=CLIENT_PORT, limit=100):
        deadline = time.monotonic() + limit
        ports = (port, SERVER_PORT) if end == "client" else (SERVER_PORT, port)
        # Not the relay's: two threads must not share a netlink socket.
        diagnosis = SocketDiagnosis(self.hosts[end])
        while diagnosis.state(*ports) != state:
            self._check_relay()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{end} is in {diagnosis.state(*ports)}, not in {state}, after {limit} s")
            time.sleep(0.005)

    def _check_relay(self):
        if self.relay.failure:
            raise self.relay.failure

    # The capture

    def start_recording(self):
        self.record_from = time.monotonic()

    def stop_recording(self):
        self.record_until = time.monotonic()


def start_connect(sock, address):
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        sock.connect(address)
    sock.settimeout(PATIENCE)


def abort(sock):
    """Close with a RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def vanish(sock):
    """The end forgets its connection and says nothing, as a machine that lost its power."""
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON)
    sock.close()


def set_isn(sock, isn):
    """The next connect sends this ISN: Linux picks one only where the send queue has no sequence number yet."""
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ, struct.pack("I", isn))
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF_WITHOUT_PROBE)


def delay_acks(*socks):
    """Let ACKs wait for something to ride on, as in a conversation that has long been interactive."""
    for sock in socks:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)


def exchange(client, server, request=b"GET /\n", answer=b"200 OK\n"):
    client.send(request)
    server.recv(4096)
    server.send(answer)
    client.recv(4096)


def read_to_end(sock):
    """Waits for the peer's FIN; nothing may stay unread, or the close would send a RST."""
    while sock.recv(65536):
        pass


def close_in_turn(lab, first, second):
    first.close()
    read_to_end(second)
    lab.settle()
    second.close()
    # Long enough for a retransmission of the FIN, and for the answer to it.
    lab.settle(0.6)


def open_and_talk(lab, listener=None, isn=None):
    """A connection with a request and its answer behind it, and nothing under way."""
    client, server = lab.connect(listener or lab.listen(), isn=isn)
    exchange(client, server)
    lab.settle()
    return client, server


def half_closed(lab, listener=None):
    """The client has shut down writing, the server has not."""
    client, server = open_and_talk(lab, listener)
    client.shutdown(socket.SHUT_WR)
    lab.settle()
    return client, server


def talk_and_close(lab, client, server):
    """The client closes first."""
    exchange(client, server)
    lab.settle()
    close_in_turn(lab, client, server)


@contextlib.contextmanager
def time_limit(seconds=TIME_LIMIT):
    def expire(*_):
        raise TimeoutError(f"the scenario took longer than {seconds} s")
    signal.signal(signal.SIGALRM, expire)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
