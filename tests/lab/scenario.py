"""What a scenario is, and the paths of states that many have in common.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import dataclasses
import socket

C_OPEN, S_OPEN = "SYN-SENT ESTABLISHED", "SYN-RECEIVED ESTABLISHED"
X_OPEN = "SYN-SENT SYN-RECEIVED ESTABLISHED"
ACTIVE = " FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"
PASSIVE = " CLOSE-WAIT LAST-ACK CLOSED"
CROSSED = " FIN-WAIT-1 CLOSING TIME-WAIT"
HALF = " FIN-WAIT-1 FIN-WAIT-2"
CLOSED = " CLOSED"
BY_CLIENT = (C_OPEN + ACTIVE, S_OPEN + PASSIVE)
BY_SERVER = (C_OPEN + PASSIVE, S_OPEN + ACTIVE)
REFUSED = ("SYN-SENT CLOSED", "")
RESET = (C_OPEN + CLOSED, S_OPEN + CLOSED)
BOTH = ("client", "server")
TFO = {"net.ipv4.tcp_fastopen": 3}


@dataclasses.dataclass
class Scenario:
    name: str
    about: str
    play: object
    # None where nobody can know them beforehand.
    paths: list
    rules: list = dataclasses.field(default_factory=list)
    sysctls: dict = dataclasses.field(default_factory=dict)
    family: int = socket.AF_INET
    delay: float = 0.02
    capture_at: float = 0.5
    record: tuple = BOTH
    incomplete: bool = False
    unknown: str = ""
    uncompared: str = ""
    seconds: float = 3
    # Of what is recorded at two points: what stands in between, as arguments of device.Device.
    device: dict = None


def row(name, about, play, *paths, **settings):
    """Faults and incomplete captures are settings; each pair of paths is one connection, in order of opening.

    uncompared names the ends in whose name segments were forged that a state would come of: the kernel knows of none.
    """
    return Scenario(name, about, play, list(paths), **settings)


def partial(name, about, play, *paths, unknown="client server", **settings):
    """A capture that lacks something: UNKNOWN is allowed for the ends named, a contradiction is not."""
    return row(name, about, play, *paths, incomplete=True, unknown=unknown, **settings)
