"""A connection that was captured at both ends, drawn with three lifelines: client, path, server.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import html

CLIENT, SERVER = 0, 1
HALF = 34
LINE, ROW, TOP, LEFT, MIDDLE, RIGHT = '#17212b', 34, 96, 190, 500, 810
ALARM = '#b3380a'


class Hop:
    """A segment on its way. frames: at the client's point and at the server's; None: it was not seen there."""

    def __init__(self, time, outgoing, label):
        self.time, self.outgoing, self.label = time, outgoing, label
        self.frames, self.anomalies = [None, None], []

    def reaches(self):
        """(left half, right half): whether it was there. One seen at its sender's point alone was lost in between; one
        at the other alone came from in between, or the capture has missed it."""
        return self.frames[CLIENT] is not None, self.frames[SERVER] is not None

    def lost(self):
        return (self.frames[SERVER] if self.outgoing else self.frames[CLIENT]) is None


def half(label, outgoing, at_end):
    """An arrow through one half: at_end: its head is at this half's end of the way."""
    if at_end is None:
        return ' ' * HALF
    label = f' {label} ' if label else ''
    stem = '─' * max(HALF - len(label) - 1, 0)
    drawn = label + stem if outgoing else stem + label
    drawn = drawn[:HALF - 1]
    return drawn + ('▶' if at_end else '×') if outgoing else ('◀' if at_end else '×') + drawn


def text(title, hops):
    """Each hop as a line; × is where it was not seen any more."""
    lines = [title, '', f'{"seconds":>12}  {"frames":>13}  client{" " * (HALF - 4)}path{" " * (HALF - 4)}server']
    begin = hops[0].time if hops else 0
    for hop in hops:
        left, right = hop.reaches()
        frames = '/'.join(str(frame) if frame else '-' for frame in hop.frames)
        first = half(hop.label if hop.outgoing else '', hop.outgoing, (right or not hop.outgoing) if left else None)
        second = half('' if hop.outgoing else hop.label, hop.outgoing, (left or hop.outgoing) if right else None)
        if hop.outgoing and not left:
            second = half(hop.label, True, True)
        if not hop.outgoing and not right:
            first = half(hop.label, False, True)
        lines.append(f'{hop.time - begin:12.6f}  {frames:>13}  │{first}┊{second}│'
                     + (f'  {", ".join(hop.anomalies)}' if hop.anomalies else ''))
    return '\n'.join(lines) + '\n'


def _text(x, y, content, anchor='start', size=12, colour=LINE):
    return (f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">'
            f'{html.escape(content)}</text>')


def _arrow(start, end, y, seen_off):
    head = 8 if end > start else -8
    parts = [f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" stroke="{LINE}" stroke-width="2"/>']
    if seen_off:
        parts.append(f'<path d="M{end} {y} l{-head} -4 v8 z" fill="{LINE}"/>')
    else:
        parts.append(f'<path d="M{end - 6} {y - 6} l12 12 m-12 0 l12 -12" stroke="{ALARM}" stroke-width="2.5"/>')
    return ''.join(parts)


def _draw(hop, begin, y):
    left, right = hop.reaches()
    ends = {CLIENT: LEFT, SERVER: RIGHT}
    source, target = (CLIENT, SERVER) if hop.outgoing else (SERVER, CLIENT)
    start = ends[source] if hop.frames[source] is not None else MIDDLE
    end = ends[target] if hop.frames[target] is not None else MIDDLE
    parts = [_text(LEFT - 16, y + 4, f'{hop.time - begin:.6f}', 'end'),
             _arrow(start, end, y, hop.frames[target] is not None),
             _text((start + end) // 2, y - 6, hop.label, 'middle')]
    if not (left and right) and hop.frames[source] is None:
        parts.append(f'<circle cx="{MIDDLE}" cy="{y}" r="5" fill="{ALARM}"/>')
    if hop.anomalies:
        parts.append(_text(RIGHT + 16, y + 4, ', '.join(hop.anomalies), colour=ALARM))
    return ''.join(parts)


def picture(title, hops):
    """The same as SVG."""
    bottom = TOP + ROW * (len(hops) + 1)
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="1100" '
             f'height="{bottom + 24}" viewBox="0 0 1100 {bottom + 24}" font-family="sans-serif">',
             f'<title>{html.escape(title)}</title><rect width="1100" height="{bottom + 24}" fill="#ffffff"/>',
             _text(16, 30, title[:150], size=13), _text(16, 50, title[150:], size=13)]
    for x, name, dashes in ((LEFT, 'client', ''), (MIDDLE, 'path', ' stroke-dasharray="6 5"'), (RIGHT, 'server', '')):
        parts.append(_text(x, TOP - 20, name, 'middle', 15))
        parts.append(f'<line x1="{x}" y1="{TOP - 12}" x2="{x}" y2="{bottom}" stroke="{LINE}" '
                     f'stroke-width="2"{dashes}/>')
    begin = hops[0].time if hops else 0
    parts += [_draw(hop, begin, TOP + ROW * (number + 1) - 8) for number, hop in enumerate(hops)]
    return '\n'.join(parts) + '\n</svg>\n'
