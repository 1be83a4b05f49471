# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of one fleet: a bridge of its own, reached by nobody but this machine."""

from __future__ import annotations

import contextlib
import fcntl
import json
from pathlib import Path

from emulators.nodes.commands import run

# RFC 2544 sets these addresses aside for tests of network devices: no real host has one.
_NETWORK = "198.18"
_FIRST_NODE = 11


class Bridge:
    """A bridge device, the machine's address on it and its nodes' addresses."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create(self, lock: Path) -> str:
        """Make the bridge with a subnet that no other fleet has, and return the subnet's first three numbers.

        Args:
            lock: a file that all fleets of this machine have in common; held while a subnet is chosen.

        Raises:
            RuntimeError: no subnet is free, or this machine cannot make bridges.
        """
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            taken = {
                address["local"].rpartition(".")[0]
                for device in json.loads(run("ip", "-json", "-4", "address", "show"))
                for address in device["addr_info"]
            }
            free = (f"{_NETWORK}.{number}" for number in range(256) if f"{_NETWORK}.{number}" not in taken)
            subnet = next(free, None)
            if subnet is None:
                raise RuntimeError(f"no subnet of {_NETWORK}.0.0/16 is free: `make molecule-clean` frees them")
            run("ip", "link", "add", "name", self.name, "type", "bridge")
            run("ip", "address", "add", f"{subnet}.1/24", "dev", self.name)
            run("ip", "link", "set", self.name, "up")
        return subnet

    def remove(self) -> None:
        """Remove the bridge where there is one."""
        remove_link(self.name)


def address(subnet: str, position: int) -> str:
    """Return the address of the node at ``position``, counted from 0."""
    return f"{subnet}.{_FIRST_NODE + position}"


def remove_link(name: str) -> None:
    """Remove the network interface ``name``; does nothing where there is none."""
    if Path("/sys/class/net", name).exists():
        # It may go by itself meanwhile.
        with contextlib.suppress(RuntimeError):
            run("ip", "link", "delete", name)
