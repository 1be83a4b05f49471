# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the few kinds of PDF objects that lead to the page tree (ISO 32000-1, 7.3).

Numbers are ``int`` or ``float``, names :class:`Name`, references :class:`Reference`; arrays are lists
and dictionaries ``dict[bytes, PdfObject]`` with keys without their slash. The text of strings is of
no use here: every string is ``b""``.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from .errors import InconsistentError, TruncatedError
from .partial_file import Buffer


class Name(bytes):
    """A PDF name, without its slash."""


class Reference(NamedTuple):
    """``number generation R``."""

    number: int
    generation: int


class IndirectObject(NamedTuple):
    """``number generation obj`` with its value; ``stream_start`` is None where no stream follows.

    ``stream_start`` counts from the start of the parsed buffer.
    """

    number: int
    generation: int
    value: PdfObject
    stream_start: int | None


PdfDict: TypeAlias = dict[bytes, "PdfObject"]
PdfObject: TypeAlias = bool | int | float | bytes | Name | Reference | list["PdfObject"] | PdfDict | None

_MAX_DEPTH = 64
_MAX_TOKENS = 500_000

_SPACE = rb"(?:[\x00\t\n\f\r ]++|%[^\r\n]*+)*+"
_REGULAR = rb"[^\x00\t\n\f\r ()<>\[\]{}/%]"
_TOKEN = re.compile(
    _SPACE + rb"(?:(?P<reference>(\d{1,10})[\x00\t\n\f\r ]++(\d{1,5})[\x00\t\n\f\r ]++R(?!" + _REGULAR + rb"))"
    rb"|/(?P<name>" + _REGULAR + rb"*+)"
    rb"|(?P<number>[+-]?\d{1,20}+(?!" + _REGULAR + rb"))"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<real>[+-]?\d*+\.\d*+)"
    rb"|(?P<string>\()|(?P<hex><[0-9A-Fa-f\x00\t\n\f\r ]*+>)"
    rb"|(?P<word>true|false|null)(?!" + _REGULAR + rb"))"
)
_REFERENCE = re.compile(rb"(\d{1,10})[\x00\t\n\f\r ]++(\d{1,5})[\x00\t\n\f\r ]++R")
_REFERENCE_ARRAY = re.compile(
    rb"\[(?:[\x00\t\n\f\r ]*+\d{1,10}[\x00\t\n\f\r ]++\d{1,5}[\x00\t\n\f\r ]++R(?!" + _REGULAR + rb"))++"
    rb"[\x00\t\n\f\r ]*+\]"
)
_HEADER = re.compile(_SPACE + rb"(\d{1,10})[\x00\t\n\f\r ]++(\d{1,5})[\x00\t\n\f\r ]++obj")
_STREAM = re.compile(_SPACE + rb"(?:stream(?:\r\n|\n|\r)|(endobj|endstream|xref|startxref|trailer|\d))")
_LEADING_SPACE = re.compile(_SPACE)
_ANY_TOKEN = re.compile(rb"/?" + _REGULAR + rb"++|<[^>]*+|.", re.DOTALL)
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STRING_PARTS = re.compile(rb"[^()\\]++|\\.|[()]", re.DOTALL)
_ENDSTREAM = b"endstream"
_WORDS: dict[bytes, bool | None] = {b"true": True, b"false": False, b"null": None}
# The longest a token is seen to need: below that, an unknown one may be a known one cut short.
_LONGEST_FIXED_TOKEN = 64


def parse_object(buffer: Buffer, position: int) -> tuple[PdfObject, int]:
    """Return the object at ``position`` and where it ends.

    Raises:
        TruncatedError: the buffer ends before the object does.
        InconsistentError: it is no PDF object, or larger than any that leads to a page tree.
    """
    open_arrays: list[list[PdfObject]] = []
    openers: list[bytes] = []
    size = len(buffer)
    for _ in range(_MAX_TOKENS):
        match = _TOKEN.match(buffer, position)
        # A token that touches the end may go on behind it.
        if match is None or match.end() >= size:
            _raise_truncated_near_end(buffer, position)
            raise InconsistentError("not a PDF object")
        position = match.end()
        kind = match.lastgroup
        value: PdfObject
        if kind == "open" and (found := _references(buffer, match)):
            value, position = found
        elif kind == "open":
            if len(openers) >= _MAX_DEPTH:
                raise InconsistentError("objects are nested too deeply")
            openers.append(match["open"])
            open_arrays.append([])
            continue
        elif kind == "close":
            if not openers or (openers[-1] == b"[") != (match["close"] == b"]"):
                raise InconsistentError("unbalanced brackets in an object")
            items = open_arrays.pop()
            value = items if openers.pop() == b"[" else _dictionary(items)
        elif kind == "string":
            value, position = b"", _end_of_string(buffer, position)
        else:
            value = _scalar(match)
        if not open_arrays:
            return value, position
        open_arrays[-1].append(value)
    raise InconsistentError("an object is too large")


def parse_indirect_object(buffer: Buffer, position: int) -> IndirectObject:
    """Return the indirect object whose ``number generation obj`` is at ``position``.

    Raises:
        TruncatedError: the buffer ends before the object does.
        InconsistentError: no indirect object is there.
    """
    header = _HEADER.match(buffer, position)
    if header is None:
        _raise_truncated_near_end(buffer, position)
        raise InconsistentError("no object is where the cross-reference says")
    value, end = parse_object(buffer, header.end())
    stream = _STREAM.match(buffer, end)
    if stream is None or stream.end() >= len(buffer):
        _raise_truncated_near_end(buffer, end)
        raise InconsistentError("an object does not end")
    start = None if stream[1] else stream.end()
    return IndirectObject(int(header[1]), int(header[2]), value, start)


def stream_bytes(buffer: Buffer, start: int, length: int) -> bytes:
    """Return the ``length`` raw bytes of the stream that starts at ``start``.

    Raises:
        TruncatedError: the buffer ends before the stream does.
        InconsistentError: the stream does not end there.
    """
    end = start + length
    stop = end + len(_ENDSTREAM) + 2
    if stop > len(buffer):
        raise TruncatedError(stop - len(buffer))
    if not buffer[end:stop].lstrip(b"\r\n").startswith(_ENDSTREAM):
        raise InconsistentError("a stream is not as long as it says")
    return buffer[start:end]


def _raise_truncated_near_end(buffer: Buffer, position: int) -> None:
    space = _LEADING_SPACE.match(buffer, position)
    start = space.end() if space else position
    token = _ANY_TOKEN.match(buffer, start)
    if token is None or token.end() >= len(buffer) or len(buffer) - start < _LONGEST_FIXED_TOKEN:
        raise TruncatedError


def _references(buffer: Buffer, opener: re.Match[bytes]) -> tuple[list[PdfObject], int] | None:
    """Return an array that has nothing but references, as the kids of a page tree do, and where it ends.

    Does in one step what token by token takes most of the time of a document with many pages.
    """
    array = _REFERENCE_ARRAY.match(buffer, opener.start("open"))
    if array is None or array.end() >= len(buffer):
        return None
    pairs = _REFERENCE.findall(buffer, array.start(), array.end())
    # Not Reference(...), a call of Python for each page of a thesis.
    return [tuple.__new__(Reference, (int(number), int(generation))) for number, generation in pairs], array.end()


def _scalar(match: re.Match[bytes]) -> PdfObject:
    kind = match.lastgroup
    if kind == "reference":
        return Reference(int(match[2]), int(match[3]))
    if kind == "name":
        name = match["name"]
        return Name(_NAME_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), name) if b"#" in name else name)
    if kind == "number":
        return int(match["number"])
    if kind == "real":
        text = match["real"]
        return float(text) if any(48 <= byte <= 57 for byte in text) else 0.0
    return _WORDS[match["word"]] if kind == "word" else b""


def _dictionary(items: list[PdfObject]) -> PdfDict:
    if len(items) % 2:
        raise InconsistentError("a dictionary has a key without a value")
    result: PdfDict = {}
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, Name):
            raise InconsistentError("a dictionary's key is not a name")
        if result.setdefault(bytes(key), value) != value:
            raise InconsistentError(f"a dictionary has two /{key.decode('latin-1')}")
    return result


def _end_of_string(buffer: Buffer, position: int) -> int:
    depth = 1
    for part, _ in zip(_STRING_PARTS.finditer(buffer, position), range(_MAX_TOKENS), strict=False):
        text = part[0]
        if text == b"(":
            depth += 1
        elif text == b")":
            depth -= 1
            if not depth:
                if part.end() >= len(buffer):
                    raise TruncatedError
                return part.end()
    raise TruncatedError
