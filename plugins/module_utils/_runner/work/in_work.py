# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attempts that outlive their supervisor: what is in work is in S3, where whoever takes over finds it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from ..._errors import FarmError
from ..._records.codec import LaterSchemaError, UnreadableRecordError
from ..._records.in_work import InWork
from ..._records.names import in_work_uri, progress_folder, shard_of_in_work
from ..._records.stage import Stage
from ..._s3.objects import list_objects, put_bytes, read_bytes_if_exists
from ..._s3.uri import S3Uri
from .outage import Backoff, Transfer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# A document of less than that ends before it matters; more writes would cost more than they tell.
_PAUSE_SECONDS = 1.0
# The last record must not keep a supervisor that should stop.
_LAST_SECONDS = 10.0


class WorkRecord:
    """What one supervisor works on, written to S3.

    Nobody waits for it, but where the supervisor before vanished: then each document is recorded before it begins, so
    that one which takes its supervisor down at once is found out too.

    Args:
        client: of the S3 that has the results.
        uri: of the record.
        require_owner: called before each write; raises where what it tells of is not this supervisor's any more.
        others: returns what others' records say, see :meth:`interrupted`.
    """

    def __init__(
        self,
        client: S3Client,
        uri: S3Uri,
        require_owner: Callable[[], None] | None = None,
        others: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._client = client
        self._uri = uri
        self._require_owner = require_owner
        self._others = others
        self._documents: list[str] = []
        self._own: Counter[str] = Counter()
        self._is_careful = False
        self._changed = asyncio.Event()
        self._is_open = True
        self._writing = threading.Lock()

    @classmethod
    def of_shard(
        cls,
        client: S3Client,
        results: S3Uri,
        shard: int,
        stage: Stage,
        require_shard: Callable[[], None] | None = None,
    ) -> WorkRecord:
        """Return that of a shard's supervisor.

        Those of other shards count too: a document may have been theirs, before a node was lost and the shards were
        cut anew.
        """
        others = partial(_interrupted_elsewhere, client, results, shard, stage)
        return cls(client, in_work_uri(results, shard, stage), require_shard, others)

    @property
    def has_taken_over(self) -> bool:
        """Whether the supervisor before had vanished when this one opened the record."""
        return self._is_careful

    def open(self) -> Mapping[str, int]:
        """Take over from the supervisor before, and return how often each document was interrupted, by uri.

        Raises:
            S3Error: S3 cannot be read or written.
            LaterSchemaError: a later version of the collection wrote the record.
            FarmError: what it tells of is not this supervisor's any more.
        """
        before = _read(self._client, self._uri)
        self._own = Counter(before.interrupted)
        self._is_careful = before.open
        if before.open:
            _LOG.warning(
                "the supervisor before has vanished with these in work: %s", ", ".join(before.documents) or "-"
            )
        self._put()
        return self.interrupted()

    def interrupted(self) -> Mapping[str, int]:
        """Return how often each document was in work when a supervisor vanished, others' records included, by uri.

        Raises:
            S3Error: S3 cannot be read.
        """
        return Counter(self._own) + Counter(self._others())

    async def begin(self, backoff: Backoff, uri: str, *, careful: bool) -> None:
        """Note that a document is being worked on; when this returns where that matters, S3 has it.

        Raises:
            FarmError: it matters, and S3 cannot be written.
            PieceLost: likewise, and the piece is another's by now.
        """
        self._documents.append(uri)
        self._changed.set()
        if careful or self._is_careful:
            await self._write(backoff)

    def end(self, uri: str) -> None:
        """Note that nobody works on the document now."""
        self._documents.remove(uri)
        self._changed.set()

    def settle(self, uri: str) -> None:
        """Note that the document has its outcome: it interrupts nothing any more."""
        if self._own.pop(uri, 0):
            self._changed.set()

    async def keep(self, backoff: Backoff) -> NoReturn:
        """Write what has changed, from time to time, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._write(backoff)
            except FarmError as error:
                _LOG.warning("%s", error)
                self._changed.set()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def close(self, backoff: Backoff) -> None:
        """Note that the supervisor ends in order, whatever was in work; a failure only shows in the log."""
        self._shut()
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await self._write(backoff)
        except (FarmError, TimeoutError) as error:
            _LOG.warning("the next supervisor will take this one for vanished: %s", error or "S3 does not answer")

    def close_now(self) -> None:
        """Do the same at once, before anything was begun.

        Raises:
            S3Error: S3 cannot be written.
        """
        self._shut()
        self._put()

    def _shut(self) -> None:
        self._documents.clear()
        self._is_open = False

    async def _write(self, backoff: Backoff) -> None:
        await backoff.run(self._put, Transfer.WRITE_STATUS)

    def _put(self) -> None:
        # One after the other, each with what is so then: an older state must not replace a newer one.
        with self._writing:
            if self._require_owner is not None:
                self._require_owner()
            # A document is there for each of its ranges that are in work, and is interrupted once.
            record = InWork(self._is_open, tuple(dict.fromkeys(self._documents)), dict(self._own))
            put_bytes(self._client, self._uri, record.to_json(), "application/json")


def _interrupted_elsewhere(client: S3Client, results: S3Uri, shard: int, stage: Stage) -> Mapping[str, int]:
    interrupted: Counter[str] = Counter()
    for item in list_objects(client, progress_folder(results, stage)):
        if shard_of_in_work(results, item.uri, stage) not in (None, shard):
            try:
                interrupted.update(_read(client, item.uri).interrupted)
            except LaterSchemaError as error:
                _LOG.warning("%s", error)
    return interrupted


def _read(client: S3Client, uri: S3Uri) -> InWork:
    """Return the record; what cannot be understood says nothing but that somebody may have vanished."""
    body = read_bytes_if_exists(client, uri)
    if body is None:
        return InWork()
    try:
        return InWork.from_json(body, str(uri))
    except UnreadableRecordError as error:
        _LOG.warning("%s", error)
        return InWork(open=True)
