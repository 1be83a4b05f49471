# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count the pages of a page tree with certainty, from as few of its objects as that takes.

A node is believed when its ``/Count`` equals the sum over its kids (ISO 32000-1, 7.7.3). Kids are read,
and every node among them is checked in turn, unless a node has as many kids as its ``/Count`` says:
then they are taken for pages, provided that

- each is a reference of its own to an object that exists, at a place of its own,
- one kid of the root at least was read,
- none was put there by an update of the file,
- none of those whose bytes are at hand anyway is anything else than a page, and
- the file is not far too large for the few pages it says it has, as where a cover was put before a whole document
  and counted with it as two.

To deceive this, a writer must put a node among more than a few pages and leave its pages out of every ``/Count``
above, far from all bytes that are read. In a file that is all at hand every kid is read.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from .document import PdfFile
from .errors import InconsistentError, UnsupportedError
from .model import ByteRange
from .objects import PdfObject, Reference
from .section import Entry, Free, InFile, InStream

# As many pages as PDFium takes.
MAX_KIDS = 1 << 20
# Every kid of so few is read where they would be larger than nearly all pages are. Tuned over the test corpus: more
# pages, or smaller ones, take academic documents more requests than they may cost.
_FEW_PAGES = 8
_LARGE_PAGE_BYTES = 150_000


@dataclass(frozen=True)
class Node:
    """A node of the page tree: the pages it says are below it, and its kids."""

    declared: int
    kids: list[PdfObject]


def read_node(document: PdfFile, dictionary: PdfObject) -> Generator[ByteRange, bytes, Node]:
    """Return the node that an object of type ``/Pages`` describes.

    Raises:
        InconsistentError: it is none.
    """
    dictionary = yield from document.with_type(dictionary)
    if not isinstance(dictionary, dict) or dictionary.get(b"Type") != b"Pages":
        raise InconsistentError("a node of the page tree is not of type /Pages")
    declared = yield from document.resolve(dictionary.get(b"Count"))
    kids = yield from document.resolve(dictionary.get(b"Kids"))
    if isinstance(declared, bool) or not isinstance(declared, int) or declared < 0:
        raise InconsistentError("a node of the page tree has no proper /Count")
    if not isinstance(kids, list):
        raise InconsistentError("a node of the page tree has no /Kids")
    return Node(declared, kids)


def is_page(dictionary: PdfObject) -> bool:
    """Whether an object, see :meth:`PdfFile.with_type`, is a page: a dictionary of type ``/Page`` without kids."""
    return isinstance(dictionary, dict) and dictionary.get(b"Type") == b"Page" and b"Kids" not in dictionary


def count_with_certainty(document: PdfFile, root: Reference) -> Generator[ByteRange, bytes, int]:
    """Return the number of pages below the root of the page tree.

    Raises:
        InconsistentError: the tree contradicts itself, or is not certain without reading the whole file.
    """
    dictionary = yield from document.resolve(root)
    top = yield from read_node(document, dictionary)
    level = [top]
    sparse = top.declared <= _FEW_PAGES and document.size > top.declared * _LARGE_PAGE_BYTES
    seen = {root}
    total = 0
    while level:
        following: list[Node] = []
        for node in level:
            total += len(node.kids)
            if total > MAX_KIDS:
                raise UnsupportedError("the page tree is very large")
            following += yield from _check_kids(document, node, seen, is_root=node is top, read_all=sparse)
        level = following
    return top.declared


def _check_kids(
    document: PdfFile, node: Node, seen: set[Reference], *, is_root: bool, read_all: bool
) -> Generator[ByteRange, bytes, list[Node]]:
    if node.declared < len(node.kids) or (node.declared > 0 and not node.kids):
        raise InconsistentError(f"/Count says {node.declared}, but there are {len(node.kids)} kids")
    located = yield from _locate(document, node, seen)
    if read_all or node.declared != len(node.kids):
        to_read = list(located)
    else:
        at_hand = document.at_hand([entry for entry, _ in located.values()])
        to_read = [
            kid for (kid, (_, updated)), is_near in zip(located.items(), at_hand, strict=True) if updated or is_near
        ]
    if is_root and located and not to_read:
        to_read = [_cheapest(located)]
    nodes = yield from _read_kids(document, to_read, located)
    if nodes and len(to_read) < len(located):
        rest = [kid for kid in located if kid not in set(to_read)]
        nodes += yield from _read_kids(document, rest, located)
        to_read += rest
    pages = len(located) - len(nodes) + sum(kid.declared for kid in nodes)
    if pages != node.declared:
        raise InconsistentError(f"/Count says {node.declared}, but the kids have {pages} pages")
    return nodes


def _locate(
    document: PdfFile, node: Node, seen: set[Reference]
) -> Generator[ByteRange, bytes, dict[Reference, tuple[Entry, bool]]]:
    located: dict[Reference, tuple[Entry, bool]] = {}
    streams = set()
    for kid in node.kids:
        if not isinstance(kid, Reference):
            raise InconsistentError("a kid of the page tree is not a reference")
        if kid in seen:
            raise InconsistentError("a kid of the page tree is listed twice")
        seen.add(kid)
        # Most are found so, and a generator for each of a thesis's pages takes longer than the search.
        entry, updated = document.cross_reference.newest_entry(kid.number) or (yield from document.locate(kid))
        if isinstance(entry, Free):
            raise InconsistentError("a kid of the page tree does not exist")
        if isinstance(entry, InStream):
            streams.add(entry.stream)
        located[kid] = entry, updated
    for stream in streams:
        entry, _ = yield from document.locate(Reference(stream, 0))
        if not isinstance(entry, InFile):
            raise InconsistentError("a kid of the page tree is in an object stream that does not exist")
    if len({entry for entry, _ in located.values()}) < len(located):
        raise InconsistentError("two kids of the page tree are in one place")
    return located


def _cheapest(located: dict[Reference, tuple[Entry, bool]]) -> Reference:
    """Return a kid that can be read without reading an object stream, if there is one."""
    in_file = [kid for kid, (entry, _) in located.items() if isinstance(entry, InFile)]
    return in_file[-1] if in_file else next(reversed(located))


def _read_kids(
    document: PdfFile, kids: list[Reference], located: dict[Reference, tuple[Entry, bool]]
) -> Generator[ByteRange, bytes, list[Node]]:
    """Return the nodes among the kids; the others are pages."""
    yield from document.fetch_together([located[kid][0] for kid in kids])
    nodes = []
    for kid in kids:
        dictionary = yield from document.resolve(kid)
        if is_page(dictionary):
            continue
        # A type of its own takes another generator, which is too long for each of a thesis's pages.
        dictionary = yield from document.with_type(dictionary)
        if not is_page(dictionary):
            nodes.append((yield from read_node(document, dictionary)))
    return nodes
