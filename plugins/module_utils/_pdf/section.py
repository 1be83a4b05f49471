# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One section of a file's cross-reference: a table or a stream (ISO 32000-1, 7.5.4 and 7.5.8)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple, Protocol

from .errors import InconsistentError, TruncatedError
from .filters import decode_stream
from .objects import PdfDict, parse_indirect_object, parse_object, stream_bytes
from .partial_file import Buffer

_ROW = 20
_TABLE = re.compile(rb"[\x00\t\n\f\r ]*+xref(?=[\x00\t\n\f\r ])")
_SUBSECTION = re.compile(rb"[\x00\t\n\f\r ]*+(\d{1,10})[ \t]++(\d{1,10})[ \t]*+(?:\r\n|\n|\r)")
_TRAILER = re.compile(rb"[\x00\t\n\f\r ]*+trailer")
_TABLE_ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_ROWS = re.compile(rb".{20}", re.DOTALL)
# What a subsection's heading and the trailer's keyword need at most.
_HEADING = 64
# All offsets of 100 kB have these in common: a handful of objects.
_NEAR_DIGITS = 5
# All offsets of 64 KiB have the bytes before these in common.
_FAR_BYTES = 2


class InFile(NamedTuple):
    """An object that starts at ``offset`` bytes from the file's start."""

    offset: int
    generation: int


class InStream(NamedTuple):
    """An object that is the ``position``-th, from 0, in the object stream with that number."""

    stream: int
    position: int


class Free(NamedTuple):
    """A number that no object has."""


Entry = InFile | InStream | Free


class Section(Protocol):
    """What one section knows."""

    trailer: PdfDict

    def entry(self, number: int) -> Entry | None:
        """Return where the object with that number is; None where this section does not say."""

    def next_offset(self, offset: int) -> int | None:
        """Return where the first object behind ``offset`` starts; None where this section knows none there."""


@dataclass
class TableSection:
    """A cross-reference table: its rows as bytes, 20 a row, by the first object's number.

    A row is checked when it is asked for: a thesis has thousands, of which few lead to its page tree.
    """

    trailer: PdfDict
    subsections: list[tuple[int, bytes]] = field(default_factory=list)

    def entry(self, number: int) -> Entry | None:
        """Return where the object with that number is; None where this section does not say.

        Raises:
            InconsistentError: its row is malformed.
        """
        for first, rows in self.subsections:
            start = (number - first) * _ROW
            if 0 <= start < len(rows):
                row = _TABLE_ROW.match(rows, start)
                if row is None:
                    raise InconsistentError("the cross-reference table has malformed rows")
                return InFile(int(row[1]), int(row[2])) if row[3] == b"n" else Free()
        return None

    def next_offset(self, offset: int) -> int | None:
        """Return where the first object behind ``offset`` starts, malformed rows left out."""
        key = b"%010d\xff" % offset
        near = min(filter(key.__lt__, self._rows_near(key)), default=None)
        if near is not None:
            return int(near[:10])
        for row in islice(self._in_order, bisect_right(self._in_order, key), None):
            if _TABLE_ROW.match(row) and row[17:18] == b"n":
                return int(row[:10])
        return None

    def _rows_near(self, key: bytes) -> Iterator[bytes]:
        """Yield the rows of objects whose offsets begin with the same digits; finding these few needs no order."""
        digits = key[:_NEAR_DIGITS]
        for _, rows in self.subsections:
            # Behind the end of a line: elsewhere they are digits of something else.
            line_end = rows[_ROW - 2 : _ROW]
            starts = (found + len(line_end) for found in _find_all(rows, line_end + digits))
            for start in chain([0] if rows.startswith(digits) else [], starts):
                row = _TABLE_ROW.match(rows, start)
                if row and row[3] == b"n":
                    yield row[0]

    @cached_property
    def _in_order(self) -> list[bytes]:
        # Digits of a fixed width are in the order of their numbers, which thousands of rows need not become.
        return sorted(chain.from_iterable(_ROWS.findall(rows) for _, rows in self.subsections))


@dataclass
class StreamSection:
    """A cross-reference stream: its decoded rows by the first object's number.

    ``widths`` are the bytes of a row's three columns.
    """

    trailer: PdfDict
    widths: tuple[int, int, int]
    subsections: list[tuple[int, bytes]]

    def entry(self, number: int) -> Entry | None:
        """Return where the object with that number is; None where this section does not say."""
        row = sum(self.widths)
        for first, rows in self.subsections:
            start = (number - first) * row
            if 0 <= start < len(rows):
                return self._entry(rows[start : start + row])
        return None

    def next_offset(self, offset: int) -> int | None:
        """Return where the first object behind ``offset`` starts; None where this section knows none there."""
        width = self.widths[1]
        if offset.bit_length() > 8 * width:
            return None
        key = offset.to_bytes(width, "big")
        near = min(filter(key.__lt__, self._offsets_near(key)), default=None)
        if near is not None:
            return int.from_bytes(near, "big")
        index = bisect_right(self._in_order, key)
        return int.from_bytes(self._in_order[index], "big") if index < len(self._in_order) else None

    def _offsets_near(self, key: bytes) -> Iterator[bytes]:
        """Yield the offsets in the file that begin with the same bytes; finding these few needs no order."""
        kind, second, _ = self.widths
        in_file = self._in_file()
        for _, rows in self.subsections:
            for start in _find_all(rows, in_file + key[:-_FAR_BYTES]):
                if start % sum(self.widths) == 0:
                    yield rows[start + kind : start + kind + second]

    def _in_file(self) -> bytes:
        """Return the first column of an object that is in the file itself; it may be left out."""
        return (1).to_bytes(self.widths[0], "big") if self.widths[0] else b""

    @cached_property
    def _in_order(self) -> list[bytes]:
        # One scan in C over rows of a fixed width: a thesis has thousands of them.
        kind, second, third = self.widths
        in_file = re.escape(self._in_file())
        pattern = re.compile(b"%b(.{%d}).{%d}|.{%d}" % (in_file, second, third, kind + second + third), re.DOTALL)
        return sorted(filter(None, chain.from_iterable(pattern.findall(rows) for _, rows in self.subsections)))

    def _entry(self, row: bytes) -> Entry | None:
        kind_end, second_end = self.widths[0], self.widths[0] + self.widths[1]
        kind = int.from_bytes(row[:kind_end], "big") if kind_end else 1
        second, third = int.from_bytes(row[kind_end:second_end], "big"), int.from_bytes(row[second_end:], "big")
        if kind == 1:
            return InFile(second, third)
        if kind == 2:
            return InStream(second, third)
        # Unknown kinds stand for the null object (7.5.8.3).
        return Free()


def _find_all(content: bytes, wanted: bytes) -> Iterator[int]:
    found = content.find(wanted)
    while found >= 0:
        yield found
        found = content.find(wanted, found + 1)


def parse_section(buffer: Buffer, position: int) -> Section:
    """Return the section at ``position``.

    Raises:
        TruncatedError: the buffer ends before the section does.
        InconsistentError: no well-formed section is there.
    """
    if len(buffer) - position < len(b"\r\nxref\r\n"):
        raise TruncatedError(_HEADING)
    start = _TABLE.match(buffer, position)
    return _parse_table(buffer, start.end()) if start else _parse_stream(buffer, position)


def _parse_table(buffer: Buffer, position: int) -> TableSection:
    subsections = []
    while heading := _SUBSECTION.match(buffer, position):
        first, count = int(heading[1]), int(heading[2])
        position = heading.end() + count * _ROW
        if position > len(buffer):
            # What is no table must not make us fetch what its count promises.
            if len(buffer) - heading.end() >= _ROW and _TABLE_ROW.match(buffer, heading.end()) is None:
                raise InconsistentError("the cross-reference table has malformed rows")
            raise TruncatedError(position + _HEADING - len(buffer))
        subsections.append((first, buffer[heading.end() : position]))
    keyword = _TRAILER.match(buffer, position)
    if keyword is None:
        if len(buffer) - position < _HEADING:
            raise TruncatedError(_HEADING)
        raise InconsistentError("the cross-reference table is malformed")
    trailer, _ = parse_object(buffer, keyword.end())
    if not isinstance(trailer, dict):
        raise InconsistentError("the trailer is not a dictionary")
    return TableSection(trailer, subsections)


def _parse_stream(buffer: Buffer, position: int) -> StreamSection:
    stream = parse_indirect_object(buffer, position)
    dictionary = stream.value
    if not isinstance(dictionary, dict) or dictionary.get(b"Type") != b"XRef" or stream.stream_start is None:
        raise InconsistentError("no cross-reference is where it should be")
    length = dictionary.get(b"Length")
    if not isinstance(length, int) or length < 0:
        raise InconsistentError("a cross-reference stream has no direct length")
    return _stream_section(dictionary, decode_stream(dictionary, stream_bytes(buffer, stream.stream_start, length)))


def _stream_section(dictionary: PdfDict, rows: bytes) -> StreamSection:
    widths = _integers(dictionary.get(b"W"))
    index = _integers(dictionary.get(b"Index", [0, dictionary.get(b"Size")]))
    row = sum(widths)
    if len(widths) != 3 or max(widths) > 8 or row == 0 or len(index) % 2:
        raise InconsistentError("a cross-reference stream's dictionary is malformed")
    subsections = []
    start = 0
    for first, count in zip(index[::2], index[1::2], strict=True):
        end = start + count * row
        if end > len(rows):
            raise InconsistentError("a cross-reference stream is shorter than its index")
        subsections.append((first, rows[start:end]))
        start = end
    return StreamSection(dictionary, (widths[0], widths[1], widths[2]), subsections)


def _integers(value: object) -> list[int]:
    if not isinstance(value, list) or not all(isinstance(item, int) and item >= 0 for item in value):
        raise InconsistentError("a cross-reference stream's dictionary is malformed")
    return value
