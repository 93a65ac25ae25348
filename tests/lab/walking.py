"""Plays the plan of a walk: both applications, step by step.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import contextlib
import socket
import time

from kernel import SocketDiagnosis
from script import CLIENT_PORT, MSG_FASTOPEN, SERVER_PORT, TCP_FASTOPEN, abort, start_connect, vanish

TCP = socket.IPPROTO_TCP
TCP_USER_TIMEOUT, TCP_LINGER2, TCP_DEFER_ACCEPT = 18, 8, 9
TICK = 0.002
# An opening that leads nowhere is waited for so long; then the steps begin all the same.
OPENING = 2.5
# What has not been done so long after the last step was due is left undone.
GRACE = 2.0
SYN_SENT, SYN_RECEIVED = 2, 3
NO_LISTENER = ("crossing", "refused", "late_listener")
LISTENER_OPTIONS = {"fast_open": [(TCP, TCP_FASTOPEN, 5)], "deferred": [(TCP, TCP_DEFER_ACCEPT, 2)]}
SOCKET_OPTIONS = {
    "keep_alive": lambda value: [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, value), (TCP, socket.TCP_KEEPIDLE, 1),
                                 (TCP, socket.TCP_KEEPINTVL, 1), (TCP, socket.TCP_KEEPCNT, 2)],
    "user_timeout": lambda value: [(TCP, TCP_USER_TIMEOUT, value)],
    "linger2": lambda value: [(TCP, TCP_LINGER2, value)],
    "delayed_ack": lambda value: [(TCP, socket.TCP_QUICKACK, value)],
    "receive_buffer": lambda value: [(socket.SOL_SOCKET, socket.SO_RCVBUF, value)],
}


class Play:
    """Called with a lab, as the script of any scenario. log: (time, end, what, result)."""

    def __init__(self, plan):
        self.plan, self.log = plan, []

    def __call__(self, lab):
        listener = None
        if self.plan["opening"] not in NO_LISTENER:
            listener = self._listen(lab)
        for connection in self.plan["connections"]:
            listener = Conversation(self, lab, listener, connection).run()
            lab.pause(connection["then_wait"])
        deadline = time.monotonic() + self.plan["patience"]
        while time.monotonic() < deadline and not lab.relay.is_quiet(1.3):
            lab.pause(0.05)

    def _listen(self, lab):
        listener = lab.listen(self.plan["backlog"], LISTENER_OPTIONS.get(self.plan["opening"], ()))
        listener.setblocking(False)
        return listener

    def listen_late(self, lab):
        lab.pause(0.3)
        return self._listen(lab)

    def say(self, end, what, result="done"):
        self.log.append((time.monotonic(), end, what, result))


class Conversation:
    """One connection of a walk. sockets: of the server's end none until it is accepted, of a closed end none again."""

    def __init__(self, play, lab, listener, connection):
        self.play, self.plan, self.lab, self.listener, self.connection = play, play.plan, lab, listener, connection
        self.sockets = {"client": None, "server": None}
        self.steps = {end: collections.deque(step for step in connection["steps"] if step[1] == end)
                      for end in self.sockets}
        self.accepted = False

    def run(self):
        """The listener that is there afterwards."""
        self.began = time.monotonic()
        try:
            self._open()
        except OSError as error:  # the ports are still taken
            self.play.say("client", "connect", error.strerror)
            return self.listener
        if self.plan["opening"] == "late_listener" and not self.listener:
            self.listener = self.play.listen_late(self.lab)
        self._wait_for_opening()
        began = time.monotonic()
        last = max((step[0] for step in self.connection["steps"]), default=0)
        while any(self.steps.values()) and time.monotonic() < began + last + GRACE:
            self._accept()
            for at, end in sorted((steps[0][0], end) for end, steps in self.steps.items() if steps):
                if time.monotonic() - began >= at and self.sockets[end]:
                    self._do(*self.steps[end].popleft()[1:])
            self.lab.pause(TICK)
        for _, end, what, *_ in (step for steps in self.steps.values() for step in steps):
            self.play.say(end, what, "left undone")
        return self.listener

    # Opening

    def _open(self):
        client = self._prepared("client", self.lab.bound(self.lab.client, CLIENT_PORT))
        target = (self.lab.server.address, SERVER_PORT)
        size = self.connection["fast_open_bytes"]
        if size:
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                client.sendto(b"f" * size, MSG_FASTOPEN, target)
        else:
            start_connect(client, target)
            client.setblocking(False)
        self.play.say("client", f"connect with {size} bytes" if size else "connect")
        if self.plan["opening"] == "crossing":
            self._cross()
        if self.plan["opening"] == "given_up":
            self.lab.step_aside()
            self._do("client", "close")

    def _cross(self):
        server = self._prepared("server", self.lab.bound(self.lab.server, SERVER_PORT))
        self.lab.pause(self.plan["crossing_after"])
        self.play.say("server", "connect")
        start_connect(server, (self.lab.client.address, CLIENT_PORT))
        server.setblocking(False)
        self.accepted = True

    def _prepared(self, end, sock):
        self.sockets[end] = sock
        for name, value in self.connection["options"][end].items():
            for level, option, setting in SOCKET_OPTIONS[name](value):
                sock.setsockopt(level, option, setting)
        return sock

    def _wait_for_opening(self):
        while time.monotonic() - self.began < OPENING and self.sockets["client"]:
            state = self.sockets["client"].getsockopt(TCP, socket.TCP_INFO, 1)[0]
            if state not in (SYN_SENT, SYN_RECEIVED):
                return
            self._accept()
            self.lab.pause(TICK)

    def _accept(self):
        due = time.monotonic() - self.began >= self.connection["accept_after"]
        if self.accepted or not self.listener or not due:
            return
        with contextlib.suppress(BlockingIOError):
            server = self.listener.accept()[0]
            server.setblocking(False)
            self.lab.keep(self._prepared("server", server))
            self.accepted = True
            self.play.say("server", "accept")

    # Steps

    def _do(self, end, what, *size):
        sock = self.sockets[end]
        if what in ("close", "abort", "kill", "vanish"):
            self.sockets[end] = None
            self.steps[end].clear()
        try:
            getattr(self, "_" + what)(sock, *size, **({"end": end} if what == "kill" else {}))
        except OSError as error:
            self.play.say(end, what, error.strerror)
        else:
            self.play.say(end, " ".join(map(str, (what, *size))))

    @staticmethod
    def _send(sock, size):
        sock.send(b"x" * size)

    @staticmethod
    def _read(sock):
        with contextlib.suppress(BlockingIOError):
            while sock.recv(65536):
                pass

    @staticmethod
    def _shut(sock):
        sock.shutdown(socket.SHUT_WR)

    @staticmethod
    def _deaf(sock):
        sock.shutdown(socket.SHUT_RD)

    @staticmethod
    def _close(sock):
        sock.close()

    @staticmethod
    def _abort(sock):
        abort(sock)

    @staticmethod
    def _vanish(sock):
        vanish(sock)

    def _kill(self, _sock, end):
        """As an administrator does with ss -K. Where the end has no socket any more, a listener's is not meant."""
        ports = (CLIENT_PORT, SERVER_PORT) if end == "client" else (SERVER_PORT, CLIENT_PORT)
        # Not the relay's: two threads must not share a netlink socket.
        diagnosis = SocketDiagnosis(self.lab.hosts[end])
        if diagnosis.state(*ports) != "LISTEN":
            diagnosis.destroy(*ports)
