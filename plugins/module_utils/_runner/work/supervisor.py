# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor of one shard: fetches documents, hands them to slots, publishes what comes back."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..._children.owner import owner_name
from ..._errors import FarmError
from ..._pipelines.failures import DocumentFailure
from ..._pipelines.registry import kind_of
from ..._pipelines.task import Forwarded
from ..._records.document import DocumentState
from ..._records.failure_classes import FailureClass
from ..._records.progress import BROKEN, Progress
from ..._records.quality import QualitySummary
from ..._records.slots import by_reason, gpu_of
from ..._records.stage import Stage
from ..._s3.uri import S3Uri
from ..config import RunConfig
from ..layout import Layout
from ..watch.lease import Lease
from ..worker.context import worker_environment
from ..worker.process import WorkerProcess
from .account import Account
from .attempts import Attempt, AttemptQueue
from .breaker import Break, Breaker
from .exclusive import Alone, ExclusiveAccess
from .fetcher import Fetched, Fetcher
from .handed_on import HandedOnReader
from .in_work import WorkRecord
from .outage import Backoff, Transfer
from .piece import PieceLost
from .publisher import Finished, Publisher
from .ranges import Ranges
from .reporter import Reporter
from .schedule import MAX_DOWNLOADS, Ahead, Schedule
from .slot import Health, Slot, SlotUnfit
from .source import OpenSource
from .time_limit import TimeLimits
from .transfers import Cancelled, Transfers

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Uploads that may lag behind each slot before it waits for them.
_UPLOADS_PER_SLOT = 4


def threads_for(config: RunConfig) -> int:
    """Return how many requests may run at once: down- and uploads, progress, what is in work, lease and manifest."""
    slots = len(config.worker_slots)
    return min(max(config.prefetch, slots), MAX_DOWNLOADS) + _UPLOADS_PER_SLOT * slots + 4


class NoSlotLeft(FarmError):  # noqa: N818 - the usual words for it
    """Every slot was drained; the message has the reason of each."""


@dataclass(frozen=True)
class Ending:
    """How a supervisor ended.

    Attributes:
        progress: its last word: ``finished``, ``stopped``, or ``failed`` or ``broken`` with a message.
        restart_helps: whether another start may go further without anybody doing something first, and nobody
            asked for the end.
    """

    progress: Progress
    restart_helps: bool


@dataclass(frozen=True)
class Hooks:
    """What a supervisor asks of the machine it runs on.

    Attributes:
        health: of the slots' hardware; ``None`` where nobody watches it.
        notices: each returns, once there is one, a reason to stop as at SIGTERM.
        restarts: each returns, once there is one, a reason to stop likewise and to be started again.
        lease: of the shard, taken; ``None`` where no other machine could work on it.
        record: of what is in work, open; ``None`` where nobody takes over.
        source: of more work than the supervisor is started with; ``None`` where there is none.
    """

    health: Health | None = None
    notices: tuple[Callable[[], Awaitable[str]], ...] = ()
    restarts: tuple[Callable[[], Awaitable[str]], ...] = ()
    lease: Lease | None = None
    record: WorkRecord | None = None
    source: OpenSource | None = None


class Supervisor:
    """Works until every document has its outcome, a stop is asked for, or nothing can go on.

    Args:
        config: what to do.
        client: of the S3 that takes the results, with a connection for each of :func:`threads_for`.
        inputs: likewise, of the S3 that has the documents.
        attempts: the documents to work on, in their order.
        account: the count of the whole shard.
        hooks: what to ask of the machine.
    """

    def __init__(
        self,
        config: RunConfig,
        client: S3Client,
        inputs: S3Client,
        attempts: list[Attempt],
        account: Account,
        hooks: Hooks,
    ) -> None:
        self._config = config
        self._hooks = hooks
        self._layout = Layout.of(config)
        self._executor = ThreadPoolExecutor(threads_for(config), thread_name_prefix="transfer")
        self._transfers = Transfers(client, inputs)
        self._backoff = Backoff(self._executor, config.outage_seconds, {Transfer.READ_INPUT: self._can_read_another})
        handed_on = None if config.stage is Stage.TEXT else HandedOnReader(client, config.results_uri, config.stage)
        self._fetcher = Fetcher(self._layout, self._transfers, self._backoff, handed_on)
        require_shard = hooks.lease.require if hooks.lease else None
        self._publisher = Publisher(config, client, self._transfers, self._backoff, require_shard)
        self._reporter = Reporter(config, client, account, self._executor)
        self._account = account
        self._limits = TimeLimits(config, account.pace)
        # A document that S3 has served.
        self._readable = account.read_before
        ahead = Ahead(config.prefetch, config.prefetch_bytes)
        range_pages = kind_of(config.pipeline).range_pages(config.pipeline_options)
        self._schedule = Schedule(AttemptQueue(attempts), ahead, len(config.worker_slots), range_pages)
        self._source = hooks.source(self._schedule, account, self._backoff) if hooks.source else None
        self._access = ExclusiveAccess()
        self._workers: dict[str, WorkerProcess] = {}
        self._fetches: set[asyncio.Task[None]] = set()
        self._breaker = Breaker(config.slots, config.max_failure_share)
        self._broken: Break | None = None
        # How documents failed that are divided, and where the end of what the worker said is; others are in work yet.
        self._failed: dict[Ranges, tuple[Finished, str]] = {}
        # Slots that are to be drained, and those that were.
        self._condemned: dict[str, str] = {}
        self._drained: dict[str, str] = {}
        self._stop_reason: str | None = None
        self._restart = False
        self._lost: Exception | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> Ending:
        """Return how it ended."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stop, "")
        work = asyncio.create_task(self._work())
        stopping = asyncio.create_task(self._stopping.wait())
        others = [stopping, asyncio.create_task(self._reporter.run())]
        others += [asyncio.create_task(self._heed(notice, restart=False)) for notice in self._hooks.notices]
        others += [asyncio.create_task(self._heed(notice, restart=True)) for notice in self._hooks.restarts]
        if self._hooks.lease:
            others.append(asyncio.create_task(self._keep(self._hooks.lease, work)))
        if self._hooks.record:
            others.append(asyncio.create_task(self._hooks.record.keep(self._backoff)))
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            _LOG.info("stopping: documents in work have %.0f s. %s", self._config.grace_seconds, self._stop_reason)
            await asyncio.wait({work}, timeout=self._config.grace_seconds)
            work.cancel()
        self._transfers.cancel()
        (outcome,) = await asyncio.gather(work, return_exceptions=True)
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._hooks.record and self._lost is None:
            await self._hooks.record.close(self._backoff)
        if self._source:
            # After it: whoever gets them back must not take this supervisor for one that vanished with them.
            await self._source.close()
        return await self._last_report(self._lost or outcome)

    def _can_read_another(self) -> bool:
        return self._readable is not None and self._transfers.can_read(S3Uri.parse(self._readable))

    def _stop(self, reason: str) -> None:
        """Begin nothing any more; documents on their way are not waited for, those in work are."""
        self._stop_reason = reason
        self._begin_nothing()
        self._stopping.set()

    def _begin_nothing(self) -> None:
        self._schedule.stop()
        if self._source:
            self._source.stop()
        self._transfers.cancel()
        for fetch in self._fetches:
            fetch.cancel()

    async def _heed(self, notice: Callable[[], Awaitable[str]], *, restart: bool) -> None:
        try:
            reason = await notice()
        except Exception as error:
            # Without its guard, such as that of the budget, nothing goes on.
            _LOG.exception("a guard of the run failed")
            reason = f"What watches over the run failed: {type(error).__name__}: {error}"
        self._restart = restart
        self._stop(reason)

    async def _keep(self, lease: Lease, work: asyncio.Task[None]) -> None:
        try:
            await lease.keep()
        except Exception as lost:
            # Taken, or nobody can tell: nothing of this supervisor's may be written any more.
            self._lost = lost
            work.cancel()

    async def _last_report(self, outcome: BaseException | None) -> Ending:
        if self._broken is not None:
            broken = self._broken
            return Ending(await self._reporter.report(BROKEN, broken.reason, broken.failure_class), restart_helps=False)
        if outcome is not None and not isinstance(outcome, asyncio.CancelledError):
            errors = leaves(outcome)
            if not all(isinstance(error, FarmError) for error in errors):
                _LOG.error("unexpected", exc_info=outcome)
            message = " ".join(dict.fromkeys(str(error) or type(error).__name__ for error in errors))
            restart_helps = not any(isinstance(error, NoSlotLeft) for error in errors)
            return Ending(await self._reporter.report("failed", message), restart_helps)
        # One that helps others may have new documents by a new cut.
        is_stopped = self._stop_reason is not None and bool(self._config.queue)
        if not self._account.pending and not self._restart and not is_stopped:
            return Ending(await self._reporter.report("finished"), restart_helps=False)
        if self._stop_reason is not None:
            return Ending(await self._reporter.report("stopped", self._stop_reason), self._restart)
        message = (
            f"{self._account.pending} documents have keys too long for a marker (1024 bytes with the results' "
            "prefix), or that are no UTF-8, which no key in S3 is: shorten the prefix, rename them, or cut the shards "
            "again from a table that has their keys as they are."
        )
        return Ending(await self._reporter.report("failed", message), restart_helps=False)

    async def _work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:

                def start_fetch(attempt: Attempt) -> None:
                    fetch = group.create_task(self._fetch(attempt))
                    self._fetches.add(fetch)
                    fetch.add_done_callback(self._fetches.discard)

                self._schedule.open(start_fetch)
                if self._source:
                    group.create_task(self._source.run())
                for name in self._config.worker_slots:
                    group.create_task(self._serve(name, group))
        finally:
            shutil.rmtree(self._layout.documents, ignore_errors=True)
        # Of a queue nobody here counts what is pending.
        if not self._schedule.slots and (self._account.pending or self._config.queue):
            reasons = " ".join(f"Slot {slots}: {why}" for slots, why in by_reason(self._drained))
            what = f"{self._account.pending} documents" if self._account.pending else "the queue's pieces"
            raise NoSlotLeft(f"No slot is left to work on {what}. {reasons}")

    async def _fetch(self, attempt: Attempt) -> None:
        if attempt.conviction is not None:
            await self._settle_unfetched(attempt, attempt.conviction)
            return
        try:
            fetched = await self._fetcher.fetch(attempt)
        except Cancelled:
            self._schedule.not_fetched(attempt)
        except DocumentFailure as failure:
            await self._settle_unfetched(attempt, failure)
        else:
            self._readable = attempt.document.uri
            self._schedule.fetched(fetched)

    async def _settle_unfetched(self, attempt: Attempt, failure: DocumentFailure) -> None:
        # A stop ends downloads; this one has ended, and its document is to have its outcome.
        self._fetches -= {asyncio.current_task()}
        self._schedule.not_fetched(attempt)
        await self._settle(Finished(attempt, "", "", failure), self._layout.document(attempt.document.uri))

    async def _serve(self, name: str, group: asyncio.TaskGroup) -> None:
        owner = owner_name(self._layout.workdir, self._config.shard, name)
        environment = worker_environment(self._config, name)
        worker = WorkerProcess(name, self._layout.config, owner, environment, self._layout.slot(name))
        self._workers[name] = worker
        slot = Slot(name, self._workers, self._config, self._limits, self._access, self._hooks.health)
        uploads = asyncio.Semaphore(_UPLOADS_PER_SLOT)
        try:
            while (fetched := await self._schedule.next()) is not None:
                if name in self._condemned:
                    self._drain(name, self._condemned[name], fetched)
                    return
                if fetched.attempt.is_void and fetched.attempt.ranges is not None:
                    group.create_task(self._end_range(fetched.attempt, fetched.attempt.ranges, fetched.folder))
                    continue
                if fetched.attempt.is_taken_back and fetched.attempt.ranges is None:
                    await self._leave(fetched.attempt, fetched.folder, PieceLost("it was taken back"))
                    continue
                self._account.begin(name, fetched.attempt.document, fetched.attempt.share)
                try:
                    async with self._recorded(fetched.attempt):
                        finished = await slot.process(fetched)
                except SlotUnfit as unfit:
                    if unfit.takes_gpu:
                        self._condemn(gpu_of(name), str(unfit))
                    self._drain(name, str(unfit), fetched)
                    return
                except PieceLost as lost:
                    # Before it was begun.
                    self._account.end(name)
                    await self._leave_unbegun(fetched, lost)
                    continue
                self._account.end(name)
                self._account.note_memory(crowded=finished.attempt.crowded)
                await uploads.acquire()
                upload = group.create_task(self._settle(finished, fetched.folder))
                upload.add_done_callback(lambda _upload: uploads.release())
        finally:
            self._account.end(name)
            await slot.close()

    @asynccontextmanager
    async def _recorded(self, attempt: Attempt) -> AsyncIterator[None]:
        """Have it known in S3 that the document is in work."""
        record, uri = self._record_of(attempt), attempt.document.uri
        if record is None:
            yield
            return
        await record.begin(self._backoff, uri, careful=attempt.is_suspect)
        try:
            yield
        finally:
            record.end(uri)

    def _record_of(self, attempt: Attempt) -> WorkRecord | None:
        return (attempt.piece and attempt.piece.record) or self._hooks.record

    def _condemn(self, gpu: str, reason: str) -> None:
        """Have the slots on a GPU work no more, and what still fails there be no document's failure."""
        for name in self._config.worker_slots:
            if gpu_of(name) == gpu and name not in self._drained:
                self._condemned[name] = reason
                self._account.drain_slot(name, reason)
        self._breaker.remove_gpu(gpu)

    def _drain(self, name: str, reason: str, fetched: Fetched) -> None:
        _LOG.error("slot %s is drained: %s", name, reason)
        self._drained[name] = reason
        self._account.drain_slot(name, reason)
        self._schedule.drain_slot(fetched)
        if not self._schedule.slots:
            # What is being uploaded is as good as if there were slots.
            self._begin_nothing()

    async def _settle(self, finished: Finished, folder: Path) -> None:
        attempt = finished.attempt
        if attempt.part and attempt.ranges is not None:
            await self._settle_range(finished, attempt.ranges, folder)
            return
        try:
            await self._publish(finished, folder)
        except PieceLost as lost:
            await self._leave(attempt, folder, lost)

    async def _leave_unbegun(self, fetched: Fetched, lost: PieceLost) -> None:
        attempt = fetched.attempt
        if attempt.part and attempt.ranges is not None:
            await self._end_range(attempt, attempt.ranges, fetched.folder)
        else:
            await self._leave(attempt, fetched.folder, lost)

    async def _leave(self, attempt: Attempt, folder: Path, lost: PieceLost) -> None:
        _LOG.warning("left to its shard %s: %s", attempt.document.uri, lost)
        await self._remove(folder)
        self._end(attempt)

    async def _settle_range(self, finished: Finished, ranges: Ranges, folder: Path) -> None:
        attempt, uri = finished.attempt, finished.attempt.document.uri
        pages = f"pages {attempt.part[0]} to {attempt.part[-1]}"
        if isinstance(finished.outcome, DocumentFailure):
            failure = DocumentFailure(finished.outcome.failure_class, f"{pages}: {finished.outcome.message}")
            if await self._is_tried_again(replace(finished, outcome=failure), failure, ranges):
                return
        else:
            # What is left to do for others is not known here.
            if attempt.piece is None:
                self._account.pace.recognise(attempt.document, attempt.pages)
            _LOG.info("recognised %s of %s in %.1f s", pages, uri, attempt.seconds)
        await self._end_range(attempt, ranges, folder)

    async def _is_tried_again(self, finished: Finished, failure: DocumentFailure, ranges: Ranges) -> bool:
        """Return whether a range that failed comes again; where it does not, its document has failed."""
        attempt, uri = finished.attempt, finished.attempt.document.uri
        if attempt.is_void:
            return False
        attempt.number, attempt.last, attempt.tried = ranges.number, ranges.last, ranges.tried
        if failure.failure_class is FailureClass.OUT_OF_MEMORY and attempt.alone is not Alone.ON_MACHINE:
            attempt.crowded = ranges.is_crowded_again()
        comes_again = True
        if self._count(finished, failure):
            _LOG.warning("left pending %s: %s", uri, failure)
            self._schedule.put_back(attempt)
        else:
            ranges.count(is_excused=attempt.is_excused)
            _LOG.warning("attempt %d of %s: %s", attempt.number, uri, failure)
            comes_again = self._schedule.retry(attempt, failure)
        if not comes_again:
            # Before anything that takes a while: slots are to begin no other of its ranges meanwhile.
            ranges.failed = True
            for other in self._schedule.withdraw(lambda each: each.ranges is ranges):
                ranges.end(other.seconds)
        log = ""
        try:
            log = await self._publisher.publish_log(finished)
        except PieceLost as lost:
            # Whoever ends the last range is told the same.
            _LOG.warning("%s", lost)
        if not comes_again:
            self._failed[ranges] = (finished, log)
        return comes_again

    async def _end_range(self, attempt: Attempt, ranges: Ranges, folder: Path) -> None:
        """Go on with a document one of whose ranges has its outcome, or needs none."""
        if not ranges.end(attempt.seconds):
            self._schedule.settle(attempt)
        elif ranges.failed:
            finished, log = self._failed.pop(ranges)
            whole = replace(finished, attempt=replace(finished.attempt, seconds=ranges.seconds))
            try:
                await self._conclude(whole, log, folder)
            except PieceLost as lost:
                await self._leave(attempt, folder, lost)
            else:
                self._end(attempt)
        elif attempt.is_void:
            await self._leave(attempt, folder, PieceLost("it was taken back"))
        else:
            self._schedule.compose(attempt, ranges)

    async def _publish(self, finished: Finished, folder: Path) -> None:
        attempt, uri = finished.attempt, finished.attempt.document.uri
        failure = finished.outcome if isinstance(finished.outcome, DocumentFailure) else None
        # Before anything that takes a while: its slot goes on meanwhile.
        is_runs_fault = failure is not None and self._count(finished, failure)
        log = await self._publisher.publish_log(finished)
        if isinstance(finished.outcome, DocumentFailure):
            if attempt.ranges is None:
                await self._remove(folder)
            if is_runs_fault:
                _LOG.warning("left pending %s: %s", uri, finished.outcome)
                self._schedule.put_back(attempt)
                return
            if self._schedule.retry(attempt, finished.outcome):
                _LOG.warning("attempt %d of %s: %s", attempt.number, uri, finished.outcome)
                return
        await self._conclude(finished, log, folder)
        self._end(attempt)

    async def _conclude(self, finished: Finished, log: str, folder: Path) -> None:
        """Publish a document's outcome, and count it."""
        attempt, uri = finished.attempt, finished.attempt.document.uri
        published = await self._publisher.publish(finished, log, folder)
        failure = published.failure
        if not isinstance(finished.outcome, DocumentFailure):
            self._count(finished, failure)
        # Gone with the marker of success, which saves a change of threads; here after an upload that failed.
        if folder.exists():
            await self._remove(folder)
        if isinstance(finished.outcome, Forwarded) and not failure:
            self._add(attempt, DocumentState.FORWARDED)
            _LOG.info("handed on %s in %.1f s: %s", uri, attempt.seconds, finished.outcome.message)
        elif failure:
            self._add(attempt, DocumentState.FAILED, failure.failure_class)
            _LOG.warning("failed %s: %s", uri, failure)
        else:
            self._add(attempt, DocumentState.DONE, quality=published.quality)
            _LOG.info("done %s in %.1f s", uri, attempt.seconds)

    def _add(
        self,
        attempt: Attempt,
        state: DocumentState,
        failure_class: FailureClass | None = None,
        quality: QualitySummary | None = None,
    ) -> None:
        """Count a document with its outcome, whichever shard's it is."""
        if attempt.piece is not None:
            self._account.add_helped(attempt.document, attempt.seconds, state, quality)
        elif failure_class is not None:
            self._account.add_failed(attempt.document, failure_class)
        elif state is DocumentState.FORWARDED:
            self._account.add_forwarded(attempt.document, attempt.seconds)
        else:
            self._account.add_done(attempt.document, attempt.seconds, quality)

    def _end(self, attempt: Attempt) -> None:
        if record := self._record_of(attempt):
            record.settle(attempt.document.uri)
        self._schedule.settle(attempt)
        if self._source:
            self._source.settle(attempt)

    def _count(self, finished: Finished, failure: DocumentFailure | None) -> bool:
        """Take note of how a document ended; return whether it failed by what is broken, and not by itself."""
        failure_class = failure.failure_class if failure else None
        if self._broken is not None or finished.slot in self._condemned:
            return failure_class is not None and not failure_class.meaning.is_documents_fault
        if finished.attempt.tried or finished.attempt.is_excused:
            return False
        broken = self._breaker.add(gpu_of(finished.slot), failure_class)
        if broken is None:
            return False
        if broken.gpu is None:
            _LOG.error("the shard stops: %s", broken.reason)
            self._broken = broken
            self._stop(broken.reason)
        else:
            self._condemn(broken.gpu, broken.reason)
        return True

    async def _remove(self, folder: Path) -> None:
        remove = partial(shutil.rmtree, folder, ignore_errors=True)
        await asyncio.get_running_loop().run_in_executor(self._executor, remove)


def leaves(error: BaseException) -> list[BaseException]:
    """Return the exceptions in a group, or the exception itself."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in leaves(each)]
    return [error]
