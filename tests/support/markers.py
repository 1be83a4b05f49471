# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document's marker, for tests of whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker

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
