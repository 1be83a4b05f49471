# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents sorted by falling pages and then by uri, in memory that does not grow with them, and dealt to shards."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from heapq import merge
from operator import itemgetter

from .._errors import FarmError
from .._files import disk_errors
from .._records.page_counts import decode_field
from .._records.work import Work
from .._sorting import Sorter
from .balance import Turns
from .filling import Filling

_NUMBER = struct.Struct(">Q")
_MOST = (1 << 64) - 1
_PAGES = slice(None, _NUMBER.size)
_URI = slice(_NUMBER.size, -_NUMBER.size)
_SIZE = slice(-_NUMBER.size, None)
_ORDER = itemgetter(slice(None, -_NUMBER.size))


# A document's uri, pages and size, encoded as in the table, and its shard from 0. Not a named tuple: there is one of
# these for each of ten million documents.
Dealt = tuple[bytes, int, bytes, int]


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
        self.pages += sum(pages for _key, _uri, pages, _size in work)
        self._sorter.add(map(_line, work))

    def dealt(self, turns_of: Callable[[int], Iterator[int]]) -> Iterator[tuple[bytes, int, int]]:
        """Yield the line, the pages and the shard of each document, longest first.

        Args:
            turns_of: returns what yields the shards that the next documents of so many pages go to.
        """
        head, pages, turn = b"", 0, turns_of(0)
        for batch in self._sorter.sorted():
            for line in batch:
                if line[_PAGES] != head:
                    head = line[_PAGES]
                    pages = _MOST - _NUMBER.unpack(head)[0]
                    turn = turns_of(pages)
                yield line, pages, next(turn)


def deal_apart(kinds: Iterable[LongestFirst], weights: Sequence[float]) -> Iterator[Dealt]:
    """Yield the documents of all kinds, longest first, each kind dealt for itself: every shard has its part of each."""
    dealt = [kind.dealt(Turns(weights).of) for kind in kinds if kind.documents]
    # Merging one alone would take twice its time.
    return _decoded(dealt[0] if len(dealt) == 1 else merge(*dealt, key=_order_of))


def deal_in_turn(kinds: Iterable[LongestFirst], piece_pages: int) -> Iterator[Dealt]:
    """Yield the documents of one kind after the other, each longest first, to one shard after the other.

    Args:
        kinds: no shard has documents of two.
        piece_pages: see :class:`Filling`.
    """
    filling = Filling(piece_pages)

    def dealt() -> Iterator[tuple[bytes, int, int]]:
        for kind in kinds:
            filling.begin()
            yield from kind.dealt(filling.of)

    return _decoded(dealt())


def _decoded(dealt: Iterable[tuple[bytes, int, int]]) -> Iterator[Dealt]:
    for line, pages, shard in dealt:
        (size,) = _NUMBER.unpack(line[_SIZE])
        yield line[_URI], pages, b"%d" % (size - 1) if size else b"", shard


def _order_of(dealt: tuple[bytes, int, int]) -> bytes:
    order: bytes = _ORDER(dealt[0])
    return order


def _line(work: Work) -> bytes:
    _key, uri, pages, size = work
    try:
        return _NUMBER.pack(_MOST - pages) + uri + _NUMBER.pack(int(size) + 1 if size else 0)
    except struct.error:
        raise FarmError(
            f"The table has {pages} pages and {size.decode()} bytes for {decode_field(uri)!r}: count the pages again."
        ) from None


def _disk_errors(so_far: int) -> AbstractContextManager[None]:
    return disk_errors(
        "the documents sorted", f"three copies of them, of which the first has {so_far / 1e9:.1f} GB so far"
    )
