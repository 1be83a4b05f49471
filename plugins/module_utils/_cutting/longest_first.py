# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents sorted by falling pages and then by uri, in memory that does not grow with them, and dealt to shards."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter

from .._errors import FarmError
from .._files import disk_errors
from .._records.page_counts import decode_field
from .._records.work import Work
from .._sorting import Lines, Sorter
from .balance import Turns
from .filling import Filling

_PAGES = struct.Struct(">Q")
_MOST_PAGES = (1 << 64) - 1
# S3 has no object of a hundredth of so many bytes.
_SIZE_DIGITS = 19
_HEAD = itemgetter(slice(None, _PAGES.size))
_URI = itemgetter(slice(_PAGES.size, -_SIZE_DIGITS))
_SIZE = itemgetter(slice(-_SIZE_DIGITS, None))
_ORDER = itemgetter(slice(None, -_SIZE_DIGITS))
_BATCH = 1000


# Documents of equal pages that follow each other: their uris and the digits of their sizes, encoded as in the table;
# the pages of each; and the shard of each, from 0. Many at once: a step of Python for each of ten million takes long.
Dealt = tuple[Sequence[bytes], Sequence[bytes], int, Sequence[int]]


class LongestFirst:
    """Takes documents in any order.

    Attributes:
        documents: that were taken.
        pages: theirs together.
    """

    def __init__(self) -> None:
        """Have none yet."""
        self.documents = self.pages = 0
        # In a line's order: pages that are more come first, of the same the lesser uri.
        self._sorter = Sorter(_ORDER, _disk_errors)

    def add(self, work: Sequence[Work]) -> None:
        """Take some documents.

        Raises:
            FarmError: one has more pages or bytes than can be, or there is no room on this machine.
        """
        self.documents += len(work)
        self.pages += sum([pages for _key, _uri, pages, _size in work])
        try:
            lines = [
                _PAGES.pack(_MOST_PAGES - pages) + uri + size.rjust(_SIZE_DIGITS) for _key, uri, pages, size in work
            ]
        except struct.error:
            lines = []
        most_digits = max([len(size) for _key, _uri, _pages, size in work], default=0)
        if len(lines) < len(work) or most_digits > _SIZE_DIGITS:
            _refuse(work)
        self._sorter.add(lines)

    def dealt(self, take: Callable[[int, int], Sequence[int]]) -> Iterator[tuple[Lines, int, Sequence[int]]]:
        """Yield lines of documents with equal pages, these, and each one's shard, longest first.

        Args:
            take: returns, of so many pages, the shards that the next so many documents go to.
        """
        for batch in self._sorter.sorted():
            for head, group in groupby(batch, _HEAD):
                lines = list(group)
                pages = _MOST_PAGES - int.from_bytes(head, "big")
                yield lines, pages, take(pages, len(lines))


def deal_apart(kinds: Iterable[LongestFirst], weights: Sequence[float]) -> Iterator[Dealt]:
    """Yield the documents of all kinds, longest first, each kind dealt for itself: every shard has its part of each."""
    dealt = [kind.dealt(Turns(weights).take) for kind in kinds if kind.documents]
    return _decoded(dealt[0] if len(dealt) == 1 else _merged(dealt))


def deal_in_turn(kinds: Iterable[LongestFirst], piece_pages: int) -> Iterator[Dealt]:
    """Yield the documents of one kind after the other, each longest first, to one shard after the other.

    Args:
        kinds: no shard has documents of two.
        piece_pages: see :class:`Filling`.
    """
    filling = Filling(piece_pages)

    def dealt() -> Iterator[tuple[Lines, int, Sequence[int]]]:
        for kind in kinds:
            filling.begin()
            yield from kind.dealt(filling.take)

    return _decoded(dealt())


def _decoded(dealt: Iterable[tuple[Lines, int, Sequence[int]]]) -> Iterator[Dealt]:
    for lines, pages, shards in dealt:
        yield list(map(_URI, lines)), [size.lstrip() for size in map(_SIZE, lines)], pages, shards


def _merged(dealt: Iterable[Iterator[tuple[Lines, int, Sequence[int]]]]) -> Iterator[tuple[Lines, int, Sequence[int]]]:
    singly = [
        ((line, pages, shard) for lines, pages, shards in each for line, shard in zip(lines, shards, strict=True))
        for each in dealt
    ]
    for pages, group in groupby(merge(*singly, key=_order_of), itemgetter(1)):
        while batch := list(islice(group, _BATCH)):
            yield [line for line, _pages, _shard in batch], pages, [shard for _line, _pages, shard in batch]


def _order_of(dealt: tuple[bytes, int, int]) -> bytes:
    order: bytes = _ORDER(dealt[0])
    return order


def _refuse(work: Sequence[Work]) -> None:
    for _key, uri, pages, size in work:
        if not 0 <= pages <= _MOST_PAGES or len(size) > _SIZE_DIGITS:
            raise FarmError(
                f"The table has {pages} pages and {size.decode()} bytes for {decode_field(uri)!r}: count the pages "
                "again."
            )


def _disk_errors(so_far: int) -> AbstractContextManager[None]:
    return disk_errors(
        "the documents sorted", f"three copies of them, of which the first has {so_far / 1e9:.1f} GB so far"
    )
