# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections some of whose documents are done, with their texts, for tests of what is made of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    markdown_uri,
    marker_uri,
    output_folder,
    shards_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.cuts import put_cut
from tests.support.markers import make_marker

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_QUALITY = QualitySummary("good", 0.9, {"layer": 1}, {"good": 1})


def put_collection(client: S3Client, bucket: S3Uri, names: tuple[str, ...]) -> None:
    """Write the table of these documents below ``raw`` and its cut of one shard below ``m``."""
    listed = [Document(str(bucket.join("raw", name)), 1, 5) for name in names]
    summary = put_cut(client, bucket.join("m"), {1: listed})
    shards = shards_folder(bucket.join("m"))
    put_cut(client, shards, {1: listed}, counts=summary.counts)


def put_done(client: S3Client, bucket: S3Uri, texts: Mapping[str, str], **fields: object) -> None:
    """Write the Markdown of these documents below ``r``, and the markers by which they are done."""
    for name, text in texts.items():
        key = bucket.join("raw", name).key
        place = markdown_uri(output_folder(bucket.join("r"), 1), key)
        etag = put_bytes(client, place, text.encode(), "text/markdown")
        outputs = (Output(str(place), etag, len(text.encode())),)
        marker = make_marker(
            **{"uri": str(bucket.join("raw", name)), "quality": _QUALITY, "outputs": outputs, **fields}
        )
        place = marker_uri(bucket.join("r"), key, DocumentState.DONE)
        put_bytes(client, place, marker.to_json(), "application/json")


def fail(client: S3Client, bucket: S3Uri, name: str) -> None:
    """Write the marker by which a document has failed."""
    place = marker_uri(bucket.join("r"), bucket.join("raw", name).key, DocumentState.FAILED)
    put_bytes(client, place, make_marker(failure_class="timeout").to_json(), "application/json")
