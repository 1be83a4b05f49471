# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor's side of a worker."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..._children.child import Child, is_ready
from ..._children.descendants import private_bytes
from ..._children.owner import memory_kills, resident_bytes
from ..._errors import FarmError
from ..._pipelines.failures import DocumentFailure
from ..._pipelines.task import Outcome, Task
from ..._records.failure_classes import FailureClass
from ..config import own_secrets
from .clock import RunningClock
from .log import WorkerLog
from .protocol import gpu_fault_from_message, outcome_from_message, task_to_message

MODULE = "ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.main"
# Loading a pipeline's models from a cold disk takes minutes.
_READY_SECONDS = 900
_LINE_CHARACTERS = 500
# Between two looks at a worker's memory: no use after each of many short documents.
_MEMORY_SECONDS = 1.0
# And while it works: what grows by gigabytes a second must not have all of the machine's before it is seen.
_WATCH_SECONDS = 0.25


class _TooLarge(Exception):  # noqa: N818 - named for what is done about it
    """A worker occupies more memory than it may; the message says how much."""


class WorkerProcess:
    """One slot's worker: a process for many documents, replaced when it dies or is too slow.

    Args:
        slot: its name in messages.
        config: the configuration file it reads.
        owner: marks it and whatever it starts, see :func:`kill_owned`.
        environment: variables it has beyond those of this process.
        folder: where it runs; emptied before each start.

    Attributes:
        log: what it says.
        revision: of its pipeline, once it has been ready.
        documents: how many it has been given since it started.
        uncounted: of the seconds of its last document, those that do not count as its own.
    """

    def __init__(self, slot: str, config: Path, owner: str, environment: Mapping[str, str], folder: Path) -> None:
        self._slot = slot
        self._config = config
        self._environment = {**environment, "TMPDIR": str(folder / "tmp")}
        self._folder = folder
        self._owner = owner
        self._child: Child | None = None
        self._killing = asyncio.Lock()
        self._bytes_at_first = 0
        self._looked_at = float("-inf")
        self._memory_kills = 0
        self.log = WorkerLog(own_secrets())
        self.revision = ""
        self.documents = 0
        self.uncounted = 0.0

    async def start(self) -> None:
        """Have a worker that is ready for a document.

        Raises:
            GpuFault: its GPU cannot be used.
            FarmError: it ended or was not ready in time, which is no document's fault.
        """
        if self._child is not None and not self._child.ended:
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        Path(self._environment["TMPDIR"]).mkdir(mode=0o700, parents=True)
        self.documents = 0
        # Once for each worker: it takes the kernel a while to sum up.
        self._memory_kills = memory_kills()
        self.log.begin()
        errors = await self.log.open()
        try:
            self._child = await Child.start(
                MODULE,
                str(self._config),
                stderr=errors,
                environment=os.environ | self._environment,
                folder=self._folder,
                owner=self._owner,
            )
        finally:
            os.close(errors)
        answer = await self._child.first_message(_READY_SECONDS)
        if not is_ready(answer):
            await self.kill()
            fault = gpu_fault_from_message(answer)
            if fault is not None:
                raise fault
            said = last_line(await self.log.tail())
            raise FarmError(f"The worker of slot {self._slot} ended or did not get ready. It said last: {said}")
        self.revision = answer["ready"]

    async def process(self, task: Task, timeout_seconds: float, memory_bytes: int) -> Outcome:
        """Return how the document ended in a worker that :meth:`start` made ready.

        A worker that dies, passes the time, or runs out of memory or of its GPU is gone afterwards.

        Args:
            task: the document.
            timeout_seconds: how long it may take, without what does not count.
            memory_bytes: how much memory the worker and what it has started may occupy.
        """
        self.documents += 1
        self.uncounted = 0.0
        self.log.begin()
        try:
            answer = await self._ask(task, timeout_seconds, memory_bytes)
        except _TooLarge as error:
            await self.kill()
            return DocumentFailure(FailureClass.OUT_OF_MEMORY, str(error))
        except TimeoutError:
            await self.kill()
            return DocumentFailure(
                FailureClass.TIMEOUT,
                f"not finished after {timeout_seconds:.0f} s, {task.pages} pages"
                + (f", and {self.uncounted:.0f} s that are not its own" if self.uncounted else ""),
            )
        if answer is None:
            return await self._crashed()
        outcome = outcome_from_message(answer)
        if isinstance(outcome, DocumentFailure) and outcome.failure_class.meaning.worker_is_spent:
            await self.kill()
        return outcome

    async def _ask(self, task: Task, timeout_seconds: float, memory_bytes: int) -> Any:
        """Return the worker's answer, ``None`` where it ends before, while its memory is watched.

        Raises:
            _TooLarge: it occupies more than it may.
            TimeoutError: there is no answer in time.
        """
        child = self._started()
        answer = asyncio.create_task(self._answer(child, task, timeout_seconds))
        try:
            while not (await asyncio.wait({answer}, timeout=_WATCH_SECONDS))[0]:
                occupied = private_bytes(child.process_id)
                if occupied > memory_bytes:
                    raise _TooLarge(
                        f"the worker took {occupied >> 20} MiB of memory, and may take {memory_bytes >> 20} MiB"
                    )
            return answer.result()
        finally:
            answer.cancel()

    async def _answer(self, child: Child, task: Task, timeout_seconds: float) -> Any:
        """Return what the worker says at the end, and meanwhile have its time last longer by what does not count."""
        now = asyncio.get_running_loop().time
        clock = RunningClock(timeout_seconds, now())
        try:
            async with asyncio.timeout_at(clock.ends_at) as timeout:
                await child.send(task_to_message(task))
                while clock.takes(answer := await child.receive(), now()):
                    timeout.reschedule(clock.ends_at)
                return answer
        finally:
            clock.end(now())
            self.uncounted = clock.uncounted

    def is_worn(self, documents: int, growth_bytes: int) -> bool:
        """Return whether the worker should be replaced before its next document.

        Args:
            documents: how many one worker is given.
            growth_bytes: by how much its memory may grow after its first document, which loads what all need.
        """
        if self._child is None or self._child.ended:
            return False
        if self.documents >= documents:
            return True
        now = time.monotonic()
        if self.documents > 1 and now - self._looked_at < _MEMORY_SECONDS:
            return False
        self._looked_at = now
        resident = resident_bytes(self._child.process_id)
        if self.documents == 1:
            self._bytes_at_first = resident
        return resident - self._bytes_at_first > growth_bytes

    async def kill(self) -> None:
        """End the worker and whatever it started; does nothing when there is none."""
        # By its own slot, and by one that needs its GPU alone.
        async with self._killing:
            if self._child is None:
                return
            await self._child.kill()
            await self.log.close()
            self.documents = 0

    def _started(self) -> Child:
        if self._child is None:
            raise AssertionError("start() comes first")
        return self._child

    async def _crashed(self) -> DocumentFailure:
        # It has closed its pipe, and with that it is of no use even if it has not ended.
        status = await self._started().status(seconds=1)
        await self.kill()
        if status == -signal.SIGKILL and memory_kills() > self._memory_kills:
            return DocumentFailure(FailureClass.OUT_OF_MEMORY, "the kernel killed the worker for want of memory")
        return DocumentFailure(FailureClass.CRASH, f"the worker {describe_status(status)}")


def last_line(log: bytes) -> str:
    """Return the last line of a log that is not empty, shortened."""
    lines = log.decode(errors="replace").split("\n")
    return next((line.strip()[-_LINE_CHARACTERS:] for line in reversed(lines) if line.strip()), "nothing.")


def describe_status(status: int | None) -> str:
    """Return how a process ended, in words."""
    if status is None:
        return "closed its pipe"
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
