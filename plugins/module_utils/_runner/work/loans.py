# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loans of documents between shards, in S3."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ..._records.codec import UnreadableRecordError
from ..._records.document import Document
from ..._records.lease import Owner
from ..._records.loan import Loan
from ..._records.names import (
    helper_of_loan,
    loan_lease_uri,
    loan_uri,
    loans_prefix,
    progress_folder,
    shard_of_progress,
)
from ..._s3.objects import if_exists, list_objects, put_if_unchanged, read_version
from ..._s3.uri import S3Uri
from ..._status.supervisors import Heartbeat, read_heartbeats
from ..config import RunConfig
from ..watch.lease import Lease, is_held
from .selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Requests that one supervisor makes at once, at most.
THREADS = 3
# What must be the same for a document to be processed alike here and there.
_TERMS = (
    "pipeline",
    "pipeline_options",
    "ocr_follows",
    "math_follows",
    "redo_stale",
    "retry",
    "retry_label",
    "timeout_base",
    "timeout_per_page",
    "timeout_factor",
    "max_attempts",
)

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Found:
    """A loan as it was read: the helper's shard, and the object's etag."""

    helper: int
    loan: Loan
    etag: str


class Loans:
    """The loans that one supervisor gives and takes.

    Args:
        client: of the S3 that has the results.
        config: the supervisor's.
        owner: the supervisor, as it owns its shard.
        select: returns what has become of documents, and what is still to be done of them.
        executor: the threads that requests run in.
    """

    def __init__(
        self,
        client: S3Client,
        config: RunConfig,
        owner: Owner,
        select: Callable[[Sequence[Document]], Selection],
        executor: Executor,
    ) -> None:
        self._client = client
        self._results = config.results_uri
        self._shard = config.shard
        self._stage = config.stage
        self._owner = owner
        self._select = select
        self._executor = executor
        self._etags: dict[S3Uri, str] = {}
        self.terms = terms_of(config)

    def read_changed(self) -> list[Found]:
        """Return the loans of this shard that are other than when they were last read.

        Takes one listing, and one read for each.

        Raises:
            S3Error: S3 could not be read.
            LaterSchemaError: a later version of the collection wrote one: nobody knows what it has lent.
        """
        found, etags = [], {}
        for item in list_objects(self._client, loans_prefix(self._results, self._shard, self._stage)):
            helper = helper_of_loan(self._results, self._shard, item.uri, self._stage)
            if helper is None or self._etags.get(item.uri) == item.etag:
                continue
            loan = self._read(item.uri, helper)
            etags[item.uri] = loan.etag if loan else item.etag
            if loan:
                found.append(loan)
        # Not before all are read: what a read that failed has kept from the caller is told the next time.
        self._etags |= etags
        return found

    async def changed(self) -> list[Found]:
        """Return the same, without blocking."""
        return await self._in_thread(self.read_changed)

    async def is_held(self, helper: int) -> bool:
        """Whether the helper still works on what it has been lent.

        Raises:
            S3Error: S3 could not be read.
        """
        uri = loan_lease_uri(self._results, self._shard, helper, self._stage)
        return await self._in_thread(lambda: is_held(self._client, uri))

    async def answer(self, found: Found, loan: Loan) -> str | None:
        """Write what becomes of a loan of this shard; return its etag, ``None`` where it is another by now.

        Raises:
            S3Error: S3 could not be written.
        """
        uri = loan_uri(self._results, self._shard, found.helper, self._stage)
        etag = await self._in_thread(lambda: self._replace(uri, loan, found.etag))
        if etag is not None:
            self._etags[uri] = etag
        return etag

    async def take_back(self, helper: int) -> Lease:
        """Return the lease of what was lent to a helper whose heartbeat has stopped.

        Raises:
            ShardTaken: it goes on.
            S3Error: S3 could not be read or written.
        """
        return await self._take(loan_lease_uri(self._results, self._shard, helper, self._stage))

    async def take(self, shard: int) -> Lease:
        """Return the lease of what this supervisor is to borrow of a shard.

        Raises:
            ShardTaken: somebody has it.
            S3Error: S3 could not be read or written.
        """
        return await self._take(loan_lease_uri(self._results, shard, self._shard, self._stage))

    async def read(self, shard: int) -> Found | None:
        """Return what this supervisor has asked of a shard, or got.

        Raises:
            S3Error: S3 could not be read.
        """
        uri = loan_uri(self._results, shard, self._shard, self._stage)
        return await self._in_thread(lambda: self._read(uri, self._shard))

    async def write(self, shard: int, loan: Loan, etag: str | None) -> str | None:
        """Write what this supervisor asks of a shard or returns to it; return the etag, ``None`` where it is another.

        Raises:
            S3Error: S3 could not be written.
        """
        uri = loan_uri(self._results, shard, self._shard, self._stage)
        return await self._in_thread(lambda: self._replace(uri, loan, etag))

    async def release(self, lease: Lease) -> None:
        """Give a lease back; a failure only shows in the log."""
        await self._in_thread(lease.release)

    async def heartbeats(self) -> Mapping[int, Heartbeat]:
        """Return what all supervisors of the stage last said, by shard.

        Raises:
            S3Error: S3 could not be read.
        """

        def read() -> Mapping[int, Heartbeat]:
            folder = progress_folder(self._results, self._stage)
            numbers = (
                shard_of_progress(self._results, item.uri, self._stage) for item in list_objects(self._client, folder)
            )
            shards = sorted(number for number in numbers if number is not None)
            return read_heartbeats(self._client, self._results, shards, self._stage).by_shard

        return await self._in_thread(read)

    async def select(self, documents: Sequence[Document]) -> Selection:
        """Return what has become of documents that were lent, and what is still to be done of them.

        Raises:
            S3Error: S3 could not be read.
        """
        return await self._in_thread(lambda: self._select(documents))

    async def _take(self, uri: S3Uri) -> Lease:
        lease = Lease(self._client, uri, self._owner)
        await self._in_thread(lease.take)
        return lease

    def _read(self, uri: S3Uri, helper: int) -> Found | None:
        version = if_exists(lambda: read_version(self._client, uri))
        if version is None:
            return None
        try:
            return Found(helper, Loan.from_json(version.body, str(uri)), version.etag)
        except UnreadableRecordError as error:
            _LOG.warning("%s", error)
            # Nothing was lent by it; the next request replaces it.
            return Found(helper, Loan(), version.etag)

    def _replace(self, uri: S3Uri, loan: Loan, etag: str | None) -> str | None:
        written = put_if_unchanged(self._client, uri, loan.to_json(), etag)
        if written is not None:
            return written
        version = if_exists(lambda: read_version(self._client, uri))
        # Its own: the reply to the write was lost, and the client wrote again.
        return version.etag if version is not None and version.body == loan.to_json() else None

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def terms_of(config: RunConfig) -> str:
    """Return a digest of the options by which a supervisor processes documents."""
    terms = json.dumps([getattr(config, name) for name in _TERMS], sort_keys=True)
    return hashlib.sha256(terms.encode()).hexdigest()
