# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents stage ``text`` has handed on to stage ``ocr``, and how many of their pages that has to recognise."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from .._s3.listing import list_objects_at_once
from .._s3.objects import S3Object, list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .document import DocumentState
from .ended import read_facts
from .facts import Facts
from .markers import Marker, read_marker
from .names import forwarded_folder, kept_folder, key_below, marker_uri, parse_marker, status_folder
from .page_counts import encode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Pages, and whether the stage has failed.
_WORK = struct.Struct(">I?")


def read_forwarded(client: S3Client, results: S3Uri) -> Facts:
    """Return which documents were ever handed on; those that stage ``text`` has not done since are open.

    :func:`is_open` reads such a fact. Takes a request for each thousand of them, several at a time.

    Raises:
        S3Error: the listing failed.
        FarmError: there is no room for it on this machine.
    """
    forwarded, kept = forwarded_folder(results), kept_folder(results)
    markers = _markers(results, list_objects_at_once(client, forwarded))
    return read_facts((forwarded, markers), (kept, list_objects_at_once(client, kept)))


def read_open_pages(client: S3Client, results: S3Uri) -> Facts:
    """Return how many pages of each document that was ever handed on are to be recognised; :func:`pages_of` reads it.

    Takes a request for each of these documents, several at a time.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """
    folder = forwarded_folder(results)
    # One listing alone: the markers are read meanwhile, by as many connections as there are.
    markers = _markers(results, list_objects(client, folder))
    return read_pages(
        client,
        ((key_below(folder, item.uri), False) for item in markers),
        lambda key: marker_uri(results, key, DocumentState.FORWARDED),
        lambda marker: len(marker.open_pages),
    )


def read_pages(
    client: S3Client, documents: Iterable[tuple[str, bool]], uri: Callable[[str], S3Uri], pages: Callable[[Marker], int]
) -> Facts:
    """Return what the markers of documents say of their pages, or of what else is work; :func:`pages_of` reads it.

    Takes a request for each document, several at a time. One whose marker cannot be understood counts as one page:
    whoever works on it says so, and fails it alone.

    Args:
        client: of the S3 that has the markers.
        documents: key of each, and whether the stage has failed on it where its state does not say so.
        uri: returns the address of a document's marker.
        pages: returns what a marker says.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """

    def read(document: tuple[str, bool]) -> int:
        marker = read_marker(client, uri(document[0]))
        return pages(marker) if isinstance(marker, Marker) else 1

    found = read_each(read, documents)
    return Facts(_WORK.size, ((encode_field(key), _WORK.pack(count, failed)) for (key, failed), count in found))


def pages_of(fact: bytes) -> int:
    """Return the pages that a fact of :func:`read_open_pages` has."""
    return int(_WORK.unpack(fact)[0])


def has_failed(fact: bytes) -> bool:
    """Whether the stage has failed on the document of such a fact, though the document's state does not say so."""
    return bool(_WORK.unpack(fact)[1])


def _markers(results: S3Uri, objects: Iterable[S3Object]) -> Iterator[S3Object]:
    status = status_folder(results)
    return (item for item in objects if parse_marker(status, item.uri))
