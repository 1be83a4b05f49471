# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parent's side of JSON lines: a module of ours as a child process (see :mod:`serving`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from .._errors import FarmError
from .descendants import descendants_of
from .owner import OWNER_VARIABLE, kill_owned
from .serving import PARENT_VARIABLE, encode

# For what hangs: on a machine that is busy, or from a cold disk, imports take a minute.
_START_SECONDS = 300.0
# Longer than any message: keys have at most 1024 bytes, failures are shortened.
_MAX_LINE_BYTES = 1 << 20
# Between two looks whether an owner's child still runs.
_END_SECONDS = 0.5


class StartError(FarmError):
    """A child process ended before it was ready, or was not ready in time."""


class Child:
    """One child process, which dies with the thread that started it.

    Args:
        process: the process, with pipes.
        owner: marks it and whatever it starts (see :func:`kill_owned`); empty for none.
    """

    def __init__(self, process: Process, owner: str) -> None:
        self._process = process
        self._owner = owner
        self._reaper = asyncio.create_task(self._reap()) if owner else None

    @classmethod
    async def start(
        cls,
        module: str,
        *arguments: str,
        stderr: int | BinaryIO | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        owner: str = "",
    ) -> Child:
        """Return a child that has said nothing yet; without ``environment`` it finds this library as we do."""
        variables = {**(environment or library_environment()), PARENT_VARIABLE: str(os.getpid())}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=stderr,
            cwd=folder,
            env=variables | ({OWNER_VARIABLE: owner} if owner else {}),
            start_new_session=True,
            limit=_MAX_LINE_BYTES,
        )
        return cls(process, owner)

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is gone, which the loop does not know before it runs again."""
        with suppress(ChildProcessError):
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return True

    async def first_message(self, seconds: float = _START_SECONDS) -> Any:
        """Return what the child says first, ``None`` where it ends before or says nothing in its time to start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self.receive()
        return None

    async def ask(self, message: Any, seconds: float) -> Any:
        """Return the answer, ``None`` where the child ends before.

        Raises:
            TimeoutError: there is none after so many seconds.
        """
        async with asyncio.timeout(seconds):
            await self.send(message)
            return await self.receive()

    async def send(self, message: Any) -> None:
        """Write a message; that the child is gone shows in the reading."""
        with suppress(ConnectionError):
            self._process.stdin.write(encode(message))  # type: ignore[union-attr]
            await self._process.stdin.drain()  # type: ignore[union-attr]

    def end_input(self) -> None:
        """Say that no message follows."""
        self._process.stdin.close()  # type: ignore[union-attr]

    async def receive(self) -> Any:
        """Return the next message, ``None`` at the end of the pipe or for what is none."""
        try:
            return json.loads(await self._process.stdout.readline())  # type: ignore[union-attr]
        except ValueError:
            return None

    async def status(self, seconds: float) -> int | None:
        """Return the status with which the process ended, ``None`` where it has not in so many seconds."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._process.wait(), seconds)
        return None

    async def kill(self) -> None:
        """End the child and whatever it started."""
        if self._reaper is not None:
            self._reaper.cancel()
        # A process may have a session of its own and no mark of its owner.
        descendants: list[int] = []
        if self._process.returncode is None:
            descendants = descendants_of(self._process.pid)
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        # Before waiting: a child that left the group may hold the pipes open.
        for process_id in descendants:
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        self._kill_owned()
        await self._process.wait()
        self._kill_owned()

    async def _reap(self) -> None:
        """End what a child leaves when it ends: a process that holds its pipes hides its end."""
        while not self.ended:
            await asyncio.sleep(_END_SECONDS)
        self._kill_owned()

    def _kill_owned(self) -> None:
        if self._owner:
            kill_owned(self._owner)


def is_ready(first_message: Any) -> bool:
    """Whether a child can answer; any other first message than :meth:`Parent.tell_ready`'s says why it cannot."""
    return isinstance(first_message, dict) and "ready" in first_message


def library_environment() -> dict[str, str]:
    """Return the environment in which a child finds the library, in an Ansible module too.

    There only ``sys.path`` names its archive.
    """
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return os.environ | {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}
