# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a file that was read so far; what is missing is asked for by yielding its range."""

from __future__ import annotations

import mmap
from bisect import bisect_right
from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from .errors import InconsistentError, TruncatedError
from .model import ByteRange

Buffer: TypeAlias = bytes | mmap.mmap
Parsed = TypeVar("Parsed")

MAX_RANGES = 32
MAX_BYTES = 16 << 20
_FIRST_GROWTH = 8 << 10


class PartialFile:
    """A file of which only some ranges are in memory.

    Its generators yield each :class:`ByteRange` that is missing and expect exactly its bytes to be
    sent in. No byte is asked for twice.

    Args:
        size: the file's size in bytes.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._starts: list[int] = []
        self._pieces: list[Buffer] = []
        self._ranges = 0
        self._read = 0

    @classmethod
    def whole(cls, content: Buffer) -> PartialFile:
        """Return a file that is all at hand."""
        file = cls(len(content))
        file._starts, file._pieces = [0], [content]
        return file

    @property
    def complete(self) -> bool:
        """Whether every byte is at hand."""
        return len(self._pieces) == 1 and len(self._pieces[0]) == self.size

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """What is at hand: from where up to where, in order."""
        return [(start, start + len(piece)) for start, piece in zip(self._starts, self._pieces, strict=True)]

    def held(self, offset: int) -> tuple[Buffer, int] | None:
        """Return the piece that has the byte at ``offset`` and where the piece starts; else None."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset - self._starts[index] >= len(self._pieces[index]):
            return None
        return self._pieces[index], self._starts[index]

    def next_held(self, offset: int) -> int:
        """Return where the first piece after ``offset`` starts, or the file's size."""
        index = bisect_right(self._starts, offset)
        return self._starts[index] if index < len(self._starts) else self.size

    def fetch(self, start: int, end: int) -> Generator[ByteRange, bytes, None]:
        """Make sure that the range, clipped to the file, is at hand.

        Asks for the rest of the file where most of it would have been read anyway.

        Raises:
            InconsistentError: it takes more ranges or bytes than a document may cost.
        """
        gaps = self._gaps(max(start, 0), min(end, self.size))
        wanted = sum(gap.length for gap in gaps)
        if gaps and self._read + wanted > self.size // 2:
            gaps = self._gaps(0, self.size)
            wanted = self.size - self._read
        if self._ranges + len(gaps) > MAX_RANGES or self._read + wanted > MAX_BYTES:
            raise InconsistentError("reading its structure takes too many requests")
        for gap in gaps:
            content = yield gap
            if len(content) != gap.length:
                raise InconsistentError("the file is shorter than its listed size")
            self._ranges += 1
            self._read += gap.length
            self._insert(gap.start, content)

    def parse(
        self, offset: int, parser: Callable[[Buffer, int], Parsed], ahead: int = _FIRST_GROWTH
    ) -> Generator[ByteRange, bytes, Parsed]:
        """Return what ``parser(buffer, position)`` makes of the bytes at ``offset``.

        Args:
            offset: where in the file to parse.
            parser: raises :class:`TruncatedError` for more bytes.
            ahead: how many bytes to fetch at first where the offset is not at hand.

        Raises:
            InconsistentError: the offset is not in the file, or the file ends too early.
        """
        if not 0 <= offset < self.size:
            raise InconsistentError(f"offset {offset} is outside the file")
        if self.held(offset) is None:
            yield from self.fetch(offset, offset + ahead)
        growth = _FIRST_GROWTH
        while True:
            piece = self.held(offset)
            if piece is None:
                raise InconsistentError(f"nothing was read at offset {offset}")
            buffer, start = piece
            try:
                return parser(buffer, offset - start)
            except TruncatedError as truncated:
                end = start + len(buffer)
                if end >= self.size:
                    raise InconsistentError(f"the file ends inside what starts at offset {offset}") from truncated
                yield from self.fetch(end, end + max(truncated.missing, growth))
                growth *= 4

    def _gaps(self, start: int, end: int) -> list[ByteRange]:
        gaps = []
        while start < end:
            piece = self.held(start)
            if piece is not None:
                start = piece[1] + len(piece[0])
                continue
            stop = min(self.next_held(start), end)
            gaps.append(ByteRange(start, stop))
            start = stop
        return gaps

    def _insert(self, start: int, content: bytes) -> None:
        index = bisect_right(self._starts, start)
        if index < len(self._starts) and self._starts[index] == start + len(content):
            content += self._pieces.pop(index)
            self._starts.pop(index)
        if index and self._starts[index - 1] + len(self._pieces[index - 1]) == start:
            index -= 1
            start = self._starts.pop(index)
            content = self._pieces.pop(index)[:] + content
        self._starts.insert(index, start)
        self._pieces.insert(index, content)
