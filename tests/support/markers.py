# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents' markers, for tests of whoever reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import latest_states
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DONE = Marker(
    uri="s3://raw/a.pdf",
    etag="e1",
    pages=1,
    seconds=1.0,
    attempts=1,
    shard=1,
    node="n",
    gpu="0",
    pipeline="pdftext",
    options_hash="h1",
    outputs=(),
    finished_at="2026-11-24T10:00:00+00:00",
)


def make_marker(**fields: Any) -> Marker:
    """Return the marker of a document that is done, but for the fields that are given."""
    return replace(_DONE, **fields)


def finished_states(client: S3Client, status: S3Uri) -> dict[str, DocumentState]:
    """Return how each document below a status folder ended, by its key."""
    return latest_states(list_objects(client, status), status)
