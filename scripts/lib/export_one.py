#!/usr/bin/env python3
"""What scripts/batch does with one capture, and with all of them before and after that.

    export_one.py PLUGINS FORMAT OUT CAPTURE    OUT/parts gets the capture's rows, and what was wrong with it
    export_one.py --missing PLUGINS FORMAT OUT LIST I N
                                                prints which captures of LIST have no rows yet: of every Nth from I on
    export_one.py --merge FORMAT OUT LIST       OUT/conversations.FORMAT out of the rows; reports what was wrong

A part is written under another name and then renamed: what has its name is whole. A LIST has a NUL behind each name.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import glob
import hashlib
import json
import os
import signal
import sys

sys.dont_write_bytecode = True
from ordinary_tshark import Tshark  # noqa: E402

COLUMN = 'capture'
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# What the export says if there is no room for its rows: nothing that the capture could help.
NOT_WRITTEN = ('cannot be written', 'could not be written')


class NotDone(Exception):
    """Nothing is known of the capture yet: it has to be tried again."""


def part(out, capture, suffix):
    """The file of OUT/parts for this capture; its name is the same in each run."""
    return os.path.join(out, 'parts', hashlib.sha256(os.fsencode(capture)).hexdigest()[:32] + '.' + suffix)


def printable(capture):
    return os.fsencode(capture).decode('utf-8', 'backslashreplace')


def captures(path):
    with open(path, 'rb') as file:
        return list(dict.fromkeys(os.fsdecode(name) for name in file.read().split(b'\0') if name))


def missing(plugins, form, out, path, first, step):
    """Those without rows, and those that have changed since; all of them if the plugin has."""
    built = max((os.path.getmtime(file) for file in glob.glob(os.path.join(glob.escape(plugins), '*', 'epan', 'tcpshake.so'))),
                default=0)

    def is_missing(capture):
        try:
            done = os.path.getmtime(part(out, capture, form))
            return done < max(built, os.path.getmtime(capture))
        except OSError:
            return True
    return [capture for capture in captures(path)[int(first)::int(step)] if is_missing(capture)]


def name_rows(form, capture, source, target):
    """Copies the rows, the capture's name in front of each."""
    if form == 'ndjson':
        head = '{' + json.dumps(COLUMN) + ':' + json.dumps(printable(capture), ensure_ascii=False) + ','
        for line in source:
            target.write(head + line[1:])
        return
    writer = csv.writer(target)
    for number, row in enumerate(csv.reader(source)):
        writer.writerow([printable(capture) if number else COLUMN, *row])


def reason(status, messages):
    """tshark's messages in a line."""
    lines = [line for line in messages.splitlines() if line and 'Running as user' not in line]
    return ' '.join(lines).replace('tshark: ', '') or f'tshark: status {status}'


def run(tshark, plugins, form, capture):
    """The file that tshark has written, or None; and what was wrong with the capture, or None."""
    written = os.path.join(tshark.folder, 'home', 'rows.' + form)
    try:
        readable = tshark.readable(capture)
    except OSError as error:
        raise NotDone(error.strerror) from None
    status, _, messages = tshark.output(['-n', '-q', '-r', readable, '-z', f'tcpshake,export,{written}'])
    messages = messages.replace(readable, printable(capture))
    if status < 0:
        raise NotDone(f'tshark was ended by signal {-status}')
    if not os.path.exists(written):
        # tshark looks at the capture first. What it says of an export that it does not know is long.
        if not tshark.names():
            raise NotDone(f'tshark does not load tcpshake.so from {plugins}')
        written = None
    elif any(f'{written} {failed}' in messages for failed in NOT_WRITTEN):
        raise NotDone(reason(status, messages))
    return written, reason(status, messages) if status else None


def export(plugins, form, out, capture):
    """Returns the exit status, for GNU parallel to try again or not."""
    rows, problem = part(out, capture, form), part(out, capture, 'problem')
    wrong, status = None, 0
    try:
        with Tshark(plugins) as tshark:
            written, wrong = run(tshark, plugins, form, capture)
            with open(rows + '.new', 'w', encoding='utf-8', newline='') as target:
                if written:
                    with open(written, encoding='utf-8', newline='') as source:
                        name_rows(form, capture, source, target)
    except (NotDone, OSError) as error:
        wrong, status = str(error), 1
    if wrong:
        with open(problem, 'w', encoding='utf-8') as file:
            print(f'{printable(capture)}: {wrong}', file=file)
    elif os.path.exists(problem):
        os.remove(problem)
    if status == 0:
        os.replace(rows + '.new', rows)
    return status


class Merged:
    """What is put together of all parts."""

    def __init__(self, form):
        self.form, self.header, self.count, self.problems, self.open = form, None, 0, [], 0

    def add(self, out, capture, target):
        rows, problem = part(out, capture, self.form), part(out, capture, 'problem')
        if os.path.exists(problem):
            with open(problem, encoding='utf-8') as file:
                self.problems.append(file.read())
        elif not os.path.exists(rows):
            self.open += 1
        if os.path.exists(rows):
            with open(rows, encoding='utf-8', newline='') as source:
                self._add_rows(capture, source, target)

    def _add_rows(self, capture, source, target):
        if self.form == 'csv':
            header = source.readline()
            if header and self.header is None:
                target.write(header)
                self.header = header
            elif header and header != self.header:
                self.problems.append(f'{printable(capture)}: its columns are of another version of tcpshake; left out\n')
                return
        inside = False                  # of quotes: a capture's name may hold a newline
        for line in source:
            target.write(line)
            inside ^= self.form == 'csv' and line.count('"') % 2 == 1
            self.count += not inside


def merge(form, out, path):
    """The header once, the rows of all captures in the order of the list. Returns the exit status."""
    names, merged = captures(path), Merged(form)
    target = os.path.join(out, 'conversations.' + form)
    with open(target + '.new', 'w', encoding='utf-8', newline='') as file:
        for capture in names:
            merged.add(out, capture, file)
    os.replace(target + '.new', target)
    with open(os.path.join(out, 'problems.txt'), 'w', encoding='utf-8') as file:
        file.writelines(merged.problems)
    print(f'{len(names)} captures, {merged.count} conversations: {target}')
    if merged.open:
        print(f'{merged.open} of them are not done yet; the same command goes on with them')
    if merged.problems:
        print(f'{len(merged.problems)} of them could not be read, or not to the end:')
        print(''.join(merged.problems), end='')
    return 1 if merged.problems or merged.open else 0


def end(number, _):
    """What is temporary goes, and tshark; undisturbed by being told once more."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def main(arguments):
    if arguments[0] == '--missing':
        sys.stdout.buffer.write(b''.join(os.fsencode(name) + b'\0' for name in missing(*arguments[1:])))
        return 0
    if arguments[0] == '--merge':
        return merge(*arguments[1:])
    for number in ENDING:
        signal.signal(number, end)
    return export(*arguments)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
