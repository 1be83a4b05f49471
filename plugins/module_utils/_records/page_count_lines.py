# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page count table's encoded lines, many at a time: ten million rows are too many to make a tuple of each."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, NamedTuple

from .._errors import FarmError
from .page_counts import HEADER, CountRow, decode_field, encode_field, encode_row, read_table, table_lines, uri_of_row

# A row that encode_row made and that needed no quotes.
_PLAIN = re.compile(
    rb'^([^,"\r\n]++),(?:0|[1-9]\d*+|),[^,"\r\n]*+,(?:(0|[1-9]\d*+),[^,"\r\n]*+|,[^,"\r\n]++)\n', re.MULTILINE
)

# The fields of any row whose fields have no quotes; pages and error are not both empty.
_FIELDS = re.compile(
    rb'^([^,"\r\n]++),(0|[1-9]\d*+|),([^,"\r\n]*+),(?:(0|[1-9]\d*+)|(?=,[^,\n])),([^,"\r\n]*+)\n', re.MULTILINE
)
_QUOTE = ord('"')

# A row's uri, bytes, etag, pages and error as a table has them, without quotes; numbers in digits.
RowFields = tuple[bytes, bytes, bytes, bytes, bytes]


class Block(NamedTuple):
    """Rows that follow each other in a table.

    Attributes:
        uris: each row's, encoded but without quotes.
        lines: each row's, as :func:`encode_row` made it.
        pages: of all rows together.
        errors: rows without pages.
    """

    uris: Sequence[bytes]
    lines: Sequence[bytes]
    pages: int
    errors: int


def read_block(encoded: bytes) -> Block | None:
    """Return the rows of some lines; ``None`` where these are not what :func:`encode_row` makes of them."""
    try:
        lines = split_lines(encoded)
        quoted = [line for line in lines if b'"' in line]
        rows = rows_of_lines(quoted)
    except FarmError:
        return None
    plain = _PLAIN.findall(b"".join(line for line in lines if b'"' not in line) if quoted else encoded)
    if list(map(encode_row, rows)) != quoted or len(plain) + len(quoted) != len(lines) or b"".join(lines) != encoded:
        return None
    pages = [pages for _uri, pages in plain]
    return Block(
        list(map(uri_of_row, lines)) if quoted else [uri for uri, _pages in plain],
        lines,
        sum(map(int, filter(None, pages))) + sum(row.pages or 0 for row in rows),
        pages.count(b"") + sum(row.pages is None for row in rows),
    )


def count_pages(lines: Sequence[bytes]) -> tuple[int, int]:
    """Return the pages of all rows that :func:`encode_row` made together, and how many have none."""
    # Only where an error has a comma does another field stand in the place of the pages.
    fields = [line.rsplit(b",", 2)[1] if line[-2] != _QUOTE else _pages(line) for line in lines]
    return sum(map(int, filter(None, fields))), fields.count(b"")


def _pages(line: bytes) -> bytes:
    (row,) = rows_of_lines([line])
    return b"" if row.pages is None else b"%d" % row.pages


def split_lines(encoded: bytes) -> Sequence[bytes]:
    """Return the line of each row that :func:`encode_row` made.

    Raises:
        FarmError: they are none.
    """
    lines = io.BytesIO(encoded).readlines()
    if b'"' in encoded and any(line.count(b'"') % 2 for line in lines):
        # A line feed within quotes: hardly ever.
        return list(map(encode_row, rows_of_lines([encoded])))
    return lines


def fields_of(encoded: bytes) -> list[RowFields]:
    """Return the fields of some lines of a table, in their order.

    Raises:
        FarmError: a line is malformed.
    """
    fields: list[RowFields] = _FIELDS.findall(encoded)
    if len(fields) == encoded.count(b"\n") and encoded.endswith(b"\n"):
        return fields
    fields = []
    for line in split_lines(encoded):
        fields += _FIELDS.findall(line) or map(_fields, rows_of_lines([line]))
    return fields


def _fields(row: CountRow) -> RowFields:
    uri, size, etag, pages, error = row
    return encode_field(uri), _digits(size), encode_field(etag), _digits(pages), encode_field(error)


def _digits(number: int | None) -> bytes:
    return b"" if number is None else b"%d" % number


def row_of(fields: RowFields) -> CountRow:
    """Return the row that has these fields."""
    uri, size, etag, pages, error = fields
    return CountRow(
        decode_field(uri),
        int(size) if size else None,
        decode_field(etag),
        int(pages) if pages else None,
        decode_field(error),
    )


def rows_of_lines(lines: Iterable[bytes]) -> list[CountRow]:
    """Return the rows of encoded lines.

    Raises:
        FarmError: a line is malformed.
    """
    return list(read_table(table_lines(b"".join(chain((HEADER.encode(),), lines)))))


def blocks_of(lines: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield what is left of a table in pieces of about ``size`` bytes that end where rows do."""
    rest = b""
    while step := lines.read(size):
        piece = rest + step
        end = piece.rfind(b"\n") + 1
        # A line feed behind an odd number of quotes is part of a field.
        while piece.count(b'"', 0, end) % 2:
            end = piece.rfind(b"\n", 0, end - 1) + 1
        if end:
            yield piece[:end]
        rest = piece[end:]
    if rest:
        yield rest
