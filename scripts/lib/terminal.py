"""What reaches the terminal: names without control characters, and text in the terminal's own encoding.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import codecs
import os
import signal
import sys

# One column each, like what they replace: lines of a drawing stay below each other.
IN_ASCII = str.maketrans('─│├┤▶◀┆┊→←·–−µ…', '-||' + '|><::><.--u.')


def shown(name):
    """A name, or a message that contains one, on one line: bytes that are no UTF-8, control characters and whatever
    else is not printable, such as a change of the direction of writing, by their numbers."""
    text = os.fsencode(str(name)).decode('utf-8', 'backslashreplace')
    return ''.join(c if c.isprintable() else c.encode('unicode_escape').decode() for c in text)


def _simpler(error):
    """For encode(): ASCII instead of what the encoding lacks."""
    text = error.object[error.start:error.end].translate(IN_ASCII)
    return ''.join(c if c.isascii() else '?' for c in text), error.end


codecs.register_error('simpler', _simpler)


def speak():
    """Standard output and standard error write any text, in any locale."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors='simpler')


def can_write(text):
    """Whether the encoding of standard output has all of it."""
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True


def end_tidily():
    """TERM and HUP end the program as Ctrl-C does: by an exception, so that temporary files go."""
    def leave(number, _):
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:      # nohup
            signal.signal(number, leave)
