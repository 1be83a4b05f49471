# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NVIDIA's Xid messages: what the driver tells the kernel's log of a GPU in trouble."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# NVIDIA's Xid catalogue: after these the GPU is of no use until it is reset or the machine rebooted
# (fallen off the bus, double-bit errors, failed remapping, a dead GSP), ...
FATAL = frozenset({46, 48, 64, 79, 95, 119, 120, 154})
# ... and after these the program that caused them has lost its context and must start again.
RESTART = frozenset({13, 31, 43, 45, 94})

_XID = re.compile(r"NVRM: Xid \((?:PCI:)?(?P<pci>[0-9A-Fa-f:.]+)\): (?P<number>\d+)(?:, (?P<detail>.*))?")


@dataclass(frozen=True)
class PciAddress:
    """Where a GPU is, however it was written: the kernel has 4 digits for the domain, nvidia-smi 8."""

    domain: int
    bus: int
    device: int

    @classmethod
    def parse(cls, text: str) -> PciAddress:
        """Return the address, as in ``0000:00:1e`` or ``00000000:00:1E.0``.

        Raises:
            ValueError: it is none.
        """
        domain, bus, device = text.split(":")
        return cls(int(domain, 16), int(bus, 16), int(device.partition(".")[0], 16))


@dataclass(frozen=True)
class Xid:
    """One message; ``detail`` is the driver's text."""

    address: PciAddress
    number: int
    detail: str

    def __str__(self) -> str:
        return f"Xid {self.number}" + (f" ({self.detail})" if self.detail else "")


def parse_xids(lines: Iterable[str]) -> list[Xid]:
    """Return the Xid messages among the lines of the kernel's log, in their order."""
    found = []
    for line in lines:
        match = _XID.search(line)
        if match:
            address = PciAddress.parse(match["pci"])
            found.append(Xid(address, int(match["number"]), (match["detail"] or "").strip()))
    return found
