"""Many captures read by one tshark: a start of tshark takes longer than reading most of them.

What is said of a capture in company is what is said of it alone: no host is in two captures of a file, and since
silence is measured until the last frame of all, each capture is moved in time so that it ends with the others.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import concurrent.futures
import heapq
import itertools
import os
import re
import struct
import tempfile

import shark

MICROSECONDS = {b'\xd4\xc3\xb2\xa1': '<', b'\xa1\xb2\xc3\xd4': '>'}
RAW, TCP = 101, 6
# All captures end at this time, in microseconds since the epoch.
END = 1_700_100_000 * 1_000_000
# Fields that hold the number of a frame.
FRAME_NUMBER = re.compile(r'frame\.number|tcpshake\.(\w+_frame|acks_\w+|acked_in|time_wait\.frame)')

Frame = collections.namedtuple('Frame', 'time packet length')
# hosts: what tells them from those of other captures; end: the time of the last frame.
Capture = collections.namedtuple('Capture', 'link frames hosts end')
# A file with several captures: where each frame comes from, and which number it has there.
Batch = collections.namedtuple('Batch', 'path origins')


def read(path):
    """A recording of the lab: a classic pcap file, microseconds, bare IP packets."""
    with open(path, 'rb') as file:
        content = file.read()
    order = MICROSECONDS[content[:4]]
    if struct.unpack_from(order + 'I', content, 20)[0] != RAW:
        raise AssertionError(f'{path}: not of bare IP packets')
    frames, at = [], 24
    while at < len(content):
        second, microsecond, captured, length = struct.unpack_from(order + 'IIII', content, at)
        at += 16
        frames.append(Frame(second * 1_000_000 + microsecond, content[at:at + captured], length))
        at += captured
    segments = [frame for frame in frames if hosts_of(frame.packet)]
    return Capture(RAW, frames, {host for frame in segments for host in hosts_of(frame.packet)},
                   max(frame.time for frame in frames))


def hosts_of(packet):
    """Source and destination of a TCP segment."""
    if packet[0] >> 4 == 4:
        return (packet[12:16], packet[16:20]) if packet[9] == TCP else ()
    return (packet[8:24], packet[24:40]) if packet[6] == TCP else ()


def moved(capture):
    """The capture, with its last frame at END."""
    shift = END - capture.end
    return capture._replace(frames=[frame._replace(time=frame.time + shift) for frame in capture.frames])


def batches(captures):
    """{key: capture} in as few groups as can be. In a group all have one kind of link, and no two a host in common."""
    groups = []
    for key, capture in captures.items():
        for group, taken, link in groups:
            if link == capture.link and not taken & capture.hosts:
                break
        else:
            group, taken = {}, set()
            groups.append((group, taken, capture.link))
        group[key] = moved(capture)
        taken |= capture.hosts
    return [group for group, _, _ in groups]


def write(path, link, frames):
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
        for frame in frames:
            file.write(struct.pack('<IIII', *divmod(frame.time, 1_000_000), len(frame.packet), frame.length))
            file.write(frame.packet)
    os.chmod(path, 0o644)


def join(captures):
    """{key: capture} as a few files; each capture's frames keep their order."""
    result = []
    for group in batches(captures):
        # Each by the latest time so far: one that was captured out of order stays where it is.
        queues = [[(time, key, number, frame) for (number, frame), time in
                   zip(enumerate(capture.frames, 1), itertools.accumulate((f.time for f in capture.frames), max))]
                  for key, capture in group.items()]
        merged = list(heapq.merge(*queues, key=lambda entry: entry[0]))
        handle, path = tempfile.mkstemp('.pcap', 'joined', shark.folder())
        os.close(handle)
        write(path, next(iter(group.values())).link, [frame for *_, frame in merged])
        result.append(Batch(path, [(key, number) for _, key, number, _ in merged]))
    return result


def split(batch, rows):
    """{key: rows}, with frames and streams numbered as in the capture alone."""
    if len(rows) != len(batch.origins):
        raise AssertionError(f'{len(rows)} frames, not {len(batch.origins)}')
    result = {key: [] for key, _ in batch.origins}
    streams = collections.defaultdict(dict)
    for (key, _), row in zip(batch.origins, rows):
        for field, values in row.items():
            if FRAME_NUMBER.fullmatch(field):
                places = [batch.origins[int(value) - 1] for value in values]
                if any(place[0] != key for place in places):
                    raise AssertionError(f'{key}: {field} is a frame of {places}')
                row[field] = [str(number) for _, number in places]
            elif field == 'tcp.stream':
                row[field] = [str(streams[key].setdefault(value, len(streams[key]))) for value in values]
        result[key].append(row)
    return result


def rows(captures, fields, **settings):
    """What shark.rows() says of each of the captures: {key: rows}."""
    found = join(captures)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        of_each = pool.map(lambda batch: split(batch, shark.rows(batch.path, fields, **settings)), found)
        result = {key: rows for part in of_each for key, rows in part.items()}
    for batch in found:
        os.unlink(batch.path)
    return {key: result.get(key, []) for key in captures}
