# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3 import named
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.named import find_named
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import S3Object, list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

# A page of a listing, here.
PAGE = 4


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pages that were listed."""
    listed: list[int] = []

    def list_pages(client: S3Client, folder: S3Uri) -> Iterator[list[S3Object]]:
        objects = list(list_objects(client, folder))
        for start in range(0, len(objects), PAGE):
            listed.append(len(objects[start : start + PAGE]))
            yield objects[start : start + PAGE]

    monkeypatch.setattr(named, "list_pages", list_pages)
    return listed


def _put(client: S3Client, bucket: S3Uri, count: int) -> list[S3Uri]:
    uris = [bucket.join("in", f"{number:03}") for number in range(count)]
    for uri in uris:
        put_bytes(client, uri, uri.key.encode(), "text/plain")
    return uris


def test_the_folder_is_listed_where_the_names_are_many(client: S3Client, bucket: S3Uri, pages: list[int]) -> None:
    uris = _put(client, bucket, 10)
    names = [*uris[2:], *(bucket.join("in", f"no-{number}") for number in range(100))]
    found = list(find_named(client, bucket.join("in", ""), names))
    assert found == list(list_objects(client, bucket))[2:]
    assert pages == [4, 4, 2]


def test_single_ones_of_a_large_folder_are_asked_for(client: S3Client, bucket: S3Uri, pages: list[int]) -> None:
    uris = _put(client, bucket, 40)
    missing = bucket.join("in", "missing")
    found = list(find_named(client, bucket.join("in", ""), [uris[0], uris[30], uris[39], missing]))
    listed = {item.uri: item for item in list_objects(client, bucket)}
    assert sorted(found) == [listed[uris[0]], listed[uris[30]], listed[uris[39]]]
    assert pages == [4]


def test_a_bucket_that_is_missing_is_no_empty_one(client: S3Client) -> None:
    with pytest.raises(MissingError, match="no-such-bucket-here"):
        list(find_named(client, S3Uri("no-such-bucket-here", "in/"), [S3Uri("no-such-bucket-here", "in/a")]))
