# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One slot: hands documents to its worker, one after the other, as long as the worker's hardware is fit."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from ..._errors import FarmError
from ..._pipelines.failures import DocumentFailure, GpuFault
from ..._pipelines.task import Forwarded, Recognised, Results, Task, WorkerUnfit
from ..._records.document import key_of
from ..._records.failure_classes import FailureClass
from ..._records.slots import gpu_of
from ..config import RunConfig
from ..worker.memory import memory_limit
from ..worker.process import WorkerProcess
from .attempts import Attempt
from .exclusive import Alone, ExclusiveAccess
from .fetcher import Fetched
from .outage import Outage
from .publisher import Finished
from .time_limit import TimeLimits

_LOG = logging.getLogger(__name__)
_WORKER_STARTS = 3
_UNFIT_PAUSE_SECONDS = 30.0
# Between two checks of a slot whose documents do not fail.
_CHECK_SECONDS = 10.0


class Health(Protocol):
    """What is known of the slots' hardware."""

    async def check_slot(self, slot: str) -> str | None:
        """Return why a slot's GPU can be used no more, ``None`` where it can."""

    async def restart_reason(self, slot: str) -> str | None:
        """Return why a slot's worker must be replaced before its next document, ``None`` where it need not be."""


class SlotUnfit(Exception):  # noqa: N818 - named for what is done about it
    """The slot can work no more; the message says why. It is no document's fault.

    Attributes:
        takes_gpu: it is its GPU that is to blame, so that no other slot on that can work either.
    """

    def __init__(self, reason: str, *, takes_gpu: bool) -> None:
        super().__init__(reason)
        self.takes_gpu = takes_gpu


class Slot:
    """A worker and its health.

    Args:
        name: see ``_records/slots.py``.
        workers: of all slots, by their names; its own one is there.
        limits: of the documents' time.
        access: to the machine, the same for all its slots.
        health: asked from time to time and after failures that may be the hardware's; ``None`` for hardware
            that nobody watches.
    """

    def __init__(
        self,
        name: str,
        workers: Mapping[str, WorkerProcess],
        config: RunConfig,
        limits: TimeLimits,
        access: ExclusiveAccess,
        health: Health | None,
    ) -> None:
        self.name = name
        self._gpu = gpu_of(name)
        self._worker = workers[name]
        self._workers = workers
        self._config = config
        self._limits = limits
        self._access = access
        self._health = health
        self._checked_at = float("-inf")

    async def process(self, fetched: Fetched) -> Finished:
        """Return how a document ended.

        Raises:
            SlotUnfit: the slot cannot process documents any more, this one included.
            Outage: the disk has been full for too long.
        """
        attempt, document = fetched.attempt, fetched.attempt.document
        task = Task(document.uri, key_of(document.uri), document.pages, fetched.input, fetched.work)
        before = fetched.handed_on
        if before is not None:
            task = before.with_it(task)
        if attempt.part:
            task = replace(task, pages=attempt.pages, part=attempt.part)
        elif attempt.composes:
            task = replace(task, ranges=fetched.folder)
        async with self._access.hold(self._gpu, attempt.alone):
            if attempt.alone:
                await self._end_neighbours()
            await self._require_fit(_CHECK_SECONDS)
            if attempt.own_worker and self._worker.documents:
                await self._worker.kill()
            outcome = await self._outcome(task, fetched)
            log = b""
            if isinstance(outcome, DocumentFailure):
                log = await self._worker.log.tail()
                if outcome.failure_class.meaning.hardware_is_suspected:
                    await self._require_fit(0)
            revision = self._worker.revision
            is_worn = self._worker.is_worn(self._config.worker_documents, self._config.worker_growth_bytes)
            if attempt.own_worker or is_worn:
                await self._worker.kill()
        return Finished(attempt, fetched.etag, self.name, outcome, log, revision, before.marker if before else None)

    async def close(self) -> None:
        """End the worker."""
        await self._worker.kill()

    @property
    def _neighbours(self) -> list[WorkerProcess]:
        """The workers of other slots on its GPU."""
        return [worker for name, worker in self._workers.items() if gpu_of(name) == self._gpu and name != self.name]

    async def _end_neighbours(self) -> None:
        """Have the GPU's memory free: a worker that waits keeps its models, and what it had for its last document."""
        for worker in self._neighbours:
            await worker.kill()

    async def _outcome(self, task: Task, fetched: Fetched) -> Results | Forwarded | Recognised | DocumentFailure:
        """Return the document's outcome, once it is not the worker's or the disk's."""
        attempt = fetched.attempt
        deadline = time.monotonic() + self._config.outage_seconds
        while True:
            unfit: Exception
            try:
                await self._start_worker()
                # Nobody has made its folder, or an attempt before has left something there.
                fetched.clear()
            except OSError as error:
                unfit = error
            else:
                started = time.monotonic()
                memory_bytes = memory_limit(self._config, alone=attempt.alone is Alone.ON_MACHINE)
                limit = self._limits.of(attempt)
                outcome = await self._worker.process(task, limit, memory_bytes)
                seconds = time.monotonic() - started - self._worker.uncounted
                attempt.seconds += seconds
                if not isinstance(outcome, WorkerUnfit):
                    self._learn(attempt, outcome, limit, seconds)
                    return outcome
                unfit = outcome
            if time.monotonic() > deadline:
                raise Outage(f"{unfit} It has been so for {self._config.outage_seconds:.0f} s: free some space.")
            _LOG.warning("trying again: %s", unfit)
            await asyncio.sleep(min(_UNFIT_PAUSE_SECONDS, self._config.outage_seconds / 4))

    def _learn(
        self,
        attempt: Attempt,
        outcome: Results | Forwarded | Recognised | DocumentFailure,
        limit: float,
        seconds: float,
    ) -> None:
        failure_class = outcome.failure_class if isinstance(outcome, DocumentFailure) else None
        # Whichever of them has taken most: this document may need no more than its share.
        attempt.crowded = failure_class is FailureClass.GPU_MEMORY and not attempt.alone and len(self._neighbours) > 0
        if attempt.crowded:
            _LOG.warning("%s ran out of its GPU's memory beside others, and comes again alone", attempt.document.uri)
        is_late = failure_class is FailureClass.TIMEOUT
        # A pipeline may have a limit of its own, which ends it before.
        attempt.cut_short = is_late and seconds >= limit and self._limits.is_cut_short(attempt, limit)
        if attempt.cut_short:
            _LOG.warning(
                "%s was given the %.0f s that others of its pages need at most, and comes again with all of its time",
                attempt.document.uri,
                limit,
            )
        # What takes no time beside the pages says nothing of these.
        if attempt.cut_short or not (isinstance(outcome, DocumentFailure) or attempt.composes):
            self._limits.add(attempt, seconds, cut_short=attempt.cut_short)

    async def _start_worker(self) -> None:
        """Have the worker ready, in a few attempts.

        Raises:
            SlotUnfit: it does not get ready.
        """
        for number in range(1, _WORKER_STARTS + 1):
            try:
                await self._worker.start()
            except GpuFault as error:
                raise SlotUnfit(str(error), takes_gpu=True) from error
            except FarmError as error:
                if number == _WORKER_STARTS:
                    raise SlotUnfit(str(error), takes_gpu=False) from error
                _LOG.warning("%s", error)
            else:
                return

    async def _require_fit(self, every_seconds: float) -> None:
        now = time.monotonic()
        if self._health is None or now - self._checked_at < every_seconds:
            return
        self._checked_at = now
        reason = await self._health.check_slot(self.name)
        if reason:
            raise SlotUnfit(reason, takes_gpu=True)
        reason = await self._health.restart_reason(self.name)
        if reason:
            _LOG.warning("the worker of slot %s is replaced: %s", self.name, reason)
            await self._worker.kill()
