# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page count table: CSV after RFC 4180 but with line feeds, UTF-8, ``uri,bytes,etag,pages,error``."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple, TextIO

from .._errors import FarmError

COLUMNS = ("uri", "bytes", "etag", "pages", "error")
HEADER = ",".join(COLUMNS) + "\n"
READ_ERROR = "read_error"
# Keys are UTF-8 at AWS; a server that lets other bytes through gets them back unchanged.
_ENCODING = "utf-8"
_ENCODING_ERRORS = "surrogateescape"
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')
_QUOTE = ord('"')
_QUOTED = re.compile(rb'"((?:[^"]|"")*)"')


class CountRow(NamedTuple):
    """What is known of one document. A tuple, as a million of them are made in a third of a dataclass's time.

    Attributes:
        uri: ``s3://bucket/key``.
        bytes: the object's size, or ``None`` where sizes are left out.
        etag: of the object that was read, without quotes.
        pages: ``None`` where the document could not be counted.
        error: empty for a good document, else ``class: reason``. Only the class ``repaired`` comes
            with pages.
    """

    uri: str
    bytes: int | None
    etag: str
    pages: int | None
    error: str

    @property
    def error_class(self) -> str:
        """The error's class, empty for a good document."""
        return self.error.partition(":")[0]

    @property
    def is_settled(self) -> bool:
        """Whether the object itself was judged; a failed read says nothing about it."""
        return self.error_class != READ_ERROR


def encode_row(row: CountRow) -> bytes:
    """Return a row's line of the table."""
    uri, size, etag, pages, error = row
    text = f"{uri}{etag}{error}"
    # One look at all three: hardly any row needs quotes.
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        uri, etag, error = _quote(uri), _quote(etag), _quote(error)
    return encode_field(f"{uri},{_blank(size)},{etag},{_blank(pages)},{error}\n")


def encode_field(text: str) -> bytes:
    """Return the text as the table has it; quotes are the caller's."""
    return text.encode(_ENCODING, _ENCODING_ERRORS)


def decode_field(encoded: bytes) -> str:
    """Return what :func:`encode_field` encoded."""
    return encoded.decode(_ENCODING, _ENCODING_ERRORS)


def uri_of_row(line: bytes) -> bytes:
    """Return the encoded uri of a line that :func:`encode_row` returned."""
    if line[0] == _QUOTE:
        return _QUOTED.match(line)[1].replace(b'""', b'"')  # type: ignore[index]
    return line.partition(b",")[0]


def join_rows(lines: Iterable[bytes]) -> bytes:
    """Return the table of encoded rows, in the order given, header first."""
    return b"".join(itertools.chain((HEADER.encode(),), lines))


def write_table(rows: Iterable[CountRow]) -> bytes:
    """Return the table of ``rows``, in the order given, header first."""
    return join_rows(map(encode_row, rows))


def read_table(lines: Iterable[str]) -> Iterator[CountRow]:
    """Yield the rows of a table.

    Args:
        lines: the table's text with its line ends, as from :func:`table_lines`.

    Raises:
        FarmError: the header is another one, or a row is malformed; the message names the line.
    """
    reader = csv.reader(lines, strict=True)
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise FarmError(f"Not a page count table: its first line must be {HEADER.strip()!r}.")
        for fields in reader:
            yield _row(fields)
    except (csv.Error, ValueError) as error:
        raise FarmError(f"Malformed page count table, line {reader.line_num}: {error}.") from error


def table_lines(table: bytes | BinaryIO) -> TextIO:
    """Return the lines of an encoded table, line ends inside quotes kept as they are."""
    stream = io.BytesIO(table) if isinstance(table, bytes) else table
    return io.TextIOWrapper(stream, _ENCODING, _ENCODING_ERRORS, newline="")


def _row(fields: list[str]) -> CountRow:
    if len(fields) != len(COLUMNS):
        raise ValueError(f"{len(fields)} fields instead of {len(COLUMNS)}")
    uri, size, etag, pages, error = fields
    if not uri:
        raise ValueError("the uri is empty")
    if not pages and not error:
        raise ValueError(f"{uri} has neither pages nor an error")
    for column, text in (("bytes", size), ("pages", pages)):
        if text and not (text.isascii() and text.isdigit()):
            raise ValueError(f"{column} is {text!r}, not a whole number")
    return CountRow(uri, int(size) if size else None, etag, int(pages) if pages else None, error)


def _blank(number: int | None) -> str:
    return "" if number is None else str(number)


def _quote(field: str) -> str:
    # Not csv.writer: whether it quotes a carriage return depends on Python's version.
    return '"' + field.replace('"', '""') + '"' if _NEEDS_QUOTES.search(field) else field
