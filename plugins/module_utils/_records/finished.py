# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What state documents are in: from the names and times of their markers, of which none is read."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from .._s3.listing import list_objects_at_once
from .._s3.named import find_named
from .._s3.objects import S3Object
from .._s3.uri import S3Uri
from .document import Document, DocumentState, key_of
from .facts import Facts
from .names import folders_without_markers, marker_uri, parse_marker, status_folder
from .page_counts import encode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# When, in seconds since the epoch, and the state's place in this order: the greater fact is the marker that counts.
_FACT = struct.Struct(">dB")
# S3 tells times in seconds. Of markers as old as each other the last of these counts: a document that failed is handed
# on when it is tried again, and what was handed on is done later.
_STEPS = (DocumentState.FAILED, DocumentState.FORWARDED, DocumentState.DONE)
# By what a fact ends in; nothing where there is none, which is pending. For loops over ten million documents: there
# a call of :func:`state_of` for each takes long.
STATE_OF_ENDING: Mapping[bytes, DocumentState | None] = {
    b"": None,
    **{bytes((number,)): state for number, state in enumerate(_STEPS)},
}


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
        found = (modified, _STEPS.index(state))
        latest[key] = max(found, latest.get(key, found))
    return {key: _STEPS[step] for key, (_when, step) in latest.items()}


def read_finished_facts(client: S3Client, status: S3Uri) -> Facts:
    """Return how each document below the status folder ended; :func:`state_of` reads such a fact.

    Takes a request for each thousand markers, several at a time, and memory that does not grow with them.

    Raises:
        S3Error: the listing failed.
        FarmError: there is no room for it on this machine.
    """
    folder = status.join("")
    # There may be as many objects in the other folders as there are markers.
    objects = list_objects_at_once(client, folder, folders_without_markers(folder))
    return marker_facts(marked_documents(objects, folder))


def marker_facts(marked: Iterable[tuple[str, DocumentState, datetime]]) -> Facts:
    """Return what markers, as :func:`marked_documents` yields them, say of documents: the one that counts is greater.

    Raises:
        FarmError: there is no room for it on this machine.
    """
    facts = ((encode_field(key), _FACT.pack(at.timestamp(), _STEPS.index(state))) for key, state, at in marked)
    return Facts(_FACT.size, facts)


def state_of(fact: bytes | None) -> DocumentState | None:
    """Return the state that a fact of :func:`read_finished_facts` has; ``None`` where there is none: it is pending."""
    return None if fact is None else STATE_OF_ENDING[fact[-1:]]


def marked_at(fact: bytes) -> float:
    """Return when the marker of such a fact was written, in seconds since the epoch."""
    return float(_FACT.unpack(fact)[0])


def read_finished_of(client: S3Client, results: S3Uri, documents: Sequence[Document]) -> dict[str, DocumentState]:
    """Return how the finished ones of these documents ended, by key.

    Takes a listing of all shards' markers, or less where these documents are few, see :func:`find_named`.

    Raises:
        S3Error: S3 could not be read.
    """
    status = status_folder(results)
    wanted = {marker_uri(results, key_of(document.uri), state) for document in documents for state in DocumentState}
    return latest_states(find_named(client, status, wanted), status)


def unfinished(documents: Iterable[Document], states: Mapping[str, DocumentState]) -> list[Document]:
    """Return the documents without a state, in their order."""
    return [document for document in documents if key_of(document.uri) not in states]
