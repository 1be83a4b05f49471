# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell the objects of a file from those of files inside it, as portfolios have them, and from look-alikes in images."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from .errors import InconsistentError, TruncatedError
from .objects import IndirectObject, PdfObject, Reference, parse_indirect_object
from .partial_file import Buffer

_END_OF_OBJECT = b"endobj"
_END_OF_STREAM = re.compile(rb"[\x00\t\n\f\r ]*+endstream")


class FoundObject(NamedTuple):
    """What looks like the start of an object."""

    start: int
    number: int
    generation: int


class Embedded:
    """The streams in which something looks like an object, in their order.

    Args:
        ranges: where each starts and ends; none overlap.
    """

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._ranges = ranges

    def has(self, position: int) -> bool:
        """Whether a position is in one of them."""
        index = bisect_right(self._ranges, position, key=itemgetter(0)) - 1
        return index >= 0 and position < self._ranges[index][1]

    def outside(self, pattern: re.Pattern[bytes], content: Buffer) -> Iterator[re.Match[bytes]]:
        """Yield the matches that are in none of them."""
        return (match for match in pattern.finditer(content) if not self.has(match.start()))


def find_embedded(content: Buffer, found: Sequence[FoundObject]) -> Embedded:
    """Return the streams in which objects were found, as far as their lengths tell where they end.

    Args:
        content: the whole file.
        found: all that look like objects, in their order.
    """
    starts = {each.number: each.start for each in found}
    ranges: list[tuple[int, int]] = []
    index = 0
    while index + 1 < len(found):
        start, following = found[index].start, found[index + 1].start
        # Another object begins before this one ends.
        inside = content.find(_END_OF_OBJECT, start, following) < 0
        stream = _stream_range(content, start, starts) if inside else None
        if stream is not None and stream[0] <= following < stream[1]:
            ranges.append(stream)
            index = bisect_left(found, (stream[1], 0, 0))
        else:
            index += 1
    return Embedded(ranges)


def parse_at(content: Buffer, start: int) -> IndirectObject | None:
    """Return the object at a place, ``None`` where none can be read there."""
    try:
        return parse_indirect_object(content, start)
    except (InconsistentError, TruncatedError):
        return None


def _stream_range(content: Buffer, start: int, starts: Mapping[int, int]) -> tuple[int, int] | None:
    stream = parse_at(content, start)
    if stream is None or stream.stream_start is None or not isinstance(stream.value, dict):
        return None
    length = _number(content, stream.value.get(b"Length"), starts)
    if length is None or not _END_OF_STREAM.match(content, stream.stream_start + length):
        return None
    return stream.stream_start, stream.stream_start + length


def _number(content: Buffer, value: PdfObject, starts: Mapping[int, int]) -> int | None:
    if isinstance(value, Reference):
        referred = parse_at(content, starts[value.number]) if value.number in starts else None
        value = referred.value if referred else None
    return value if isinstance(value, int) and value >= 0 else None
