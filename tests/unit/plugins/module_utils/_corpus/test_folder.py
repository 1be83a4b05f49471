# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.folder import DatasetFolder
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import delete, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


def a_file(content: bytes) -> TemporaryFile:
    file = TemporaryFile()
    file.write(content)
    return file


def test_what_is_as_it_was_is_written_over_and_known_by_its_new_etag(client: S3Client, bucket: S3Uri) -> None:
    folder, uri = DatasetFolder(client, bucket.join("")), bucket.join("part")
    assert not folder.has(uri, b"first")
    assert folder.put(uri, b"first", "text/plain") == folder.etags[uri]
    assert folder.has(uri, b"first")
    folder.put(uri, a_file(b"second"), "text/plain")
    assert read_bytes(client, uri) == b"second"
    assert folder.has(uri, a_file(b"second"))
    assert not folder.has(uri, b"first")
    folder.delete(uri)
    folder.put(uri, b"third", "text/plain")
    assert DatasetFolder(client, bucket.join("")).etags == folder.etags


@pytest.mark.parametrize("before", [None, b"before"])
def test_what_another_run_has_written_meanwhile_is_not_written_over(
    client: S3Client, bucket: S3Uri, before: bytes | None
) -> None:
    uri = bucket.join("part")
    if before is not None:
        put_bytes(client, uri, before, "text/plain")
    folder = DatasetFolder(client, bucket.join(""))
    put_bytes(client, uri, b"theirs", "text/plain")
    for content in (b"ours", a_file(b"ours")):
        with pytest.raises(FarmError, match=r"part was written or deleted by another run.*run this again"):
            folder.put(uri, content, "text/plain")
    assert read_bytes(client, uri) == b"theirs"


def test_what_another_run_has_written_meanwhile_is_not_deleted(client: S3Client, bucket: S3Uri) -> None:
    uri, gone = bucket.join("part"), bucket.join("gone")
    for each in (uri, gone):
        put_bytes(client, each, b"before", "text/plain")
    folder = DatasetFolder(client, bucket.join(""))
    put_bytes(client, uri, b"theirs", "text/plain")
    with pytest.raises(FarmError, match=r"part was written or deleted by another run"):
        folder.delete(uri)
    assert read_bytes(client, uri) == b"theirs"
    delete(client, gone)
    folder.delete(gone)
    assert folder.etags.keys() == {uri}


def test_what_another_run_has_deleted_meanwhile_stays_deleted(client: S3Client, bucket: S3Uri) -> None:
    uri = bucket.join("part")
    put_bytes(client, uri, b"before", "text/plain")
    folder = DatasetFolder(client, bucket.join(""))
    delete(client, uri)
    with pytest.raises(FarmError, match="by another run"):
        folder.put(uri, b"ours", "text/plain")


@pytest.mark.parametrize("content", [b"same", a_file(b"same")])
def test_the_same_content_by_another_run_or_a_reply_that_was_lost_is_no_conflict(
    client: S3Client, bucket: S3Uri, content: bytes | TemporaryFile
) -> None:
    folder, uri = DatasetFolder(client, bucket.join("")), bucket.join("part")
    etag = put_bytes(client, uri, b"same", "text/plain")
    assert folder.put(uri, content, "text/plain") == etag
