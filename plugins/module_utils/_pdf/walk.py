# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count pages by visiting every kid of the page tree, whatever the tree says, in a file that is all at hand."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeVar

from .cross_reference import CrossReference
from .document import PdfFile
from .errors import InconsistentError, UnsupportedError
from .model import ByteRange
from .objects import PdfDict, PdfObject, Reference
from .page_tree import MAX_KIDS, is_page
from .partial_file import Buffer, PartialFile
from .scan import scan_section
from .structure import find_page_tree, open_document

_MAX_DEPTH = 200
# What makes a dictionary without a type a page (ISO 32000-1, table 30).
_PAGE_KEYS = (b"Contents", b"MediaBox", b"Resources", b"Parent")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Walk:
    """What a walk found.

    Attributes:
        pages: the pages that were found.
        flaw: what is wrong with the file, if anything; empty where all is well.
        open_kids: listed kids that could not be read, or do not say what they are: each may be a page or many.
    """

    pages: int
    flaw: str
    open_kids: int = 0


def walk_file(content: Buffer) -> Walk:
    """Return the pages of a file, its cross-reference rebuilt if need be.

    Raises:
        UnsupportedError: its page tree is encrypted or coded in a way that only an engine reads.
        InconsistentError: no page tree can be found.
    """
    header = content.find(b"%PDF-", 0, 1024)
    # Offsets count from the file's start or, behind leading garbage, from its header.
    candidates = [content] if header <= 0 else [content, content[header:]]
    for candidate in candidates:
        try:
            return _walk_by_cross_reference(PartialFile.whole(candidate), partial(_rebuilt, content))
        except UnsupportedError:
            raise
        except InconsistentError as inconsistent:
            broken = inconsistent
    walk = _walk_document(_rebuilt(content))
    return replace(walk, flaw=f"cross-reference rebuilt ({broken}){', ' if walk.flaw else ''}{walk.flaw}")


def _rebuilt(content: Buffer) -> PdfFile:
    file = PartialFile.whole(content)
    return PdfFile(file, CrossReference.of_section(file, scan_section(content)))


def _walk_by_cross_reference(file: PartialFile, rebuild: Callable[[], PdfFile]) -> Walk:
    document = finish(open_document(file))
    try:
        walk = _walk_document(document, rebuild)
    except InconsistentError as inconsistent:
        if document.cross_reference.encrypted:
            raise UnsupportedError("encrypted object streams") from inconsistent
        raise
    if walk.flaw and document.cross_reference.encrypted:
        raise UnsupportedError("encrypted object streams")
    return walk


def _walk_document(document: PdfFile, rebuild: Callable[[], PdfFile] | None = None) -> Walk:
    root = finish(find_page_tree(document))
    top = finish(document.with_type(finish(document.resolve(root))))
    if not isinstance(top, dict) or (b"Kids" not in top and not _is_empty_node(top)):
        raise InconsistentError("the catalog does not lead to a page tree")
    tree = _Tree(document, rebuild)
    pages = tree.count(root, ())
    return Walk(pages, "; ".join(dict.fromkeys(tree.flaws)), tree.open_kids)


@dataclass
class _Tree:
    document: PdfFile
    # Finds a kid that is not where the cross-reference says.
    rebuild: Callable[[], PdfFile] | None
    # So that a node with many parents is visited once.
    nodes: dict[Reference, int] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    kids_seen: int = 0
    open_kids: int = 0

    def count(self, item: PdfObject, ancestors: tuple[Reference, ...]) -> int:
        """Return the pages at and below a kid."""
        if not isinstance(item, Reference):
            return self._count(item, ancestors)
        if item in ancestors or len(ancestors) > _MAX_DEPTH:
            self.flaws.append("the page tree is a loop")
            return 0
        if item not in self.nodes:
            self.nodes[item] = self._count(item, (*ancestors, item))
        return self.nodes[item]

    def _count(self, item: PdfObject, ancestors: tuple[Reference, ...]) -> int:
        try:
            value = self._resolve(item)
            if isinstance(value, dict) and b"Kids" not in value and not is_page(value):
                value |= {key: self._resolve(value[key]) for key in (b"Type", b"Count") if key in value}
        except UnsupportedError:
            raise
        except InconsistentError as inconsistent:
            return self._leave_open(str(inconsistent))
        if not isinstance(value, dict):
            self.flaws.append("a kid of the page tree is not a page")
            return 0
        if b"Kids" in value:
            return self._count_kids(value, ancestors)
        if is_page(value) or _looks_like_page(value):
            return 1
        if _is_empty_node(value):
            return 0
        # Engines take some of these for pages, each by rules of its own.
        return self._leave_open("a kid of the page tree does not say that it is a page")

    def _count_kids(self, node: PdfDict, ancestors: tuple[Reference, ...]) -> int:
        try:
            kids = self._resolve(node[b"Kids"])
            declared = self._resolve(node.get(b"Count"))
        except InconsistentError as inconsistent:
            return self._leave_open(str(inconsistent))
        if not isinstance(kids, list):
            return self._leave_open("a node of the page tree has no /Kids")
        self.kids_seen += len(kids)
        if self.kids_seen > MAX_KIDS:
            raise UnsupportedError("the page tree is very large")
        open_before = self.open_kids
        pages = sum(self.count(kid, ancestors) for kid in kids)
        # Of a node with an open kid nobody knows what it should say.
        if declared != pages and self.open_kids == open_before:
            said = declared if isinstance(declared, int) else "nothing"
            self.flaws.append(f"/Count says {said}, the page tree has {pages} pages")
        return pages

    def _resolve(self, item: PdfObject) -> PdfObject:
        try:
            return finish(self.document.resolve(item))
        except UnsupportedError:
            raise
        except InconsistentError as inconsistent:
            if self.rebuilt is None:
                raise
            value = finish(self.rebuilt.resolve(item))
            if value is None:
                raise
            self.flaws.append(f"cross-reference rebuilt ({inconsistent})")
            return value

    @cached_property
    def rebuilt(self) -> PdfFile | None:
        """The document by a search for its objects; None where it was made so already, or cannot be."""
        with suppress(InconsistentError):
            return self.rebuild() if self.rebuild else None
        return None

    def _leave_open(self, why: str) -> int:
        self.flaws.append(why)
        self.open_kids += 1
        return 0


def _looks_like_page(value: PdfDict) -> bool:
    return b"Type" not in value and any(key in value for key in _PAGE_KEYS)


def _is_empty_node(value: PdfObject) -> bool:
    return isinstance(value, dict) and value.get(b"Type") == b"Pages" and value.get(b"Count") == 0


def finish(steps: Generator[ByteRange, bytes, Result]) -> Result:
    """Return the result of steps over a file that is all at hand, which therefore ask for nothing."""
    try:
        wanted = next(steps)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    raise InconsistentError(f"{wanted} is not at hand")
