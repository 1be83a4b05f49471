# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents have formulas that stage ``math`` has not ended: from the names and times of what says so, alone.

Only of documents that are done they are to be read: one that was processed anew and failed has none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from .._s3.objects import S3Object, list_objects
from .._s3.parallel import read_each
from .._s3.uri import S3Uri
from .document import Document, key_of
from .facts import Facts
from .forwarded import PAGES_BYTES, pages_fact
from .markers import Marker, read_marker
from .names import formulas_folder, formulas_uri, key_of_formulas, math_folder, math_uri
from .page_counts import decode_field, encode_field

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# When, in seconds since the epoch, and whether the stage has ended it: the greater fact is the one that counts. S3
# tells times in seconds; of two as old as each other the end came later.
_FACT = struct.Struct(">d?")


def read_math_facts(client: S3Client, results: S3Uri) -> Facts:
    """Return what is known of the formulas of each document that has or had some; :func:`is_open` reads such a fact.

    Takes a request for each thousand of them.

    Raises:
        S3Error: a listing failed.
        FarmError: there is no room for it on this machine.
    """
    found = _found(list_objects(client, formulas_folder(results)), list_objects(client, math_folder(results)), results)
    return Facts(_FACT.size, ((encode_field(key), fact) for key, fact in found))


def is_open(fact: bytes | None) -> bool:
    """Whether stage ``math`` is to read the formulas of a document of which this is known, ``None`` for nothing."""
    return fact is not None and not _FACT.unpack(fact)[1]


def read_open_formulas(client: S3Client, results: S3Uri) -> Facts:
    """Return how many formulas stage ``math`` is to read of each document; :func:`pages_of` reads such a fact.

    Takes a request for each of these documents, several at a time.

    Raises:
        S3Error: S3 could not be read.
        FarmError: there is no room for it on this machine.
    """

    def read(key: str) -> int:
        marker = read_marker(client, formulas_uri(results, key))
        # Whoever works on a document whose marker cannot be understood says so, and fails it alone.
        return max(1, marker.open_formulas) if isinstance(marker, Marker) else 1

    facts = chain.from_iterable(each.items() for each in read_math_facts(client, results).read().rest())
    found = read_each(read, (decode_field(key) for key, fact in facts if is_open(fact)))
    return Facts(PAGES_BYTES, ((encode_field(key), pages_fact(formulas)) for key, formulas in found))


def read_open_of(client: S3Client, results: S3Uri, documents: Sequence[Document]) -> set[str]:
    """Return the keys of those of these documents that have formulas which stage ``math`` has not ended.

    Takes one listing of all shards' documents with formulas, of which only these are kept in memory.

    Raises:
        S3Error: a listing failed.
    """
    keys = [key_of(document.uri) for document in documents]
    open_uris = {formulas_uri(results, key) for key in keys}
    ended_uris = {math_uri(results, key) for key in keys}
    latest: dict[str, bytes] = {}
    for key, fact in _found(
        (item for item in list_objects(client, formulas_folder(results)) if item.uri in open_uris),
        (item for item in list_objects(client, math_folder(results)) if item.uri in ended_uris),
        results,
    ):
        latest[key] = max(fact, latest.get(key, fact))
    return {key for key, fact in latest.items() if is_open(fact)}


def _found(formulas: Iterator[S3Object], ended: Iterator[S3Object], results: S3Uri) -> Iterator[tuple[str, bytes]]:
    for objects, folder, has_ended in (
        (formulas, formulas_folder(results), False),
        (ended, math_folder(results), True),
    ):
        for item in objects:
            yield key_of_formulas(folder, item.uri), _FACT.pack(item.modified.timestamp(), has_ended)
