"""Made conversations as captures that one tshark reads together.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools

import shark  # noqa: F401, I001  (puts the next ones within reach)
import joined
import pcapmaker


def captured(lines, isns, host, more=(0, 0), **settings):
    """The conversation that the lines describe, between hosts of its own. more: what is added to both ends' numbers;
    settings: of all its segments."""
    segments = sorted(pcapmaker.segments(lines, *isns), key=lambda segment: segment.time)
    for segment in segments:
        of_client = segment.outgoing == (segment.icmp is None)
        segment.tcp = pcapmaker.renumbered(segment.tcp, *(more if of_client else more[::-1]))
        vars(segment).update(settings, host=host)
    frames = list(itertools.starmap(joined.Frame, pcapmaker.frames(segments)))
    link_type = pcapmaker.LINKS[settings.get('link', 'ethernet')][0]
    return joined.Capture(link_type, frames, {host}, max(frame.time for frame in frames))
