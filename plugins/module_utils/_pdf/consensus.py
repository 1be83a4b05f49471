# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weigh what the ways to count a whole file say against each other."""

from __future__ import annotations

from dataclasses import dataclass

from .model import PageCount


@dataclass(frozen=True)
class Answer:
    """What one way to count says of a file.

    Attributes:
        pages: None where it could not count.
        problem: why it could not, or what it had to repair; empty where all was well.
        needs_password: whether it could not count for lack of a password.
        unsupported: whether it could not count for reasons that say nothing against the file.
    """

    pages: int | None
    problem: str = ""
    needs_password: bool = False
    unsupported: bool = False


def weigh(walk: Answer, pdfium: Answer, pypdf: Answer | None) -> PageCount:
    """Return the page count that can be answered for.

    A walk over every kid of the page tree wins over engines, which may trust ``/Count``; but a file
    that no engine opens is corrupt.

    Args:
        walk: of :func:`walk.walk_file`.
        pdfium: of PDFium.
        pypdf: of pypdf; None where it was not needed (see :func:`is_settled`).
    """
    if pdfium.needs_password:
        # pypdf takes an empty password for the right one too easily.
        return PageCount(None, "encrypted: a password is needed")
    engines = [answer for answer in (pdfium, pypdf) if answer is not None]
    opened = [answer.pages for answer in engines if answer.pages is not None]
    if not opened:
        return PageCount(None, f"corrupt: {pdfium.problem}")
    if walk.pages is None:
        return _without_walk(walk, opened, len(engines))
    problem = walk.problem
    if not problem and walk.pages not in opened:
        problem = f"engines count {opened[0]}, the page tree has {walk.pages} pages"
    return _counted(walk.pages, problem)


def is_settled(walk: Answer, pdfium: Answer) -> bool:
    """Whether a third opinion could not change anything."""
    if pdfium.pages is None or walk.pages is None:
        return pdfium.needs_password
    return pdfium.pages == walk.pages or walk.problem != ""


def _without_walk(walk: Answer, opened: list[int], engines: int) -> PageCount:
    if len(set(opened)) > 1:
        return PageCount(None, f"corrupt: engines count {opened[0]} and {opened[1]} pages; {walk.problem}")
    if len(opened) == engines:
        return _counted(opened[0], "" if walk.unsupported else walk.problem)
    if walk.unsupported:
        return _counted(opened[0], f"only one engine reads it; {walk.problem}")
    return PageCount(None, f"corrupt: only one engine reads it; {walk.problem}")


def _counted(pages: int, problem: str) -> PageCount:
    if pages == 0:
        return PageCount(None, f"no_pages: {problem or 'the page tree has no pages'}")
    return PageCount(pages, f"repaired: {problem}" if problem else "")
