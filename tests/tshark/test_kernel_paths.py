#!/usr/bin/env python3
"""Every capture of tests/captures/lab against what the two kernels that made it went through, by the rules of
kernel_paths.py; and these rules against answers that are right and wrong.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import joined
import segments
from kernel_paths import FIELDS, Truth, faultless, problems, shown_by_tshark


class KernelPaths(unittest.TestCase):
    """One method a capture, added below."""

    @classmethod
    def setUpClass(cls):
        cls.truths = {name: Truth(name) for name in shark.lab_names()}
        cls.rows = joined.rows({name: joined.read(truth.pcap) for name, truth in cls.truths.items()}, FIELDS,
                               two_pass=True)

    def check(self, name):
        truth = self.truths[name]
        found = problems(truth, shown_by_tshark(truth, self.rows[name]))
        if found:
            self.fail("\n" + "\n".join(found))


def add_method(name):
    setattr(KernelPaths, "test_" + name, lambda self: self.check(name))


for _name in shark.lab_names():
    add_method(_name)


# The comparison itself

class Comparison(unittest.TestCase):
    """A right answer passes for every capture; wrong ones fail."""

    def assert_wrong(self, name, spoil):
        truth = Truth(name)
        spoilt = [spoil(one) for one in faultless(truth)]
        self.assertNotEqual(problems(truth, spoilt), [], f"{name}: a wrong answer passed")

    def test_there_are_captures(self):
        self.assertGreater(len(shark.lab_names()), 100)

    def test_the_truth_passes(self):
        for name in shark.lab_names():
            with self.subTest(name):
                truth = Truth(name)
                self.assertEqual(problems(truth, faultless(truth)), [])

    def test_a_missing_state_fails(self):
        self.assert_wrong("close_by_client", replacing("client", "FIN-WAIT-2", "FIN-WAIT-1"))
        self.assert_wrong("three_segment_close", replacing("server", "CLOSE-WAIT", "ESTABLISHED"))
        self.assert_wrong("abort_by_client", replacing("server", "CLOSED", "ESTABLISHED"))

    def test_a_wrong_state_fails(self):
        self.assert_wrong("simultaneous_close", replacing("server", "FIN-WAIT-1", "CLOSE-WAIT"))
        self.assert_wrong("simultaneous_open", replacing("client", "SYN-RECEIVED", "ESTABLISHED"))
        self.assert_wrong("only_client", replacing("server", "CLOSE-WAIT", "FIN-WAIT-1"))

    def test_unknown_fails_in_a_complete_capture(self):
        self.assert_wrong("close_by_client", replacing("server", "LAST-ACK", "UNKNOWN"))

    def test_unknown_passes_where_allowed(self):
        truth = Truth("only_client")
        shown = [replacing("server", "CLOSE-WAIT", "UNKNOWN")(one) for one in faultless(truth)]
        self.assertEqual(problems(truth, shown), [])

    def test_a_state_at_the_wrong_frame_fails(self):
        """The path is right, but the server's ESTABLISHED comes when the handshake's ACK had not arrived."""
        truth = Truth("handshake_ack_lost_after")
        shown = faultless(truth)
        early = [i for i, one in enumerate(shown) if one.states["server"] == "SYN-RECEIVED"][2:]
        for index in early:
            shown[index] = replacing("server", "SYN-RECEIVED", "ESTABLISHED")(shown[index])
        self.assertTrue(any("frame" in text for text in problems(truth, shown)))

    def test_a_fin_in_the_state_before_it_fails(self):
        """The kernel leaves ESTABLISHED 0.1 ms in front of the FIN, which is no excuse for it."""
        truth = Truth("close_by_client")
        fin = next(f.number for f in truth.frames.values() if "F" in f.flags)
        shown = [replacing_at(fin, "client", "ESTABLISHED")(one) for one in faultless(truth)]
        self.assertTrue(any(f"frame {fin}:" in text for text in problems(truth, shown)))

    def test_swapped_ends_fail(self):
        self.assert_wrong("close_by_client", lambda one: one._replace(sender=segments.OTHER[one.sender]))


def replacing_at(number, end, new):
    def spoil(one):
        return one._replace(states=dict(one.states, **{end: new})) if one.number == number else one
    return spoil


def replacing(end, old, new):
    def spoil(one):
        states = dict(one.states)
        states[end] = new if states[end] == old else states[end]
        return one._replace(states=states)
    return spoil


if __name__ == "__main__":
    unittest.main()
