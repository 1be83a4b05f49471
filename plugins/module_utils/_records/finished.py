# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents of a shard are finished already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .._s3.objects import list_objects
from .._s3.uri import S3Uri
from .document import Document, key_of
from .markers import DocumentState, latest_states, marker_uri, status_prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def read_shard_states(client: S3Client, results: S3Uri, documents: Sequence[Document]) -> dict[str, DocumentState]:
    """Return how the finished ones of these documents ended, by key.

    Takes one listing of all shards' markers, of which only this shard's are kept in memory.

    Raises:
        S3Error: the listing failed.
    """
    prefix = status_prefix(results)
    wanted = {marker_uri(results, key_of(document.uri), state) for document in documents for state in DocumentState}
    return latest_states((item for item in list_objects(client, prefix) if item.uri in wanted), prefix)


def unfinished(documents: Iterable[Document], states: dict[str, DocumentState]) -> list[Document]:
    """Return the documents without a state, in their order."""
    return [document for document in documents if key_of(document.uri) not in states]
