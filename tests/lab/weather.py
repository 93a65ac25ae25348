"""Faults by chance, where a scenario's rules name the segment. To the relay it is a rule like others.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import random
import time

NETWORK = ("lose_before", "lose_after", "hold_before", "hold_after", "repeat_before", "repeat_after")
RECORDING = ("hide", "record_late")
WITHOUT_TIME = ("lose_before", "lose_after", "hide")
# For so many seconds: from a copy back to back to one behind a retransmission.
SECONDS = (0.001, 0.005, 0.02, 0.05, 0.09, 0.15, 0.3)
# The most telling first.
KINDS = ("SYN-ACK", "SYN", "RST", "FIN", "DATA", "FIN-ACK", "ACK", "ANY")

Fault = collections.namedtuple("Fault", "time sender action kind seconds")


class Weather:
    """chances: {action of a Journey: its chance}; a segment has one fault at most."""

    # By chance, perhaps never.
    applied = True

    def __init__(self, seed, chances):
        self.chances = chances
        # Of each end its own, so that what befalls one end's segments does not depend on how both are interleaved.
        self.dice = {end: random.Random(f"{seed} {end}") for end in ("client", "server")}
        self.action, self.settings = None, {}
        self.faults = []

    def applies(self, sender, kinds):
        dice = self.dice[sender]
        fate, seconds = dice.random(), dice.choice(SECONDS)
        for self.action, chance in self.chances.items():
            if fate < chance:
                self.settings = {} if self.action in WITHOUT_TIME else {"seconds": seconds}
                kind = next(kind for kind in KINDS if kind in kinds)
                self.faults.append(Fault(time.monotonic(), sender, self.action, kind, self.settings.get("seconds")))
                return True
            fate -= chance
        return False
