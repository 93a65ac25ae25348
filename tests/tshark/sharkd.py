"""A session with sharkd.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import atexit
import functools
import json
import subprocess

import shark


class Sharkd:
    """A session over its JSON protocol."""

    def __init__(self, program):
        self.identifier = 0
        tshark = shark.with_plugin()
        self.process = subprocess.Popen([program, '-'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=tshark.environment, **tshark.identity)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(shark.PATIENCE)
        self.process.stdout.close()

    def ask(self, method, **parameters):
        self.identifier += 1
        request = {'jsonrpc': '2.0', 'id': self.identifier, 'method': method, 'params': parameters}
        self.process.stdin.write(json.dumps(request).encode() + b'\n')
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if 'result' not in answer:
            raise AssertionError(f'{method}: {answer}')
        return answer['result']

    def lines(self, frame):
        """The text of our subtree, as tshark -V has it."""
        found = []

        def take(nodes):
            for node in nodes:
                found.append(node['l'])
                take(node.get('n', []))
        take(node for node in self.ask('frame', frame=frame, proto=True)['tree'] if node.get('f') == 'tcpshake')
        return found


@functools.lru_cache(maxsize=None)
def _reader(program):
    """One for all captures: a start of tshark takes longer than to read most of them."""
    sharkd = Sharkd(program)
    atexit.register(sharkd.__exit__)
    return sharkd


def rows_of(capture, fields):
    """As shark.rows() has them with two_pass; no value of these fields may hold a comma."""
    program = shark.sharkd_program()
    if not program:
        return shark.rows(capture, fields, two_pass=True)
    sharkd = _reader(program)
    sharkd.ask('load', file=shark.with_plugin().readable(capture))
    # No filter: sharkd keeps the results of a filter from the capture before.
    columns = {f'column{number}': f'{field}:0' for number, field in enumerate(fields)}
    return [{field: value.split(',') if value else [] for field, value in zip(fields, row['c'])}
            for row in sharkd.ask('frames', **columns)]
