# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.source import Done, Text, done_documents, read_text
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    markdown_uri,
    marker_uri,
    output_folder,
    shards_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import delete, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import read_account
from tests.support.done_documents import fail, put_collection, put_done

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


def _done(client: S3Client, bucket: S3Uri) -> list[Done]:
    manifests = shards_folder(bucket.join("m"))
    _summary, collection, _account = read_account(
        client, manifests, bucket.join("r"), SUMMARY_NAME, verify_outputs=False
    )
    return list(done_documents(collection))


def _uris(bucket: S3Uri, *names: str) -> list[str]:
    return [str(bucket.join("raw", name)) for name in names]


def test_documents_that_are_done_come_in_the_order_of_their_keys(client: S3Client, bucket: S3Uri) -> None:
    put_collection(client, bucket, ("c.pdf", "a.pdf", "b.pdf", "failed.pdf", "pending.pdf"))
    put_done(client, bucket, {"c.pdf": "c", "a.pdf": "a", "b.pdf": "b", "unlisted.pdf": "no"})
    fail(client, bucket, "failed.pdf")
    assert [each.uri for each in _done(client, bucket)] == _uris(bucket, "a.pdf", "b.pdf", "c.pdf")


def test_the_text_is_that_of_which_the_marker_tells(client: S3Client, bucket: S3Uri) -> None:
    put_collection(client, bucket, ("a.pdf",))
    put_done(client, bucket, {"a.pdf": "# λόγος\r\n"})
    (done,) = _done(client, bucket)
    found = read_text(client, bucket.join("r"), done)
    assert isinstance(found, Text)
    assert (found.markdown, found.marker.uri) == ("# λόγος\r\n", done.uri)


def test_what_is_no_text_of_the_marker_is_told_with_its_place(client: S3Client, bucket: S3Uri) -> None:
    put_collection(client, bucket, ("a.pdf",))
    put_done(client, bucket, {"a.pdf": "text"})
    (done,) = _done(client, bucket)
    results, key = bucket.join("r"), bucket.join("raw", "a.pdf").key
    place = markdown_uri(output_folder(results, 1), key)
    put_bytes(client, place, b"being written", "text/markdown")
    assert read_text(client, results, done) == f"{place} is another than the marker tells of"
    delete(client, place)
    assert read_text(client, results, done) == f"{place} is missing"
    put_done(client, bucket, {"a.pdf": "text"}, outputs=())
    marker = marker_uri(results, key, DocumentState.DONE)
    assert read_text(client, results, done) == f"{marker} names no Markdown"
    put_done(client, bucket, {"a.pdf": "text"}, outputs=(Output("a.md", "etag", 4),))
    assert str(read_text(client, results, done)).startswith(f"{marker} names no place of its text: 'a.md' is not an S3")
    put_bytes(client, marker, b"?", "application/json")
    assert str(read_text(client, results, done)).startswith(f"{marker} is not a marker")
    delete(client, marker)
    assert read_text(client, results, done) == f"{marker} is missing"
