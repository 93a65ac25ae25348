"""What is written of a recording: the capture, the kernels' states, the frames, and of a walk its plan.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import os

from script import SERVER_PORT
from segments import flags_of, write_pcap, write_pcapng


def write(folder, scenario, recording, rows, epoch):
    if scenario.device is None:
        base = os.path.join(folder, scenario.name)
        write_pcap(base + ".pcap", [(f.time + epoch, f.packet) for f in recording.frames])
    else:
        base = os.path.join(folder, "points", scenario.name)
        os.makedirs(os.path.dirname(base), exist_ok=True)
        write_pcapng(base + ".pcapng", [(f.time + epoch, f.point, f.packet) for f in recording.frames])
    write_kernel(base + ".kernel.tsv", scenario, rows, epoch)
    write_frames(base + ".frames.tsv", recording.frames, epoch)
    if recording.events:
        write_plan(base + ".plan.json", scenario.play.plan, recording)


def write_kernel(path, scenario, rows, epoch):
    ways = scenario.delay * scenario.capture_at, scenario.delay * (1 - scenario.capture_at)
    with open(path, "w") as out:
        out.write(f"# about {scenario.about}\n# server-port {SERVER_PORT}\n")
        out.write(f"# client-to-capture {ways[0]:.6f}\n# capture-to-server {ways[1]:.6f}\n")
        out.write(f"# capture {'incomplete' if scenario.incomplete else 'complete'}\n")
        out.write(f"# unknown-allowed {scenario.unknown or 'none'}\n")
        if scenario.uncompared:
            out.write(f"# uncompared {scenario.uncompared}\n")
        out.write("time\tconnection\tend\told\tnew\n")
        for row in rows:
            out.write(f"{row.time + epoch:.6f}\t{row.port}/{row.ordinal}\t{row.end}\t{row.old}\t{row.new}\n")


def write_frames(path, frames, epoch):
    with open(path, "w") as out:
        out.write("frame\tsender\tflags\tsent\tarrived\tnote\n")
        for number, frame in enumerate(frames, 1):
            arrived = "-" if frame.arrival.time is None else f"{frame.arrival.time + epoch:.6f}"
            flags = flags_of(frame.packet)
            out.write(f"{number}\t{frame.sender}\t{flags}\t{frame.sent + epoch:.6f}\t{arrived}\t{frame.note}\n")


def write_plan(path, plan, recording):
    """And what came of it, in seconds after the first frame as Wireshark shows them; an event is a line."""
    began = recording.frames[0].time
    events = [[round(time - began, 4), *rest] for time, *rest in recording.events]
    with open(path, "w") as out:
        for key, value in plan.items():
            out.write(f'{"{" if key == "seed" else " "}"{key}": {json.dumps(value)},\n')
        out.write(' "happened": [\n' + ",\n".join("  " + json.dumps(event) for event in events) + "]}\n")
