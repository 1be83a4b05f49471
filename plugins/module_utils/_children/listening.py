# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where processes listen for connections over TCP (Linux)."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

_TABLES = ("tcp", "tcp6")
_LISTENS = "0A"


def listening_on(port: int, process_ids: Iterable[int]) -> set[IPv4Address | IPv6Address]:
    """Return the addresses at which any of these processes listens on a port; none where they do not."""
    addresses = _addresses(port)
    return {addresses[file] for process_id in process_ids for file in _open_files(process_id) if file in addresses}


def _addresses(port: int) -> dict[str, IPv4Address | IPv6Address]:
    """Return at which address each socket that listens on a port does, by the socket as ``/proc/<id>/fd`` has it."""
    found = {}
    for table in _TABLES:
        # A kernel may be without IPv6.
        with suppress(FileNotFoundError):
            for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
                _number, local, _remote, state, *others = line.split()
                address, _colon, its_port = local.partition(":")
                if state == _LISTENS and int(its_port, 16) == port:
                    found[f"socket:[{others[5]}]"] = _address(address)
    return found


def _address(written: str) -> IPv4Address | IPv6Address:
    """Return an address that is written as numbers of 32 bits, which have the machine's order of bytes."""
    words = bytes.fromhex(written)
    numbers = struct.unpack(f">{len(words) // 4}I", words)
    address = ip_address(struct.pack(f"={len(numbers)}I", *numbers))
    return getattr(address, "ipv4_mapped", None) or address


def _open_files(process_id: int) -> Iterator[str]:
    # They come and go, and so does the process.
    with suppress(OSError):
        for name in os.listdir(f"/proc/{process_id}/fd"):  # noqa: PTH208 - names alone
            with suppress(OSError):
                yield os.readlink(f"/proc/{process_id}/fd/{name}")  # noqa: PTH115
