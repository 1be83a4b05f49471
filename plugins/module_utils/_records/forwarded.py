# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents stage ``text`` has handed on to stage ``ocr``, and how many of their pages that has to recognise."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from .._s3.objects import S3Object, list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .document import DocumentState
from .ended import FACT_BYTES, ended_facts
from .facts import Facts
from .markers import Marker, read_marker
from .names import forwarded_folder, kept_folder, key_below, marker_uri, parse_marker, status_folder
from .page_counts import encode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PAGES = struct.Struct(">I")
PAGES_BYTES = _PAGES.size


def read_forwarded(client: S3Client, results: S3Uri) -> Facts:
    """Return which documents were ever handed on; those that stage ``text`` has not done since are open.

    :func:`is_open` reads such a fact. Takes a request for each thousand of them.

    Raises:
        S3Error: the listing failed.
        FarmError: there is no room for it on this machine.
    """
    kept = kept_folder(results)
    found = chain(
        ended_facts(forwarded_folder(results), _forwarded(client, results), ends=False),
        ended_facts(kept, list_objects(client, kept), ends=True),
    )
    return Facts(FACT_BYTES, ((encode_field(key), fact) for key, fact in found))


def read_open_pages(client: S3Client, results: S3Uri) -> Facts:
    """Return how many pages of each document that was ever handed on are to be recognised; :func:`pages_of` reads it.

    Takes a request for each of these documents, several at a time.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """

    def read(key: str) -> int:
        marker = read_marker(client, marker_uri(results, key, DocumentState.FORWARDED))
        # Whoever works on a document whose marker cannot be understood says so, and fails it alone.
        return len(marker.open_pages) if isinstance(marker, Marker) else 1

    folder = forwarded_folder(results)
    found = read_each(read, (key_below(folder, item.uri) for item in _forwarded(client, results)))
    return Facts(PAGES_BYTES, ((encode_field(key), pages_fact(pages)) for key, pages in found))


def pages_fact(pages: int) -> bytes:
    """Return the fact that :func:`pages_of` reads."""
    return _PAGES.pack(pages)


def pages_of(fact: bytes) -> int:
    """Return the pages that a fact of :func:`read_open_pages` has."""
    return int(_PAGES.unpack(fact)[0])


def _forwarded(client: S3Client, results: S3Uri) -> Iterator[S3Object]:
    status = status_folder(results)
    return (item for item in list_objects(client, forwarded_folder(results)) if parse_marker(status, item.uri))
