# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making sure that no process outlives the one it works for (Linux)."""

from __future__ import annotations

import hashlib
import os
import select
import signal
import time
from contextlib import ExitStack, suppress
from pathlib import Path

# In the environment of a worker and whatever it starts, so that they can be found when a session,
# a process group or the parent is no longer what it was.
OWNER_VARIABLE = "GLOSSAPI_FARM_OWNER"
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.005


def owner_name(workdir: Path, shard: int, slot: str | None = None) -> str:
    """Return the owner that marks the processes of a shard, or of one of its slots."""
    folder = hashlib.sha256(str(workdir).encode()).hexdigest()[:16]
    return f"{folder}-{shard}" if slot is None else f"{folder}-{shard}/{slot}"


def owned_by(owner: str) -> list[int]:
    """Return the ids of other processes whose environment names ``owner``, or an owner below it."""
    entry = f"{OWNER_VARIABLE}={owner}".encode()
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - a machine has hundreds of processes, and this is done often
        if name.isdigit() and int(name) != os.getpid():
            # Gone meanwhile, or another user's.
            with suppress(OSError), open(f"/proc/{name}/environ", "rb", buffering=0) as file:  # noqa: PTH123
                environment = file.read() or b""
                # Most are none: to look at each variable of all processes would take ten times as long.
                if entry in environment and any(
                    variable == entry or variable.startswith(entry + b"/") for variable in environment.split(b"\0")
                ):
                    found.append(int(name))
    return found


def kill_owned(owner: str, *others: int) -> int:
    """Kill the processes of ``owner``, and those they start meanwhile; return how many there were.

    None of them runs any more then, but one that a driver holds in the kernel: it ends when that lets it.

    Args:
        owner: as their environment has it.
        others: processes that are killed with them, whatever their environment has.
    """
    killed: dict[int, int] = {}
    deadline = time.monotonic() + _END_SECONDS
    with ExitStack() as stack:
        left = [*others, *owned_by(owner)]
        while left:
            known = killed.keys() >= set(left)
            for process_id in left:
                with suppress(ProcessLookupError):
                    if process_id not in killed:
                        killed[process_id] = os.pidfd_open(process_id)
                        stack.callback(os.close, killed[process_id])
                    os.kill(process_id, signal.SIGKILL)
            if known:
                if time.monotonic() > deadline:
                    break
                time.sleep(_LOOK_SECONDS)
            left = owned_by(owner)
        # One that ends has no environment any more before it has given back its files, a GPU among them.
        for ended in killed.values():
            poll = select.poll()
            poll.register(ended, select.POLLIN)
            poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
    return len(killed)


def resident_bytes(process_id: int) -> int:
    """Return how much memory a process occupies; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory_kills() -> int:
    """Return how many processes the kernel has killed on this machine for want of memory."""
    for line in Path("/proc/vmstat").read_text().splitlines():
        name, _space, value = line.partition(" ")
        if name == "oom_kill":
            return int(value)
    return 0
