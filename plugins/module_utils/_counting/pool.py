# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reader processes: one for each core, fed from one queue, replaced when they die."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Any, BinaryIO

from .._children.child import Child, is_ready
from .._errors import FarmError
from .._s3.connection import Connection
from . import reader
from .document import ListedObject
from .reader import Answer, Failure, ReaderSettings, parse_answer

# With fewer in flight the latency of S3 leaves a core idle, not the core S3.
_FEWEST_IN_FLIGHT = 32
# Documents a reader is given ahead, so that none of its slots waits for the parent.
_AHEAD = 2
# Few documents need the fallback, which keeps a core busy; several, so that one that blocks it does not block all.
_SLOTS_PER_FALLBACK = 16
_FEWEST_FALLBACKS = 2
_MOST_DEATHS = 5
_SHOWN_STDERR_BYTES = 2000

OnAnswer = Callable[[Answer], Awaitable[None]]


def reader_processes(max_workers: int, cores: int) -> int:
    """Return how many processes ``max_workers`` documents in flight keep busy on ``cores``."""
    return max(1, min(cores, max_workers // _FEWEST_IN_FLIGHT))


def fallbacks_per_reader(in_flight: int, processes: int, cores: int) -> int:
    """Return how many documents a reader with ``in_flight`` may have counted by the fallback at a time."""
    return max(1, min(in_flight // _SLOTS_PER_FALLBACK, max(_FEWEST_FALLBACKS, cores // processes)))


class _ReaderDiedError(Exception):
    """A reader ended with documents unanswered."""


class ReaderPool:
    """Counts a stream of documents with ``max_workers`` in flight over all processes.

    Args:
        on_answer: called with each answer, one at a time.
        processes: how many readers; the default uses the cores this process may run on.
    """

    def __init__(
        self, connection: Connection, bucket: str, max_workers: int, on_answer: OnAnswer, processes: int | None = None
    ) -> None:
        cores = len(os.sched_getaffinity(0))
        self._processes = processes or reader_processes(max_workers, cores)
        in_flight = -(-max_workers // self._processes)
        fallbacks = fallbacks_per_reader(in_flight, self._processes, cores)
        self._settings = ReaderSettings(connection, bucket, in_flight, fallbacks)
        self._window = in_flight * _AHEAD
        self._queue: asyncio.Queue[ListedObject | None] = asyncio.Queue(max_workers)
        self._on_answer = on_answer
        self._answering = asyncio.Lock()
        self._deaths = 0

    async def run(self, documents: AsyncIterator[ListedObject]) -> None:
        """Have every document answered.

        Raises:
            FarmError: further reads are pointless, readers keep dying, or ``documents`` or ``on_answer`` raised it.
                Every reader is gone when this raises.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._processes):
                    tasks.create_task(self._keep_reader())
                async for document in documents:
                    await self._queue.put(document)
                await self._queue.put(None)
        except ExceptionGroup as group:
            # The first failure had the rest cancelled.
            raise group.exceptions[0] from None

    async def _keep_reader(self) -> None:
        unanswered: dict[str, ListedObject] = {}
        while True:
            with tempfile.TemporaryFile() as stderr:
                try:
                    await self._serve(unanswered, stderr)
                except _ReaderDiedError:
                    self._deaths += 1
                    if self._deaths > _MOST_DEATHS:
                        raise FarmError(
                            f"Readers of page counts keep dying. The last one said: {_tail(stderr)}"
                        ) from None
                else:
                    return

    async def _serve(self, unanswered: dict[str, ListedObject], stderr: BinaryIO) -> None:
        """Start a reader and feed it until the documents end or it dies."""
        child = await Child.start(reader.__name__, stderr=stderr)
        window = asyncio.Semaphore(self._window)
        feeding = asyncio.create_task(self._feed(child, unanswered, window))
        try:
            message = await child.first_message()
            if is_ready(message):
                message = await child.receive()
            while message is not None:
                await self._take(message, unanswered, window)
                message = await child.receive()
            if unanswered or not feeding.done():
                raise _ReaderDiedError
            await feeding
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            await child.kill()

    async def _feed(self, child: Child, unanswered: dict[str, ListedObject], window: asyncio.Semaphore) -> None:
        await child.send(asdict(self._settings))
        for document in list(unanswered.values()):
            await window.acquire()
            await child.send(_message(document))
        while True:
            await window.acquire()
            document_or_end = await self._queue.get()
            if document_or_end is None:
                # For the next reader.
                await self._queue.put(None)
                break
            unanswered[document_or_end.uri] = document_or_end
            await child.send(_message(document_or_end))
        child.end_input()

    async def _take(self, message: Any, unanswered: dict[str, ListedObject], window: asyncio.Semaphore) -> None:
        answer = parse_answer(message)
        if isinstance(answer, Failure):
            raise answer.error()
        async with self._answering:
            await self._on_answer(answer)
        del unanswered[answer.row.uri]
        window.release()


def _message(document: ListedObject) -> tuple[str, int, str]:
    # Not astuple, which copies each value deeply: this is done for every document.
    return document.uri, document.bytes, document.etag


def _tail(stderr: BinaryIO) -> str:
    stderr.seek(0)
    return stderr.read()[-_SHOWN_STDERR_BYTES:].decode("utf-8", "replace").strip() or "nothing"
