"""The stories of conversations, many from one start of tshark.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import re

# Where the story of a stream begins; and how many are told at once.
STORY, AT_ONCE = re.compile(r'^(?=tcp\.stream \d+: )', re.MULTILINE), 50


class Untold(Exception):
    """What tshark says instead, in one line."""


def stories(tshark, path, streams, *options):
    """{stream: its story as tcpshake tells it}"""
    told = {}
    for first in range(0, len(streams), AT_ONCE):
        calls = [word for stream in streams[first:first + AT_ONCE] for word in ('-z', f'tcpshake,story,{stream}')]
        status, output, messages = tshark.output(['-n', *options, '-q', '-r', path, *calls])
        if status != 0 and not output:
            raise Untold(messages.strip().partition('\n')[0] or 'tshark failed without a message')
        for story in STORY.split(output.decode('utf-8', 'replace')):
            if story.startswith('tcp.stream '):
                told[int(story.split()[1].rstrip(':'))] = story
    return told
