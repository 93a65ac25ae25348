"""A capture against what the two kernels that made it went through.

SPDX-License-Identifier: GPL-2.0-or-later

What counts as equal:

- For each end the sequence of states, repeats removed, is the kernel's. What an end is in before the connection reaches
  it (CLOSED, LISTEN, UNKNOWN) does not count.
- A state that the same received segment entered and left may be missing: FIN-WAIT-2, when one segment brings both the
  ACK of the FIN and the peer's FIN.
- A last CLOSED may be missing if the end neither sent nor got a segment of this stream any more: timers are silent.
- An end that is marked uncompared had segments forged in its name, from which a state follows that no kernel was in. A
  connection that no kernel had is not compared at all.
- A capture marked incomplete may lack a state in which the end sent and got no captured segment, and may say UNKNOWN
  where its header allows that; a state that the kernel was not in is wrong there too.
- After each frame, its sender's state is one the kernel had from the moment of sending to a one-way delay later: a
  segment captured earlier may have been on its way to the sender still.
"""

import collections
import os

import shark  # noqa: I001  (puts the next one within reach)
import segments

FIELDS = ["frame.number", "tcp.srcport", "tcp.dstport", "tcp.stream", "tcpshake.sender", "tcpshake.client.state",
          "tcpshake.server.state", "tcp.seq_raw", "tcp.ack_raw", "icmp.type", "icmpv6.type"]
BEFORE = ("CLOSED", "LISTEN", "UNKNOWN")
# States into which the peer's segment brings an end; into the others its own application does.
BY_RECEIPT = ("SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "TIME-WAIT")
ONE_SEGMENT = 0.001
# What the recording machine needed to get from a system call, or from a delivery, to the new state.
LATENCY = 0.003
SCHEDULING = 0.005
# Closing puts an end into the first at once; as long as its FIN waits behind data, nobody outside can know.
UNSEEN = {"FIN-WAIT-1": "ESTABLISHED", "LAST-ACK": "CLOSE-WAIT"}
CAPTURED_LATER = ("repeated", "held")
NOT_COMPARABLE = ("late", "stateless", "forged")

Held = collections.namedtuple("Held", "state since until")
Frame = collections.namedtuple("Frame", "number sender flags sent arrived note")
Shown = collections.namedtuple("Shown", "number port stream sender states")
Step = collections.namedtuple("Step", "state optional")
# frame: 0 for the path.
Problem = collections.namedtuple("Problem", "connection end frame text")


class Truth:
    """One capture's kernel.tsv and frames.tsv."""

    def __init__(self, name, folder=shark.LAB):
        self.name = name
        base = os.path.join(folder, name)
        self.pcap = base + ".pcap"
        self.header, rows = read_tsv(base + ".kernel.tsv")
        self.incomplete = self.header["capture"] == "incomplete"
        self.unknown_allowed = self.header["unknown-allowed"].split()
        self.uncompared = self.header.get("uncompared", "").split()
        self.way = float(self.header["client-to-capture"]) + float(self.header["capture-to-server"])
        self.held = held_states(rows)
        _, rows = read_tsv(base + ".frames.tsv")
        self.frames = {int(r[0]): Frame(int(r[0]), r[1], r[2], float(r[3]), None if r[4] == "-" else float(r[4]), r[5])
                       for r in rows}

    def connection(self, port, ordinal):
        return self.held.get((port, ordinal), {"client": [], "server": []})

    def states_between(self, port, ordinal, end, since, until):
        """An end that the connection has not reached yet may still be in a state of the one before."""
        own = self.connection(port, ordinal)[end]
        found = {h.state for h in own if h.since <= until and since < h.until}
        if not own or since < own[0].since:
            found |= {"CLOSED", "UNKNOWN"}
            found |= {h.state for h in self.connection(port, ordinal - 1)[end] if h.since <= until and since < h.until}
        return found


def read_tsv(path):
    header, rows = {}, []
    with open(path) as lines:
        for line in lines:
            if line.startswith("# "):
                key, _, value = line[2:].strip().partition(" ")
                header[key] = value
            else:
                rows.append(line.rstrip("\n").split("\t"))
    return header, rows[1:]


def held_states(rows):
    """{(port, ordinal): {end: [Held, ...]}}"""
    found = {}
    for time, connection, end, _, new in rows:
        port, ordinal = map(int, connection.split("/"))
        held = found.setdefault((port, ordinal), {"client": [], "server": []})[end]
        if held:
            held[-1] = held[-1]._replace(until=float(time))
        held.append(Held(normal(new), float(time), float("inf")))
    return found


def normal(state):
    """A server's end of a refused or aborted opening is LISTEN or CLOSED, as one looks at socket or connection."""
    return "CLOSED" if state == "LISTEN" else state


# Comparing

def is_visible(held, end, frames):
    """Whether a captured segment left this state behind, at the end that sent it or the end that got it."""
    for frame in frames:
        if frame.note == "late":
            continue
        if frame.sender == end and frame.note != "forged" and held.since <= frame.sent < held.until:
            return True
        if frame.sender != end and frame.arrived and held.since <= frame.arrived + LATENCY < held.until:
            return True
    return False


def is_within_one_segment(held, following):
    return following is not None and held.until - held.since < ONE_SEGMENT and following.state in BY_RECEIPT


def kernel_steps(held, end, frames, incomplete):
    steps = []
    for index, one in enumerate(held):
        following = held[index + 1] if index + 1 < len(held) else None
        silent = not is_visible(one, end, frames)
        last_close = following is None and one.state == "CLOSED"
        optional = is_within_one_segment(one, following) or (silent and (incomplete or last_close))
        steps.append(Step(one.state, optional))
    return steps


def fits(steps, shown, unknown_allowed, at=0):
    """Whether the shown path is the kernel's, from its step `at` on."""
    if not shown:
        return all(step.optional for step in steps[at:])
    if shown[0] == "UNKNOWN" and unknown_allowed:
        return any(fits(steps, shown[1:], True, i) for i in range(max(0, at - 1), len(steps) + 1))
    if at == len(steps):
        return False
    if steps[at].state == shown[0] and fits(steps, shown[1:], unknown_allowed, at + 1):
        return True
    return steps[at].optional and fits(steps, shown, unknown_allowed, at + 1)


def shown_path(shown, end):
    path = []
    for one in shown:
        state = normal(one.states[end])
        if not path and state in BEFORE:
            continue
        if not path or path[-1] != state:
            path.append(state)
    return path


def stream_problems(truth, port, ordinal, shown):
    """The paths of both ends in one stream. What an end still was from an older connection may lead its path."""
    frames = [truth.frames[one.number] for one in shown]
    held, older = truth.connection(port, ordinal), truth.connection(port, ordinal - 1)
    began = min(frame.sent for frame in frames)
    for end in {"client", "server"}.difference(truth.uncompared):
        steps = kernel_steps(held[end], end, frames, truth.incomplete)
        rest = [Step(h.state, False) for h in older[end] if h.until > began]
        path = shown_path(shown, end)
        allowed = end in truth.unknown_allowed
        if allowed and not path and any(one.states[end] == "UNKNOWN" for one in shown):
            continue  # nothing but what it cannot know
        if not fits(steps, path, allowed) and not (rest and fits(rest + steps, path, allowed)):
            yield Problem((port, ordinal), end, 0,
                          f"{truth.name}, connection {port}/{ordinal}, {end}: path\n    expected {described(steps)}\n"
                          f"    got      {' '.join(path) or '(none)'}")


def described(steps):
    return " ".join(f"[{s.state}]" if s.optional else s.state for s in steps) or "(none)"


def frame_problems(truth, port, ordinal, shown):
    frames = [truth.frames[one.number] for one in shown]
    for one in shown:
        frame = truth.frames[one.number]
        if one.sender != frame.sender:
            yield Problem((port, ordinal), frame.sender, one.number,
                          f"{truth.name}, frame {one.number}: expected sender {frame.sender}, got {one.sender}")
        if frame.note in NOT_COMPARABLE or frame.sender in truth.uncompared:
            continue
        until = frame.sent + truth.way
        if frame.note in CAPTURED_LATER and frame.arrived:
            until = max(until, frame.arrived)
        # A segment is built before it is seen leaving: one that came in between may already have moved the kernel.
        # A SYN, FIN or RST is different: the state that it announces is entered before it is built.
        since = frame.sent - (0 if set("SFR") & set(frame.flags) else ONE_SEGMENT)
        expected = truth.states_between(port, ordinal, frame.sender, since, until + SCHEDULING)
        if not any(f.sender == frame.sender and "F" in f.flags for f in frames if f.number <= frame.number):
            expected |= {UNSEEN[state] for state in expected if state in UNSEEN}
        got = normal(one.states[frame.sender])
        if got not in expected and not (got == "UNKNOWN" and frame.sender in truth.unknown_allowed):
            yield Problem((port, ordinal), frame.sender, one.number,
                          f"{truth.name}, frame {one.number}: state of its sender, the {frame.sender}: "
                          f"expected {' or '.join(sorted(expected))}, got {got}")


def by_ordinal(_truth, streams):
    """{stream: connection}: the streams of a port are its connections, in their order."""
    ordinals, found = collections.Counter(), {}
    for stream in sorted(streams):
        port = streams[stream][0].port
        ordinals[port] += 1
        found[stream] = port, ordinals[port]
    return found


def by_time(truth, streams):
    """The same where a connection may be missing, all of its segments being lost before they were captured."""
    found = {}
    for stream, shown in streams.items():
        found[stream] = begun(truth, shown[0].port, truth.frames[shown[0].number].sent)[-1]
    return found


def begun(truth, port, time):
    """The connections of this port that had begun by then."""
    return [key for key in sorted(truth.held) if key[0] == port and beginning_of(truth.held[key]) <= time]


def beginning_of(held):
    """At its client's end, unless that was none of a kernel's."""
    return (held["client"] or held["server"])[0].since


def streams_of(shown):
    streams = collections.defaultdict(list)
    for one in shown:
        streams[one.stream].append(one)
    return streams


def compare(truth, shown, connections=by_ordinal):
    """Every Problem of what was shown for one capture."""
    streams = streams_of(shown)
    for stream, (port, ordinal) in sorted(connections(truth, streams).items()):
        if truth.uncompared and (port, ordinal) not in truth.held:
            continue
        yield from frame_problems(truth, port, ordinal, streams[stream])
        yield from stream_problems(truth, port, ordinal, streams[stream])


def problems(truth, shown):
    """Everything wrong with what was shown for one capture of the lab, readable."""
    found = [problem.text for problem in compare(truth, shown)]
    streams = streams_of(shown)
    if not truth.incomplete and not truth.uncompared and len(truth.held) != len(streams):
        found.append(f"{truth.name}: expected {len(truth.held)} connections, got {len(streams)} streams")
    return found


# What tshark shows

def shown_by_tshark(truth, rows):
    server_port = truth.header["server-port"]
    shown, streams = [], Streams()
    for row in rows:
        if row["icmp.type"] or row["icmpv6.type"]:
            continue
        values = [row[field][0] if row[field] else None for field in FIELDS]
        number, source, target, stream, sender, client, server, seq, ack, *_ = values
        if None in (sender, client, server):
            raise AssertionError(f"{truth.name}, frame {number}: tcpshake shows no states")
        port = source if target == server_port else target
        connection = streams.connection(truth.frames[int(number)].flags, stream, port, int(seq), int(ack))
        shown.append(Shown(int(number), int(port), connection, sender, {"client": client, "server": server}))
    return shown


class Streams:
    """Newer Wiresharks begin a stream with the same SYN if there was a RST in between, and with a SYN-ACK that has
    another number: it is one connection."""

    def __init__(self):
        self.first, self.joined = {}, {}

    def connection(self, flags, stream, port, seq, ack):
        if stream not in self.joined:
            isn = {"S": seq, "SA": (ack - 1) % 2**32}.get(flags)
            self.joined[stream] = int(stream) if isn is None else self.first.setdefault((port, isn), int(stream))
        return self.joined[stream]


# What is right

def faultless(truth):
    """What a plugin that knows everything would show: at each frame an end's state as far as the capture has come."""
    streams = streams_by_kernel(truth)
    states = {number: {} for number in streams}
    for key in set(streams.values()):
        frames = [truth.frames[number] for number in streams if streams[number] == key]
        for end in ("client", "server"):
            for frame, moment in zip(frames, moments(frames, end)):
                states[frame.number][end] = state_at(truth.held[key[:2]][end], moment)
    return [Shown(number, port, stream, truth.frames[number].sender, states[number])
            for number, (port, _, stream) in streams.items()]


def moments(frames, end):
    """For each frame the moment whose state of this end it can show.

    A segment captured in front of one that its receiver had sent earlier has not been taken in yet at that point.
    Behind the end's last segment nothing tells any more, and all that was captured counts as taken in.
    """
    shown, reached, latest = [], 0, 0
    arrivals = sorted(f.arrived for f in frames if f.arrived and f.sender != end)
    for index, frame in enumerate(frames):
        later = [f.sent for f in frames[index + 1:] if f.sender == end and f.note != "late"]
        if frame.sender == end:
            latest = max(latest, frame.sent)
            reached = max(reached, frame.sent) if later else max(reached, latest)
        elif frame.arrived:
            following = [a for a in arrivals if a > frame.arrived]
            latest = max(latest, min([frame.arrived + LATENCY] + following))
            reached = max(reached, min([latest] + later))
        shown.append(reached)
    return shown


def state_at(held, moment):
    states = [h.state for h in held if h.since <= moment]
    return states[-1] if states else "CLOSED"


def streams_by_kernel(truth):
    """{frame: (port, ordinal, stream)} out of the capture's own ports and the times at which connections began."""
    found = {}
    order = sorted(truth.held)
    for number, packet in enumerate(segments.read_pcap(truth.pcap), 1):
        segment = segments.parse(packet)
        if not segment:
            continue
        port = segment.sport if segment.dport == int(truth.header["server-port"]) else segment.dport
        connections = begun(truth, port, truth.frames[number].sent)
        if not connections:
            continue  # a connection that no kernel had
        found[number] = (*connections[-1], order.index(connections[-1]))
    return found
