"""The walks of a folder, as tests/lab/run --walk writes them, and what tcpshake says of each end.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import glob
import os
import re

import shark  # noqa: I001  (puts the next one within reach)
import joined
import kernel_paths
from segments import OTHER

FOLDER = os.path.join(shark.CAPTURES, 'walks')
FIELDS = [*kernel_paths.FIELDS, 'tcpshake.anomaly']
PASSES = {False: 'one pass', True: 'two passes'}

# RFC 9293 figure 5 and section 3.10; a reset or a timeout ends any state. SYN-SENT and SYN-RECEIVED may be left by one
# segment twice: it opens (3.10.7.3, 3.10.7.4) and has a FIN. TIME-WAIT takes a new SYN (3.10.7.4), and is no hindrance
# to a client that opens again. Of an end that this stream has not reached, CLOSED and LISTEN are the same.
CHANGES = {
    'CLOSED': ('SYN-SENT', 'SYN-RECEIVED'),
    'SYN-SENT': ('SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT'),
    'SYN-RECEIVED': ('ESTABLISHED', 'FIN-WAIT-1', 'CLOSE-WAIT'),
    'ESTABLISHED': ('FIN-WAIT-1', 'CLOSE-WAIT'),
    'FIN-WAIT-1': ('FIN-WAIT-2', 'CLOSING', 'TIME-WAIT'),
    'FIN-WAIT-2': ('TIME-WAIT',),
    'CLOSE-WAIT': ('LAST-ACK',),
    'CLOSING': ('TIME-WAIT',),
    'LAST-ACK': (),
    'TIME-WAIT': ('SYN-RECEIVED', 'SYN-SENT'),
}

# One end of one connection. What is wrong with it: 'path', the frames whose sender's state is wrong, and
# 'impossible:FRAME' and 'ignored:FRAME'.
Endpoint = collections.namedtuple('Endpoint', 'walk connection end')


class Verdict:
    """What one reading of all walks says."""

    def __init__(self, truths, two_pass):
        self.wrong, self.texts = collections.defaultdict(set), collections.defaultdict(list)
        self.frames, self.endpoints = collections.Counter(), set()
        captures = {name: joined.read(truth.pcap) for name, truth in truths.items()}
        for name, rows in joined.rows(captures, FIELDS, two_pass=two_pass).items():
            self._judge(truths[name], kernel_paths.shown_by_tshark(truths[name], rows), rows)

    def _judge(self, truth, shown, rows):
        shown = as_the_lab_names_them(truth, shown)
        streams = kernel_paths.streams_of(shown)
        keys = kernel_paths.by_time(truth, streams)
        self.endpoints |= {Endpoint(truth.name, key, end) for key in keys.values() for end in ('client', 'server')}
        for one in shown:
            self.frames[Endpoint(truth.name, keys[one.stream], truth.frames[one.number].sender)] += 1
        for problem in kernel_paths.compare(truth, shown, kernel_paths.by_time):
            self._note(truth, problem.connection, problem.end, str(problem.frame or 'path'), problem.text)
        for stream, inside in streams.items():
            for number, end, old, new in impossible(inside, truth.incomplete):
                self._note(truth, keys[stream], end, f'impossible:{number}',
                           f'{truth.name}, frame {number}: {end} {old} → {new}, which RFC 9293 does not know')
            for number in ignored(truth, keys[stream], inside, rows):
                self._note(truth, keys[stream], truth.frames[number].sender, f'ignored:{number}',
                           f'{truth.name}, frame {number}: reset_ignored, but its sender was CLOSED, and it arrived')

    def _note(self, truth, connection, end, what, text):
        endpoint = Endpoint(truth.name, connection, end)
        self.wrong[endpoint].add(what)
        self.texts[endpoint].append(text)

    def share(self, chosen):
        """(right endpoints, all, right frames, all) of the walks chosen."""
        endpoints = [one for one in self.endpoints if one.walk in chosen]
        frames = sum(self.frames[one] for one in endpoints)
        wrong = [what for one in endpoints for what in self.wrong.get(one, ())]
        return (len(endpoints) - wrong.count('path'), len(endpoints),
                frames - sum(what.isdigit() for what in wrong), frames)


def as_the_lab_names_them(truth, shown):
    """Where both ends open, the client is the one whose SYN was captured first, whatever the lab called it."""
    exchanged = set()
    for stream, inside in kernel_paths.streams_of(shown).items():
        opens = [frame.sender for frame in (truth.frames[one.number] for one in inside)
                 if 'S' in frame.flags and 'A' not in frame.flags]
        exchanged |= {stream} if opens[:1] == ['server'] else set()
    return [exchange(one) if one.stream in exchanged else one for one in shown]


def exchange(one):
    return one._replace(sender=OTHER[one.sender], states={OTHER[end]: state for end, state in one.states.items()})


def impossible(shown, incomplete):
    """(frame, end, old, new)"""
    for before, one in zip(shown, shown[1:]):
        for end in ('client', 'server'):
            old, new = (kernel_paths.normal(each.states[end]) for each in (before, one))
            if new in (old, 'CLOSED') or 'UNKNOWN' in (old, new) and incomplete:
                continue
            if new not in CHANGES.get(old, ()):
                yield one.number, end, old, new


def ignored(truth, key, shown, rows):
    """The frames of RSTs said to be ignored of which their receiver has heard, and which their sender meant. In one
    pass it is said where the conversation goes on."""
    resets = []
    for one in shown:
        if 'R' in truth.frames[one.number].flags:
            resets.append(one.number)
        if 'reset_ignored' not in rows[one.number - 1]['tcpshake.anomaly']:
            continue
        blamed = [one.number] if one.number in resets else resets
        if blamed and all(was_final(truth, key, number) for number in blamed):
            yield blamed[-1]


def was_final(truth, key, number):
    frame = truth.frames[number]
    held = truth.connection(*key)[frame.sender]
    return frame.arrived is not None and kernel_paths.state_at(held, frame.sent) == 'CLOSED'


def names(folder=FOLDER):
    return sorted(os.path.basename(path)[:-len('.pcap')] for path in glob.glob(os.path.join(folder, '*.pcap')))


def truths_of(folder=FOLDER):
    return {name: kernel_paths.Truth(name, folder) for name in names(folder)}


def sets_of(truths):
    """{set: names}"""
    complete = {name for name, truth in truths.items() if not truth.incomplete}
    clean = {name for name in complete if 'clean' in re.split(r'[ ,]+', truths[name].header['about'])}
    return {'all walks': complete, 'clean': clean, 'incomplete': set(truths) - complete}


def said(verdict, truths):
    """The shares as one sentence."""
    parts, frames = [], []
    for name, chosen in sets_of(truths).items():
        right, endpoints, right_frames, of = verdict.share(chosen)
        parts.append(f'{right} of {endpoints}{"" if parts else " endpoints as the kernel had them"} ({name})')
        frames.append(f'{right_frames} of {of}')
    return f'states: {", ".join(parts)}; frames: {", ".join(frames)}'
