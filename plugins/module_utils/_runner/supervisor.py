# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor of one shard: fetches documents, hands them to workers, publishes what comes back."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import signal
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.attempts import Attempt, AttemptQueue
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.failures import DocumentFailure, FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.files import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.patience import Outage, Patience
from ansible_collections.glossapi.farm.plugins.module_utils._runner.pipelines.registry import worker_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.processes import owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._runner.protocol import Product, Task, WorkerUnfit
from ansible_collections.glossapi.farm.plugins.module_utils._runner.publisher import Finished, Publisher
from ansible_collections.glossapi.farm.plugins.module_utils._runner.reporter import Reporter
from ansible_collections.glossapi.farm.plugins.module_utils._runner.transfers import Cancelled, Download, Transfers
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker_process import WorkerProcess
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
_MAX_DOWNLOADS = 8
# Uploads that may lag behind each slot before it waits for them.
_UPLOADS_PER_SLOT = 4
_WORKER_STARTS = 3
_UNFIT_PAUSE_SECONDS = 30.0


def threads_for(config: RunConfig) -> int:
    """Return how many transfers may run at once: downloads, uploads, and the progress."""
    return min(config.prefetch, _MAX_DOWNLOADS) + _UPLOADS_PER_SLOT * len(config.slots) + 1


@dataclass(frozen=True)
class _Fetched:
    attempt: Attempt
    folder: Path
    input: Path
    etag: str


class Supervisor:
    """Works until every document has its outcome, a stop is asked for, or nothing can go on.

    Args:
        config: what to do.
        client: S3, with a connection for each of :func:`threads_for`.
        documents: those without an outcome, in the order to work on them.
        account: the count of the whole shard.
    """

    def __init__(self, config: RunConfig, client: S3Client, documents: list[Document], account: Account) -> None:
        self._config = config
        self._layout = Layout(Path(config.workdir), config.shard)
        self._executor = ThreadPoolExecutor(threads_for(config), thread_name_prefix="transfer")
        self._transfers = Transfers(client)
        self._patience = Patience(self._executor, config.outage_seconds)
        self._publisher = Publisher(config, client, self._transfers, self._patience)
        self._reporter = Reporter(config, client, account, self._executor)
        self._account = account
        self._queue = AttemptQueue(documents, config.max_attempts)
        self._fetched: deque[_Fetched] = deque()
        self._fetching = 0
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()

    async def run(self) -> Progress:
        """Return the last progress: ``finished``, ``stopped``, or ``failed`` with a message."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopping.set)
        work = asyncio.create_task(self._work())
        reporting = asyncio.create_task(self._reporter.run())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            _LOG.info("stopping: documents in work have %.0f s", self._config.grace_seconds)
            async with self._changed:
                self._changed.notify_all()
            await asyncio.wait({work}, timeout=self._config.grace_seconds)
            work.cancel()
        self._transfers.cancel()
        (outcome,) = await asyncio.gather(work, return_exceptions=True)
        for task in (reporting, stopping):
            task.cancel()
        await asyncio.gather(reporting, stopping, return_exceptions=True)
        return await self._last_report(outcome)

    async def _last_report(self, outcome: BaseException | None) -> Progress:
        if outcome is not None and not isinstance(outcome, asyncio.CancelledError):
            errors = leaves(outcome)
            if not all(isinstance(error, FarmError) for error in errors):
                _LOG.error("unexpected", exc_info=outcome)
            message = " ".join(dict.fromkeys(str(error) or type(error).__name__ for error in errors))
            return await self._reporter.report("failed", message)
        if not self._account.pending:
            return await self._reporter.report("finished")
        if self._stopping.is_set():
            return await self._reporter.report("stopped")
        return await self._reporter.report(
            "failed",
            f"{self._account.pending} documents have keys too long for a marker (1024 bytes with the results' "
            "prefix): shorten the prefix or rename them.",
        )

    async def _work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _number in range(min(self._config.prefetch, _MAX_DOWNLOADS)):
                    group.create_task(self._fetch_documents())
                for slot in self._config.slots:
                    group.create_task(self._serve_slot(slot, group))
        finally:
            shutil.rmtree(self._layout.documents, ignore_errors=True)

    async def _wait_for(self, condition: Callable[[], bool]) -> bool:
        """Wait for the condition; return whether it holds rather than work being over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_over() or condition())
        return not self._is_over() and condition()

    def _is_over(self) -> bool:
        return self._stopping.is_set() or not self._queue.open

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _fetch_documents(self) -> None:
        while await self._wait_for(self._has_room):
            attempt = self._queue.claim()
            self._fetching += 1
            try:
                fetched = await self._fetch(attempt)
            except Cancelled:
                return
            except DocumentFailure as failure:
                await self._publish(Finished(attempt, "", "", failure), None)
            else:
                self._fetched.append(fetched)
            finally:
                self._fetching -= 1
            await self._notify()

    def _has_room(self) -> bool:
        return self._queue.waiting > 0 and len(self._fetched) + self._fetching < self._config.prefetch

    async def _fetch(self, attempt: Attempt) -> _Fetched:
        document = attempt.document
        folder = self._layout.document(document.uri)
        shutil.rmtree(folder, ignore_errors=True)
        work = folder / "work"
        path = folder / f"document{_suffix(document.uri)}"

        def download() -> Download:
            work.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._transfers.download(S3Uri.parse(document.uri), path)

        found = await self._patience.run(download, FailureClass.DOWNLOAD)
        if document.bytes not in (None, found.bytes):
            _LOG.warning("%s has changed: %d bytes, not %d as listed", document.uri, found.bytes, document.bytes)
        return _Fetched(attempt, folder, path, found.etag)

    async def _serve_slot(self, slot: str, group: asyncio.TaskGroup) -> None:
        worker = WorkerProcess(
            slot,
            self._layout.config,
            owner_name(self._layout.workdir, self._config.shard, slot),
            worker_environment(self._config, slot),
            self._layout.slot(slot),
        )
        uploads = asyncio.Semaphore(_UPLOADS_PER_SLOT)
        try:
            while await self._wait_for(lambda: bool(self._fetched)):
                fetched = self._fetched.popleft()
                await self._notify()
                finished = await self._process(worker, slot, fetched)
                await uploads.acquire()
                group.create_task(self._settle(finished, fetched.folder, uploads))
        finally:
            self._account.set_slot(slot, "")
            await worker.kill()

    async def _process(self, worker: WorkerProcess, slot: str, fetched: _Fetched) -> Finished:
        attempt, document = fetched.attempt, fetched.attempt.document
        self._account.set_slot(slot, document.uri)
        task = Task(document.uri, key_of(document.uri), document.pages, fetched.input, fetched.folder / "work")
        outcome = await self._outcome(worker, task, attempt)
        self._account.set_slot(slot, "")
        return Finished(attempt, fetched.etag, slot, outcome)

    async def _outcome(self, worker: WorkerProcess, task: Task, attempt: Attempt) -> Product | DocumentFailure:
        """Return the document's outcome, once it is not the worker's or the disk's."""
        deadline = time.monotonic() + self._config.outage_seconds
        while True:
            await start_worker(worker)
            started = time.monotonic()
            outcome = await worker.process(task, self._config.timeout(task.pages))
            attempt.seconds += time.monotonic() - started
            if not isinstance(outcome, WorkerUnfit):
                return outcome
            if time.monotonic() > deadline:
                raise Outage(f"{outcome} It has been so for {self._config.outage_seconds:.0f} s: free some space.")
            _LOG.warning("trying again: %s", outcome)
            await asyncio.sleep(min(_UNFIT_PAUSE_SECONDS, self._config.outage_seconds / 4))

    async def _settle(self, finished: Finished, folder: Path, uploads: asyncio.Semaphore) -> None:
        try:
            await self._publish(finished, folder)
        finally:
            uploads.release()

    async def _publish(self, finished: Finished, folder: Path | None) -> None:
        uri = finished.attempt.document.uri
        if isinstance(finished.outcome, DocumentFailure) and self._queue.retry(finished.attempt, finished.outcome):
            _LOG.warning("attempt %d of %s: %s", finished.attempt.number, uri, finished.outcome)
        else:
            failure = await self._publisher.publish(finished)
            self._queue.settle()
            if failure:
                self._account.add_failed(finished.attempt.document, failure.failure_class)
                _LOG.warning("failed %s: %s", uri, failure)
            else:
                self._account.add_done(finished.attempt.document)
                _LOG.info("done %s in %.1f s", uri, finished.attempt.seconds)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        await self._notify()


async def start_worker(worker: WorkerProcess) -> None:
    """Have the worker ready, in a few attempts.

    Raises:
        FarmError: it does not get ready.
    """
    for number in range(1, _WORKER_STARTS + 1):
        try:
            await worker.start()
        except FarmError as error:
            if number == _WORKER_STARTS:
                raise
            _LOG.warning("%s", error)
        else:
            return


def leaves(error: BaseException) -> list[BaseException]:
    """Return the exceptions in a group, or the exception itself."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in leaves(each)]
    return [error]


def _suffix(uri: str) -> str:
    suffix = PurePosixPath(uri).suffix
    return suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
