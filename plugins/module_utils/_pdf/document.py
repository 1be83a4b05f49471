# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load the objects of a file by their reference."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from functools import partial

from .cross_reference import CrossReference
from .errors import InconsistentError, TruncatedError, UnsupportedError
from .filters import decode_stream
from .model import ByteRange
from .objects import IndirectObject, PdfDict, PdfObject, Reference, parse_indirect_object, parse_object, stream_bytes
from .partial_file import Buffer, PartialFile
from .section import Entry, InFile, InStream

_MAX_INDIRECTIONS = 8
# Of an object whose end is unknown or far; a node with a thousand kids is shorter.
_AHEAD_BYTES = 16 << 10
# The nodes of a page tree are often written one after the other, or between what is on their pages. Chosen on one half
# of the test corpus and measured on the other (benchmarks/README.md).
_AROUND_SHARE = 1 / 64
_AROUND_BYTES = (1536, 16 << 10)
_BRIDGED_BYTES = 1536
_NUMBERS = re.compile(rb"\d{1,10}")
_MAX_DECODED_BYTES = 64 << 20
# In a process of its own.
_MAX_DECODED_OF_WHOLE_FILE = 1 << 30


class ObjectStream:
    """A decoded object stream (ISO 32000-1, 7.5.7)."""

    def __init__(self, dictionary: PdfDict, content: bytes) -> None:
        count, first = dictionary.get(b"N"), dictionary.get(b"First")
        if not isinstance(count, int) or not isinstance(first, int):
            raise InconsistentError("a compressed object is not in an object stream")
        header = [int(digits) for digits in _NUMBERS.findall(content[: max(first, 0)])]
        if len(header) < 2 * count:
            raise InconsistentError("an object stream has fewer objects than it says")
        self._numbers, self._offsets = header[: 2 * count : 2], header[1 : 2 * count : 2]
        self._first = first
        # So that no object touches the end: what is cut short shows as such.
        self._content = content + b" endobj "

    def get(self, number: int, index: int) -> PdfObject:
        """Return the object with that number, which must be the ``index``-th.

        Raises:
            InconsistentError: another object is there, or none.
        """
        if index >= len(self._numbers) or self._numbers[index] != number:
            raise InconsistentError("a compressed object is not where the cross-reference says")
        try:
            return parse_object(self._content, self._first + self._offsets[index])[0]
        except TruncatedError as truncated:
            raise InconsistentError("a compressed object is cut short") from truncated


class PdfFile:
    """The objects of a file.

    Args:
        file: the file.
        cross_reference: where its objects are.
    """

    def __init__(self, file: PartialFile, cross_reference: CrossReference) -> None:
        self.cross_reference = cross_reference
        self._file = file
        self._streams: dict[int, ObjectStream] = {}
        self._decoded = 0

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return self._file.size

    def resolve(self, value: PdfObject) -> Generator[ByteRange, bytes, PdfObject]:
        """Return the value, or the object it refers to; None for one that does not exist.

        Raises:
            InconsistentError: another object is there, or it is malformed.
        """
        for _ in range(_MAX_INDIRECTIONS):
            if not isinstance(value, Reference):
                return value
            value = yield from self._load(value)
        raise InconsistentError("references lead in a circle")

    def with_type(self, value: PdfObject) -> Generator[ByteRange, bytes, PdfObject]:
        """Return a dictionary with the type itself where its ``/Type`` is a reference; anything else as it is.

        Raises:
            InconsistentError: see :meth:`resolve`.
        """
        if isinstance(value, dict) and isinstance(value.get(b"Type"), Reference):
            return {**value, b"Type": (yield from self.resolve(value[b"Type"]))}
        return value

    def locate(self, reference: Reference) -> Generator[ByteRange, bytes, tuple[Entry, bool]]:
        """Return an object's entry, and whether an update may have put it there."""
        return (yield from self.cross_reference.entry(reference.number))

    def at_hand(self, entries: Iterable[Entry]) -> list[bool]:
        """Whether each of the objects can be loaded without reading more than perhaps its last bytes."""
        ranges, streams = self._file.ranges, self._streams
        complete = self._file.complete
        found = []
        # A thesis has a hundred pages and more, and of its file two or three ranges are at hand.
        for entry in entries:
            if isinstance(entry, InFile):
                offset = entry.offset
                for start, end in ranges:
                    if start <= offset < end:
                        found.append(True)
                        break
                else:
                    found.append(False)
            else:
                found.append(isinstance(entry, InStream) and (complete or entry.stream in streams))
        return found

    def fetch_together(self, entries: Sequence[Entry]) -> Generator[ByteRange, bytes, None]:
        """Read what is missing of several objects, neighbours in one range.

        Raises:
            InconsistentError: it takes too many requests.
        """
        start = end = 0
        for offset in sorted(entry.offset for entry in entries if isinstance(entry, InFile)):
            if self._file.held(offset) is not None:
                continue
            stop = min(self.cross_reference.end_of_object(offset), offset + _AHEAD_BYTES)
            if end and offset - end > _BRIDGED_BYTES:
                yield from self._file.fetch(start, end)
                start = end = 0
            start, end = (start if end else offset), stop
        if end:
            yield from self._file.fetch(start, end)

    def _load(self, reference: Reference) -> Generator[ByteRange, bytes, PdfObject]:
        entry, _ = yield from self.cross_reference.entry(reference.number)
        if isinstance(entry, InFile):
            if entry.generation != reference.generation:
                raise InconsistentError(f"object {reference.number} has another generation than its reference")
            return (yield from self._read(reference.number, entry.offset)).value
        if isinstance(entry, InStream):
            stream = yield from self._object_stream(entry.stream)
            return stream.get(reference.number, entry.position)
        return None

    def _read(self, number: int, offset: int) -> Generator[ByteRange, bytes, IndirectObject]:
        if self._file.held(offset) is None:
            end = self.cross_reference.end_of_object(offset)
            ahead = min(end, offset + _AHEAD_BYTES)
            least, most = _AROUND_BYTES
            around = min(max(least, int(self._file.size * _AROUND_SHARE)), most)
            yield from self._file.fetch(offset - around, ahead + around)
        found = yield from self._file.parse(offset, parse_indirect_object)
        if found.number != number:
            raise InconsistentError(f"object {found.number} is where object {number} should be")
        return found

    def _object_stream(self, number: int) -> Generator[ByteRange, bytes, ObjectStream]:
        if number in self._streams:
            return self._streams[number]
        entry, _ = yield from self.cross_reference.entry(number)
        if not isinstance(entry, InFile):
            raise InconsistentError("an object stream is not in the file")
        if self._file.held(entry.offset) is None:
            end = self.cross_reference.end_of_object(entry.offset)
            yield from self._file.fetch(entry.offset, end)
        found = yield from self._file.parse(entry.offset, parse_indirect_object)
        if found.number != number or not isinstance(found.value, dict) or found.stream_start is None:
            raise InconsistentError(f"object stream {number} is not where the cross-reference says")
        length = yield from self.resolve(found.value.get(b"Length"))
        if not isinstance(length, int) or length < 0:
            raise InconsistentError("an object stream has no length")
        raw = yield from self._file.parse(entry.offset, partial(_stream_bytes, length=length))
        content = decode_stream(found.value, raw)
        self._decoded += len(content)
        if self._decoded > (_MAX_DECODED_OF_WHOLE_FILE if self._file.complete else _MAX_DECODED_BYTES):
            raise UnsupportedError("object streams decode to very much")
        self._streams[number] = ObjectStream(found.value, content)
        return self._streams[number]


def _stream_bytes(buffer: Buffer, position: int, length: int) -> bytes:
    start = parse_indirect_object(buffer, position).stream_start
    if start is None:
        raise InconsistentError("a stream has no bytes")
    return stream_bytes(buffer, start, length)
