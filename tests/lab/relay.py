"""The wire between the two ends: delay, faults, and the capture point.

SPDX-License-Identifier: GPL-2.0-or-later

A segment is read from one TUN device, written to the other after the delay, and recorded when it passes the capture
point. Each fault says on which side of that point it happens, because that decides what a capture can know of it.
"""

import collections
import contextlib
import heapq
import itertools
import os
import select
import threading
import time

import forge
from kernel import Sample, SocketDiagnosis
from segments import OTHER, Progress, is_relayed, kinds, parse

# Timers change states without a segment; this bounds how late they are noticed.
LOOK_INTERVAL = 0.02
# What a middlebox behind the capture point needs for an answer.
ANSWER_TIME = 0.002
# Of forged connections no kernel has a socket at their own end; the ports from here on are not asked about.
FORGED_PORT = 50001

Frame = collections.namedtuple("Frame", "time packet sender sent arrival note")

Injected = collections.namedtuple("Injected", "sender packet sent note lost")


class Rule:
    """One fault for the matching segments: which sender and kind, and from which match to which."""

    def __init__(self, what, action, nth=1, last=None, **settings):
        self.sender, self.kind = what.split()
        self.action = action
        self.first = nth
        self.last = last or nth
        self.settings = settings
        self.seen = 0
        self.applied = 0

    def __str__(self):
        return f"{self.action} {self.sender} {self.kind} #{self.first}"

    def applies(self, sender, kinds):
        if sender != self.sender or self.kind not in kinds:
            return False
        self.seen += 1
        if not self.first <= self.seen <= self.last:
            return False
        self.applied += 1
        return True


class Journey:
    """Where one segment goes: when it is captured (perhaps twice, perhaps never), when it arrives."""

    def __init__(self, sent, captured, arrived):
        self.sent, self.captures, self.arrivals, self.note = sent, [captured], [arrived], "-"
        self.answers = []

    def lose_before(self):
        self.captures, self.arrivals = [], []

    def lose_after(self):
        self.arrivals, self.note = [], "lost"

    def hide(self):
        self.captures = []

    def hold_before(self, seconds):
        self.captures, self.note = [t + seconds for t in self.captures], "held"
        self.arrivals = [t + seconds for t in self.arrivals]

    def hold_after(self, seconds):
        self.arrivals = [t + seconds for t in self.arrivals]

    def repeat_before(self, seconds):
        self.captures += [t + seconds for t in self.captures]
        self.arrivals += [t + seconds for t in self.arrivals]

    def repeat_after(self, seconds):
        self.arrivals += [t + seconds for t in self.arrivals]

    def record_late(self, seconds):
        self.captures, self.note = [t + seconds for t in self.captures], "late"

    def record_twice(self, seconds=0.00002):
        self.captures += [t + seconds for t in self.captures]

    def answer(self, make):
        self.lose_after()
        self.answers.append(make)

    def remark(self, note):
        self.note = note

    def note_of(self, index):
        if not index or self.note != "-":
            return self.note
        return "repeated" if index < len(self.arrivals) else "twice"


class Arrival:
    """When a segment was really handed over, which may be later than it was due; None as long as it was not."""

    def __init__(self):
        self.time = None


class Relay(threading.Thread):
    def __init__(self, hosts, rules, server_port, delay, capture_at):
        super().__init__(daemon=True)
        self.hosts = hosts
        self.diagnosis = {name: SocketDiagnosis(host) for name, host in hosts.items()}
        self.rules, self.server_port, self.delay = rules, server_port, delay
        self.before_capture = {"client": delay * capture_at, "server": delay * (1 - capture_at)}
        self.frames, self.samples = [], []
        self.last_segment = time.monotonic()
        self.failure = None
        # By how much the machine was too busy for the relay's clock, at the worst.
        self.behind = 0.0
        self._deliveries, self._order = [], itertools.count()
        self._ports, self._progress = [], Progress()
        self._injected, (self._wake, self._waker) = collections.deque(), os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._ended = threading.Event()

    def run(self):
        try:
            look = time.monotonic()
            while not self._ended.is_set():
                self._wait(look)
                self._read_injected()
                for name, host in self.hosts.items():
                    self._read(name, host.tun)
                self._deliver()
                if time.monotonic() >= look:
                    self._look_at_all()
                    look = time.monotonic() + LOOK_INTERVAL
        except Exception as failure:  # carried to the scenario's thread, which must not wait for a dead relay
            self.failure = failure

    def stop(self):
        self._ended.set()
        self.join()

    def destroy_sockets(self):
        """A socket that was closed but not acknowledged would keep its namespace alive for minutes."""
        for port in self._ports:
            self.diagnosis["client"].destroy(port, self.server_port)
            self.diagnosis["server"].destroy(self.server_port, port)

    def forge(self, sender, packet, lost):
        """Sends a packet in the name of that end, from another thread."""
        self._queue(Injected(sender, packet, time.monotonic(), "forged", lost))

    def replay(self, sender, kind):
        """The network delivers the first such segment of that end once more."""
        first = next(f for f in self.frames if f.sender == sender and kind in kinds(parse(f.packet)))
        self._queue(Injected(sender, first.packet, first.sent, "repeated", False))

    def _queue(self, injected):
        self._injected.append(injected)
        os.write(self._waker, b"!")

    def numbers(self, sender, port):
        """Where the numbers of this end have got to, which is 0 before it has sent anything."""
        return self._progress.ends.get((sender, port), 0)

    def is_quiet(self, seconds):
        return not self._deliveries and time.monotonic() - self.last_segment > seconds

    def _wait(self, look):
        due = min([look] + [d[0] for d in self._deliveries[:1]])
        readable = [self._wake] + [host.tun for host in self.hosts.values()]
        select.select(readable, [], [], max(0, due - time.monotonic()))
        self.behind = max(self.behind, time.monotonic() - due)

    def _read_injected(self):
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 4096)
        while self._injected:
            one = self._injected.popleft()
            now = self.last_segment = time.monotonic()
            journey = Journey(one.sent, now + self.before_capture[one.sender], now + self.delay)
            journey.remark(one.note)
            if one.lost:
                journey.arrivals = []
            self._send(one.sender, one.packet, journey)

    def _read(self, sender, tun):
        while True:
            try:
                packet = os.read(tun, 65536)
            except BlockingIOError:
                return
            if is_relayed(packet):
                self._take(sender, packet)

    def _take(self, sender, packet):
        now = self.last_segment = time.monotonic()
        segment = parse(packet)
        journey = Journey(now, now + self.before_capture[sender], now + self.delay)
        if segment:
            self._apply_rules(sender, segment, journey)
        self._send(sender, packet, journey)
        for make in journey.answers:
            self._answer(OTHER[sender], make(packet), journey.captures[0] + ANSWER_TIME)

    def _answer(self, sender, packet, captured):
        journey = Journey(captured, captured, captured + self.before_capture[OTHER[sender]])
        journey.remark("forged")
        self._send(sender, packet, journey)

    def _send(self, sender, packet, journey):
        """Whatever was decided about it: into the capture, and on its way."""
        arrivals = [Arrival() for _ in journey.arrivals]
        for due, arrival in zip(journey.arrivals, arrivals):
            heapq.heappush(self._deliveries, (due, next(self._order), OTHER[sender], packet, arrival))
        for index, captured in enumerate(journey.captures):
            arrival = arrivals[min(index, len(arrivals) - 1)] if arrivals else Arrival()
            self.frames.append(Frame(captured, packet, sender, journey.sent, arrival, journey.note_of(index)))

    def _apply_rules(self, sender, segment, journey):
        port = segment.dport if sender == "server" else segment.sport
        if port not in self._ports and port < FORGED_PORT:
            self._ports.append(port)
        found = self._progress.take(sender, port, segment)
        for rule in self.rules:
            if rule.applies(sender, found):
                getattr(journey, rule.action)(**rule.settings)

    def _deliver(self):
        while self._deliveries and self._deliveries[0][0] <= time.monotonic():
            _, _, end, packet, arrival = heapq.heappop(self._deliveries)
            arrival.time = time.monotonic()
            os.write(self.hosts[end].tun, packet)
            segment = parse(packet)
            if segment and max(segment.sport, segment.dport) < FORGED_PORT:
                # TUN hands a written packet to TCP before write returns, so this look sees the state it led to.
                self._look(end, segment.sport if end == "server" else segment.dport)

    def _look(self, end, port):
        ports = (self.server_port, port) if end == "server" else (port, self.server_port)
        self.samples.append(Sample(time.monotonic(), end, port, self.diagnosis[end].state(*ports)))

    def _look_at_all(self):
        for port in self._ports:
            for end in self.hosts:
                self._look(end, port)


def lose_before(what, nth=1, last=None):
    """Lost on its way to the capture point: the capture never sees it."""
    return Rule(what, "lose_before", nth, last)


def lose_after(what, nth=1, last=None):
    """Captured, then lost."""
    return Rule(what, "lose_after", nth, last)


def hide(what, nth=1, last=None):
    """Arrives, but the capture missed it."""
    return Rule(what, "hide", nth, last)


def hold_before(what, seconds, nth=1):
    return Rule(what, "hold_before", nth, seconds=seconds)


def hold_after(what, seconds, nth=1):
    return Rule(what, "hold_after", nth, seconds=seconds)


def repeat_before(what, seconds, nth=1):
    """Duplicated by the network before the capture point: recorded and delivered twice."""
    return Rule(what, "repeat_before", nth, seconds=seconds)


def repeat_after(what, seconds, nth=1):
    return Rule(what, "repeat_after", nth, seconds=seconds)


def record_late(what, seconds, nth=1):
    """Recorded out of order, as a capture over several queues does; its way is not disturbed."""
    return Rule(what, "record_late", nth, seconds=seconds)


def record_twice(what, nth=1, last=None):
    return Rule(what, "record_twice", nth, last)


def stateless(what, nth=1, last=None):
    """Nothing happens to it, but its sender has no socket for it: the kernel's state cannot be compared here."""
    return Rule(what, "remark", nth, last, note="stateless")


def reject(what, error, nth=1, last=None):
    """Captured, and turned away by a router behind the capture point with an ICMP error."""
    return Rule(what, "answer", nth, last, make=lambda packet: forge.icmp_error(packet, error))


def reset(what, ttl, nth=1, last=None):
    """Captured, and answered by a middlebox behind the capture point with a RST in the receiver's name."""
    return Rule(what, "answer", nth, last, make=lambda packet: forge.reset(packet, ttl))
