# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a PDF's page count from its structure, with few reads and without any input or output.

The tail of a file leads to its newest cross-reference, that to the catalog, and that to the page tree.
What a linearized file says of itself in its head is not used: it is wrong after an update, and the page
tree must be read to check it.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from .cross_reference import CrossReference
from .document import PdfFile
from .errors import InconsistentError
from .model import ByteRange, PageCount, Unsettled
from .objects import Reference
from .page_tree import count_with_certainty
from .partial_file import Buffer, PartialFile

EMPTY = PageCount(None, "empty: 0 bytes")
ENCRYPTED = "encrypted"
NO_PAGES = PageCount(None, "no_pages: the page tree has no pages")

# Up to here one read of everything costs no more than two small ones.
_SMALL_BYTES = 64 << 10
# Chosen over the test corpus (tests/integration/test_pdf_corpus.py prints what they cost).
_TAIL_SHARE = 1 / 40
_TAIL_BYTES = (6 << 10, 64 << 10)
_HEAD_BYTES = 4 << 10
# Of junk behind the document, which some servers and scanners write.
_LONGEST_TAIL_BYTES = 1 << 20
_TAIL_GROWTH = 8
_OBJECT = re.compile(rb"\d[\x00\t\n\f\r ]++\d{1,5}[\x00\t\n\f\r ]++obj(?![a-z])")
_STARTXREF = re.compile(rb"startxref[\x00\t\n\f\r ]++(\d{1,12})(?!\d)")


def read_page_count(size: int) -> Generator[ByteRange, bytes, PageCount | Unsettled]:
    """Return the page count of a file of that size, if its structure makes it certain.

    Yields:
        Each range of the file that is needed; exactly its bytes must be sent in. No byte is asked for twice.

    Returns:
        The page count, or :class:`Unsettled` where only the whole file can tell.
    """
    if size <= 0:
        return EMPTY
    file = PartialFile(size)
    try:
        yield from _read_tail(file)
        document = yield from open_document(file)
        if document.cross_reference.encrypted:
            return Unsettled(ENCRYPTED)
        root = yield from find_page_tree(document)
        pages = yield from count_with_certainty(document, root)
        if document.cross_reference.encrypted:
            return Unsettled(ENCRYPTED)
    except InconsistentError as inconsistent:
        return Unsettled(str(inconsistent))
    return PageCount(pages, "") if pages else NO_PAGES


def tail_bytes(size: int) -> int:
    """Return how much of a file's tail to read first."""
    least, most = _TAIL_BYTES
    return min(max(int(size * _TAIL_SHARE), least), most)


def _read_tail(file: PartialFile) -> Generator[ByteRange, bytes, None]:
    """Read the file's tail, and what comes before where that is nothing but junk behind the document."""
    size = file.size
    length = size if size <= _SMALL_BYTES else tail_bytes(size)
    yield from file.fetch(size - length, size)
    while length < min(size, _LONGEST_TAIL_BYTES) and _find_startxref(_tail(file)) is None:
        length = min(length * _TAIL_GROWTH, _LONGEST_TAIL_BYTES)
        yield from file.fetch(size - length, size)


def open_document(file: PartialFile) -> Generator[ByteRange, bytes, PdfFile]:
    """Return the file's objects. The tail of the file must be at hand.

    Raises:
        InconsistentError: the tail does not lead to a cross-reference.
    """
    cross_reference = CrossReference(file, _newest_cross_reference(file), _HEAD_BYTES)
    yield from cross_reference.read_newest()
    return PdfFile(file, cross_reference)


def find_page_tree(document: PdfFile) -> Generator[ByteRange, bytes, Reference]:
    """Return the reference to the root of the page tree.

    Raises:
        InconsistentError: a link on the way to it is broken.
    """
    root = yield from document.resolve(document.cross_reference.trailer.get(b"Root"))
    catalog = yield from document.with_type(root)
    if not isinstance(catalog, dict) or catalog.get(b"Type") != b"Catalog":
        raise InconsistentError("the trailer does not lead to a catalog")
    pages = catalog.get(b"Pages")
    if not isinstance(pages, Reference):
        raise InconsistentError("the catalog does not lead to a page tree")
    return pages


def _newest_cross_reference(file: PartialFile) -> int:
    tail = _tail(file)
    match = _find_startxref(tail)
    if match is None:
        raise InconsistentError("no startxref in the file's tail")
    if _OBJECT.search(tail, match.end()):
        raise InconsistentError("objects follow the last startxref")
    return int(match[1])


def _tail(file: PartialFile) -> Buffer:
    piece = file.held(file.size - 1)
    if piece is None:
        raise InconsistentError("the file's tail was not read")
    return piece[0]


def _find_startxref(tail: Buffer) -> re.Match[bytes] | None:
    position = tail.rfind(b"startxref")
    return _STARTXREF.match(tail, position) if position >= 0 else None
