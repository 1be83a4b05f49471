# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that one has started, and those they have started, whatever their session or group (Linux)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def children_of(process_id: int) -> list[int]:
    """Return the ids of the processes that a process has started; none where it is gone."""
    found: list[int] = []
    # A file for each of its threads, which end at any time.
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process_id}/task"):  # noqa: PTH208 - this is done often
            with suppress(OSError):
                found += map(int, Path(f"/proc/{process_id}/task/{thread}/children").read_text().split())
    return found


def descendants_of(process_id: int) -> list[int]:
    """Return the ids of its children, their children and so on, parents first."""
    found = children_of(process_id)
    for each in found:
        found += children_of(each)
    return found


def private_bytes(process_id: int) -> int:
    """Return how much memory a process and its descendants occupy, without files that they have mapped."""
    return sum(map(_private_bytes, [process_id, *descendants_of(process_id)]))


def _private_bytes(process_id: int) -> int:
    try:
        _size, resident, shared, *_others = Path(f"/proc/{process_id}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE_BYTES
