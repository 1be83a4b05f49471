# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rebuild a file's cross-reference by looking for its objects, as every PDF viewer does for a broken one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from .embedded import Embedded, FoundObject, find_embedded, parse_at
from .errors import InconsistentError, TruncatedError, UnsupportedError
from .filters import decode_stream
from .objects import IndirectObject, PdfDict, Reference, parse_object
from .partial_file import Buffer
from .section import Entry, InFile, InStream

# Patterns of a whole file begin with a fixed text, which is looked for at the speed of memory; digits or a look behind
# would be tried at every byte of every image.
_OBJECT = re.compile(rb"obj(?![a-z])")
_OBJECT_NUMBERS = re.compile(rb"(?<!\d)(\d{1,10})[\x00\t\n\f\r ]++(\d{1,5})[\x00\t\n\f\r ]++\Z")
_OBJECT_NUMBERS_BYTES = 256
_OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z])")
_CROSS_REFERENCE_STREAM = re.compile(rb"/XRef(?![A-Za-z])")
_CATALOG = re.compile(rb"/Type[\x00\t\n\f\r ]*+/Catalog(?![A-Za-z])")
_TRAILER = re.compile(rb"trailer[\x00\t\n\f\r ]*+(?=<<)")
_NUMBERS = re.compile(rb"\d{1,10}")
_ENDSTREAM = re.compile(rb"endstream")


@dataclass
class ScannedSection:
    """The entries that were found; of several objects with one number the last in the file counts."""

    trailer: PdfDict
    entries: dict[int, Entry] = field(default_factory=dict)

    def entry(self, number: int) -> Entry | None:
        """Return where the object with that number is; None where there is none."""
        return self.entries.get(number)

    def next_offset(self, offset: int) -> int | None:
        """Return where the first object behind ``offset`` starts; None where there is none."""
        offsets = (entry.offset for entry in self.entries.values() if isinstance(entry, InFile))
        return min((other for other in offsets if other > offset), default=None)


def scan_section(content: Buffer) -> ScannedSection:
    """Return the cross-reference of the objects that are in a whole file.

    Raises:
        UnsupportedError: the file is encrypted.
        InconsistentError: no catalog was found.
    """
    everything = list(_find_objects(content))
    embedded = find_embedded(content, everything)
    found = [each for each in everything if not embedded.has(each[0])]
    starts = [start for start, _, _ in found]
    section = ScannedSection({})
    for start, number, generation in found:
        section.entries[number] = InFile(start, generation)
    for match in embedded.outside(_OBJECT_STREAM, content):
        index = bisect_right(starts, match.start()) - 1
        if index >= 0:
            _add_object_stream(content, section, *found[index][:2])
    section.trailer = _find_trailer(content, found, embedded)
    return section


def _find_objects(content: Buffer) -> Iterator[FoundObject]:
    """Yield where each object starts, its number and its generation."""
    for keyword in _OBJECT.finditer(content):
        start = max(0, keyword.start() - _OBJECT_NUMBERS_BYTES)
        numbers = _OBJECT_NUMBERS.search(content[start : keyword.start()])
        if numbers:
            yield FoundObject(start + numbers.start(), int(numbers[1]), int(numbers[2]))


def _add_object_stream(content: Buffer, section: ScannedSection, start: int, number: int) -> None:
    stream = parse_at(content, start)
    if section.entries[number] != InFile(start, 0) or stream is None or stream.stream_start is None:
        return
    end = _ENDSTREAM.search(content, stream.stream_start)
    first = stream.value.get(b"First") if isinstance(stream.value, dict) else None
    if end is None or not isinstance(stream.value, dict) or not isinstance(first, int):
        return
    try:
        decoded = decode_stream(stream.value, content[stream.stream_start : end.start()])
    except InconsistentError:
        # Its objects cannot be had: a kid among them will be missed, and that is noticed.
        return
    for index, compressed in enumerate(_NUMBERS.findall(decoded[: max(first, 0)])[::2]):
        known = section.entries.get(int(compressed))
        if not isinstance(known, InFile) or known.offset < start:
            section.entries[int(compressed)] = InStream(number, index)


def _find_trailer(content: Buffer, found: list[FoundObject], embedded: Embedded) -> PdfDict:
    keywords = (match for match in embedded.outside(_TRAILER, content) if not _in_word(content, match))
    trailers = [_parse_trailer(content, match.end()) for match in keywords]
    references = embedded.outside(_CROSS_REFERENCE_STREAM, content)
    streams = [stream.value for stream in _owners(content, found, references)]
    candidates = [candidate for candidate in [*streams, *trailers] if isinstance(candidate, dict)]
    if any(b"Encrypt" in candidate for candidate in candidates):
        raise UnsupportedError("encrypted, with a broken cross-reference")
    for candidate in reversed(candidates):
        if isinstance(candidate.get(b"Root"), Reference):
            return {b"Root": candidate[b"Root"]}
    catalogs = list(_owners(content, found, embedded.outside(_CATALOG, content)))
    if not catalogs:
        raise InconsistentError("no catalog in the file")
    return {b"Root": Reference(catalogs[-1].number, catalogs[-1].generation)}


def _in_word(content: Buffer, keyword: re.Match[bytes]) -> bool:
    return content[max(0, keyword.start() - 1) : keyword.start()].isalpha()


def _parse_trailer(content: Buffer, position: int) -> PdfDict | None:
    try:
        trailer, _ = parse_object(content, position)
    except (InconsistentError, TruncatedError):
        return None
    return trailer if isinstance(trailer, dict) else None


def _owners(content: Buffer, found: list[FoundObject], matches: Iterator[re.Match[bytes]]) -> Iterator[IndirectObject]:
    """Yield the objects in which the matches are."""
    for match in matches:
        index = bisect_right(found, (match.start(), 0, 0)) - 1
        if index >= 0 and (owner := parse_at(content, found[index][0])):
            yield owner
