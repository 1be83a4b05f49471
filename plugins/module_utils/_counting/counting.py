# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run: list, drop what is known, count the rest, save chunks, and put the master table together."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._errors import FarmError
from .._files import TemporaryFile, same_content
from .._records.names import is_document
from .._records.page_counts import CountRow, encode_row
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .._s3.listing import WHOLE, Share, list_at_once
from .._s3.objects import S3Object, list_objects
from .._s3.uri import S3Uri
from .document import ARCHIVED, ListedObject
from .known import KnownCounts
from .parquet import to_parquet
from .pool import ReaderPool
from .read_failures import ReadFailures
from .reader import Answer
from .saved import SavedRows
from .sorting import RowSorter
from .table import SortedTable
from .totals import Progress, TableSummary, check_documents

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOGGER = logging.getLogger("glossapi.farm.page_count")
# Without this, a warning on a logger nobody set up would go to stderr.
LOGGER.addHandler(logging.NullHandler())
# Gets a line every two seconds.
PROGRESS_LOGGER = LOGGER.getChild("progress")
_LOG_EVERY_SECONDS = 2.0

Unknown = Generator[list[ListedObject], None, None]


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
        share: the part of the documents to read. Only a run over all of them writes the master table; it finds what
            the parts have read in their chunks.
        parquet: whether the master table is to be there as Parquet, too.
        confirm_fewer: whether a table may be replaced by one with less than half its documents.
    """

    source: S3Uri
    output: S3Uri
    max_workers: int = 64
    chunk_size: int = 1000
    include_size: bool = True
    resume_from: str | None = None
    share: Share = WHOLE
    parquet: bool = False
    confirm_fewer: bool = False

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
        if not 1 <= self.share.number <= self.share.of:
            raise FarmError(f"part is {self.share.number} of {self.share.of} parts: it must be from 1 to their number.")

    @property
    def is_whole(self) -> bool:
        """Whether all documents are to be read."""
        return self.share.of == 1


@dataclass(frozen=True)
class CountResult:
    """What a run found; ``before`` is the summary of the master table there was, if any.

    Attributes:
        table: the master table, or its part, in a temporary file; without the unread documents after a dry run.
        to_read: documents that had to be read, or would have to be.
    """

    table: TemporaryFile
    changed: bool
    before: TableSummary | None
    after: TableSummary
    to_read: int
    progress: Progress


@dataclass(frozen=True)
class _Master:
    """A master table that was written before, and its file as it was."""

    file: TemporaryFile
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
        self._known = KnownCounts(())
        self._rows = RowSorter()
        self._unsaved: list[bytes] = []
        self._failures = ReadFailures()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """Where the run is, at any time."""
        return self._progress

    def count(self) -> CountResult:
        """Read what is not known yet and, unless that is a part, write the master table where its bytes change.

        Raises:
            FarmError: the run cannot go on, not one document could be read, or there are none or too few; the rows
                read so far are saved.
            KeyboardInterrupt: somebody interrupted it; likewise.
        """
        before = self._load()
        try:
            # The listing is closed when its thread is out of it.
            with closing(self._unknown_documents()) as unknown, ThreadPoolExecutor(1) as thread:
                asyncio.run(self._read(unknown, thread))
            if not self._progress.known:
                self._failures.check_end()
            self._check_documents(before)
        except (FarmError, KeyboardInterrupt) as error:
            self._save_before(error)
            raise
        self._save_chunk()
        result = self._result(before, self._progress.counted)
        if self._options.is_whole and result.changed:
            self._saved.write_master(result.table)
        result = self._with_parquet(result, write=True)
        written = "written" if result.changed else "unchanged"
        LOGGER.info("finished: %s, %s %s", self._progress.line(), self._kept_in, written)
        return result

    @property
    def _kept_in(self) -> str:
        return "master table" if self._options.is_whole else "chunks"

    def dry_run(self) -> CountResult:
        """List, and say what :meth:`count` would read, without reading a document or writing anything.

        Raises:
            FarmError: the listing failed, or there are no or too few documents.
        """
        before = self._load()
        with closing(self._unknown_documents()) as unknown:
            to_read = sum(map(len, unknown))
        self._check_documents(before)
        result = self._with_parquet(self._result(before, to_read), write=False)
        return replace(result, changed=result.changed or to_read > 0)

    def _load(self) -> _Master | None:
        """Find out what is known and return what must be remembered of the master table there is."""
        tables = []
        master = None
        file = self._saved.master()
        if file is not None:
            table = SortedTable.of(file.open(), str(self._saved.master_uri))
            tables.append(table)
            master = _Master(file, table.summary)
        chunks = RowSorter()
        for lines in self._saved.chunks():
            chunks.add(lines)
        tables.append(SortedTable.written(chunks.sorted())[1])
        if self._options.resume_from:
            earlier = self._saved.table_at(self._options.resume_from)
            tables.append(SortedTable.of(earlier, self._options.resume_from))
        self._known = KnownCounts([table for table in tables if table.summary.documents])
        LOGGER.info("%d rows known from earlier runs", len(self._known))
        return master

    async def _read(self, unknown: Unknown, thread: ThreadPoolExecutor) -> None:
        pool = ReaderPool(self._connection, self._options.source.bucket, self._options.max_workers, self._take)
        logging_progress = asyncio.create_task(self._log_progress())
        try:
            await pool.run(_one_by_one(unknown, thread))
        finally:
            logging_progress.cancel()

    def _unknown_documents(self) -> Unknown:
        """Yield for each page of the listing what must be read; rows of the others go to the result."""
        with closing(list_at_once(self._client, self._options.source, self._options.share)) as pages:
            for page in pages:
                unknown: list[ListedObject] = []
                settled: list[bytes] = []
                for listed in page:
                    if not is_document(listed.uri):
                        continue
                    uri = str(listed.uri)
                    line = self._settled(uri, listed)
                    if line is None:
                        unknown.append(ListedObject(uri, listed.bytes, listed.etag))
                    else:
                        settled.append(line)
                self._progress.ignored += len(page) - len(settled) - len(unknown)
                self._progress.listed += len(settled) + len(unknown)
                self._rows.add(settled)
                yield unknown

    def _settled(self, uri: str, listed: S3Object) -> bytes | None:
        """Return the row of a document that need not or cannot be read, ``None`` for another."""
        size = listed.bytes if self._options.include_size else None
        line = self._known.line_of(uri, size, listed.etag)
        if line is not None:
            self._progress.known += 1
        elif listed.archived:
            self._progress.archived += 1
            line = encode_row(CountRow(uri, size, listed.etag, None, ARCHIVED))
        return line

    async def _take(self, answer: Answer) -> None:
        """Keep a reader's answer; save a chunk when there are enough rows."""
        self._progress.requests += answer.requests
        self._progress.bytes_read += answer.bytes_read
        row = answer.row
        self._progress.counted += 1
        if row.pages is None:
            self._progress.errors += 1
            LOGGER.warning("%s: %s", row.uri, answer.detail or row.error)
        self._unsaved.append(encode_row(row if self._options.include_size else row._replace(bytes=None)))
        self._failures.note(row, answer.detail)
        if len(self._unsaved) >= self._options.chunk_size:
            await asyncio.to_thread(self._save_chunk)

    def _check_documents(self, before: _Master | None) -> None:
        # A part may have none.
        if self._options.is_whole:
            summary = before.summary if before else None
            options = self._options
            check_documents(options.source, self._progress.listed, summary, confirmed=options.confirm_fewer)

    def _save_chunk(self) -> None:
        """Write the rows that were read since the last chunk; they are in a table only if they are saved."""
        self._write_chunk()
        saved, self._unsaved = self._unsaved, []
        self._rows.add(saved)

    def _write_chunk(self) -> None:
        if self._unsaved:
            self._saved.write_chunk(self._unsaved)
            LOGGER.debug("saved a chunk of %d rows", len(self._unsaved))

    def _save_before(self, error: FarmError | KeyboardInterrupt) -> None:
        """Save what was read before the run ends with ``error``, whose text tells where that fails."""
        LOGGER.error("stopped: %s", str(error) or "interrupted")
        try:
            self._write_chunk()
        except S3Error as second:
            lost = f"The last {len(self._unsaved)} rows could not be saved and will be read again."
            error.args = (f"{error} {lost}".lstrip(),)
            LOGGER.error("%s", second)

    def _result(self, before: _Master | None, to_read: int) -> CountResult:
        file, table = SortedTable.written(self._rows.sorted())
        if not self._options.is_whole:
            return CountResult(file, to_read > 0, None, table.summary, to_read, self._progress)
        changed = before is None or not _same(before.file, file)
        summary = None if before is None else before.summary
        return CountResult(file, changed, summary, table.summary, to_read, self._progress)

    def _with_parquet(self, result: CountResult, *, write: bool) -> CountResult:
        """Have the table as Parquet where that is asked for; return the result with what that changes."""
        if not self._options.parquet or not self._options.is_whole:
            return result
        changed = self._saved.write_parquet(to_parquet(result.table), write=write)
        return replace(result, changed=result.changed or changed)

    async def _log_progress(self) -> None:
        while True:
            await asyncio.sleep(_LOG_EVERY_SECONDS)
            PROGRESS_LOGGER.info("%s", self._progress.line())


def count_documents(connection: Connection, source: S3Uri) -> int:
    """Return how many documents there are, by a listing of its own.

    Raises:
        S3Error: the listing failed after retries.
    """
    return sum(is_document(listed.uri) for listed in list_objects(connection.client(), source))


async def _one_by_one(unknown: Unknown, thread: ThreadPoolExecutor) -> AsyncIterator[ListedObject]:
    """Yield what must be read; the listing goes on only as fast as the readers take it."""
    loop = asyncio.get_running_loop()
    while (documents := await loop.run_in_executor(thread, next, unknown, None)) is not None:
        for document in documents:
            yield document


def _same(one: TemporaryFile, other: TemporaryFile) -> bool:
    with one.open() as left, other.open() as right:
        return same_content(left, right)
