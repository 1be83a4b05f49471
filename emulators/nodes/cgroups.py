# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control groups that hold all processes of one node, and nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

_ALL = "glossapi-nodes"
_KILL_SECONDS = 300
_TYPE = {"cgroup", "cgroup2"}
# A process can be moved into a version 1 cpuset only once these two are filled.
_CPUSET_FILES = ("cpuset.cpus", "cpuset.mems")


class Cgroup:
    """A group of the same name in every hierarchy of this machine, version 1 and 2.

    systemd-nspawn wants a group of its own for each node in all of them, or nodes see each other's.
    """

    def __init__(self, name: str) -> None:
        self._folders = [mount / _ALL / name for mount in _hierarchies()]

    def create(self) -> None:
        """Have the group everywhere."""
        for folder in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            for each in (folder.parent, folder):
                for file in _CPUSET_FILES:
                    if (each / file).exists() and not (each / file).read_text().strip():
                        (each / file).write_text((each.parent / file).read_text())

    def add(self, process: int) -> None:
        """Move a process into the group."""
        for folder in self._folders:
            (folder / "cgroup.procs").write_text(str(process))

    def processes(self) -> set[int]:
        """Return the ids of all processes in the group and in the groups below it."""
        found: set[int] = set()
        for folder in self._folders:
            # Not glob: a group below may go while we look, which os.walk passes over.
            for group, _groups, _files in os.walk(folder):
                with contextlib.suppress(OSError):
                    found.update(int(line) for line in (Path(group) / "cgroup.procs").read_text().split())
        return found

    def kill(self) -> None:
        """End every process of the group at once.

        Raises:
            RuntimeError: some are still there after five minutes.
        """
        deadline = time.monotonic() + _KILL_SECONDS
        while processes := self.processes():
            if time.monotonic() > deadline:
                raise RuntimeError(f"processes that cannot be ended: {sorted(processes)}")
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.02)

    def remove(self) -> None:
        """Remove the group, which must be empty of processes, and the parent of all groups after its last one."""
        for folder in self._folders:
            if folder.exists():
                for each, _, _ in os.walk(folder, topdown=False):
                    Path(each).rmdir()
            with contextlib.suppress(OSError):
                folder.parent.rmdir()


def _hierarchies() -> list[Path]:
    """Return where each hierarchy is mounted (proc(5), mountinfo: the type follows the separator)."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] in _TYPE:
            found.append(Path(before.split()[4]))
    return found
