# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Page counts over a real local S3."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyarrow.parquet import ParquetFile

from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import CountOptions, CountRun
from ansible_collections.glossapi.farm.plugins.module_utils._counting.saved import SavedRows
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import parquet_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts_source import rows_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.listing import Share
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.ansible_module import run_module
from tests.support.pdfs import pdf

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def documents(client: S3Client, bucket: S3Uri) -> dict[str, bytes]:
    """What lies below ``in/`` of the bucket."""
    bodies = {
        "in/a.pdf": pdf(1),
        'in/b, "b".pdf': pdf(2),
        "in/ελληνικά.PDF": pdf(3),
        "in/line\nfeed.pdf": pdf(4),
        "in/empty.pdf": b"",
        "in/corrupt.pdf": b"%PDF-1.7\n" + b"rubbish " * 500,
        "in/locked.pdf": pdf(5, "secret"),
        "in/notes.txt": b"no PDF",
    }
    for key, body in bodies.items():
        client.put_object(Bucket=bucket.bucket, Key=key, Body=body)
    return bodies


@pytest.fixture
def options(bucket: S3Uri, documents: dict[str, bytes]) -> CountOptions:
    assert documents
    return CountOptions(S3Uri(bucket.bucket, "in/"), bucket.join("out"), 8, 3, include_size=True)


def content(table: TemporaryFile) -> bytes:
    with table.open() as file:
        return file.read()


def rows(table: TemporaryFile) -> dict[str, CountRow]:
    return {row.uri.partition("/in/")[2]: row for row in rows_of(content(table), "table")}


def test_every_document_is_one_exact_row(connection: Connection, client: S3Client, options: CountOptions) -> None:
    result = CountRun(connection, options).count()
    found = rows(result.table)
    assert {name: row.pages for name, row in found.items()} == {
        "a.pdf": 1,
        'b, "b".pdf': 2,
        "ελληνικά.PDF": 3,
        "line\nfeed.pdf": 4,
        "empty.pdf": None,
        "corrupt.pdf": None,
        "locked.pdf": None,
    }
    assert {name: row.error_class for name, row in found.items() if row.error} == {
        "empty.pdf": "empty",
        "corrupt.pdf": "corrupt",
        "locked.pdf": "encrypted",
    }
    listed = {str(each.uri): (each.bytes, each.etag) for each in list_objects(client, options.source)}
    assert all(listed[row.uri] == (row.bytes, row.etag) for row in found.values())
    assert result.progress.ignored == 1
    assert (result.after.documents, result.after.pages, result.after.errors) == (7, 10, 3)
    master = SavedRows(client, options.output).master()
    assert master is not None
    assert content(master) == content(result.table)
    uris = [row.uri for row in rows_of(content(result.table), "table")]
    assert uris == sorted(uris)


def test_a_second_run_reads_nothing_and_changes_nothing(connection: Connection, options: CountOptions) -> None:
    first = CountRun(connection, options).count()
    second = CountRun(connection, options).count()
    assert first.changed
    assert not second.changed
    assert second.progress.requests == 0
    assert content(second.table) == content(first.table)


def test_only_new_and_changed_objects_are_read_and_deleted_ones_leave_the_table(
    connection: Connection, client: S3Client, options: CountOptions
) -> None:
    CountRun(connection, options).count()
    bucket = options.source.bucket
    client.put_object(Bucket=bucket, Key="in/a.pdf", Body=pdf(9))
    client.put_object(Bucket=bucket, Key="in/new.pdf", Body=pdf(7))
    client.delete_object(Bucket=bucket, Key="in/empty.pdf")
    result = CountRun(connection, options).count()
    found = rows(result.table)
    assert result.progress.counted == 2
    assert (found["a.pdf"].pages, found["new.pdf"].pages) == (9, 7)
    assert "empty.pdf" not in found
    # Chunks of both versions are there now; neither is read again.
    assert CountRun(connection, options).count().progress.counted == 0


def test_the_table_does_not_depend_on_workers_or_chunks(
    connection: Connection, options: CountOptions, bucket: S3Uri
) -> None:
    one = CountRun(connection, options).count()
    other = CountRun(connection, replace(options, output=bucket.join("other"), max_workers=64, chunk_size=1000)).count()
    assert other.progress.counted == one.progress.counted
    assert content(other.table) == content(one.table)


def test_parts_that_are_counted_apart_make_the_table_of_one_run(
    connection: Connection, client: S3Client, bucket: S3Uri, options: CountOptions
) -> None:
    alone = CountRun(connection, replace(options, output=bucket.join("alone"))).count()
    parts = [CountRun(connection, replace(options, share=Share(number, 2))) for number in (1, 2)]
    dry = [part.dry_run() for part in parts]
    read = [CountRun(connection, replace(options, share=Share(number, 2))).count() for number in (1, 2)]
    assert sum(part.to_read for part in dry) == sum(part.progress.counted for part in read) == 7
    assert min(part.progress.counted for part in read) > 0
    assert [part.changed for part in read] == [True, True]
    assert SavedRows(client, options.output).master() is None

    together = CountRun(connection, options).count()
    assert (together.progress.requests, together.changed) == (0, True)
    assert content(together.table) == content(alone.table)
    again = CountRun(connection, replace(options, share=Share(1, 2))).count()
    assert (again.changed, again.progress.requests) == (False, 0)
    assert not CountRun(connection, options).count().changed


@pytest.mark.parametrize(("number", "of"), [(0, 2), (3, 2), (1, 0)])
def test_a_part_that_is_none_is_refused(options: CountOptions, number: int, of: int) -> None:
    with pytest.raises(FarmError, match=f"part is {number} of {of} parts"):
        replace(options, share=Share(number, of))


def test_the_table_is_there_as_parquet_where_it_is_asked_for_and_stays_where_nothing_changes(
    connection: Connection, client: S3Client, options: CountOptions
) -> None:
    assert CountRun(connection, options).count().changed
    asked = replace(options, parquet=True)
    assert CountRun(connection, asked).dry_run().changed
    assert CountRun(connection, asked).count().changed
    assert not CountRun(connection, asked).count().changed
    assert not CountRun(connection, asked).dry_run().changed
    body = read_bytes(client, parquet_uri(options.output))
    assert ParquetFile(io.BytesIO(body)).read(columns=["pages"]).to_pydict()["pages"].count(None) == 3
    assert not CountRun(connection, replace(asked, share=Share(1, 2))).count().changed

    client.put_object(Bucket=options.source.bucket, Key="in/new.pdf", Body=pdf(9))
    assert CountRun(connection, asked).count().changed
    assert read_bytes(client, parquet_uri(options.output)) != body


def test_sizes_can_be_left_out_and_put_back_without_reading_again(
    connection: Connection, options: CountOptions
) -> None:
    with_sizes = CountRun(connection, options).count()
    without = CountRun(connection, replace(options, include_size=False)).count()
    assert {row.bytes for row in rows(without.table).values()} == {None}
    assert without.progress.counted == 0
    assert content(CountRun(connection, options).count().table) == content(with_sizes.table)


@pytest.mark.parametrize("place", ["file", "s3"])
def test_an_earlier_table_is_believed(
    connection: Connection, options: CountOptions, bucket: S3Uri, tmp_path: Path, place: str
) -> None:
    first = CountRun(connection, options).count()
    path = tmp_path / "earlier.csv"
    path.write_bytes(content(first.table))
    location = str(path) if place == "file" else str(options.output.join("page_counts_master.csv"))
    again = CountRun(connection, replace(options, output=bucket.join("new"), resume_from=location)).count()
    assert again.progress.counted == 0
    assert content(again.table) == content(first.table)


def test_a_dry_run_writes_nothing_and_says_what_is_to_be_read(
    connection: Connection, client: S3Client, options: CountOptions
) -> None:
    result = CountRun(connection, options).dry_run()
    assert result.changed
    assert result.to_read == 7
    assert result.progress.requests == 0
    assert not list(list_objects(client, options.output))


def test_a_missing_bucket_is_named(connection: Connection, options: CountOptions) -> None:
    run = CountRun(connection, replace(options, source=S3Uri("no-such-bucket-here")))
    with pytest.raises(MissingError, match=r"no-such-bucket-here.*does not exist"):
        run.count()


def test_the_module_runs_through_ansible(
    repository: Path, connection: Connection, options: CountOptions, tmp_path: Path
) -> None:
    arguments: dict[str, object] = {
        "bucket": options.source.bucket,
        "prefix": options.source.key,
        "s3_output": str(options.output),
        "output_file": str(tmp_path / "counts.csv"),
        "log_file": str(tmp_path / "counts.log"),
        "endpoint_url": connection.endpoint_url,
        "region": connection.region,
        "access_key": connection.access_key,
        "secret_key": connection.secret_key,
    }
    checked = run_module(repository, tmp_path, "page_count", arguments, "--check")
    assert (checked["changed"], checked["to_read"]) == (True, 7), checked
    first = run_module(repository, tmp_path, "page_count", arguments, "--diff")
    assert (first["changed"], first["documents"], first["pages"], first["errors"]) == (True, 7, 10, 3), first
    assert first["diff"] == [{"before": {}, "after": {"documents": 7, "pages": 10, "errors": 3}}] or first["diff"] == {
        "before": {},
        "after": {"documents": 7, "pages": 10, "errors": 3},
    }
    second = run_module(repository, tmp_path, "page_count", arguments)
    assert (second["changed"], second["to_read"]) == (False, 0)
    assert (tmp_path / "counts.csv").read_bytes().startswith(b"uri,bytes,etag,pages,error\n")
    assert "finished: counted 7 of 7 listed" in (tmp_path / "counts.log").read_text()
    missing = run_module(repository, tmp_path, "page_count", arguments | {"bucket": "no-such-bucket-here"})
    assert "no-such-bucket-here" in str(missing["msg"])
