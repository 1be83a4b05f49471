# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import (
    parse_manifest,
    read_manifest,
    to_csv,
    to_list,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri


def test_a_manifest_gives_its_documents_in_order() -> None:
    body = b'uri,pages,bytes\ns3://b/long.pdf,90,1000\n"s3://b/a,b ""x"".pdf",,\n'
    assert parse_manifest(body, "m") == [Document("s3://b/long.pdf", 90, 1000), Document('s3://b/a,b "x".pdf', 0, None)]


def test_what_is_written_is_what_is_read() -> None:
    documents = [Document("s3://b/long.pdf", 90, 1000), Document('s3://b/a,b "x".pdf', 0, None)]
    assert parse_manifest(to_csv(documents), "m") == documents
    assert to_list(documents) == b's3://b/long.pdf\ns3://b/a,b "x".pdf\n'


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


def test_a_missing_manifest_says_what_to_do(bucket: S3Uri, client: object) -> None:
    with pytest.raises(FarmError, match="cut the shards first"):
        read_manifest(client, bucket, 7)  # type: ignore[arg-type]
