# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import (
    listed_keys,
    parse_manifest,
    read_manifest,
    to_csv,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import manifest_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_a_manifest_gives_its_documents_in_order() -> None:
    body = b'uri,pages,bytes\ns3://b/long.pdf,90,1000\n"s3://b/a,b ""x"".pdf",,\n'
    assert parse_manifest(body, "m") == [Document("s3://b/long.pdf", 90, 1000), Document('s3://b/a,b "x".pdf', 0, None)]


def test_what_is_written_is_what_is_read() -> None:
    documents = [Document("s3://b/long.pdf", 90, 1000), Document('s3://b/a,b "x".pdf', 0, None)]
    assert parse_manifest(to_csv(documents), "m") == documents


def test_an_empty_shard_has_no_documents() -> None:
    assert parse_manifest(b"uri,pages,bytes\n", "m") == []


@pytest.mark.parametrize(
    "row",
    [
        "s3://b/a.pdf,x,1",
        "s3://b/a.pdf,-1,1",
        "s3://b/a.pdf,1",
        "b/a.pdf,1,1",
        "s3://b,1,1",
        "s3://b/a,1_0,1",
        "s3://b/a,٣,1",
        "s3://b/a,1,-2",
    ],
)
def test_a_malformed_row_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(FarmError, match="m, line 2"):
        parse_manifest(f"uri,pages,bytes\n{row}\n".encode(), "m")


def test_a_manifest_with_an_open_quote_is_refused_with_its_line() -> None:
    with pytest.raises(FarmError, match=r"m, line \d+ is not CSV .*cut the shards again"):
        parse_manifest(b'uri,pages,bytes\n"' + b"x" * 200_000, "m")


def test_another_header_is_refused() -> None:
    with pytest.raises(FarmError, match="uri,pages,bytes"):
        parse_manifest(b"s3://b/a.pdf\n", "m")


def test_two_documents_that_would_share_their_results_are_refused() -> None:
    with pytest.raises(FarmError, match="share their results"):
        parse_manifest(b"uri,pages,bytes\ns3://b/a.pdf,1,1\ns3://other/a.pdf,1,1\n", "m")


def test_the_keys_of_a_manifest_are_read_whatever_wrote_it(client: S3Client, bucket: S3Uri) -> None:
    documents = [Document("s3://b/long.pdf", 90, 1000), Document('s3://b/a,b "x".pdf', 0, None)]
    for body in (to_csv(documents), to_csv(documents).replace(b"\n", b"\r\n"), to_csv(documents).removesuffix(b"\n")):
        put_bytes(client, manifest_uri(bucket, 1), body, "text/csv")
        assert [key for keys in listed_keys(client, bucket, 1) for key in keys] == [b"long.pdf", b'a,b "x".pdf']


def test_keys_of_a_malformed_manifest_are_refused_with_their_line(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, manifest_uri(bucket, 1), b"uri,pages,bytes\ns3://b/a.pdf,1,1\ns3://b/b.pdf,x,1\n", "text/csv")
    with pytest.raises(FarmError, match=r"shard_1\.csv, line 3"):
        list(listed_keys(client, bucket, 1))
    with pytest.raises(FarmError, match="cut the shards first"):
        list(listed_keys(client, bucket, 2))


def test_a_missing_manifest_says_what_to_do(bucket: S3Uri, client: S3Client) -> None:
    with pytest.raises(FarmError, match="cut the shards first"):
        read_manifest(client, bucket, 7)
