"""Two network namespaces, each with a TUN device as its only way out.

SPDX-License-Identifier: GPL-2.0-or-later

The namespaces have no name: they live as long as a process holds them, so nothing is left behind however it ends.
"""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
DEVICE = "lab0"

# BBR paces by its own clock and metrics of earlier connections shape later ones; neither belongs in a repeatable lab.
CALM = {
    "net.ipv4.tcp_congestion_control": "reno",
    "net.ipv4.tcp_syn_linear_timeouts": 0,
    "net.ipv6.conf.all.accept_ra": 0,
}

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _own_namespace():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _enter(namespace):
    _check(_libc.setns(namespace, CLONE_NEWNET), "setns")


def _new_namespace():
    home = _own_namespace()
    try:
        _check(_libc.unshare(CLONE_NEWNET), "unshare")
        fresh = _own_namespace()
        _enter(home)
    finally:
        os.close(home)
    return fresh


class Host:
    """One end: its namespace, its addresses and its TUN device. Sockets made here stay here in any thread."""

    def __init__(self, name, number, position, family):
        self.name = name
        self.family = family
        self.address = address(number, position, family)
        self.peer_address = address(number, 3 - position, family)
        self.namespace = _new_namespace()
        with self.inside():
            self.tun = self._open_tun()
            self._configure()
            self.apply(CALM)

    @contextlib.contextmanager
    def inside(self):
        home = _own_namespace()
        _enter(self.namespace)
        try:
            yield
        finally:
            _enter(home)
            os.close(home)

    def _open_tun(self):
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
        return tun

    def _configure(self):
        if self.family == socket.AF_INET6:
            own = f"addr add {self.address}/128 dev {DEVICE} nodad\n"
            way = f"route add {self.peer_address}/128 dev {DEVICE}\n"
        else:
            own = f"addr add {self.address}/32 dev {DEVICE}\n"
            way = f"route add {self.peer_address}/32 dev {DEVICE}\n"
        self.ip(f"link set lo up\n{own}link set {DEVICE} up\n{way}")

    def ip(self, commands):
        with self.inside():
            subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)

    def apply(self, sysctls):
        """Absent settings are passed over only in CALM: a scenario that asks for one needs it."""
        with self.inside():
            for name, value in sysctls.items():
                path = "/proc/sys/" + name.replace(".", "/")
                if sysctls is CALM and not os.path.exists(path):
                    continue
                with open(path, "w") as setting:
                    setting.write(str(value))

    def socket(self, family=None, kind=socket.SOCK_STREAM, protocol=0):
        with self.inside():
            return socket.socket(self.family if family is None else family, kind, protocol)


def address(number, position, family):
    """Every scenario has its own pair of addresses: by them its lines are found in the one kernel trace."""
    if family == socket.AF_INET6:
        return f"fd77::{number:x}:{position}"
    return f"10.{77 + number // 256}.{number % 256}.{position}"
