#!/usr/bin/env python3
"""Compares two captures of the same connections: see scripts/compare.

Usage: compare.py PLUGINS CLIENT SERVER [OUT], where PLUGINS is the folder that contains <X.Y>/epan/tcpshake.so.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import bisect
import collections
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys

from beside import Beside
from lifelines import Hop, picture, text
from ordinary_tshark import Tshark, Unusable
from stories import Untold, stories
from terminal import end_tidily, shown, speak

SEPARATOR, JOINER = '\x1e', '\x1f'  # never part of the text
OPENING = ['tcp.flags', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.options.timestamp.tsval',
           'tcp.options.timestamp.tsecr', 'ip.id', 'frame.time_epoch']
SEGMENT = ['frame.number', 'frame.interface_id', 'frame.time_epoch', 'tcp.stream', 'tcpshake.sender', 'tcp.flags',
           'tcp.seq_raw', 'tcp.ack_raw', 'tcp.len', 'ip.id', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport',
           'tcp.dstport', 'tcpshake.anomaly']
FLAGS = ((0x02, 'SYN'), (0x01, 'FIN'), (0x04, 'RST'), (0x08, 'PSH'), (0x10, 'ACK'))
SYN, ACK = 0x02, 0x10
CLIENT, SERVER = 0, 1
CLIENT_SENDS = 1                        # tcpshake.sender
MODULUS = 1 << 32
# A smaller offset would print as zero; seconds.
SAME_CLOCK = 0.0000005
# For so many connections: for more, tshark would read the capture again and again.
TOLD_MAX = 200
# No packet is under way for longer, once the clocks are set; seconds.
LONGEST_WAY = 1.0
# A conversation with one of these went wrong, whatever else it says.
CHATS = {'captured_twice', 'captured_out_of_order', 'simultaneous_open', 'simultaneous_close', 'handshake_not_captured'}


class Failure(Exception):
    """Said to the user in one line."""


def reason(messages, program='tshark'):
    return messages.strip().partition('\n')[0] or f'{program} failed without a message'


def fields(tshark, path, names, *options):
    """Each frame as {field: first value, or ''}; of tcpshake.anomaly all values, joined."""
    arguments = ['-n', *options, '-r', path, '-T', 'fields', '-E', f'separator={SEPARATOR}', '-E',
                 f'aggregator={JOINER}', '-E', 'occurrence=a']
    for name in names:
        arguments += ['-e', name]
    status, output, messages = tshark.output(arguments)
    if status != 0 and not output:
        raise Failure(reason(messages))
    # Not splitlines(): the separator is a line boundary to it.
    for line in output.decode('utf-8', 'replace').split('\n')[:-1]:
        yield {name: cell if name == 'tcpshake.anomaly' else cell.partition(JOINER)[0]
               for name, cell in zip(names, line.split(SEPARATOR))}


# ---- the clocks ----

def openings(tshark, path):
    """{what a SYN or SYN-ACK has that no other has: when it was captured}, under each of its two identities: by its
    number, and, for where that is rewritten, by timestamp and IP ID, or, of a SYN-ACK, by both timestamps."""
    found = {}
    for row in fields(tshark, path, OPENING, '-Y', 'tcp.flags.syn == 1'):
        flags, time = int(row['tcp.flags'], 0) & (SYN | ACK), float(row['frame.time_epoch'])
        stamp = row['tcp.options.timestamp.tsval']
        found.setdefault((flags, row['tcp.seq_raw'], stamp or row['ip.id']), time)
        marks = int(row['ip.id'] or '0', 0), int(row['tcp.options.timestamp.tsecr'] or 0)
        if stamp and any(marks):
            found.setdefault((flags, stamp, *marks), time)
    return found


def clock_of(client, server):
    """How far the server's clock is ahead, in seconds: what the way there and the way back have in common. None:
    nothing was seen in both."""
    apart = {flags: [server[key] - time for key, time in client.items() if key in server and key[0] == flags]
             for flags in (SYN, SYN | ACK)}
    medians = [statistics.median(differences) for differences in apart.values() if differences]
    return sum(medians) / len(medians) if medians else None


def run(tshark, path, program, *arguments):
    """As tshark runs: it reads what anybody may have made. path: where its standard output goes."""
    with open(path, 'wb') as file:
        process = tshark.start(arguments, program, stdout=file, stderr=subprocess.PIPE)
        try:
            _, messages = process.communicate()
        except BaseException:           # such as an interruption
            tshark.stop(process)
            raise
    os.chmod(path, 0o644)
    if process.returncode != 0:
        raise Failure(reason(messages.decode('utf-8', 'replace'), program))


def merged(tshark, client, server, clock):
    """Both in one file, an interface for each, by the client's clock."""
    folder = tshark.make_folder('merged')
    moved, path = os.path.join(folder, 'server.pcapng'), os.path.join(folder, 'both.pcapng')
    run(tshark, moved, 'editcap', '-t', f'{-clock:.9f}', server, '-')
    run(tshark, path, 'mergecap', '-I', 'none', '-w', '-', client, moved)
    return path


# ---- the connections ----

def exported(tshark, path):
    """The rows of the export, by stream."""
    target = io.BytesIO()
    status, messages = tshark.written(['-n', '-q', '-2', '-r', path, '-z', 'tcpshake,export,'], 'rows.ndjson', target)
    if status != 0:
        raise Failure('tshark did not load the plugin' if 'Invalid -z' in messages else reason(messages))
    return {row['tcp.stream']: row for row in map(json.loads, target.getvalue().decode('utf-8').splitlines())}


def segments_of(tshark, path, side_of, rows):
    """{stream: segments}, each a dictionary with side, time, direction, flags, raw numbers; by the streams of the rows:
    where Wireshark begins another stream within a connection, they belong to the one before."""
    found, own = collections.defaultdict(list), {}
    streams = collections.defaultdict(list)
    for stream, row in sorted(rows.items()):
        streams[frozenset((row[f'{end}.ip'], str(row[f'{end}.port'])) for end in ('client', 'server'))].append(stream)
    for row in fields(tshark, path, SEGMENT, '-2', '-Y', 'tcpshake.sender'):
        stream = int(row['tcp.stream'])
        if stream not in own:
            ends = frozenset((row[f'ip.{end}'] or row[f'ipv6.{end}'], row[f'tcp.{end}port']) for end in ('src', 'dst'))
            before = bisect.bisect(streams[ends], stream)
            own[stream] = streams[ends][before - 1] if before else stream
        found[own[stream]].append({
            'side': side_of(int(row['frame.interface_id'] or 0)), 'time': float(row['frame.time_epoch']),
            'frame': int(row['frame.number']), 'flags': int(row['tcp.flags'], 0) & 0x1f,
            'outgoing': int(row['tcpshake.sender'], 0) == CLIENT_SENDS, 'seq': int(row['tcp.seq_raw'] or 0),
            'ack': int(row['tcp.ack_raw'] or 0), 'length': int(row['tcp.len'] or 0), 'id': int(row['ip.id'] or '0', 0),
            'anomalies': [name for name in row['tcpshake.anomaly'].split(JOINER) if name and name not in CHATS]})
    return found


def number_from_zero(segments):
    """Relative numbers: at each side from the ISNs there, which a device in between may change. Where no SYN is, the
    first number is 1, as in Wireshark."""
    base = {}
    for one in segments:
        from_syn = one['flags'] & SYN
        base.setdefault((one['side'], one['outgoing'], bool(from_syn)), (one['seq'] - (not from_syn)) % MODULUS)
        if one['flags'] & ACK:
            base.setdefault((one['side'], not one['outgoing'], False), (one['ack'] - 1) % MODULUS)

    def relative(side, outgoing, number):
        return (number - base.get((side, outgoing, True), base[side, outgoing, False])) % MODULUS
    for one in segments:
        acknowledges = one['flags'] & ACK
        seq = 0 if one['flags'] & SYN else relative(one['side'], one['outgoing'], one['seq'])
        ack = relative(one['side'], not one['outgoing'], one['ack']) if acknowledges else 0
        said = ', '.join(name for bit, name in FLAGS if one['flags'] & bit)
        one['label'] = (f'{said}  seq={seq}' + (f' ack={ack}' if acknowledges else '')
                        + (f' len={one["length"]}' if one['length'] else ''))
        one['key'] = one['outgoing'], one['flags'], seq, ack, one['length']


def hops(segments):
    """The segments of a connection as hops between client, path and server: those that are the same packet at both
    points are one."""
    number_from_zero(segments)
    # By what they are and where they have not been seen yet.
    waiting, found = collections.defaultdict(collections.deque), []
    for one in sorted(segments, key=lambda segment: segment['time']):
        what = one['key'], one['id']
        here = waiting[what, one['side']]
        while here and one['time'] - here[0].time > LONGEST_WAY:
            here.popleft()
        other = here.popleft() if here else None
        if other is None:
            other = Hop(one['time'], one['outgoing'], one['label'])
            waiting[what, SERVER if one['side'] == CLIENT else CLIENT].append(other)
            found.append(other)
        other.frames[one['side']] = one['frame']
        other.anomalies += [name for name in one['anomalies'] if name not in other.anomalies]
    return found


class Connection:
    """One, with its rows of the export: of one stream, or of several that are twins."""

    def __init__(self, rows, segments):
        self.rows = sorted(rows, key=lambda row: row['tcp.stream'])
        self.streams = [row['tcp.stream'] for row in self.rows]
        self.segments = [segment for stream in self.streams for segment in segments[stream]]
        self.sides = {segment['side'] for segment in self.segments}
        by_side = {segment['side']: stream for stream in reversed(self.streams) for segment in segments[stream]}
        rows_of = {row['tcp.stream']: row for row in self.rows}
        self.at = [rows_of[by_side[side]] if side in by_side else None for side in (CLIENT, SERVER)]

    def ends(self):
        def pair(row):
            return ' → '.join(f'{row[f"{end}.ip"]}:{row[f"{end}.port"]}' for end in ('client', 'server'))
        seen = dict.fromkeys(pair(row) for row in self.at if row)
        return ', at the server '.join(seen) if len(seen) > 1 else next(iter(seen))

    def anomalies(self):
        return list(dict.fromkeys(name for row in self.rows for name in row['tcpshake.conn.anomaly']
                                  if name not in CHATS))

    def outcome(self):
        verdicts = dict.fromkeys(row['tcpshake.verdict'] for row in self.at if row)
        if len(self.sides) == 1:
            return f'{next(iter(verdicts))}; seen at the {"client" if CLIENT in self.sides else "server"} only'
        return '; at the server: '.join(verdicts)

    def went_wrong(self):
        return bool(self.anomalies()) or any(row['tcpshake.handshake'] != 'complete' for row in self.rows)

    def line(self):
        wrong = ', '.join(self.anomalies())
        streams = '+'.join(map(str, self.streams))
        return f'{streams}  {self.ends()}  {self.outcome()}' + (f'  [{wrong}]' if wrong else '')


def connections(rows, segments):
    """Twins together."""
    left = dict(sorted(rows.items()))
    for stream in list(left):
        row = left.pop(stream, None)
        if row:
            twins = [left.pop(twin) for twin in row.get('tcpshake.twin.stream', []) if twin in left]
            yield Connection([row, *twins], segments)


# ---- the command ----

def write(folder, name, content):
    with Beside(os.path.join(folder, name)) as file:
        file.write(content)


def interfaces_of(tshark, client):
    """How many interfaces the client's packets use: those of the server's come after them. What the file declares is
    something else: mergecap leaves out some that have no packets."""
    rows = fields(tshark, client, ['frame.interface_id'])
    return max((1 + int(row['frame.interface_id'] or 0) for row in rows), default=0)


def copy_to(target, path, captures):
    """Not over one of the captures, which may be the result of an earlier comparison."""
    for capture in captures:
        if os.path.exists(target) and os.path.samefile(target, capture):
            raise Failure(f'{target}: is one of the captures; name another folder')
    with open(path, 'rb') as source, Beside(target, 'xb') as file:
        shutil.copyfileobj(source, file)


def compare(tshark, captures, out):
    client, server = map(tshark.readable, captures)
    for capture, path in zip(captures, (client, server)):
        if os.path.getsize(path) == 0:
            raise Failure(f'{capture}: empty file')
    clock = clock_of(openings(tshark, client), openings(tshark, server))
    if clock is None:
        print('No SYN is in both captures, so the clocks are assumed to agree.')
    elif abs(clock) < SAME_CLOCK:
        print('Judging by the handshakes, both captures have the same clock.')
    else:
        way = 'ahead' if clock > 0 else 'behind'
        print(f'The server\'s clock is {abs(clock):.6f} s {way}, estimated from the handshakes.')
    path = merged(tshark, client, server, clock or 0)
    first_of_server = interfaces_of(tshark, client)
    rows = exported(tshark, path)
    segments = segments_of(tshark, path, lambda interface: SERVER if interface >= first_of_server else CLIENT, rows)
    found = list(connections(rows, segments))
    for one in found:
        print(one.line())
    if not out:
        return
    os.makedirs(out, exist_ok=True)
    copy_to(os.path.join(out, 'both.pcapng'), path, captures)
    wrong = [one for one in found if one.went_wrong()]
    if len(wrong) > TOLD_MAX:
        print(f'{len(wrong)} connections went wrong; {shown(out)} has the stories of the first {TOLD_MAX}.')
    del wrong[TOLD_MAX:]
    told = stories(tshark, path, [stream for one in wrong for stream in one.streams], '-2')
    for one in wrong:
        drawn, name = hops(one.segments), f'connection-{one.streams[0]}'
        words = '\n'.join(told[stream] for stream in one.streams if stream in told)
        write(out, f'{name}.txt', text(one.line(), drawn) + '\n' + words)
        write(out, f'{name}.svg', picture(one.line(), drawn))


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    speak()
    end_tidily()
    status = 0
    try:
        with Tshark(sys.argv[1]) as tshark:
            compare(tshark, sys.argv[2:4], sys.argv[4] if len(sys.argv) == 5 else None)
        sys.stdout.flush()
    except (Failure, Untold, Unusable) as error:
        print(f'compare: {shown(error)}', file=sys.stderr)
        status = 1
    except BrokenPipeError:             # `compare … | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        about = f'{error.filename}: ' if error.filename else ''
        print(f'compare: {shown(about + (error.strerror or str(error)))}', file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == '__main__':
    main()
