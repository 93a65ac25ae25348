#!/usr/bin/env python3
"""What is said of a conversation does not depend on its ISNs (RFC 9293 section 3.4: numbers are compared modulo 2^32,
and only with others of the same direction). Conversations thrown together at random, each with four pairs of ISNs.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools
import random
import unittest

import shark  # noqa: F401, I001  (puts the next ones within reach)
import joined
from made import captured

FIELDS = ['tcpshake.step', 'tcpshake.states', 'tcpshake.anomaly', 'tcpshake.handshake', 'tcpshake.teardown',
          'tcpshake.reset_cause', 'tcpshake.verdict']
ISNS = 1000, 500000
# Beyond the middle of all numbers, which is where a comparison with a number that is not set turns; and such that both
# directions pass 2^32.
MORE = (0, 0), (500000, 2**32 - 499900), (2_200_000_000, 4_294_000_000), (4_294_966_000, 4_294_467_000)
PAUSES = .001, .005, .02, .02, .1, .3, 1.2
KINDS = ('ACK', 'ACK PSH data=1', 'ACK PSH data=100', 'ACK PSH data=10 ack=1', 'FIN ACK', 'RST', 'RST ACK',
         'RST seq=+1')
CONVERSATIONS = 150


def thrown(rng):
    """Lines for pcapmaker: most begin with a handshake; then anything, in both directions."""
    opening = [(0, '> SYN'), (.02, '< SYN ACK'), (.02, '> ACK')]
    steps = rng.choice([opening] * 6 + [opening[:2], opening[:1], []])
    steps = steps + [(rng.choice(PAUSES), f'{rng.choice("<>")} {rng.choice(KINDS)}') for _ in range(rng.randint(2, 9))]
    times = itertools.accumulate(pause for pause, _ in steps)
    return [f'{time:.3f} {step}' for time, (_, step) in zip(times, steps)]


class Isns(unittest.TestCase):
    def check_all(self, whole):
        rng = random.Random(9293)
        thrown_together = [thrown(rng) for _ in range(CONVERSATIONS)]
        keys = itertools.product(range(CONVERSATIONS), range(len(MORE)))
        captures = {(number, pair): captured(thrown_together[number], ISNS, host, MORE[pair])
                    for host, (number, pair) in enumerate(keys)}
        rows = joined.rows(captures, FIELDS, two_pass=whole)
        for number, lines in enumerate(thrown_together):
            for pair in range(1, len(MORE)):
                with self.subTest('\n'.join(lines), isns=MORE[pair]):
                    self.assertEqual(rows[number, pair], rows[number, 0])
        self.assertGreater(len({tuple(row['tcpshake.states']) for found in rows.values() for row in found}), 30)

    def test_one_pass(self):
        self.check_all(whole=False)

    def test_two_passes(self):
        self.check_all(whole=True)


if __name__ == '__main__':
    unittest.main()
