#!/usr/bin/env python3
"""The steps of scripts/batch: which captures are left, the export of one capture, and the merge.

    export_one.py PLUGINS FORMAT OUT CAPTURE    writes the capture's rows, and its problem if any, to OUT/parts
    export_one.py --missing FORMAT OUT          prints the captures of OUT/captures.list that have no rows yet
    export_one.py --merge FORMAT OUT            merges the rows into OUT/conversations.FORMAT and reports problems

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import hashlib
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from ordinary_tshark import Tshark  # noqa: E402

COLUMN = 'capture'


def part(out, capture, suffix):
    """The file in OUT/parts for this capture; its name is the same in every run."""
    return os.path.join(out, 'parts', hashlib.sha256(os.fsencode(capture)).hexdigest()[:32] + '.' + suffix)


def printable(capture):
    return os.fsencode(capture).decode('utf-8', 'backslashreplace')


def is_done(out, form, capture):
    rows = part(out, capture, form)
    return os.path.exists(rows) and os.path.getmtime(rows) >= os.path.getmtime(capture)


def captures(out):
    with open(os.path.join(out, 'captures.list'), 'rb') as file:
        return list(dict.fromkeys(os.fsdecode(name) for name in file.read().split(b'\0') if name))


def name_rows(form, capture, source, target):
    """Copies the rows, with the name of the capture in front of each."""
    if form == 'ndjson':
        head = '{' + json.dumps(COLUMN) + ':' + json.dumps(printable(capture), ensure_ascii=False) + ','
        for line in source:
            target.write(head + line[1:])
        return
    writer = csv.writer(target)
    for number, row in enumerate(csv.reader(source)):
        writer.writerow([printable(capture) if number else COLUMN, *row])


def reason(messages):
    """tshark's messages on one line."""
    lines = [line for line in messages.splitlines() if line and 'Running as user' not in line]
    return ' '.join(lines).replace('tshark: ', '')


def export(plugins, form, out, capture):
    """Writes the rows to a temporary file first: only a complete file counts as done."""
    with Tshark(plugins) as tshark:
        written = os.path.join(tshark.folder, 'home', 'rows.' + form)
        try:
            readable = tshark.readable(capture)
        except OSError as error:
            status, messages = 1, str(error)
        else:
            status, _, messages = tshark.output(['-n', '-q', '-r', readable, '-z', f'tcpshake,export,{written}'])
            messages = messages.replace(readable, printable(capture))
        if status < 0:
            return f'tshark was killed by signal {-status}'
        with tempfile.NamedTemporaryFile('w', dir=os.path.join(out, 'parts'), delete=False, encoding='utf-8',
                                         newline='') as target:
            if os.path.exists(written):
                with open(written, encoding='utf-8', newline='') as source:
                    name_rows(form, capture, source, target)
        os.chmod(target.name, 0o644)
        problem = part(out, capture, 'problem')
        if status != 0:
            with open(problem, 'w', encoding='utf-8') as file:
                print(f'{printable(capture)}: {reason(messages) or f"tshark: status {status}"}', file=file)
        elif os.path.exists(problem):
            os.remove(problem)
        os.replace(target.name, part(out, capture, form))
    return None


def merge(form, out):
    """Writes the header once, then the rows of all captures in the order of the list. Returns the exit status."""
    names, count, problems = captures(out), 0, []
    merged = os.path.join(out, 'conversations.' + form)
    with open(merged + '.new', 'w', encoding='utf-8', newline='') as target:
        header = None
        for capture in names:
            rows = part(out, capture, form)
            if not os.path.exists(rows):
                problems.append(f'{printable(capture)}: not processed; see jobs.log\n')
                continue
            if os.path.exists(part(out, capture, 'problem')):
                with open(part(out, capture, 'problem'), encoding='utf-8') as file:
                    problems.append(file.read())
            with open(rows, encoding='utf-8', newline='') as source:
                if form == 'csv':
                    first = source.readline()
                    if first and header is None:
                        target.write(first)
                        header = first
                inside = False          # inside quotes: the name of a capture may contain a newline
                for line in source:
                    target.write(line)
                    inside ^= form == 'csv' and line.count('"') % 2 == 1
                    count += not inside
    os.replace(merged + '.new', merged)
    with open(os.path.join(out, 'problems.txt'), 'w', encoding='utf-8') as file:
        file.writelines(problems)
    print(f'{len(names)} captures, {count} conversations: {merged}')
    if problems:
        print(f'{len(problems)} of them could not be read completely:')
        print(''.join(problems), end='')
    return 1 if problems else 0


def main(arguments):
    if arguments[0] == '--missing':
        form, out = arguments[1:]
        sys.stdout.buffer.write(b''.join(os.fsencode(name) + b'\0' for name in captures(out)
                                         if not is_done(out, form, name)))
        return 0
    if arguments[0] == '--merge':
        return merge(*arguments[1:])
    failed = export(*arguments)
    if failed:
        print(f'{printable(arguments[-1])}: {failed}', file=sys.stderr)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
