# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing a supervisor's progress, on the node and in S3."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..._files import write_atomically
from ..._records import history
from ..._records.codec import RecordError
from ..._records.failure_classes import FailureClass
from ..._records.history import NO_DURATIONS, History, Point
from ..._records.machine import MachineSample
from ..._records.names import history_uri, progress_uri, shard_quality_uri, supervisor_log_uri
from ..._records.progress import Progress
from ..._records.shard_quality import ShardQuality
from ..._s3.errors import MissingError, S3Error
from ..._s3.objects import put_bytes, read_bytes
from ..._s3.uri import S3Uri
from ..config import RunConfig, own_secrets
from ..layout import Layout
from ..masking import masked
from ..watch.metrics import sample_machine, to_prometheus
from .account import Account

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
_INTERVAL_SECONDS = 5.0
_HISTORY_SECONDS = 60.0
_MACHINE_SECONDS = 15.0
# The last report must not keep a supervisor that should stop.
_LAST_SECONDS = 10.0
_METRICS_MODE = 0o644
_LOG_BYTES = 1 << 20

_Result = TypeVar("_Result")


class Reporter:
    """Writes the progress to its files and objects; none is the truth, so a failure only shows in the log."""

    def __init__(self, config: RunConfig, client: S3Client, account: Account, executor: Executor) -> None:
        self._layout = Layout.of(config)
        self._uri = progress_uri(config.results_uri, config.shard, config.stage)
        self._history_uri = history_uri(config.results_uri, config.shard, config.stage)
        self._quality_uri = shard_quality_uri(config.results_uri, config.shard, config.stage)
        self._log_uri = supervisor_log_uri(config.results_uri, config.shard, config.stage)
        self._stage = config.stage
        self._takes_pieces = bool(config.queue)
        self._slots = config.slots
        self._client = client
        self._account = account
        self._executor = executor
        self._machine: MachineSample | None = None
        self._history: History | None = None
        # Of earlier supervisors; the account has those of this one.
        self._durations_before = NO_DURATIONS
        self._quality_before: ShardQuality | None = None

    async def run(self) -> None:
        """Report every few seconds until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._report_progress())
            group.create_task(self._report_history())
            group.create_task(self._look_at_machine())

    async def _report_progress(self) -> None:
        # In S3 first: who starts a shard waits for the file, then looks there for who still runs.
        await self._upload(self._progress("running"))
        while True:
            self._save(self._progress("running"))
            await asyncio.sleep(_INTERVAL_SECONDS)
            await self._upload(self._progress("running"))

    async def report(self, state: str, message: str = "", failure_class: FailureClass | None = None) -> Progress:
        """Report the last state, in S3 first, where whoever sees the file may look; then the log's end."""
        progress = self._progress(state, message, failure_class)
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await self._upload(progress)
                await self._upload_history(progress)
                await self._in_thread(self._upload_quality)
                await self._in_thread(self._upload_log)
        except TimeoutError:
            _LOG.warning("the last progress could not be written to %s in time", self._uri)
        self._save(progress)
        return progress

    async def _report_history(self) -> None:
        # At once: what is done within the first minute has its beginning, and a pause before it its end.
        while True:
            await self._upload_history(self._progress("running"))
            await asyncio.sleep(_HISTORY_SECONDS)
            await self._in_thread(self._upload_quality)

    async def _upload_history(self, progress: Progress) -> None:
        if self._history is None:
            # The budget goes by it: a new one would say that nothing was spent before.
            read = partial(self._read_earlier, self._history_uri, history.from_json, History())
            self._history = await self._in_thread(read)
            if self._history is None:
                return
            self._durations_before = self._history.durations
        gpus = self._machine.gpus if self._machine else ()
        # Of a queue all that it does is of pieces, and nothing its own.
        pages = progress.pages_helped if self._takes_pieces else progress.pages_done
        point = Point(time.time(), pages, tuple(gpu.utilization for gpu in gpus))
        durations = zip(self._durations_before, self._account.durations, strict=True)
        self._history = History(
            points=history.add(self._history.points, point),
            durations=tuple(map(sum, durations)),
            effort=progress.effort,
            timings=self._account.pace.timings,
        )
        body = history.to_json(self._history)
        await self._in_thread(partial(put_bytes, self._client, self._history_uri, body, "application/json"))

    def _upload_quality(self) -> None:
        if self._quality_before is None:
            self._quality_before = self._read_earlier(self._quality_uri, ShardQuality.from_json, ShardQuality())
        if self._quality_before is not None:
            body = (self._quality_before + self._account.quality).to_json()
            put_bytes(self._client, self._quality_uri, body, "application/json")

    def _read_earlier(self, uri: S3Uri, parse: Callable[[bytes, str], _Result], nothing: _Result) -> _Result | None:
        """Return what earlier supervisors wrote; ``None`` where it cannot be understood, and is not to be lost."""
        try:
            body = read_bytes(self._client, uri)
        except MissingError:
            return nothing
        try:
            return parse(body, str(uri))
        except RecordError as error:
            _LOG.warning("it is left as it is: %s", error)
            return None

    def _upload_log(self) -> None:
        try:
            with self._layout.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _LOG_BYTES))
                tail = file.read()
        except OSError as error:
            _LOG.warning("the log cannot be read: %s", error)
            return
        put_bytes(self._client, self._log_uri, masked(tail, own_secrets()), "text/plain; charset=utf-8")

    def _progress(self, state: str, message: str = "", failure_class: FailureClass | None = None) -> Progress:
        return replace(self._account.progress(state, message, failure_class), machine=self._machine)

    async def _look_at_machine(self) -> None:
        while True:
            try:
                self._machine = await sample_machine(self._layout.workdir, self._slots)
            except OSError as error:
                _LOG.warning("the node cannot be looked at: %s", error)
            await asyncio.sleep(_MACHINE_SECONDS)

    def _save(self, progress: Progress) -> None:
        try:
            write_atomically(self._layout.progress, progress.to_json())
            write_atomically(self._layout.metrics, to_prometheus(progress, self._stage), _METRICS_MODE)
        except OSError as error:
            _LOG.warning("the progress cannot be written: %s", error)

    async def _upload(self, progress: Progress) -> None:
        await self._in_thread(partial(put_bytes, self._client, self._uri, progress.to_json(), "application/json"))

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        except S3Error as error:
            _LOG.warning("%s", error)
            return None
