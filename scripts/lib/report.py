#!/usr/bin/env python3
"""Prints what tcpshake says about a capture: a row for each segment, then a line for each conversation.

Usage: report.py PLUGINS CAPTURE, where PLUGINS is the folder that contains <X.Y>/epan/tcpshake.so.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools
import os
import re
import subprocess
import sys
import tempfile

from ordinary_tshark import Tshark, Unusable
from terminal import end_tidily, shown, speak

# VALUE(1, "3-way 1/3: SYN") and so on, in the plugin's table.
VALUES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'plugin', 'epan', 'fields', 'values.def')
STEP = re.compile(r'^VALUE\((\d+), "([^"]+)"\)$', re.MULTILINE)
DIRECTIONS = {'1': 'client → server', '2': 'server → client'}   # by tcpshake.sender
FIELDS = ['frame.number', 'frame.time_relative', 'tcp.stream', 'tcpshake.sender', 'tcp.flags', 'tcpshake.step',
          'tcpshake.states', 'tcpshake.anomaly', 'tcpshake.verdict', 'frame.protocols', 'ip.src', 'ip.dst', 'ipv6.src',
          'ipv6.dst', 'tcp.srcport', 'tcp.dstport']
SEPARATOR, JOINER = '\x1e', '\x1f'  # never part of the text
TITLES = ('frame', 'time', 'stream', 'direction', 'flags', 'step', 'client/server', 'anomalies')
FLAGS = ((0x02, 'SYN'), (0x01, 'FIN'), (0x04, 'RST'), (0x08, 'PSH'), (0x10, 'ACK'), (0x20, 'URG'))
LOOK_AHEAD = 1000  # rows that determine the column widths; the rest is printed as it arrives


def fail(message):
    sys.stdout.flush()
    print(f'analyze: {shown(message)}', file=sys.stderr)
    return 1


def segments(lines):
    """The fields of each line, as {field: [value...]}."""
    for line in lines:
        values = line.rstrip('\n').split(SEPARATOR)
        yield {name: value.split(JOINER) if value else [] for name, value in zip(FIELDS, values)}


def first(values):
    return values[0] if values else ''


def flag_names(value):
    bits = int(value or '0', 0)
    return ', '.join(name for bit, name in FLAGS if bits & bit) or 'none'


def step_names():
    with open(VALUES, encoding='utf-8') as file:
        return dict(STEP.findall(file.read()))


def row(segment, steps):
    """A segment's cells, in the order of TITLES. steps: their names by number."""
    def named(names, field):
        return ', '.join(names.get(value, value) for value in segment[field])

    # A tunnelled frame can hold more than one segment; its row shows all of them.
    return (first(segment['frame.number']), f"{float(first(segment['frame.time_relative']) or 0):.6f}",
            ', '.join(segment['tcp.stream']), named(DIRECTIONS, 'tcpshake.sender'),
            ' | '.join(map(flag_names, segment['tcp.flags'])), named(steps, 'tcpshake.step'),
            ', '.join(segment['tcpshake.states']), ', '.join(segment['tcpshake.anomaly']))


def ends(segment):
    """Address and port of the client and of the server."""
    # In a tunnel, the addresses are those of the last IP header before TCP.
    protocols = first(segment['frame.protocols']).split(':')
    below = protocols[:protocols.index('tcp')] if 'tcp' in protocols else []
    layers = [name for name in below if name in ('ip', 'ipv6')]
    pair = []
    for side in ('src', 'dst'):
        addresses = segment[f'{layers[-1]}.{side}'] if layers else []
        address = addresses[min(layers.count(layers[-1]), len(addresses)) - 1] if addresses else '?'
        port = first(segment[f'tcp.{side}port'])
        pair.append(f'[{address}]:{port}' if ':' in address else f'{address}:{port}')
    from_server = DIRECTIONS.get(first(segment['tcpshake.sender']), '').startswith('server')
    return tuple(reversed(pair)) if from_server else tuple(pair)


def print_table(rows):
    rows = iter(rows)
    head = list(itertools.islice(rows, LOOK_AHEAD))
    if not head:
        return
    widths = [max(len(cell) for cell in column) for column in zip(TITLES, *head)]
    for cells in itertools.chain([TITLES], head, rows):
        numbers = [cell.rjust(width) for cell, width in zip(cells[:3], widths)]
        texts = [cell.ljust(width) for cell, width in zip(cells[3:], widths[3:])]
        print('  '.join(numbers + texts).rstrip())


def print_conversations(conversations):
    pairs = {stream: f'{client} → {server}' for stream, (client, server, _) in conversations.items()}
    width = max(map(len, pairs.values()))
    print()
    for stream, (_, _, verdict) in sorted(conversations.items()):
        print(f'conversation {stream:<{len(str(max(conversations)))}}  {pairs[stream]:<{width}}  {verdict}'.rstrip())


def problem(messages, capture, some_are_shown):
    """tshark's messages as one line, with the name of the capture as the user gave it."""
    if 'cut short' in messages:
        rest = 'the segments before that point are shown' if some_are_shown else 'no TCP segment could be read'
        return f'{capture}: the file is cut short in the middle of a packet; {rest}'
    if "isn't a capture file" in messages:
        return f'{capture}: not a capture file that this version of Wireshark reads'
    if 'tcpshake.sender' in messages:
        return 'tshark did not load the plugin'
    lines = [line.removeprefix('tshark: ') for line in messages.splitlines() if line.strip()]
    return f'{capture}: {lines[0] if lines else "tshark failed without a message"}'


def analyze(tshark, capture):
    try:
        path = tshark.readable(capture)
        empty = os.path.getsize(path) == 0
    except OSError as error:
        return fail(f'{capture}: {error.strerror}')
    if empty:
        return fail(f'{capture}: empty file')

    # Two passes, so that each segment shows how its conversation ended.
    arguments = ['-n', '-2', '-r', path, '-Y', 'tcpshake.sender', '-T', 'fields', '-E', f'separator={SEPARATOR}', '-E',
                 f'aggregator={JOINER}', '-E', 'occurrence=a']
    for field in FIELDS:
        arguments += ['-e', field]
    conversations, steps = {}, step_names()

    def rows(lines):
        for segment in segments(lines):
            for stream in segment['tcp.stream'][:1]:
                known = conversations.get(int(stream))
                pair = known[:2] if known else ends(segment)
                conversations[int(stream)] = (*pair, ', '.join(segment['tcpshake.verdict']))
            yield row(segment, steps)

    # The messages go to a file, because a pipe that nobody reads would fill up.
    with tempfile.TemporaryFile(mode='w+', errors='replace') as messages:
        with tshark.start(arguments, stdout=subprocess.PIPE, stderr=messages, encoding='utf-8',
                          errors='replace') as process:
            try:
                print_table(rows(process.stdout))
            except BaseException:
                tshark.stop(process)
                raise
        if conversations:
            print_conversations(conversations)
        messages.seek(0)
        complaints = messages.read().replace(path, capture)
    if process.returncode != 0:
        fail(problem(complaints, capture, bool(conversations)))
        return process.returncode if process.returncode > 0 else 1
    if not conversations:
        print(f'{shown(capture)}: no TCP segments')
    return 0


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    speak()
    end_tidily()
    try:
        with Tshark(sys.argv[1]) as tshark:
            status = analyze(tshark, sys.argv[2])
        sys.stdout.flush()
    except Unusable as error:
        status = fail(error)
    except OSError as error:
        # Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # `analyze … | head` closes the pipe early, which is no error; a full disk is one.
        status = 0 if isinstance(error, BrokenPipeError) else fail(
            f'{error.filename}: {error.strerror}' if error.filename else error.strerror)
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == '__main__':
    main()
