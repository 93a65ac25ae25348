"""A random walk through what two ends, their applications and a network can do: a seed makes a plan, always the same.

SPDX-License-Identifier: GPL-2.0-or-later

The plan names what happens, so that a reader of a walk need not guess. What the two kernels make of it depends on their
timers and on the machine: the recording of a seed is not the same twice.
"""

import random
import socket

import relay
from scenario import Scenario
from walking import Play
from weather import NETWORK, RECORDING, Weather

# Each choice with its weight.
OPENINGS = {"plain": 56, "crossing": 9, "fast_open": 10, "cookies": 5, "small_backlog": 5, "deferred": 4, "refused": 3,
            "late_listener": 4, "given_up": 4}
# What is said again on the same ports.
REPEATED = ("plain", "fast_open", "small_backlog")
CONNECTIONS = {1: 70, 2: 24, 3: 6}
NETWORKS = {"clean": 24, "loss": 34, "order": 16, "copies": 9, "all": 17}
FAULTS = {"clean": (), "loss": ("lose_before", "lose_after"), "order": ("hold_before", "hold_after"),
          "copies": ("repeat_before", "repeat_after"), "all": NETWORK}
DELAYS = {0.005: 25, 0.02: 50, 0.04: 25}
PLACES = {0.02: 25, 0.5: 50, 0.98: 25}

CLOSES = {"close": 28, "read_close": 14, "shut": 8, "shut_close": 12, "shut_hear_close": 6, "deaf_close": 4,
          "abort": 12, "shut_abort": 6, "kill": 4, "vanish": 3, "stay": 6}
SIZES = {1: 4, 6: 4, 100: 4, 1000: 3, 1460: 3, 5000: 2, 15000: 1}
OTHER = {"client": "server", "server": "client"}

# What an application or an administrator may set: the chance of it, and its values.
SYSCTLS = {
    "net.ipv4.tcp_fin_timeout": (0.3, (1, 2, 3)),
    "net.ipv4.tcp_rfc1337": (0.1, (1,)),
    "net.ipv4.tcp_timestamps": (0.15, (0,)),
    "net.ipv4.tcp_sack": (0.1, (0,)),
    "net.ipv4.tcp_window_scaling": (0.1, (0,)),
    "net.ipv4.tcp_ecn": (0.1, (1,)),
    "net.ipv4.tcp_tw_reuse": (0.3, (1,)),
    "net.ipv4.tcp_syn_retries": (0.3, (1, 2)),
    "net.ipv4.tcp_synack_retries": (0.3, (0, 1, 2)),
    "net.ipv4.tcp_retries2": (0.3, (3,)),
    "net.ipv4.tcp_orphan_retries": (0.3, (1, 2)),
    "net.ipv4.tcp_abort_on_overflow": (0.05, (1,)),
}
OPTIONS = {
    "keep_alive": (0.06, (1,)),
    "user_timeout": (0.1, (500, 1000, 2000)),
    "linger2": (0.06, (-1, 1)),
    "delayed_ack": (0.3, (0,)),
    "receive_buffer": (0.08, (4096,)),
}


class Dice(random.Random):
    def pick(self, weights):
        return self.choices(list(weights), list(weights.values()))[0]

    def settings(self, table):
        return {name: self.choice(values) for name, (chance, values) in table.items() if self.random() < chance}


def name_of(seed):
    return f"w{seed:04}"


def plan(seed):
    """As it is written to a file: nothing in it but what JSON knows."""
    dice = Dice(seed)
    opening, network = dice.pick(OPENINGS), dice.pick(NETWORKS)
    incomplete = dice.random() < 0.1
    faults = {action: dice.pick({0.04: 35, 0.1: 40, 0.2: 25}) / (2 if network == "all" else 1)
              for action in FAULTS[network]}
    missing = {action: dice.choice((0.05, 0.15)) for action in RECORDING if incomplete}
    result = {
        "seed": seed, "opening": opening, "network": network, "clean": network == "clean" and not incomplete,
        "faults": faults, "missing": missing,
        "ipv6": dice.random() < 0.15, "delay": dice.pick(DELAYS), "capture_at": dice.pick(PLACES),
        "sysctls": sysctls(dice, opening),
        "backlog": dice.choice((0, 1)) if opening == "small_backlog" else 8,
        "crossing_after": dice.choice((0, 0.002, 0.004)),
        "patience": dice.choice((2.0, 3.5, 6.0)),
    }
    count = dice.pick(CONNECTIONS) if opening in REPEATED else 1
    result["connections"] = [connection(dice, opening) for _ in range(count)]
    return result


def sysctls(dice, opening):
    found = dice.settings(SYSCTLS)
    if opening == "cookies":
        found["net.ipv4.tcp_syncookies"] = 2
    if opening == "fast_open":
        # 0x600: the server takes data without a cookie.
        found["net.ipv4.tcp_fastopen"] = dice.choice((3, 0x607))
    return found


def connection(dice, opening):
    """Steps are [seconds after the opening, end, what, bytes], each end's in their order."""
    talk, at = conversation(dice)
    at += dice.choice((0, 0, 0.001, 0.01, 0.05, 0.2))
    closes = {end: dice.pick(CLOSES) for end in OTHER}
    steps = list(talk)
    for end, close in closes.items():
        steps += closing(dice, end, close, at + dice.choice((0, 0, 0, 0.001, 0.01, 0.03, 0.06, 0.12, 0.4, 1.2)))
    return {
        "closes": closes,
        "options": {end: dice.settings(OPTIONS) for end in OTHER},
        "accept_after": dice.choice((0.3, 1.5) if opening == "small_backlog" else (0, 0, 0, 0.05, 0.5)),
        "fast_open_bytes": dice.choice((1, 6, 500)) if opening == "fast_open" else 0,
        "steps": [[round(at, 4), *step] for at, *step in sorted(steps, key=lambda step: step[0])],
        "then_wait": dice.choice((0.1, 0.4, 1.3, 3.0)),
    }


def conversation(dice):
    """What is said before the close, and how long it takes."""
    steps, at = [], dice.choice((0, 0, 0.001, 0.03, 0.1))
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3, 4))):
        end = dice.choice(list(OTHER))
        steps.append((at, end, "send", dice.pick(SIZES)))
        at += dice.choice((0, 0, 0.001, 0.01, 0.05, 0.15))
        if dice.random() < 0.7:
            steps.append((at, OTHER[end], "read"))
    return steps, at


def closing(dice, end, close, at):
    later = at + dice.choice((0, 0.001, 0.02, 0.1, 0.5))
    peer = OTHER[end]
    yield from {
        "close": [(at, end, "close")],
        "read_close": [(at, end, "read"), (at, end, "close")],
        "shut": [(at, end, "shut")],
        "shut_close": [(at, end, "shut"), (later, end, "read"), (later, end, "close")],
        "shut_hear_close": [(at, end, "shut"), *((later + 0.03 * i, peer, "send", 300) for i in range(3)),
                            (later + 0.2, end, "read"), (later + 0.25, end, "close")],
        "deaf_close": [(at, end, "deaf"), (later, end, "close")],
        "abort": [(at, end, "abort")],
        "shut_abort": [(at, end, "shut"), (later, end, "abort")],
        "kill": [(at, end, "kill")],
        "vanish": [(at, end, "vanish")],
        "stay": [],
    }[close]
    # Data that meet the close.
    if dice.random() < 0.15:
        yield at + dice.choice((0, 0.002, 0.03, 0.1)), peer, "send", dice.choice((10, 3000))


def rules(chosen):
    found = [Weather(f"{chosen['seed']} network", chosen["faults"]),
             Weather(f"{chosen['seed']} recording", chosen["missing"])]
    if chosen["opening"] == "cookies":
        found.append(relay.stateless("server SYN-ACK", 1, last=1000))
    return found


def scenario(seed):
    chosen = plan(seed)
    closes = " ".join("/".join(each["closes"].values()) for each in chosen["connections"])
    return Scenario(
        name=name_of(seed), about=f"walk, {chosen['opening']}, {chosen['network']}, {closes}", play=Play(chosen),
        paths=None, rules=rules(chosen), sysctls=chosen["sysctls"],
        family=socket.AF_INET6 if chosen["ipv6"] else socket.AF_INET,
        delay=chosen["delay"], capture_at=chosen["capture_at"], incomplete=bool(chosen["missing"]),
        unknown="client server" if chosen["missing"] else "")


def events(played):
    """What was done and which faults there were, [time, end, what, ...] in the order of time."""
    faults = [(f.time, f.sender, f.action, f.kind, *([f.seconds] if f.seconds else []))
              for rule in played.rules if isinstance(rule, Weather) for f in rule.faults]
    return sorted([*played.play.log, *faults])
