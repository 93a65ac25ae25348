#!/usr/bin/env python3
"""The random walks of tests/captures/walks against what the two kernels went through, by the rules of kernel_paths.py,
in one pass and in two.

SPDX-License-Identifier: GPL-2.0-or-later

usage: test_walks.py                   as a test
       test_walks.py --write           known_wrong.tsv as it is now; an end newly in it waits for its reason (?).
                                       Prints what is new in it, and the floors that could be
       test_walks.py --measure FOLDER  how true the states are in other walks, and what is wrong

No walk is right in everything, and in some the capture does not tell. What is wrong is known, in known_wrong.tsv: an
end that is newly wrong fails, and so does one that is wrong no more.
"""

import functools
import json
import os
import sys
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import kernel_paths
import walk
import walks
from walks import PASSES, Endpoint
from weather import NETWORK, RECORDING

KNOWN_WRONG = os.path.join(walks.FOLDER, 'known_wrong.tsv')
HEADER = 'walk\tconnection\tend\tone pass\ttwo passes\treason\n'
# Each end of a connection that is right, and each frame whose sender's state is, of how many: (two_pass, set). Whoever
# makes more of them right raises it.
FLOORS = {
    (False, 'all walks'): (91, 156, 848, 853),
    (False, 'clean'): (36, 54, 245, 245),
    (False, 'incomplete'): (15, 22, 104, 105),
    (True, 'all walks'): (151, 156, 849, 853),
    (True, 'clean'): (54, 54, 245, 245),
    (True, 'incomplete'): (21, 22, 104, 105),
}
# Changes that RFC 9293 does not know, and resets said to be ignored that were not, in two passes: not one more.
# Ignored: w0292, whose server opens again from its cookie.
CEILINGS = {'impossible': 0, 'ignored': 1}
# Wireshark 4.0 cuts conversations into streams as known_wrong.tsv and the above have it. Later ones begin a stream at
# fewer SYNs, and some walks look otherwise in them: measured with 4.4, so many ends and frames fewer.
CUT_AS_HERE = '4.0.'
CUT_OTHERWISE = {'ends': 3, 'frames': 11, 'impossible': 6}
# A first pass takes back what later segments disprove, and the frames before them keep what they were told.
FIRST_PASS = 'told later'
UNSEEN = 'not seen'
NO_REASON = '?'


@functools.lru_cache(maxsize=None)
def is_cut_as_here():
    return f'(Wireshark) {CUT_AS_HERE}' in shark.tshark_version()


@functools.lru_cache(maxsize=None)
def truths():
    return walks.truths_of()


@functools.lru_cache(maxsize=None)
def verdict(two_pass):
    return walks.Verdict(truths(), two_pass)


def wrong_now():
    """{Endpoint: (in one pass, in two)}, each a set of what is wrong."""
    both = [verdict(two_pass).wrong for two_pass in PASSES]
    return {one: tuple(wrong.get(one, set()) for wrong in both) for one in {*both[0], *both[1]}}


def known_wrong():
    """The same out of the file, and {Endpoint: reason}."""
    wrong, reasons = {}, {}
    with open(KNOWN_WRONG, encoding='utf-8') as lines:
        for line in list(lines)[1:]:
            name, connection, end, *cells, reason = line.rstrip('\n').split('\t')
            key = Endpoint(name, tuple(map(int, connection.split('/'))), end)
            wrong[key] = tuple(set() if cell == '-' else set(cell.split()) for cell in cells)
            reasons[key] = reason
    return wrong, reasons


def write_known_wrong():
    old, reasons = known_wrong() if os.path.exists(KNOWN_WRONG) else ({}, {})
    now = wrong_now()
    unseen = unseen_ends()
    with open(KNOWN_WRONG, 'w', encoding='utf-8') as out:
        out.write(HEADER)
        for key, cells in sorted(now.items()):
            reason = reasons.get(key, NO_REASON)
            if reason in (NO_REASON, FIRST_PASS) or not cells[True]:
                reason = reason_of(key, cells, unseen)
            words = [' '.join(sorted(cell, key=in_order)) or '-' for cell in cells]
            out.write('\t'.join((key.walk, '/'.join(map(str, key.connection)), key.end, *words, reason)) + '\n')
            if old.get(key) != cells:
                print(f'{key.walk} {key.connection[1]} {key.end}: {" | ".join(words)}: {reason}')
    for key in sorted(set(old) - set(now)):
        print(f'{key.walk} {key.connection[1]} {key.end}: right')
    print('FLOORS = {')
    for two_pass in PASSES:
        for name, chosen in walks.sets_of(truths()).items():
            print(f'    {two_pass, name}: {verdict(two_pass).share(chosen)},')
    print('}')


def in_order(what):
    kind, _, frame = what.rpartition(':')
    return (kind, int(frame)) if frame.isdigit() else ('', 0)


def unseen_ends():
    """Ends whose path nobody could tell from the capture who knows the kernel's state at the time of each frame."""
    found = set()
    for name, truth in truths().items():
        for problem in kernel_paths.compare(truth, kernel_paths.faultless(truth), kernel_paths.by_time):
            if not problem.frame:
                found.add(Endpoint(name, problem.connection, problem.end))
    return found


def reason_of(key, cells, unseen):
    """Where that can be told without looking; else the file waits for a word of whoever writes it."""
    if not cells[True]:
        return FIRST_PASS
    return UNSEEN if cells[True] == {'path'} and key in unseen else NO_REASON


class Walks(unittest.TestCase):
    maxDiff = None

    def test_only_what_is_known_is_wrong(self):
        if not is_cut_as_here():
            self.skipTest(f'known_wrong.tsv is of Wireshark {CUT_AS_HERE}x, whose streams are cut otherwise')
        known, now, messages = known_wrong()[0], wrong_now(), []
        for key in sorted({*known, *now}):
            was, found = (each.get(key, (set(), set())) for each in (known, now))
            for two_pass, text in PASSES.items():
                where = f'{key.walk}, connection {key.connection[1]}, {key.end}, {text}'
                if found[two_pass] - was[two_pass]:
                    messages.append(f'{where}: newly wrong: {" ".join(sorted(found[two_pass] - was[two_pass]))}')
                    messages += verdict(two_pass).texts[key]
                if was[two_pass] - found[two_pass]:
                    messages.append(f'{where}: right now: {" ".join(sorted(was[two_pass] - found[two_pass]))}')
        if messages:
            self.fail('\n'.join(['', *messages, 'If all of this is meant: tests/tshark/test_walks.py --write']))

    def test_each_has_a_reason(self):
        self.assertEqual([key for key, reason in known_wrong()[1].items() if reason in ('', NO_REASON)], [])

    def test_shares(self):
        fewer = {} if is_cut_as_here() else CUT_OTHERWISE
        for two_pass, text in PASSES.items():
            print(f'{text}: {walks.said(verdict(two_pass), truths())}')
            for name, chosen in walks.sets_of(truths()).items():
                endpoints, all_endpoints, frames, all_frames = verdict(two_pass).share(chosen)
                floor = FLOORS[two_pass, name]
                with self.subTest(name, two_pass=two_pass):
                    self.assertEqual((all_endpoints, all_frames), (floor[1], floor[3]))
                    self.assertGreaterEqual(endpoints, floor[0] - fewer.get('ends', 0))
                    self.assertGreaterEqual(frames, floor[2] - fewer.get('frames', 0))

    def test_nothing_impossible(self):
        found = [what for cells in verdict(True).wrong.values() for what in cells]
        ceilings = CEILINGS if is_cut_as_here() else {**CEILINGS, 'impossible': CUT_OTHERWISE['impossible']}
        for kind, ceiling in ceilings.items():
            with self.subTest(kind):
                self.assertLessEqual(sum(what.startswith(kind) for what in found), ceiling)


class Recordings(unittest.TestCase):
    """What they are compared with is sound, and they are what they were chosen for."""

    def test_the_kernels_change_as_the_rfc_says(self):
        for name, truth in truths().items():
            for ends in truth.held.values():
                for end, held in ends.items():
                    states = [one.state for one in held]
                    for old, new in zip(['CLOSED'] + states, states):
                        if new != 'CLOSED':
                            self.assertIn(new, walks.CHANGES[old], f'{name}, {end}: {old} → {new}')

    def test_a_seed_makes_the_plan_that_was_recorded(self):
        for name in walks.names():
            recorded = plan_of(name)
            happened = recorded.pop('happened')
            self.assertEqual(recorded, json.loads(json.dumps(walk.plan(recorded['seed']))), name)
            self.assertTrue(happened, name)

    def test_every_kind_is_there(self):
        plans = [plan_of(name) for name in walks.names()]
        connections = [each for plan in plans for each in plan['connections']]
        self.assertEqual({plan['opening'] for plan in plans}, set(walk.OPENINGS))
        self.assertEqual({plan['network'] for plan in plans}, set(walk.NETWORKS))
        for end in ('client', 'server'):
            self.assertEqual({each['closes'][end] for each in connections}, set(walk.CLOSES))
        self.assertLessEqual({*NETWORK, *RECORDING}, {event[2] for plan in plans for event in plan['happened']})
        self.assertTrue(any(len(plan['connections']) == 3 for plan in plans))

    def test_clean_walks_are_undisturbed(self):
        clean = walks.sets_of(truths())['clean']
        self.assertGreater(len(clean), 10)
        for name in clean:
            self.assertFalse({*NETWORK, *RECORDING} & {event[2] for event in plan_of(name)['happened']}, name)
            self.assertTrue(all(frame.arrived for frame in truths()[name].frames.values()), name)


class Judgement(unittest.TestCase):
    """Of one clean walk, told rightly and wrongly."""

    NAME = 'w0091'

    def setUp(self):
        self.truth = kernel_paths.Truth(self.NAME, walks.FOLDER)
        self.shown = kernel_paths.faultless(self.truth)

    def spoilt(self, number, end, state):
        return [one._replace(states={**one.states, end: state}) if one.number == number else one for one in self.shown]

    def wrong(self, shown):
        return [problem.frame for problem in kernel_paths.compare(self.truth, shown, kernel_paths.by_time)]

    def test_right(self):
        self.assertEqual(self.wrong(self.shown), [])
        self.assertEqual(list(walks.impossible(self.shown, False)), [])

    def test_a_wrong_state(self):
        last = self.shown[-1]
        spoilt = self.spoilt(last.number, last.sender, 'SYN-SENT')
        self.assertEqual(self.wrong(spoilt), [last.number, 0])
        self.assertEqual([number for number, *_ in walks.impossible(spoilt, False)], [last.number])

    def test_unknown(self):
        last = self.shown[-1]
        spoilt = self.spoilt(last.number, last.sender, 'UNKNOWN')
        self.assertEqual(len(list(walks.impossible(spoilt, False))), 1)
        self.assertEqual(list(walks.impossible(spoilt, True)), [])

    def test_a_reset_that_was_not_ignored(self):
        reset = next(one.number for one in self.shown if 'R' in self.truth.frames[one.number].flags)
        key = kernel_paths.by_time(self.truth, kernel_paths.streams_of(self.shown))[self.shown[0].stream]
        rows = [{'tcpshake.anomaly': ['reset_ignored'] if number == reset else []}
                for number in range(1, len(self.truth.frames) + 1)]
        self.assertEqual(list(walks.ignored(self.truth, key, self.shown, rows)), [reset])
        frame = self.truth.frames[reset]
        self.truth.frames = {**self.truth.frames, reset: frame._replace(arrived=None)}
        self.assertEqual(list(walks.ignored(self.truth, key, self.shown, rows)), [])


def plan_of(name):
    with open(os.path.join(walks.FOLDER, name + '.plan.json'), encoding='utf-8') as file:
        return json.load(file)


def measure(folder):
    others = walks.truths_of(folder)
    for two_pass, text in PASSES.items():
        found = walks.Verdict(others, two_pass)
        print(*(text for one in sorted(found.texts) for text in found.texts[one]), sep='\n')
        print(f'{text}: {walks.said(found, others)}')


if __name__ == '__main__':
    if sys.argv[1:] == ['--write']:
        write_known_wrong()
    elif sys.argv[1:2] == ['--measure']:
        measure(sys.argv[2])
    else:
        unittest.main()
