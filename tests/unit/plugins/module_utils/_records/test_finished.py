# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import read_shard_states, unfinished
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import DocumentState, marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_only_this_shards_markers_count(client: S3Client, bucket: S3Uri) -> None:
    documents = [Document(f"s3://b/{name}.pdf", 1, 1) for name in ("done", "failed", "pending")]
    for key, state in (
        ("done.pdf", DocumentState.DONE),
        ("failed.pdf", DocumentState.FAILED),
        ("other.pdf", DocumentState.DONE),
    ):
        put_bytes(client, marker_uri(bucket, key, state), b"{}", "application/json")
    states = read_shard_states(client, bucket, documents)
    assert states == {"done.pdf": DocumentState.DONE, "failed.pdf": DocumentState.FAILED}
    assert unfinished(documents, states) == [documents[2]]
