# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import Manifest, cut
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.publication import publish
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.cuts import work_table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME = "shard_summary.json"


def manifest(shards: int) -> Manifest:
    rows = [CountRow(f"s3://raw/{number}.pdf", 9, "etag", number, "") for number in range(1, 7)]
    return cut(work_table(rows), CutOptions((1.0,) * shards))


def names(files: tuple[str, ...]) -> list[str]:
    return [uri.rpartition("/")[2] for uri in files]


def test_shards_are_written_before_the_summary_and_only_once(client: S3Client, bucket: S3Uri) -> None:
    first = publish(client, bucket.join("m"), NAME, manifest(2), write=True)
    assert names(first.files) == ["shard_1.txt", "shard_1.csv", "shard_2.txt", "shard_2.csv", NAME]
    assert publish(client, bucket.join("m"), NAME, manifest(2), write=True).files == ()


def test_pieces_are_written_as_shards_are(client: S3Client, bucket: S3Uri) -> None:
    rows = [CountRow(f"s3://raw/{number}.pdf", 9, "etag", number, "") for number in range(1, 7)]
    pieces = cut(work_table(rows), CutOptions(piece_pages=6))
    first = publish(client, bucket, NAME, pieces, write=True)
    assert len(first.files) == 2 * len(pieces.shards) + 1
    assert read_bytes(client, bucket.join("shard_4.txt")) == b"s3://raw/3.pdf\ns3://raw/2.pdf\ns3://raw/1.pdf\n"
    assert publish(client, bucket, NAME, pieces, write=True).files == ()


def test_without_writing_the_same_changes_are_told(client: S3Client, bucket: S3Uri) -> None:
    told = publish(client, bucket, NAME, manifest(2), write=False)
    assert list(list_objects(client, bucket)) == []
    assert publish(client, bucket, NAME, manifest(2), write=True) == told


def test_only_what_differs_is_written(client: S3Client, bucket: S3Uri) -> None:
    publish(client, bucket, NAME, manifest(2), write=True)
    same_length = bytes(reversed(read_bytes(client, bucket.join("shard_2.txt"))))
    put_bytes(client, bucket.join("shard_2.txt"), same_length, "text/plain")
    assert names(publish(client, bucket, NAME, manifest(2), write=True).files) == ["shard_2.txt"]


def test_shards_of_an_earlier_cut_stay_as_empty_ones(client: S3Client, bucket: S3Uri) -> None:
    publish(client, bucket, NAME, manifest(11), write=True)
    fewer = publish(client, bucket, NAME, manifest(9), write=True)

    assert json.loads(fewer.summary_after)["emptied"] == [10, 11]
    assert read_bytes(client, bucket.join("shard_11.txt")) == b""
    assert read_bytes(client, bucket.join("shard_11.csv")) == b"uri,pages,bytes\n"
    assert publish(client, bucket, NAME, manifest(9), write=True).files == ()
    assert json.loads(publish(client, bucket, NAME, manifest(11), write=True).summary_after)["emptied"] == []


@pytest.mark.parametrize("name", ["", "a/b.json", "shard_1.txt"])
def test_a_summary_must_have_a_name_of_its_own(client: S3Client, bucket: S3Uri, name: str) -> None:
    with pytest.raises(FarmError, match="summary_name"):
        publish(client, bucket, name, manifest(1), write=True)
