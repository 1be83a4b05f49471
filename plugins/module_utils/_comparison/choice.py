# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents and pages backends are compared on: the same ones for the same collection, and no pattern of names.

What stage ``text`` has handed on to stage ``ocr`` comes first, since that is what backends will have to read.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple


class Candidate(NamedTuple):
    """A document that pages may be taken from; a tuple, as a million of them are made.

    Attributes:
        uri: of it.
        key: by which results are named.
        pages: how many it has, 0 where nobody knows.
        is_open: whether stage ``text`` has handed it on.
    """

    uri: str
    key: str
    pages: int
    is_open: bool


def first_candidates(documents: Iterable[Candidate], most: int) -> list[Candidate]:
    """Return the documents to take pages from first, in their order; keeps no more than these in memory."""
    return heapq.nsmallest(
        most, (each for each in documents if each.pages), key=lambda each: (not each.is_open, _digest(each.key))
    )


def pages_of_each(documents: int, wanted: int) -> int:
    """Return how many pages to take of each of so many documents: few, and of as many documents as there are."""
    return -(-wanted // min(documents, wanted))


def order_of_pages(key: str, pages: Sequence[int]) -> list[int]:
    """Return the numbers of a document's pages in the order in which they are tried."""
    return sorted(pages, key=lambda page: _digest(f"{key}\n{page}"))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogateescape")).digest()
