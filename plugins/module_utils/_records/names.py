# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of results: the document's whole key, so that same-named documents never collide."""

from __future__ import annotations

from .._s3.uri import S3Uri
from .markers import STATUS_FOLDER, DocumentState, marker_uri

LOGS_FOLDER = "_logs"
# S3's limit, in bytes of UTF-8.
_MAX_KEY_BYTES = 1024


def markdown_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the Markdown of the document with this key goes below ``<results>/shard-<n>``."""
    return output.join("markdown", f"{key}.md")


def json_uri(output: S3Uri, key: str) -> S3Uri:
    """Return where the JSON of the document with this key goes below ``<results>/shard-<n>``."""
    return output.join("json", f"{key}.json")


def log_uri(results: S3Uri, key: str, attempt: int) -> S3Uri:
    """Return where the end of the worker's log goes for an attempt at the document with this key."""
    return results.join(STATUS_FOLDER, LOGS_FOLDER, f"{key}.{attempt}.log")


def can_be_marked(results: S3Uri, key: str) -> bool:
    """Whether a marker of the document with this key fits into S3's limit for keys."""
    longest = marker_uri(results, key, DocumentState.FAILED)
    return len(longest.key.encode()) <= _MAX_KEY_BYTES
