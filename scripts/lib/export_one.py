#!/usr/bin/env python3
"""The steps of scripts/batch: which captures are left, the export of one capture, and the merge.

    export_one.py [--full] PLUGINS FORMAT OUT CAPTURE   writes the capture's rows, and its problem if any, to OUT/parts
    export_one.py [--full] --jobs PLUGINS FORMAT OUT    prints a job for each capture of OUT/captures.list without rows
    export_one.py --merge FORMAT OUT                    merges the rows into OUT/conversations.FORMAT, reports problems

A job is the command that exports one capture: its words as in a URL, with commas between them, so that no shell can
find anything in them. scripts/batch takes them apart. With --full, tshark also loads and does what
changes no row (short_cuts.py).

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import errno
import hashlib
import io
import json
import os
import signal
import sys
import tempfile
import urllib.parse

sys.dont_write_bytecode = True
from beside import Beside  # noqa: E402
from ordinary_tshark import Tshark, Unusable, opened  # noqa: E402
from short_cuts import short_cuts  # noqa: E402
from terminal import end_tidily, shown, speak  # noqa: E402

COLUMN = 'capture'
FULL = (errno.ENOSPC, errno.EDQUOT)


class Failed(Exception):
    """This says nothing about the capture: it is to be tried again."""


def part(out, capture, suffix):
    """The file in OUT/parts for this capture; its name is the same in every run."""
    return os.path.join(out, 'parts', hashlib.sha256(os.fsencode(capture)).hexdigest()[:32] + '.' + suffix)


def printable(capture):
    return os.fsencode(capture).decode('utf-8', 'backslashreplace')


def is_done(out, form, capture):
    try:
        return os.path.getmtime(part(out, capture, form)) >= os.path.getmtime(capture)
    except OSError:
        return False


def captures(out):
    with open(os.path.join(out, 'captures.list'), 'rb') as file:
        return list(dict.fromkeys(os.fsdecode(name) for name in file.read().split(b'\0') if name))


def jobs(full, plugins, form, out):
    words = [os.path.abspath(__file__), *(['--full'] if full else []), os.path.abspath(plugins), form, out]
    for capture in captures(out):
        if not is_done(out, form, capture):
            yield ','.join(urllib.parse.quote(os.fsencode(word)) for word in (*words, capture))


def name_rows(form, capture, source, target):
    """Copies the rows, with the name of the capture in front of each. Half a row is none."""
    if form == 'ndjson':
        head = '{' + json.dumps(COLUMN) + ':' + json.dumps(printable(capture), ensure_ascii=False) + ','
        for line in source:
            if not line.endswith('}\n'):
                raise Failed('tshark left a row incomplete')
            target.write(head + line[1:])
        return
    writer = csv.writer(target)
    width = None
    for number, row in enumerate(csv.reader(source, strict=True)):
        width = width or len(row)
        if len(row) != width:
            raise Failed('tshark left a row incomplete')
        writer.writerow([printable(capture) if number else COLUMN, *row])


def reason(messages):
    """tshark's messages on one line."""
    lines = [line for line in messages.splitlines() if line and 'Running as user' not in line]
    return shown(' '.join(lines).replace('tshark: ', '').replace('The standard input', 'The file'))


def read(tshark, full, form, capture, rows):
    """Has tshark write the rows. It gets the open capture, which it need not have the right to open. Returns what is
    wrong with the capture, or ''."""
    with os.fdopen(opened(capture), 'rb') as file:
        saved = [] if full else short_cuts(os.fstat(file.fileno()).st_size)
        status, messages = tshark.written(['-n', '-q', *saved, '-r', '-', '-z', 'tcpshake,export,'], 'rows.' + form,
                                          rows, stdin=file)
    if status < 0:
        raise Failed(f'tshark was killed by signal {-status}')
    if status == 0:
        return ''
    # Without a row it may be that nothing of the kind works here.
    if rows.tell() == 0 and not tshark.names():
        raise Failed('tshark did not load the plugin')
    return reason(messages) or f'tshark: status {status}'


def export(full, plugins, form, out, capture):
    """Only what is complete, and says something about the capture, counts as done."""
    done, problem = (part(out, capture, suffix) for suffix in (form, 'problem'))
    if os.path.exists(done):
        os.remove(done)                 # of an earlier state of the capture
    with Tshark(plugins, whole=full) as tshark, tempfile.TemporaryFile() as rows:
        wrong = read(tshark, full, form, capture, rows)
        rows.seek(0)
        with Beside(done) as target:
            try:
                name_rows(form, capture, io.TextIOWrapper(rows, encoding='utf-8', newline=''), target)
            except (UnicodeDecodeError, csv.Error) as error:
                raise Failed(f'tshark wrote something that is not a row: {error}') from error
            if wrong:
                with Beside(problem) as file:
                    print(f'{shown(capture)}: {wrong}', file=file)
            elif os.path.exists(problem):
                os.remove(problem)


def copy_rows(form, source, target, is_first):
    """Without the header, unless it is the first. Returns the number of rows."""
    if form == 'csv':
        header = source.readline()
        if is_first:
            target.write(header)
    count, inside = 0, False            # inside quotes: the name of a capture may contain a newline
    for line in source:
        target.write(line)
        inside ^= form == 'csv' and line.count('"') % 2 == 1
        count += not inside
    return count


def merge(form, out):
    """Writes the header once, then the rows of all captures in the order of the list. Returns the exit status."""
    names, count, problems, is_first = captures(out), 0, [], True
    merged = os.path.join(out, 'conversations.' + form)
    with Beside(merged) as target, Beside(os.path.join(out, 'problems.txt')) as report:
        for capture in names:
            rows, problem = part(out, capture, form), part(out, capture, 'problem')
            if not os.path.exists(rows):
                problems.append(f'{shown(capture)}: not processed; see jobs.log\n')
                continue
            if os.path.exists(problem):
                with open(problem, encoding='utf-8') as file:
                    problems.append(file.read())
            with open(rows, encoding='utf-8', newline='') as source:
                count += copy_rows(form, source, target, is_first)
                is_first = is_first and os.path.getsize(rows) == 0
        report.writelines(problems)
    print(f'{len(names)} captures, {count} conversations: {shown(merged)}')
    if problems:
        print(f'{len(problems)} of the captures could not be read completely:')
        print(''.join(problems), end='')
    return 1 if problems else 0


def run(arguments):
    full = arguments[0] == '--full'
    arguments = arguments[full:]
    if arguments[0] == '--jobs':
        for job in jobs(full, *arguments[1:]):
            print(job, end='\0')
        return 0
    if arguments[0] == '--merge':
        return merge(*arguments[1:])
    export(full, *arguments)
    return 0


def main(arguments):
    what = shown(arguments[-1])
    try:
        return run(arguments)
    except (Failed, Unusable) as error:
        print(f'{what}: {error}', file=sys.stderr)
    except OSError as error:
        if error.errno in FULL and arguments[0] != '--merge':
            return errno.ENOSPC         # the same for each capture: scripts/batch says it once
        where = f'{shown(error.filename)}: ' if error.filename and error.filename != arguments[-1] else ''
        print(f'{what}: {where}{error.strerror}', file=sys.stderr)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 1


if __name__ == '__main__':
    end_tidily()
    speak()
    sys.exit(main(sys.argv[1:]))
