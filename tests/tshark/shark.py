"""What the tshark tests share: tshark as an ordinary user, with and without the plugin, and its fields as values.

A test imports the names below; CTest sets WIRESHARK_PLUGIN_DIR and TSHARK. By hand: tests/tshark/test_made.py after a
build does as well.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import atexit
import functools
import glob
import json
import os
import shutil
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(TESTS)
CAPTURES = os.path.join(TESTS, 'captures')
LAB = os.path.join(CAPTURES, 'lab')
sys.path[:0] = [os.path.join(TOP, 'scripts', 'lib'), os.path.join(CAPTURES, 'made'), os.path.join(TESTS, 'lab')]

from ordinary_tshark import Tshark  # noqa: E402

PLUGINS = os.environ.get('WIRESHARK_PLUGIN_DIR') or os.path.join(TOP, 'build', 'plugins')
ENUMERATIONS = ('tcpshake.sender', 'tcpshake.phase', 'tcpshake.step', 'tcpshake.client.state', 'tcpshake.server.state',
                'tcpshake.handshake', 'tcpshake.teardown', 'tcpshake.opened_by', 'tcpshake.closed_by',
                'tcpshake.reset_by', 'tcpshake.reset_cause', 'tcpshake.time_wait.owner')
SEPARATOR, JOINER = '\x1e', '\x1f'
# For what would hang for ever, in seconds: no measure of speed, whatever else the machine does.
PATIENCE = 1200
# No name look-ups: they would be asked of the network, and differ from machine to machine.
ALWAYS = ['-n']


def _entered(plugins, program=None):
    tshark = Tshark(plugins, program)
    tshark.__enter__()
    atexit.register(tshark.__exit__)
    return tshark


@functools.lru_cache(maxsize=None)
def with_plugin():
    return _entered(PLUGINS)


@functools.lru_cache(maxsize=None)
def without_plugin():
    tshark = _entered(None)
    tshark.environment['WIRESHARK_DATA_DIR'] = with_plugin().environment['WIRESHARK_DATA_DIR']  # PDML names it
    return tshark


@functools.lru_cache(maxsize=None)
def names():
    """{field: {number: name}}"""
    return with_plugin().names() or sys.exit(f'tshark does not load tcpshake.so from {PLUGINS}')


@functools.lru_cache(maxsize=None)
def tshark_version():
    """Its first line: TShark (Wireshark) 4.0.17 …"""
    return subprocess.run([os.environ.get('TSHARK') or 'tshark', '--version'], check=True, capture_output=True,
                          encoding='utf-8').stdout.partition('\n')[0]


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
    return [{answer['tap'].replace('stats:', 'stat:'): answer for answer in taps['result']['taps']}
            for taps in answers[1:]]


def folder():
    """A folder for captures made at test time, readable for whoever runs tshark; it goes at the end."""
    return with_plugin().folder


def output(*arguments):
    """What tshark prints."""
    status, printed, messages = with_plugin().output(arguments)
    if status != 0:
        raise AssertionError(f'tshark {" ".join(arguments)}: status {status}: {messages}')
    return printed.decode('utf-8')


def values(capture, fields, two_pass=False, display_filter=None, options=()):
    """Each frame of the capture as {field: [value, ...]}, values as tshark prints them."""
    arguments = [*ALWAYS, *(['-2'] if two_pass else []), '-r', with_plugin().readable(capture), *options,
                 '-T', 'fields', '-E', f'separator={SEPARATOR}', '-E', f'aggregator={JOINER}', '-E', 'occurrence=a']
    if display_filter:
        arguments += ['-Y', display_filter]
    for field in fields:
        arguments += ['-e', field]
    # Not splitlines(): the separator is a line boundary to it.
    return [{field: text.split(JOINER) if text else [] for field, text in zip(fields, line.split(SEPARATOR))}
            for line in output(*arguments).split('\n')[:-1]]


def rows(capture, fields, **settings):
    """The same with enumerations by name."""
    result = values(capture, fields, **settings)
    for field in set(fields).intersection(ENUMERATIONS):
        for row in result:
            row[field] = [names()[field].get(int(value, 0), f'number {value}') for value in row[field]]
    return result


def compare(*arguments, **options):
    """scripts/compare, without the set-up."""
    return subprocess.run([sys.executable, '-B', os.path.join(TOP, 'scripts', 'lib', 'compare.py'), PLUGINS,
                           *arguments], capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
                          **{'encoding': 'utf-8', **options, 'env': {**os.environ, 'LC_ALL': 'C.UTF-8',
                                                                    **options.get('env', {})}})


def merge(path, captures, *options):
    """Several captures as one, readable for whoever runs tshark; one after the other, or by time as mergecap does
    without -a."""
    subprocess.run(['mergecap', *options, '-w', path, *map(with_plugin().readable, captures)], check=True)
    os.chmod(path, 0o644)
    return path


def lab_names():
    """Of the captures in tests/captures/lab."""
    return sorted(os.path.basename(path)[:-len('.pcap')] for path in glob.glob(os.path.join(LAB, '*.pcap')))


def lab_capture(name):
    """The path of one of them."""
    return os.path.join(LAB, name + '.pcap')


def recorded_captures():
    """Those of the lab, and the bundled samples."""
    return sorted(glob.glob(os.path.join(LAB, '*.pcap')) + glob.glob(os.path.join(TOP, 'samples', '*.pcap')))
