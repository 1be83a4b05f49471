# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import MissingError, S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import (
    delete,
    list_folders,
    list_level,
    list_objects,
    look_at,
    put_bytes,
    put_if_unchanged,
    read_bytes,
    read_bytes_if_exists,
    read_version,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_what_is_written_is_listed_and_read(client: S3Client, bucket: S3Uri) -> None:
    uri = bucket.join("folder", "Έκθεση.pdf")
    etag = put_bytes(client, uri, b"body", "application/pdf")
    (item,) = list_objects(client, bucket.join("folder", ""))
    assert (item.uri, item.bytes, item.etag) == (uri, 4, etag)
    assert read_bytes(client, uri) == b"body"


@pytest.mark.parametrize(
    ("listed", "archived"),
    [
        ({}, False),
        ({"StorageClass": "GLACIER"}, True),
        ({"StorageClass": "DEEP_ARCHIVE"}, True),
        ({"StorageClass": "GLACIER_IR"}, False),
        ({"StorageClass": "GLACIER", "RestoreStatus": {"IsRestoreInProgress": True}}, True),
        (
            {
                "StorageClass": "GLACIER",
                "RestoreStatus": {
                    "IsRestoreInProgress": False,
                    "RestoreExpiryDate": datetime(2026, 12, 24, tzinfo=UTC),
                },
            },
            False,
        ),
    ],
)
def test_an_object_is_archived_until_a_restored_copy_is_there(listed: dict[str, Any], archived: bool) -> None:
    item = {"Key": "a.pdf", "Size": 4, "ETag": '"e"', "LastModified": datetime(2026, 11, 24, tzinfo=UTC)}
    paginate = Mock(return_value=[{"Contents": [item | listed]}])
    client = Mock(get_paginator=Mock(return_value=Mock(paginate=paginate)))
    (found,) = list_objects(client, S3Uri("b"))
    assert found.archived is archived
    assert paginate.call_args.kwargs["OptionalObjectAttributes"] == ["RestoreStatus"]


def test_a_missing_object_is_none_and_a_missing_bucket_an_error(client: S3Client, bucket: S3Uri) -> None:
    assert read_bytes_if_exists(client, bucket.join("nothing")) is None
    with pytest.raises(MissingError, match="the bucket does not exist"):
        read_bytes_if_exists(client, S3Uri("no-such-bucket-here", "key"))
    with pytest.raises(MissingError, match="list s3://no-such-bucket-here/"):
        list(list_objects(client, S3Uri("no-such-bucket-here")))


def test_what_is_deleted_is_gone_and_may_have_been_gone_before(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, bucket.join("a"), b"1", "text/plain")
    put_bytes(client, bucket.join("ab"), b"2", "text/plain")
    for _ in range(2):
        delete(client, bucket.join("a"))
        assert [item.uri.key for item in list_objects(client, bucket)] == ["ab"]
    with pytest.raises(S3Error, match="Cannot delete"):
        delete(client, S3Uri("no-such-bucket-here", "a"))


def test_folders_are_listed_without_what_is_in_them(client: S3Client, bucket: S3Uri) -> None:
    for key in ("r/shard-1/markdown/a.md", "r/shard-1/json/a.json", "r/shard-22/markdown/b.md", "r/status/a.done"):
        put_bytes(client, S3Uri(bucket.bucket, key), b"x", "text/plain")
    folders = [folder.key for folder in list_folders(client, bucket.join("r", "shard-"))]
    assert folders == ["r/shard-1/", "r/shard-22/"]


def test_a_level_is_told_whole_or_not_at_all(client: S3Client, bucket: S3Uri) -> None:
    for key in ("r/a.pdf", "r/b/c.pdf", "r/b/d.pdf", "r/e/f/g.pdf", "other.pdf"):
        put_bytes(client, S3Uri(bucket.bucket, key), b"x", "application/pdf")
    level = list_level(client, bucket.join("r", ""))
    assert level is not None
    assert [item.uri.key for item in level.objects] == ["r/a.pdf"]
    assert [folder.key for folder in level.folders] == ["r/b/", "r/e/"]
    truncated = Mock(list_objects_v2=Mock(return_value={"IsTruncated": True, "CommonPrefixes": [{"Prefix": "r/b/"}]}))
    assert list_level(truncated, bucket.join("r", "")) is None
    with pytest.raises(MissingError, match="list s3://no-such-bucket-here/"):
        list_level(client, S3Uri("no-such-bucket-here"))


def test_a_look_at_an_object_says_what_a_listing_says(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, bucket.join("λ 1.pdf"), b"body", "text/plain")
    assert [look_at(client, bucket.join("λ 1.pdf"))] == list(list_objects(client, bucket))
    with pytest.raises(MissingError, match="look at s3://"):
        look_at(client, bucket.join("missing"))


@pytest.mark.parametrize(
    ("head", "archived"),
    [
        ({"StorageClass": "GLACIER"}, True),
        ({"StorageClass": "DEEP_ARCHIVE", "Restore": 'ongoing-request="true"'}, True),
        ({"StorageClass": "GLACIER", "Restore": 'ongoing-request="false", expiry-date="Fri, 27 Nov 2026"'}, False),
        ({"StorageClass": "GLACIER_IR"}, False),
        ({}, False),
    ],
)
def test_a_look_tells_what_must_be_restored_first(head: dict[str, str], archived: bool) -> None:
    answer = {"ContentLength": 1, "ETag": '"e"', "LastModified": datetime(2026, 11, 24, tzinfo=UTC)} | head
    assert look_at(Mock(head_object=Mock(return_value=answer)), S3Uri("raw", "a.pdf")).archived is archived


def test_an_object_tells_its_age_by_s3s_clock(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, bucket.join("key"), b"body", "text/plain")
    version = read_version(client, bucket.join("key"))
    assert (version.body, version.etag) == (b"body", look_at(client, bucket.join("key")).etag)
    assert 0 <= version.age < 600


def test_an_object_is_written_only_where_it_is_what_was_read(client: S3Client, bucket: S3Uri) -> None:
    uri = bucket.join("key")
    first = put_if_unchanged(client, uri, b"first", None)
    assert first is not None
    assert put_if_unchanged(client, uri, b"other", None) is None
    second = put_if_unchanged(client, uri, b"second", first)
    assert second is not None
    assert put_if_unchanged(client, uri, b"other", first) is None
    assert put_if_unchanged(client, bucket.join("none"), b"other", first) is None
    assert read_bytes(client, uri) == b"second"
