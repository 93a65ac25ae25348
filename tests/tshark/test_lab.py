#!/usr/bin/env python3
"""What of tests/lab decides without a kernel: the plans and faults of walks, and one path out of two witnesses.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import unittest

import shark  # noqa: F401, I001  (puts the next ones within reach)
import kernel
import walk
from weather import Weather

PORTS = {'client': ('10.0.0.1', 40001, '10.0.0.2', 7777), 'server': ('10.0.0.2', 7777, '10.0.0.1', 40001)}


def change(time, end, old, new):
    """What the tracepoint says."""
    return kernel.Change(time, *PORTS[end], old, new)


def paths(*events):
    """Of the client's end, one of each connection; a look is (time, state)."""
    looks = [kernel.Sample(time, 'client', 40001, state) for time, state in (e for e in events if len(e) == 2)]
    changes = [change(time, 'client', old, new) for time, old, new in (e for e in events if len(e) == 3)]
    connections = kernel.paths(kernel.join(changes, looks, 7777, until=100))
    return [' '.join(ends['client']) for _, ends in sorted(connections.items())]


class Join(unittest.TestCase):
    OPEN = ((1, 'CLOSED', 'SYN-SENT'), (2, 'SYN-SENT', 'ESTABLISHED'), (3, 'ESTABLISHED', 'FIN-WAIT-1'))

    def test_full_socket(self):
        closed = (4, 'FIN-WAIT-1', 'FIN-WAIT-2'), (5, 'FIN-WAIT-2', 'CLOSED'), (5.01, 'CLOSED')
        self.assertEqual(paths(*self.OPEN, *closed),
                         ['SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED'])

    def test_small_socket(self):
        """The trace says CLOSED when the socket becomes a small one; what that is in, only a look tells."""
        closed = (4, 'FIN-WAIT-1', 'CLOSED')
        self.assertEqual(paths(*self.OPEN, closed, (4.01, 'TIME-WAIT'), (9, 'CLOSED')),
                         ['SYN-SENT ESTABLISHED FIN-WAIT-1 TIME-WAIT CLOSED'])
        self.assertEqual(paths(*self.OPEN, closed, (4.01, 'FIN-WAIT-2'), (5, 'TIME-WAIT')),
                         ['SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT'])
        self.assertEqual(paths(*self.OPEN, closed, (4.01, 'CLOSED')), ['SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED'])

    def test_a_new_connection_takes_the_place_of_a_small_socket(self):
        for state in ('FIN-WAIT-2', 'TIME-WAIT'):
            self.assertEqual(paths(*self.OPEN, (4, 'FIN-WAIT-1', 'CLOSED'), (4.01, state), (6, 'CLOSED', 'SYN-SENT')),
                             [f'SYN-SENT ESTABLISHED FIN-WAIT-1 {state} CLOSED', 'SYN-SENT'])

    def test_but_not_of_a_full_one(self):
        """It cannot: what the trace says there is of a socket that an earlier run left dying."""
        self.assertEqual(paths(*self.OPEN, (4, 'FIN-WAIT-1', 'FIN-WAIT-2'), (6, 'CLOSED', 'SYN-SENT')),
                         ['SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2'])


class Walk(unittest.TestCase):
    def test_a_seed_is_a_plan(self):
        self.assertEqual(walk.plan(7), walk.plan(7))
        self.assertNotEqual(walk.plan(7), walk.plan(8))
        self.assertEqual(json.loads(json.dumps(walk.plan(7)))['seed'], 7)

    def test_plans_are_playable(self):
        """Steps are in order, and an end shuts down if that is how it closes."""
        for seed in range(200):
            for connection in walk.plan(seed)['connections']:
                self.assertEqual(set(connection['closes'].values()) - set(walk.CLOSES), set())
                times = [step[0] for step in connection['steps']]
                self.assertEqual(times, sorted(times))
                for end, close in connection['closes'].items():
                    done = [what for _, each, what, *_ in connection['steps'] if each == end]
                    self.assertEqual(done.count('shut'), close.startswith('shut'), (seed, connection))

    def test_clean(self):
        plans = [walk.plan(seed) for seed in range(200)]
        for plan in plans:
            self.assertEqual(plan['clean'], not plan['faults'] and not plan['missing'], plan['seed'])
            self.assertLess(sum(plan['faults'].values()), 1)
        self.assertGreater(sum(plan['clean'] for plan in plans), 20)

    def test_a_network_has_the_faults_of_its_seed(self):
        def faults(seed):
            network = Weather(seed, {'lose_after': 0.2, 'hold_after': 0.3})
            return [(network.action, *network.settings.values()) if network.applies(end, {'ANY'}) else None
                    for end in ('client', 'server') * 200]
        drawn = faults('7 network')
        self.assertEqual(drawn, faults('7 network'))
        self.assertNotEqual(drawn, faults('8 network'))
        shares = [sum(1 for one in drawn if one and one[0] == action) / 400 for action in ('lose_after', 'hold_after')]
        self.assertAlmostEqual(shares[0], 0.2, delta=0.08)
        self.assertAlmostEqual(shares[1], 0.3, delta=0.08)


if __name__ == '__main__':
    unittest.main()
