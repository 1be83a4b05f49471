# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weigh what the ways to count a whole file say against each other.

A walk over every kid of the page tree wins over engines, which may trust ``/Count``. Where it could not read a kid,
or a kid does not say what it is, what the engines show of the document decides. An engine that cannot read the file has
no vote.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .model import PageCount


@dataclass(frozen=True)
class Answer:
    """What one way to count says of a file.

    Attributes:
        pages: None where it could not count.
        problem: why it could not, or what it had to repair, in words of ours; empty where all was well.
        encrypted: whether it could not count for lack of a password, or of what the file is encrypted by.
        unsupported: whether it could not count for reasons that say nothing against the file.
        open_kids: how many listed kids of the page tree it could not read, or do not say what they are; each may be a
            page or many.
    """

    pages: int | None
    problem: str = ""
    encrypted: bool = False
    unsupported: bool = False
    open_kids: int = 0


@dataclass(frozen=True)
class Answers:
    """What the ways to count say of one file; None for one that was not asked (yet).

    Attributes:
        walk: :func:`walk.walk_file`.
        pdfium: how many pages PDFium counts.
        loaded: how many of them it can load.
        pypdf: how many pages pypdf finds.
    """

    walk: Answer | None = None
    pdfium: Answer | None = None
    loaded: Answer | None = None
    pypdf: Answer | None = None

    @property
    def next_method(self) -> str | None:
        """The way to be asked next; None where no other could change anything."""
        walk, pdfium = self.walk, self.pdfium
        if walk is None:
            return "walk"
        if pdfium is None:
            return "pdfium"
        if pdfium.encrypted:
            return None
        if self.loaded is None and pdfium.pages and not (_settles(walk) or walk.unsupported):
            return "loaded"
        if self.pypdf is not None:
            return None
        if pdfium.pages is not None and _settles(walk):
            return None if pdfium.pages == walk.pages or walk.problem else "pypdf"
        return None if walk == Answer(0) and pdfium.pages == 0 else "pypdf"

    def adding(self, method: str, answer: Answer) -> Answers:
        """Return these answers and one more."""
        return replace(self, **{method: answer})

    def weigh(self) -> PageCount:
        """Return the page count that can be answered for; a file that no engine opens is corrupt."""
        walk, pdfium = self.walk or Answer(None), self.pdfium or Answer(None)
        if pdfium.encrypted:
            # pypdf takes an empty password for the right one too easily.
            return PageCount(None, f"encrypted: {pdfium.problem}")
        opened = [answer.pages for answer in (pdfium, self.pypdf) if answer and answer.pages is not None]
        if not opened:
            return PageCount(None, f"corrupt: {pdfium.problem}")
        if not _settles(walk):
            return self._by_engines(walk)
        problem = walk.problem
        if not problem and walk.pages not in opened:
            problem = f"engines count {opened[0]}, the page tree has {walk.pages} pages"
        return _counted(walk.pages, problem)

    def _by_engines(self, walk: Answer) -> PageCount:
        # An engine that finds no page at all abstains. What PDFium counts is what /Count says, unless pypdf agrees.
        agreed = self.pypdf is not None and self.pdfium is not None and self.pdfium.pages == self.pypdf.pages
        pdfium = self.pdfium if agreed else self.loaded or self.pdfium
        shown = [answer.pages for answer in (pdfium, self.pypdf) if answer and answer.pages]
        if walk.open_kids:
            # PDFium shows no more pages than /Count says, which may be too few.
            least = walk.pages or 0
            return _counted(next((pages for pages in shown if pages >= least), least), walk.problem)
        if len(set(shown)) > 1:
            return PageCount(None, f"corrupt: engines count {shown[0]} and {shown[1]} pages; {walk.problem}")
        if not shown:
            if walk.pages is None and self.loaded is not None:
                return PageCount(None, f"corrupt: none of its pages can be loaded; {walk.problem}")
            return _counted(0, walk.problem)
        problem = walk.problem or "the page tree has no pages, engines show some"
        if walk.unsupported:
            problem = "" if len(shown) > 1 else f"only one engine reads it; {problem}"
        return _counted(shown[0], problem)


def _settles(walk: Answer) -> bool:
    """Whether a walk has seen every kid."""
    return bool(walk.pages) and not walk.open_kids


def _counted(pages: int | None, problem: str) -> PageCount:
    if not pages:
        return PageCount(None, f"no_pages: {problem or 'the page tree has no pages'}")
    return PageCount(pages, f"repaired: {problem}" if problem else "")
