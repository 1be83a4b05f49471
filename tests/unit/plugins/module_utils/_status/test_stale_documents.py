# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Collection, read_collection
from ansible_collections.glossapi.farm.plugins.module_utils._status.stale_documents import (
    UNREADABLE,
    PipelineNow,
    describe_stale,
    find_stale,
)
from tests.support.cuts import put_cut
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOW = PipelineNow("pdftext", "h1")
_NAMES = ("same.pdf", "changed.pdf", "options.pdf", "gone.pdf", "failed.pdf", "pending.pdf")


@pytest.fixture
def marked(client: S3Client, bucket: S3Uri) -> Collection:
    """Two shards; of all documents but the last there are markers of an earlier run."""
    shards = {1: _NAMES[:3], 2: _NAMES[3:]}
    listed = {
        shard: [Document(str(bucket.join("raw", name)), 1, 5) for name in names] for shard, names in shards.items()
    }
    summary = put_cut(client, bucket.join("m"), listed, CountRow(str(bucket.join("raw", "old.pdf")), 5, "e", 1, ""))
    mark(client, bucket, "old.pdf", make_marker(options_hash="h0"))
    for name in _NAMES:
        uri = bucket.join("raw", name)
        etag = "was there" if name == "gone.pdf" else put_bytes(client, uri, name.encode(), "application/pdf")
        marker = make_marker(etag=etag, revision="0.1.3+abc")
        if name == "options.pdf":
            marker = replace(marker, options_hash="h0")
        if name == "failed.pdf":
            marker = replace(marker, options_hash="h0", etag="e0", failure_class="timeout", revision="")
        if name != "pending.pdf":
            mark(client, bucket, name, marker)
    put_bytes(client, bucket.join("raw", "changed.pdf"), b"another", "application/pdf")
    put_bytes(client, bucket.join("raw", "unlisted.pdf"), b"another", "application/pdf")
    mark(client, bucket, "unlisted.pdf", make_marker())
    return read_collection(client, bucket.join("m"), bucket.join("r"), summary)


def mark(client: S3Client, bucket: S3Uri, name: str, marker: Marker) -> None:
    uri = marker_uri(bucket.join("r"), bucket.join("raw", name).key, marker.state)
    put_bytes(client, uri, marker.to_json(), "application/json")


def test_markers_of_another_input_or_other_options_are_counted_by_shard_and_reason(
    client: S3Client, bucket: S3Uri, marked: Collection
) -> None:
    stale = find_stale(client, client, bucket.join("r"), marked, _NOW)
    assert stale == {1: {"input": 1, "options": 1}, 2: {"input, options": 1}}


def test_a_revision_is_compared_with_the_commit_where_one_is_given(
    client: S3Client, bucket: S3Uri, marked: Collection
) -> None:
    same, other = PipelineNow("pdftext", "h1", "abc"), PipelineNow("pdftext", "h1", "def")
    assert find_stale(client, client, bucket.join("r"), marked, same) == find_stale(
        client, client, bucket.join("r"), marked, _NOW
    )
    assert find_stale(client, client, bucket.join("r"), marked, other) == {
        1: {"revision": 1, "input, revision": 1, "options, revision": 1},
        2: {"revision": 1, "input, options": 1},
    }


def test_a_pipelines_options_are_checked() -> None:
    assert PipelineNow.of("pdftext", {}, "").name == "pdftext"
    with pytest.raises(FarmError, match="remove ocr"):
        PipelineNow.of("pdftext", {"ocr": True}, "")


def test_people_are_told_what_changed_and_how_to_do_it_again() -> None:
    assert describe_stale({}) == "stale: none"
    assert describe_stale({1: {"input": 2}, 3: {"input": 1, "options": 4}}) == (
        "stale: 3 for another input; 4 for another options than when they were marked: "
        "process.yml -e redo_stale=true does them again"
    )


def test_a_marker_that_cannot_be_understood_is_counted_and_told(
    client: S3Client, bucket: S3Uri, marked: Collection
) -> None:
    uri = marker_uri(bucket.join("r"), bucket.join("raw", "changed.pdf").key, DocumentState.DONE)
    put_bytes(client, uri, b"?", "application/json")
    stale = find_stale(client, client, bucket.join("r"), marked, _NOW)
    assert sum(counts.get(UNREADABLE, 0) for counts in stale.values()) == 1
    assert describe_stale(stale).endswith("(1 markers cannot be read: nobody can tell)")
    assert describe_stale({1: {UNREADABLE: 2}}) == "stale: none (2 markers cannot be read: nobody can tell)"
