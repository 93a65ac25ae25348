"""What the kernel says about a connection's two ends, and one true path of states made of it.

SPDX-License-Identifier: GPL-2.0-or-later

Two witnesses are needed. The tracepoint sock:inet_sock_set_state sees every change of a full socket, but Linux keeps
SYN-RECEIVED of a listener's connection in a request socket, and TIME-WAIT (and FIN-WAIT-2 of a socket that its process
has closed) in a small time-wait socket; neither has a tracepoint. So sock_diag is asked after each segment delivered.
"""

import collections
import errno
import glob
import os
import re
import socket
import struct

TRACING = "/sys/kernel/tracing"
EVENT = "events/sock/inet_sock_set_state"

NAMES = {
    1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 6: "TIME-WAIT",
    7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECEIVED",
}
TRACE_NAMES = {
    "TCP_ESTABLISHED": 1, "TCP_SYN_SENT": 2, "TCP_SYN_RECV": 3, "TCP_FIN_WAIT1": 4, "TCP_FIN_WAIT2": 5,
    "TCP_TIME_WAIT": 6, "TCP_CLOSE": 7, "TCP_CLOSE_WAIT": 8, "TCP_LAST_ACK": 9, "TCP_LISTEN": 10, "TCP_CLOSING": 11,
    "TCP_NEW_SYN_RECV": 12,
}
# How long after a time-wait socket took over may the next look at it come.
HANDOVER = 0.1

Change = collections.namedtuple("Change", "time saddr sport daddr dport old new")
Sample = collections.namedtuple("Sample", "time end port state")
Row = collections.namedtuple("Row", "time port ordinal end old new")


class Trace:
    """A trace instance of its own, so that another user of the tracer neither sees nor disturbs it."""

    PREFIX = "tcpshake-lab-"

    def __init__(self, port):
        if not os.path.exists(f"{TRACING}/{EVENT}"):
            raise SystemExit(f"no {TRACING}/{EVENT}: mount -t tracefs tracefs {TRACING}")
        self._remove_orphans()
        self.path = f"{TRACING}/instances/{self.PREFIX}{os.getpid()}"
        os.mkdir(self.path)
        try:
            self._write("trace_clock", "mono")
            self._write("buffer_size_kb", "512")
            self._write(f"{EVENT}/filter", f"protocol == {socket.IPPROTO_TCP} && (sport == {port} || dport == {port})")
            self._write(f"{EVENT}/enable", "1")
        except OSError:
            os.rmdir(self.path)
            raise

    def _remove_orphans(self):
        """Of runs that were killed and could not do it themselves."""
        for path in glob.glob(f"{TRACING}/instances/{self.PREFIX}*"):
            if not os.path.exists("/proc/" + path.rpartition("-")[2]):
                os.rmdir(path)

    def _write(self, name, value):
        with open(f"{self.path}/{name}", "w") as out:
            out.write(value)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._write(f"{EVENT}/enable", "0")
        finally:
            os.rmdir(self.path)

    def read(self):
        with open(f"{self.path}/trace") as lines:
            return [change for change in map(parse_trace_line, lines) if change]


_LINE = re.compile(
    r"\s(?P<time>\d+\.\d+): inet_sock_set_state: family=(?P<family>\S+) .*?sport=(?P<sport>\d+) dport=(?P<dport>\d+) "
    r"saddr=(?P<s4>\S+) daddr=(?P<d4>\S+) saddrv6=(?P<s6>\S+) daddrv6=(?P<d6>\S+) "
    r"oldstate=(?P<old>\S+) newstate=(?P<new>\S+)")


def parse_trace_line(line):
    found = _LINE.search(line)
    if not found:
        return None
    suffix = "6" if found["family"] == "AF_INET6" else "4"
    return Change(float(found["time"]), found["s" + suffix], int(found["sport"]), found["d" + suffix],
                  int(found["dport"]), NAMES[TRACE_NAMES[found["old"]]], NAMES[TRACE_NAMES[found["new"]]])


class SocketDiagnosis:
    """Asks one namespace for the state of one four-tuple: an exact look-up, where /proc/net/tcp walks every socket."""

    NETLINK_SOCK_DIAG, NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 4, 1, 4, 2
    SOCK_DIAG_BY_FAMILY, SOCK_DESTROY = 20, 21

    def __init__(self, host):
        self.host = host
        self.netlink = host.socket(socket.AF_NETLINK, socket.SOCK_RAW, self.NETLINK_SOCK_DIAG)
        self.netlink.settimeout(5)

    def state(self, own_port, peer_port):
        """The state's name, LISTEN where only a listener would take a segment, CLOSED where nobody would."""
        answer = self._ask(self.SOCK_DIAG_BY_FAMILY, self.NLM_F_REQUEST, own_port, peer_port)
        if struct.unpack_from("=H", answer, 4)[0] == self.NLMSG_ERROR:
            number = -struct.unpack_from("=i", answer, 16)[0]
            if number != errno.ENOENT:
                raise OSError(number, f"sock_diag: {os.strerror(number)}")
            return "CLOSED"
        return NAMES[answer[17]]

    def destroy(self, own_port, peer_port):
        """Where the kernel cannot, or nothing is there, it stays as it is."""
        self._ask(self.SOCK_DESTROY, self.NLM_F_REQUEST | self.NLM_F_ACK, own_port, peer_port)

    def _ask(self, kind, flags, own_port, peer_port):
        family = self.host.family
        own, peer = (socket.inet_pton(family, text).ljust(16, b"\0")
                     for text in (self.host.address, self.host.peer_address))
        request = struct.pack("!BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF)
        request += struct.pack("!HH", own_port, peer_port) + own + peer + struct.pack("!I", 0) + b"\xff" * 8
        self.netlink.send(struct.pack("=IHHII", 16 + len(request), kind, flags, 0, 0) + request)
        return self.netlink.recv(8192)


def is_before(path_state):
    return path_state in ("CLOSED", "LISTEN")


class Ends:
    """Joins both witnesses in the order of time into rows of (connection, end, old, new)."""

    def __init__(self):
        self.rows = []
        self.state = {}
        self.ordinal = collections.Counter()
        self.current = {}
        self.shadow = {}

    def move(self, time, end, port, new):
        key = (end, port)
        old = self.state.get(key, "CLOSED")
        if old == new:
            return
        opening = new in ("SYN-SENT", "SYN-RECEIVED") and old not in ("SYN-SENT", "SYN-RECEIVED", "LISTEN")
        if opening:
            self._open(time, key, old)
            old = "CLOSED" if new == "SYN-SENT" else "LISTEN"
        self.rows.append(Row(time, port, self.current.get(key, 1), end, old, new))
        self.state[key] = new

    def _open(self, time, key, old):
        end, port = key
        if not is_before(old):
            self.rows.append(Row(time, port, self.current[key], end, old, "CLOSED"))
        if end == "client":
            self.ordinal[port] += 1
        self.current[key] = max(self.ordinal[port], 1)

    def change(self, change, end, port, looks):
        key = (end, port)
        if not self._continues(key, change.old):
            return
        if change.new == "CLOSED" and change.old in ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING"):
            shadow = next_look(looks, change.time)
            if shadow in ("FIN-WAIT-2", "TIME-WAIT"):
                self.shadow[key] = True
                self.move(change.time, end, port, shadow)
                return
        self.shadow[key] = False
        if self.state.get(key, "CLOSED") != change.old and not is_before(change.old):
            self.move(change.time, end, port, change.old)
        self.move(change.time, end, port, change.new)

    def _continues(self, key, old):
        """The trace is complete, so a change from another state is that of a socket which an earlier run left dying.

        Only a listener's SYN-RECEIVED, and the wait states after a socket's end, have gone by unseen. A new connection
        may take the place of either of these.
        """
        state = self.state.get(key, "CLOSED")
        free = is_before(state) or state == "TIME-WAIT" or (state == "FIN-WAIT-2" and self.shadow.get(key))
        return state == old or (free and (is_before(old) or old == "SYN-RECEIVED"))

    def look(self, sample):
        key = (sample.end, sample.port)
        old = self.state.get(key, "CLOSED")
        if sample.state == "SYN-RECEIVED" and (is_before(old) or old == "TIME-WAIT"):
            self.shadow[key] = True
            self.move(sample.time, sample.end, sample.port, "SYN-RECEIVED")
        elif self.shadow.get(key) and sample.state == "TIME-WAIT":
            self.move(sample.time, sample.end, sample.port, "TIME-WAIT")
        elif self.shadow.get(key) and is_before(sample.state):
            self.shadow[key] = False
            self.move(sample.time, sample.end, sample.port, "CLOSED")


def next_look(looks, time):
    for sample in looks:
        if sample.time >= time:
            return sample.state if sample.time - time < HANDOVER else None
    return None


def join(changes, samples, server_port, until):
    """Rows for one scenario from its own changes and samples, up to the time its recording ended."""
    looks = collections.defaultdict(list)
    for sample in samples:
        looks[sample.end, sample.port].append(sample)
    ends = Ends()
    # A line with a zero port is a listener, or its clone before it has been given the peer's address.
    events = [c for c in changes if c.sport and c.dport and c.time <= until] + list(samples)
    for event in sorted(events, key=lambda e: e.time):
        if isinstance(event, Sample):
            ends.look(event)
            continue
        end, port = ("server", event.dport) if event.sport == server_port else ("client", event.sport)
        ends.change(event, end, port, looks[end, port])
    return ends.rows


def paths(rows):
    """{(port, ordinal): {end: [state, ...]}} without the CLOSED or LISTEN that each began in."""
    found = collections.defaultdict(lambda: {"client": [], "server": []})
    for row in rows:
        found[row.port, row.ordinal][row.end].append(row.new)
    return dict(found)
