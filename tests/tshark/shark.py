"""What the tshark tests share: runs of tshark as an ordinary user, with and without the plugin, and its fields as values.

A test imports the names below; CTest sets WIRESHARK_PLUGIN_DIR and TSHARK. By hand: tests/tshark/test_made.py after a
build does as well.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(TESTS)
CAPTURES = os.path.join(TESTS, 'captures')
sys.path[:0] = [os.path.join(TOP, 'scripts', 'lib'), os.path.join(CAPTURES, 'made')]

from ordinary_tshark import Tshark  # noqa: E402

PLUGINS = os.environ.get('WIRESHARK_PLUGIN_DIR') or os.path.join(TOP, 'build', 'plugins')
ENUMERATIONS = ('tcpshake.sender', 'tcpshake.phase', 'tcpshake.step', 'tcpshake.client.state', 'tcpshake.server.state',
                'tcpshake.handshake', 'tcpshake.teardown', 'tcpshake.opened_by', 'tcpshake.closed_by',
                'tcpshake.reset_by', 'tcpshake.reset_cause', 'tcpshake.time_wait.owner')
SEPARATOR, JOINER = '\x1e', '\x1f'
# No name look-ups: they would be asked of the network, and differ from machine to machine.
ALWAYS = ['-n']


def _entered(plugins, program=None):
    tshark = Tshark(plugins, program)
    tshark.__enter__()
    atexit.register(tshark.__exit__)
    return tshark


@functools.lru_cache(maxsize=None)
def with_plugin():
    tshark = _entered(PLUGINS)
    if not tshark.names():
        sys.exit(f'tshark does not load tcpshake.so from {PLUGINS}')
    return tshark


@functools.lru_cache(maxsize=None)
def without_plugin():
    return _entered(None)


@functools.lru_cache(maxsize=None)
def names():
    """{field: {number: name}}"""
    return with_plugin().names()


def sharkd_program():
    """The path of the sharkd that belongs to tshark, or None."""
    beside = os.path.join(os.path.dirname(shutil.which(os.environ.get('TSHARK') or 'tshark') or ''), 'sharkd')
    return beside if os.access(beside, os.X_OK) else shutil.which('sharkd')


@functools.lru_cache(maxsize=None)
def _sharkd():
    return _entered(PLUGINS, sharkd_program())


def sharkd_taps(capture, *requests):
    """What sharkd answers when it has loaded the capture: for each request, a list of taps, {tap: answer}."""
    messages = [{'method': 'load', 'params': {'file': _sharkd().readable(capture)}}]
    messages += [{'method': 'tap', 'params': {f'tap{i}': tap for i, tap in enumerate(taps)}} for taps in requests]
    lines = [json.dumps({'jsonrpc': '2.0', 'id': i, **message}) for i, message in enumerate(messages, 1)]
    process = _sharkd().start(['-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.communicate(('\n'.join(lines) + '\n').encode())
    answers = [json.loads(line) for line in output.decode('utf-8').splitlines()]
    if process.returncode != 0 or len(answers) != len(messages) or any('error' in answer for answer in answers):
        raise AssertionError(f'sharkd: status {process.returncode}: {output!r} {errors!r}')
    return [{answer['tap'].replace('stats:', 'stat:'): answer for answer in taps['result']['taps']} for taps in answers[1:]]


def folder():
    """A folder for captures made at test time, readable for whoever runs tshark; it goes at the end."""
    return with_plugin().folder


def number_of(field, name):
    """The number that stands for this name."""
    return next(number for number, text in names()[field].items() if text == name)


def rows(capture, fields, two_pass=False, display_filter=None, options=()):
    """Each frame of the capture as {field: [value, ...]}, values as text, enumerations by name."""
    tshark = with_plugin()
    arguments = [*ALWAYS, *(['-2'] if two_pass else []), '-r', tshark.readable(capture), *options, '-T', 'fields',
                 '-E', f'separator={SEPARATOR}', '-E', f'aggregator={JOINER}', '-E', 'occurrence=a']
    if display_filter:
        arguments += ['-Y', display_filter]
    for field in fields:
        arguments += ['-e', field]
    status, output, messages = tshark.output(arguments)
    if status != 0:
        raise AssertionError(f'tshark {" ".join(arguments)}: status {status}: {messages}')
    result = []
    # Not splitlines(): the separator is a line boundary to it.
    for line in output.decode('utf-8').split('\n')[:-1]:
        row = {}
        for field, text in zip(fields, line.split(SEPARATOR)):
            values = text.split(JOINER) if text else []
            if field in ENUMERATIONS:
                values = [names()[field].get(int(value, 0), f'number {value}') for value in values]
            row[field] = values
        result.append(row)
    return result


def recorded_captures():
    """Every capture in tests/captures, the bundled samples with them."""
    found = []
    for top in (CAPTURES, os.path.join(TOP, 'samples')):
        for path, _, files in os.walk(top):
            found += [os.path.join(path, name) for name in files if name.endswith(('.pcap', '.pcapng', '.cap', '.gz'))]
    return sorted(found)
