# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: list, drop what is known, count the rest, save chunks, and put the master table together."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._records.names import is_canary
from .._records.page_counts import CountRow
from .._records.page_counts_source import rows_of
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .._s3.objects import S3Object, list_objects
from .._s3.uri import S3Uri
from .compact import KnownCounts, TableInMaking
from .document import ARCHIVED, ListedObject, was_read
from .pool import ReaderPool
from .read_failures import ReadFailures
from .reader import Answer
from .saved import SavedRows
from .totals import Progress, TableSummary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOGGER = logging.getLogger("glossapi.farm.page_count")
# Without this, a warning on a logger nobody set up would go to stderr.
LOGGER.addHandler(logging.NullHandler())
# Gets a line every two seconds.
PROGRESS_LOGGER = LOGGER.getChild("progress")
_PDF_SUFFIX = ".pdf"
# S3 lists at most this many keys at once.
_LISTING_PAGE = 1000
_LOG_EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class CountOptions:
    """What to count and where to keep it.

    Attributes:
        source: bucket and prefix of the documents.
        output: prefix that takes the chunks and the master table.
        max_workers: documents read at a time.
        chunk_size: rows of a chunk.
        include_size: whether the table has the objects' sizes.
        resume_from: an earlier table to believe, an ``s3://`` address or a local path.
    """

    source: S3Uri
    output: S3Uri
    max_workers: int = 64
    chunk_size: int = 1000
    include_size: bool = True
    resume_from: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no run can honour.

        Raises:
            FarmError: a value makes no sense; the message says which and what is right.
        """
        if not re.fullmatch("[^/:]+", self.source.bucket):
            raise FarmError(f"bucket is {self.source.bucket!r}: give the bucket's name alone, as openarchives-raw.")
        for name in ("max_workers", "chunk_size"):
            if getattr(self, name) < 1:
                raise FarmError(f"{name} is {getattr(self, name)}: it must be at least 1.")


@dataclass(frozen=True)
class CountResult:
    """What a run found; ``before`` is the summary of the master table there was, if any.

    Attributes:
        table: the master table; without the unread documents after a dry run.
        to_read: documents that had to be read, or would have to be.
    """

    table: bytes
    changed: bool
    before: TableSummary | None
    after: TableSummary
    to_read: int
    progress: Progress


@dataclass(frozen=True)
class _Master:
    """A master table that was written before."""

    digest: bytes
    summary: TableSummary


class CountRun:
    """One run over one prefix."""

    def __init__(self, connection: Connection, options: CountOptions) -> None:
        """Prepare; raises :class:`S3Error` where there is no such profile or no credentials."""
        self._connection = connection
        self._options = options
        self._client: S3Client = connection.client()
        # What the run keeps is in a bucket of its own account.
        self._saved = SavedRows(replace(connection, requester_pays=False).client(), options.output)
        self._known = KnownCounts()
        self._table = TableInMaking()
        self._unsaved: list[CountRow] = []
        self._failures = ReadFailures()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """Where the run is, at any time."""
        return self._progress

    def count(self) -> CountResult:
        """Read what is not known yet and write the master table where its bytes change.

        Raises:
            FarmError: the run cannot go on, or not one document could be read; the rows read so far are saved.
            KeyboardInterrupt: somebody interrupted it; likewise.
        """
        before = self._load()
        try:
            asyncio.run(self._read())
            if not self._progress.known:
                self._failures.check_end()
        except (FarmError, KeyboardInterrupt) as error:
            self._save_before(error)
            raise
        self._save_chunk()
        result = self._result(before, self._progress.counted)
        if result.changed:
            self._saved.write_master(result.table)
        LOGGER.info(
            "finished: %s, master table %s", self._progress.line(), "written" if result.changed else "unchanged"
        )
        return result

    def dry_run(self) -> CountResult:
        """List, and say what :meth:`count` would read, without reading a document or writing anything."""
        before = self._load()
        to_read = sum(len(documents) for documents in self._unknown_documents())
        result = self._result(before, to_read)
        return replace(result, changed=result.changed or to_read > 0)

    def _load(self) -> _Master | None:
        """Fill what is known and return what must be remembered of the master table there is."""
        table = self._saved.master()
        master = None
        if table is not None:
            for row in rows_of(table, str(self._saved.master_uri)):
                self._know(row)
            summary = TableSummary.of(rows_of(table, str(self._saved.master_uri)))
            master = _Master(_digest(table), summary)
            # Of a million documents it is a hundred megabytes.
            del table
        for row in self._saved.chunk_rows():
            self._know(row)
        if self._options.resume_from:
            for row in self._saved.rows_at(self._options.resume_from):
                self._know(row)
        LOGGER.info("%d rows known from earlier runs", len(self._known))
        return master

    def _know(self, row: CountRow) -> None:
        if was_read(row):
            self._known.add(row)

    async def _read(self) -> None:
        pool = ReaderPool(self._connection, self._options.source.bucket, self._options.max_workers, self._take)
        logging_progress = asyncio.create_task(self._log_progress())
        try:
            await pool.run(self._documents())
        finally:
            logging_progress.cancel()

    async def _documents(self) -> AsyncIterator[ListedObject]:
        """Yield what must be read; the listing goes on only as fast as the readers take it."""
        batches = self._unknown_documents()
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            for document in batch:
                yield document

    def _unknown_documents(self) -> Iterator[list[ListedObject]]:
        """Yield for each page of the listing what must be read; rows of the others go to the result."""
        objects = list_objects(self._client, self._options.source)
        while page := list(itertools.islice(objects, _LISTING_PAGE)):
            unknown = []
            for listed in page:
                if not _is_document(listed):
                    self._progress.ignored += 1
                    continue
                self._progress.listed += 1
                document = ListedObject(str(listed.uri), listed.bytes, listed.etag)
                row = self._known.pop(document)
                if row is not None:
                    self._progress.known += 1
                    self._table.add(self._sized(row))
                elif listed.archived:
                    self._progress.archived += 1
                    row = CountRow(document.uri, document.bytes, document.etag, None, ARCHIVED)
                    self._table.add(self._sized(row))
                else:
                    unknown.append(document)
            yield unknown

    async def _take(self, answer: Answer) -> None:
        """Keep a reader's answer; save a chunk when there are enough rows."""
        self._progress.requests += answer.requests
        self._progress.bytes_read += answer.bytes_read
        row = self._sized(answer.row)
        self._progress.counted += 1
        if row.pages is None:
            self._progress.errors += 1
            LOGGER.warning("%s: %s", row.uri, answer.detail or row.error)
        self._table.add(row)
        self._unsaved.append(row)
        self._failures.note(row, answer.detail)
        if len(self._unsaved) >= self._options.chunk_size:
            await asyncio.to_thread(self._save_chunk)

    def _save_chunk(self) -> None:
        if self._unsaved:
            self._saved.write_chunk(self._unsaved)
            LOGGER.debug("saved a chunk of %d rows", len(self._unsaved))
            self._unsaved = []

    def _save_before(self, error: FarmError | KeyboardInterrupt) -> None:
        """Save what was read before the run ends with ``error``, whose text tells where that fails."""
        LOGGER.error("stopped: %s", str(error) or "interrupted")
        try:
            self._save_chunk()
        except S3Error as second:
            lost = f"The last {len(self._unsaved)} rows could not be saved and will be read again."
            error.args = (f"{error} {lost}".lstrip(),)
            LOGGER.error("%s", second)

    def _sized(self, row: CountRow) -> CountRow:
        return row if self._options.include_size else row._replace(bytes=None)

    def _result(self, before: _Master | None, to_read: int) -> CountResult:
        table = self._table.encode()
        changed = before is None or before.digest != _digest(table)
        summary = None if before is None else before.summary
        return CountResult(table, changed, summary, self._table.summary, to_read, self._progress)

    async def _log_progress(self) -> None:
        while True:
            await asyncio.sleep(_LOG_EVERY_SECONDS)
            PROGRESS_LOGGER.info("%s", self._progress.line())


def count_documents(connection: Connection, source: S3Uri) -> int:
    """Return how many documents there are, by a listing of its own.

    Raises:
        S3Error: the listing failed after retries.
    """
    return sum(map(_is_document, list_objects(connection.client(), source)))


def _is_document(listed: S3Object) -> bool:
    return listed.uri.key.lower().endswith(_PDF_SUFFIX) and not is_canary(listed.uri)


def _digest(table: bytes) -> bytes:
    return hashlib.sha256(table).digest()
