# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find an object through the file's chain of cross-reference sections, newest first.

Older sections are read only where the newer ones do not know an object.
"""

from __future__ import annotations

from collections.abc import Generator

from .errors import InconsistentError, UnsupportedError
from .model import ByteRange
from .objects import PdfDict
from .partial_file import PartialFile
from .section import Entry, Free, Section, parse_section

_MAX_SECTIONS = 512
# A section this near to bytes at hand is read with all that lies between: most likely it is the rest of it.
_NEAR_BYTES = 64 << 10
_FIRST_BYTES = 2048


class CrossReference:
    """Where the objects of a file are.

    Args:
        file: the file.
        start: offset of the newest section, as ``startxref`` says.
        head_bytes: how much of the file's head to read where the newest section is there, as in linearized files.
    """

    def __init__(self, file: PartialFile, start: int, head_bytes: int) -> None:
        self._file = file
        self._head_bytes = head_bytes
        self._sections: list[Section] = []
        self._seen: set[int] = set()
        self._pending: list[int] = [start]

    @classmethod
    def of_section(cls, file: PartialFile, section: Section) -> CrossReference:
        """Return a cross-reference that is that one section."""
        cross_reference = cls(file, 0, 0)
        cross_reference._pending, cross_reference._sections = [], [section]
        return cross_reference

    @property
    def trailer(self) -> PdfDict:
        """The newest section's trailer dictionary; at least one section must have been read."""
        return self._sections[0].trailer

    @property
    def encrypted(self) -> bool:
        """Whether any section read so far says that the file is encrypted."""
        return any(b"Encrypt" in section.trailer for section in self._sections)

    def read_newest(self) -> Generator[ByteRange, bytes, None]:
        """Read the newest section.

        Raises:
            InconsistentError: it is not where it should be, or malformed.
        """
        yield from self._read_next()

    def newest_entry(self, number: int) -> tuple[Entry, bool] | None:
        """Return what :meth:`entry` would where the newest section alone says that there is such an object."""
        newest = self._sections[0]
        entry = newest.entry(number)
        return None if entry is None or isinstance(entry, Free) else (entry, b"Prev" in newest.trailer)

    def entry(self, number: int) -> Generator[ByteRange, bytes, tuple[Entry, bool]]:
        """Return where an object is, and whether an update may have put it there.

        Raises:
            InconsistentError: a section is malformed or the chain of sections is a loop.
        """
        hidden = False
        index = 0
        while True:
            while index >= len(self._sections):
                if not self._pending:
                    return Free(), False
                yield from self._read_next()
            section = self._sections[index]
            entry = section.entry(number)
            # In a hybrid file a number that the table calls free may be in the stream beside it (7.5.8.4).
            if isinstance(entry, Free) and b"XRefStm" in section.trailer and not hidden:
                hidden = True
            elif entry is not None:
                return entry, b"Prev" in section.trailer
            elif hidden:
                return Free(), False
            index += 1

    def end_of_object(self, offset: int) -> int:
        """Return where the next known object starts: an object at ``offset`` ends before."""
        following = (section.next_offset(offset) for section in self._sections)
        return min((other for other in following if other is not None), default=self._file.size)

    def _read_next(self) -> Generator[ByteRange, bytes, None]:
        offset = self._pending.pop()
        if offset in self._seen:
            raise InconsistentError("the chain of cross-references is a loop")
        if len(self._seen) >= _MAX_SECTIONS:
            raise UnsupportedError("the file has very many updates")
        self._seen.add(offset)
        yield from self._fetch_near(offset)
        section = yield from self._file.parse(offset, parse_section, _FIRST_BYTES)
        self._sections.append(section)
        # The stream beside a table comes before what is older.
        for key in (b"Prev", b"XRefStm"):
            if key in section.trailer:
                self._pending.append(_offset(section.trailer, key))

    def _fetch_near(self, offset: int) -> Generator[ByteRange, bytes, None]:
        if not 0 < offset < self._file.size or self._file.held(offset) is not None:
            return
        if offset < self._head_bytes:
            yield from self._file.fetch(0, self._head_bytes)
        elif self._file.next_held(offset) - offset <= _NEAR_BYTES:
            yield from self._file.fetch(offset, self._file.next_held(offset))


def _offset(trailer: PdfDict, key: bytes) -> int:
    value = trailer[key]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        raise InconsistentError(f"the trailer's /{key.decode()} is not a number")
    return value
