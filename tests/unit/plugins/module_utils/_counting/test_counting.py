# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run's bookkeeping, with readers that answer from a list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._counting import counting
from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import (
    CountOptions,
    CountRun,
    count_documents,
)
from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import ListedObject
from ansible_collections.glossapi.farm.plugins.module_utils._counting.pool import OnAnswer
from ansible_collections.glossapi.farm.plugins.module_utils._counting.reader import Answer
from ansible_collections.glossapi.farm.plugins.module_utils._counting.saved import SavedRows
from ansible_collections.glossapi.farm.plugins.module_utils._counting.sorting import RowSorter
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import TableSummary
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import canary_uri, trial_results
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_count_lines import rows_of_lines
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import HEADER, CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts_source import rows_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.listing import Share
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAMES = ("c.pdf", "a.PDF", "b.pdf", "notes.txt")
DENIED = "read_error: access is denied"


class Readers:
    """Answers with what ``errors`` has for a document's name, else with three pages; fails after ``last``."""

    errors: dict[str, str]
    last: int
    asked: list[str]

    def __init__(self, _connection: Connection, _bucket: str, max_workers: int, on_answer: OnAnswer) -> None:
        assert max_workers == 8
        self._on_answer = on_answer

    async def run(self, documents: AsyncIterator[ListedObject]) -> None:
        async for document in documents:
            if len(self.asked) == self.last:
                raise S3Error("Cannot read: expired.", "ExpiredToken")
            name = document.uri.rpartition("/")[2]
            self.asked.append(name)
            error = self.errors.get(name, "")
            row = CountRow(document.uri, document.bytes, document.etag, None if error else 3, error)
            await self._on_answer(Answer(row, 2, 100))


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> type[Readers]:
    class Prepared(Readers):
        errors: dict[str, str] = {}  # noqa: RUF012
        last = 1000
        asked: list[str] = []  # noqa: RUF012

    monkeypatch.setattr(counting, "ReaderPool", Prepared)
    return Prepared


@pytest.fixture
def options(client: S3Client, bucket: S3Uri) -> CountOptions:
    for name in NAMES:
        client.put_object(Bucket=bucket.bucket, Key=f"in/{name}", Body=name.encode())
    return CountOptions(bucket.join("in", ""), bucket.join("out"), 8, 2, include_size=True)


def content(table: TemporaryFile) -> bytes:
    with table.open() as file:
        return file.read()


def rows(table: TemporaryFile) -> dict[str, CountRow]:
    return {row.uri.rpartition("/")[2]: row for row in rows_of(content(table), "table")}


def test_the_table_has_a_row_for_each_pdf_sorted_by_uri(
    connection: Connection, options: CountOptions, readers: type[Readers]
) -> None:
    readers.errors = {"b.pdf": "corrupt: x"}
    result = CountRun(connection, options).count()
    assert list(rows(result.table)) == ["a.PDF", "b.pdf", "c.pdf"]
    assert result.after == TableSummary(documents=3, pages=6, errors=1)
    assert (result.changed, result.before, result.to_read) == (True, None, 3)
    progress = result.progress
    assert (progress.ignored, progress.errors, progress.requests, progress.bytes_read) == (1, 1, 6, 300)


def test_the_known_page_that_trials_leave_is_no_document(
    connection: Connection, options: CountOptions, client: S3Client, readers: type[Readers]
) -> None:
    page = canary_uri(trial_results(options.source.join("results"), "node-1", "20261127T060000Z"))
    client.put_object(Bucket=page.bucket, Key=page.key, Body=b"x")
    result = CountRun(connection, options).count()
    assert list(rows(result.table)) == ["a.PDF", "b.pdf", "c.pdf"]
    assert result.progress.ignored == 2
    assert not any(page.key in asked for asked in readers.asked)


def test_what_is_known_is_not_read_and_the_table_before_is_told(
    connection: Connection, options: CountOptions, readers: type[Readers]
) -> None:
    first = CountRun(connection, options).count()
    readers.asked.clear()
    second = CountRun(connection, options).count()
    assert readers.asked == []
    assert (second.changed, second.before, content(second.table)) == (False, first.after, content(first.table))


def test_a_document_that_could_not_be_read_is_asked_for_again(
    connection: Connection, options: CountOptions, readers: type[Readers]
) -> None:
    readers.errors = {"b.pdf": DENIED}
    assert rows(CountRun(connection, options).count().table)["b.pdf"].error == DENIED
    readers.errors, readers.asked = {}, []
    assert rows(CountRun(connection, options).count().table)["b.pdf"].pages == 3
    assert readers.asked == ["b.pdf"]


def test_an_archived_document_is_told_from_the_listing_and_read_once_it_is_restored(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    client.put_object(Bucket=options.source.bucket, Key="in/b.pdf", Body=b"b.pdf", StorageClass="DEEP_ARCHIVE")
    result = CountRun(connection, options).count()
    assert rows(result.table)["b.pdf"].error == "archived: restore it"
    assert sorted(readers.asked) == ["a.PDF", "c.pdf"]
    assert (result.to_read, result.progress.archived) == (2, 1)
    assert CountRun(connection, options).dry_run().to_read == 0
    client.put_object(Bucket=options.source.bucket, Key="in/b.pdf", Body=b"b.pdf")
    assert rows(CountRun(connection, options).count().table)["b.pdf"].pages == 3


def test_a_document_that_was_counted_before_it_was_archived_stays_counted(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    first = CountRun(connection, options).count()
    client.put_object(Bucket=options.source.bucket, Key="in/b.pdf", Body=b"b.pdf", StorageClass="GLACIER")
    assert content(CountRun(connection, options).count().table) == content(first.table)
    assert len(readers.asked) == 3


@pytest.mark.parametrize("error", ["changed: it was replaced after it was listed", "gone: x", "archived: restore it"])
def test_a_document_that_was_not_what_was_listed_is_asked_for_again(
    connection: Connection, options: CountOptions, readers: type[Readers], error: str
) -> None:
    readers.errors = {"b.pdf": error}
    assert rows(CountRun(connection, options).count().table)["b.pdf"].error == error
    readers.errors, readers.asked = {}, []
    assert rows(CountRun(connection, options).count().table)["b.pdf"].pages == 3
    assert readers.asked == ["b.pdf"]


def test_a_run_that_could_read_nothing_writes_no_table(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    readers.errors = dict.fromkeys(NAMES, DENIED)
    with pytest.raises(FarmError, match=r"All of the first 3 documents could not be read.*access is denied"):
        CountRun(connection, options).count()
    assert SavedRows(client, options.output).master() is None


def test_a_run_that_stops_keeps_what_it_read(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    readers.last = 1
    with pytest.raises(S3Error, match="expired"):
        CountRun(connection, options).count()
    (lines,) = SavedRows(client, options.output).chunks()
    assert [row.uri.rpartition("/")[2] for row in rows_of_lines(lines)] == readers.asked


def test_a_full_disk_stops_the_run_and_what_was_read_is_kept(
    connection: Connection,
    client: S3Client,
    options: CountOptions,
    readers: type[Readers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_file: object, content: bytes) -> None:
        if content != HEADER.encode():
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(_files, "write_all", full)
    monkeypatch.setattr(counting, "RowSorter", lambda: RowSorter(bytes_in_memory=0))
    with pytest.raises(FarmError, match=r"Cannot keep the page counts in .*: No space left on device.* set TMPDIR"):
        CountRun(connection, options).count()
    (lines,) = SavedRows(client, options.output).chunks()
    assert {row.uri.rpartition("/")[2] for row in rows_of_lines(lines)} == set(readers.asked)
    assert len(lines) == 2


def test_documents_in_folders_and_beside_them_are_one_table(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    for key in ("in/folder/d.pdf", "in/folder/deeper/e.pdf", "in/other/f.pdf", "in/other/notes.txt"):
        client.put_object(Bucket=options.source.bucket, Key=key, Body=b"x")
    result = CountRun(connection, options).count()
    uris = [row.uri.partition("/in/")[2] for row in rows_of(content(result.table), "table")]
    assert uris == ["a.PDF", "b.pdf", "c.pdf", "folder/d.pdf", "folder/deeper/e.pdf", "other/f.pdf"]
    assert (result.progress.listed, result.progress.ignored, len(readers.asked)) == (6, 2, 6)


def test_a_later_table_is_believed_before_an_earlier_one(
    connection: Connection, options: CountOptions, readers: type[Readers], tmp_path: Path
) -> None:
    found = rows(CountRun(connection, options).count().table)
    earlier = tmp_path / "earlier.csv"
    earlier.write_bytes(
        write_table([found["b.pdf"]._replace(pages=9), found["a.PDF"]._replace(etag="another", pages=9)])
    )
    result = CountRun(connection, replace(options, resume_from=str(earlier))).count()
    assert {name: row.pages for name, row in rows(result.table).items()} == {"a.PDF": 3, "b.pdf": 9, "c.pdf": 3}
    assert len(readers.asked) == 3


def interrupt(monkeypatch: pytest.MonkeyPatch, readers: type[Readers]) -> None:
    """Have somebody interrupt the run after two documents."""

    async def run(self: Readers, documents: AsyncIterator[ListedObject]) -> None:
        readers.last = 2
        try:
            await Readers.run(self, documents)
        except S3Error:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(readers, "run", run)


def test_a_run_that_is_interrupted_keeps_what_it_read(
    connection: Connection,
    client: S3Client,
    options: CountOptions,
    readers: type[Readers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interrupt(monkeypatch, readers)
    with pytest.raises(KeyboardInterrupt) as stopped:
        CountRun(connection, replace(options, chunk_size=100)).count()
    assert str(stopped.value) == ""
    (lines,) = SavedRows(client, options.output).chunks()
    assert len(lines) == 2


def test_an_interrupted_run_tells_what_it_could_not_save(
    connection: Connection, options: CountOptions, readers: type[Readers], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_saved: SavedRows, _rows: object) -> None:
        raise S3Error("Cannot write.", "AccessDenied")

    interrupt(monkeypatch, readers)
    monkeypatch.setattr(SavedRows, "write_chunk", refuse)
    with pytest.raises(KeyboardInterrupt, match=r"^The last 2 rows could not be saved and will be read again\.$"):
        CountRun(connection, replace(options, chunk_size=100)).count()


def test_documents_are_counted_by_a_listing_of_its_own(connection: Connection, options: CountOptions) -> None:
    assert count_documents(connection, options.source) == 3


def test_a_dry_run_reads_and_writes_nothing(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    result = CountRun(connection, options).dry_run()
    assert (result.changed, result.to_read, readers.asked) == (True, 3, [])
    assert list(list_objects(client, options.output)) == []


@pytest.mark.parametrize("dry", [False, True])
def test_a_wrong_prefix_leaves_the_table_as_it_is(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers], dry: bool
) -> None:
    table = content(CountRun(connection, options).count().table)
    wrong = replace(options, source=options.source.join("none", ""))
    with pytest.raises(FarmError, match=r"^0 documents .* has 3"):
        CountRun(connection, wrong).dry_run() if dry else CountRun(connection, wrong).count()
    master = SavedRows(client, options.output).master()
    assert master is not None
    assert content(master) == table
    confirmed = CountRun(connection, replace(wrong, confirm_fewer=True)).count()
    assert (confirmed.changed, confirmed.after.documents, len(readers.asked)) == (True, 0, 3)


def test_a_first_run_that_finds_nothing_writes_no_table(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    empty = replace(options, source=options.source.join("none", ""))
    with pytest.raises(FarmError, match=r"^There is no document below s3://.*/none/"):
        CountRun(connection, empty).count()
    assert list(list_objects(client, options.output)) == []
    assert readers.asked == []


def test_a_part_may_have_no_document(connection: Connection, options: CountOptions, readers: type[Readers]) -> None:
    empty = replace(options, source=options.source.join("none", ""), share=Share(1, 2))
    assert CountRun(connection, empty).count().after.documents == 0
    assert readers.asked == []


def test_rows_lie_in_chunks_of_the_size_asked_for(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    CountRun(connection, options).count()
    chunks = [each.uri for each in list_objects(client, options.output.join("chunks", ""))]
    sizes = [client.get_object(Bucket=uri.bucket, Key=uri.key)["Body"].read().count(b"\n") - 1 for uri in chunks]
    assert sorted(sizes) == [1, 2]
    assert len(readers.asked) == 3


def test_sizes_are_left_out_on_request(
    connection: Connection, client: S3Client, options: CountOptions, readers: type[Readers]
) -> None:
    known = CountRun(connection, options).count()
    without = CountOptions(options.source, options.output, 8, 2, include_size=False)
    result = CountRun(connection, without).count()
    assert result.changed
    assert content(result.table) == write_table([row._replace(bytes=None) for row in rows(known.table).values()])
    master = SavedRows(client, options.output).master()
    assert master is not None
    assert content(master) == content(result.table)
    assert len(readers.asked) == 3
