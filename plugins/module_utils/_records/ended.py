# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what one object opened of a document another has ended: from the names and times of both, alone."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from itertools import chain

from .._s3.objects import S3Object
from .._s3.uri import S3Uri
from .facts import Facts
from .names import key_below
from .page_counts import encode_field

# When, in seconds since the epoch, and whether it ends: the greater fact is the one that counts. S3 tells times in
# seconds; of two as old as each other the end came later.
_FACT = struct.Struct(">d?")
FACT_BYTES = _FACT.size


def ended_facts(folder: S3Uri, objects: Iterable[S3Object], *, ends: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the document's key and a fact, which :func:`is_open` reads, for each of the objects of a folder."""
    for item in objects:
        yield key_below(folder, item.uri), _FACT.pack(item.modified.timestamp(), ends)


def read_facts(opened: tuple[S3Uri, Iterable[S3Object]], ended: tuple[S3Uri, Iterable[S3Object]]) -> Facts:
    """Return a fact, which :func:`is_open` reads, on each document that an object of these two folders is called by.

    Args:
        opened: a folder, and its objects that open something.
        ended: a folder, and its objects that end it.

    Raises:
        S3Error: a listing failed.
        FarmError: there is no room for it on this machine.
    """
    found = chain(ended_facts(*opened, ends=False), ended_facts(*ended, ends=True))
    return Facts(FACT_BYTES, ((encode_field(key), fact) for key, fact in found))


def is_open(fact: bytes | None) -> bool:
    """Whether it is open by the greatest fact on a document, ``None`` where there is none."""
    return fact is not None and not _FACT.unpack(fact)[1]


def ended_at(fact: bytes | None) -> float | None:
    """Return when it was ended by the greatest fact on a document, in seconds since the epoch; ``None`` where not."""
    at, ends = _FACT.unpack(fact) if fact is not None else (0.0, False)
    return at if ends else None
