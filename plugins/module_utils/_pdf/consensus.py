# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weigh what the ways to count a whole file say against each other.

A walk over every kid of the page tree wins over engines, which may trust ``/Count``. Where it could not read a kid,
what the engines show of the document decides. An engine that cannot read the file has no vote.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model import PageCount


@dataclass(frozen=True)
class Answer:
    """What one way to count says of a file.

    Attributes:
        pages: None where it could not count.
        problem: why it could not, or what it had to repair, in words of ours; empty where all was well.
        needs_password: whether it could not count for lack of a password.
        unsupported: whether it could not count for reasons that say nothing against the file.
        open_kids: how many listed kids of the page tree it could not read, each of which may be a page or many.
    """

    pages: int | None
    problem: str = ""
    needs_password: bool = False
    unsupported: bool = False
    open_kids: int = 0


@dataclass(frozen=True)
class Answers:
    """What all ways say of one file; None for a way that was not asked.

    Attributes:
        walk: :func:`walk.walk_file`.
        pdfium: how many pages PDFium counts.
        loaded: how many of them it can load.
        pypdf: how many pages pypdf finds.
    """

    walk: Answer
    pdfium: Answer
    loaded: Answer | None = None
    pypdf: Answer | None = None

    @property
    def walk_settles(self) -> bool:
        """Whether the walk has seen every kid."""
        return bool(self.walk.pages) and not self.walk.open_kids

    @property
    def needs_loaded(self) -> bool:
        """Whether it matters how many pages PDFium can load."""
        return not self.walk_settles and not self.walk.unsupported and bool(self.pdfium.pages)

    @property
    def needs_pypdf(self) -> bool:
        """Whether another engine's number could change anything."""
        if self.pdfium.needs_password:
            return False
        if self.pdfium.pages is None or not self.walk_settles:
            return self.walk != Answer(0) or self.pdfium.pages != 0
        return self.pdfium.pages != self.walk.pages and self.walk.problem == ""

    def weigh(self) -> PageCount:
        """Return the page count that can be answered for; a file that no engine opens is corrupt."""
        if self.pdfium.needs_password:
            # pypdf takes an empty password for the right one too easily.
            return PageCount(None, "encrypted: a password is needed")
        opened = [answer.pages for answer in (self.pdfium, self.pypdf) if answer and answer.pages is not None]
        if not opened:
            return PageCount(None, f"corrupt: {self.pdfium.problem}")
        if not self.walk_settles:
            return self._by_engines()
        problem = self.walk.problem
        if not problem and self.walk.pages not in opened:
            problem = f"engines count {opened[0]}, the page tree has {self.walk.pages} pages"
        return _counted(self.walk.pages, problem)

    def _by_engines(self) -> PageCount:
        # An engine that finds no page at all abstains.
        shown = [answer.pages for answer in (self.loaded or self.pdfium, self.pypdf) if answer and answer.pages]
        if self.walk.open_kids:
            # PDFium shows no more pages than /Count says, which may be too few.
            least = self.walk.pages or 0
            return _counted(next((pages for pages in shown if pages >= least), least), self.walk.problem)
        if len(set(shown)) > 1:
            return PageCount(None, f"corrupt: engines count {shown[0]} and {shown[1]} pages; {self.walk.problem}")
        if not shown:
            if self.walk.pages is None and self.loaded is not None and self.pdfium.pages:
                return PageCount(None, f"corrupt: none of its pages can be loaded; {self.walk.problem}")
            return _counted(0, self.walk.problem)
        problem = self.walk.problem or "the page tree has no pages, engines show some"
        if self.walk.unsupported:
            problem = "" if len(shown) > 1 else f"only one engine reads it; {problem}"
        return _counted(shown[0], problem)


def _counted(pages: int | None, problem: str) -> PageCount:
    if not pages:
        return PageCount(None, f"no_pages: {problem or 'the page tree has no pages'}")
    return PageCount(pages, f"repaired: {problem}" if problem else "")
