# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._queue.waiting import waiting_pieces
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import to_csv
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    formulas_uri,
    manifest_uri,
    marker_uri,
    math_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# By piece, the keys of its documents.
PIECES = {1: ["a.pdf", "b.pdf"], 2: ["c.pdf"], 3: ["d.pdf"], 4: []}


@pytest.fixture
def summary(client: S3Client, bucket: S3Uri) -> Summary:
    for piece, keys in PIECES.items():
        documents = [Document(f"s3://raw/{key}", 1, 1) for key in keys]
        put_bytes(client, manifest_uri(bucket.join("shards"), piece), to_csv(documents), "text/csv")
    return Summary(tuple(ShardSummary(piece, documents=len(keys)) for piece, keys in PIECES.items()))


def waiting(client: S3Client, bucket: S3Uri, summary: Summary, stage: Stage) -> set[int]:
    return waiting_pieces(client, bucket.join("shards"), bucket.join("results"), summary, stage)


def mark(client: S3Client, bucket: S3Uri, key: str, state: DocumentState) -> None:
    put_bytes(client, marker_uri(bucket.join("results"), key, state), b"{}", "application/json")


def test_a_piece_waits_while_one_of_its_documents_does(client: S3Client, bucket: S3Uri, summary: Summary) -> None:
    assert waiting(client, bucket, summary, Stage.TEXT) == {1, 2, 3}
    mark(client, bucket, "a.pdf", DocumentState.DONE)
    mark(client, bucket, "c.pdf", DocumentState.FAILED)
    mark(client, bucket, "d.pdf", DocumentState.FORWARDED)
    assert waiting(client, bucket, summary, Stage.TEXT) == {1}
    mark(client, bucket, "b.pdf", DocumentState.DONE)
    assert waiting(client, bucket, summary, Stage.TEXT) == set()


def test_each_stage_has_its_own_documents(client: S3Client, bucket: S3Uri, summary: Summary) -> None:
    mark(client, bucket, "c.pdf", DocumentState.FORWARDED)
    mark(client, bucket, "d.pdf", DocumentState.DONE)
    assert waiting(client, bucket, summary, Stage.OCR) == {2}
    assert waiting(client, bucket, summary, Stage.MATH) == set()
    put_bytes(client, formulas_uri(bucket.join("results"), "d.pdf"), b"{}", "application/json")
    assert waiting(client, bucket, summary, Stage.MATH) == {3}
    put_bytes(client, math_uri(bucket.join("results"), "d.pdf"), b"{}", "application/json")
    assert waiting(client, bucket, summary, Stage.MATH) == set()


def test_a_document_that_can_have_no_marker_keeps_no_piece_waiting(client: S3Client, bucket: S3Uri) -> None:
    documents = [Document(f"s3://raw/{'x' * 1020}.pdf", 1, 1)]
    put_bytes(client, manifest_uri(bucket.join("shards"), 1), to_csv(documents), "text/csv")
    assert waiting(client, bucket, Summary((ShardSummary(1, documents=1),)), Stage.TEXT) == set()
