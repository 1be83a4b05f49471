# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting.saved import SavedRows
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, encode_row
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROWS = [CountRow("s3://b/b.pdf", 1, "e", 2, ""), CountRow("s3://b/a.pdf", 1, "e", 1, "")]


def test_chunks_of_equal_rows_are_one_chunk_and_others_never_collide(client: S3Client, bucket: S3Uri) -> None:
    saved = SavedRows(client, bucket.join("out"))
    saved.write_chunk(map(encode_row, ROWS))
    saved.write_chunk(map(encode_row, reversed(ROWS)))
    saved.write_chunk(map(encode_row, ROWS[:1]))
    assert len(list(list_objects(client, bucket.join("out", "chunks", "")))) == 2
    assert {line for lines in saved.chunks() for line in lines} == set(map(encode_row, ROWS))


def test_there_is_no_master_before_the_first_run(client: S3Client, bucket: S3Uri) -> None:
    assert SavedRows(client, bucket).master() is None


def test_a_malformed_chunk_is_named(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, bucket.join("out", "chunks", "x.csv"), b"rubbish", "text/csv")
    with pytest.raises(FarmError, match=r"/out/chunks/x\.csv: Not a page count table"):
        list(SavedRows(client, bucket.join("out")).chunks())


def test_parquet_is_written_where_it_is_another_and_told_without_writing(client: S3Client, bucket: S3Uri) -> None:
    saved, file = SavedRows(client, bucket), TemporaryFile()
    file.write(b"PAR1")
    assert saved.write_parquet(file, write=False)
    assert list(list_objects(client, bucket)) == []
    assert saved.write_parquet(file, write=True)
    assert not saved.write_parquet(file, write=True)
    file.write(b"more")
    assert saved.write_parquet(file, write=False)


def test_a_missing_earlier_table_is_named(client: S3Client, bucket: S3Uri, tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"Cannot resume from .*none\.csv: there is no such table"):
        SavedRows(client, bucket).table_at(str(tmp_path / "none.csv"))
