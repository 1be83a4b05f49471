# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What state documents are in: from the names and times of their markers, of which none is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from .._s3.objects import S3Object, list_objects
from .._s3.uri import S3Uri
from .document import Document, DocumentState, key_of
from .names import marker_uri, parse_marker, status_folder

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# S3 tells times in seconds. Of markers as old as each other the last of these counts: a document is handed on before it
# fails or is done, and fails before it is done.
STEPS = (DocumentState.FORWARDED, DocumentState.FAILED, DocumentState.DONE)


def marked_documents(objects: Iterable[S3Object], status: S3Uri) -> Iterator[tuple[str, DocumentState, datetime]]:
    """Yield the document's key, its state and when it was marked, for each marker among listed objects.

    Nothing is ever deleted, so a document that failed and was done later comes twice: the later marker
    counts, and the one of the later step where they are equally old (see :func:`latest_states`).
    """
    for item in objects:
        marked = parse_marker(status, item.uri)
        if marked:
            yield *marked, item.modified


def latest_states(objects: Iterable[S3Object], status: S3Uri) -> dict[str, DocumentState]:
    """Return how each document below a status folder ended, by the document's key."""
    latest: dict[str, tuple[datetime, int]] = {}
    for key, state, modified in marked_documents(objects, status):
        found = (modified, STEPS.index(state))
        latest[key] = max(found, latest.get(key, found))
    return {key: STEPS[step] for key, (_when, step) in latest.items()}


def read_finished(client: S3Client, status: S3Uri) -> Mapping[str, DocumentState]:
    """Return how each document below the status folder ended, by the document's key.

    Raises:
        S3Error: the listing failed.
    """
    folder = status.join("")
    return latest_states(list_objects(client, folder), folder)


def read_finished_of(client: S3Client, results: S3Uri, documents: Sequence[Document]) -> dict[str, DocumentState]:
    """Return how the finished ones of these documents ended, by key.

    Takes one listing of all shards' markers, of which only these documents' are kept in memory.

    Raises:
        S3Error: the listing failed.
    """
    status = status_folder(results)
    wanted = {marker_uri(results, key_of(document.uri), state) for document in documents for state in DocumentState}
    return latest_states((item for item in list_objects(client, status) if item.uri in wanted), status)


def unfinished(documents: Iterable[Document], states: Mapping[str, DocumentState]) -> list[Document]:
    """Return the documents without a state, in their order."""
    return [document for document in documents if key_of(document.uri) not in states]
