# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans whose text layer is a stamp: what a repository prints on each page that it hands out, a header, a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .page_image import pages_with_picture
from .page_text import PageText

# Times and numbers of pages differ.
_DIGITS = re.compile(r"\d+")
_FEWEST_PAGES = 3
# Two pages that say the same tell less: both may be plates with a number. A stamp says where a scan is from.
_FEWEST_CHARACTERS_ON_TWO = 30
# A page of a form that comes again and again has more.
_MOST_CHARACTERS = 400


def without_stamps(pages: Sequence[PageText], source: Path) -> tuple[PageText, ...]:
    """Return the pages, without text where they show a picture and their text layer has nothing of their own.

    That is where each of its lines, but for digits, is on at least half of the pages, and on three; or on both of two,
    if they are about a line long. Of a single page nobody can tell.

    Args:
        pages: of the document, by their text layer.
        source: the PDF, in which these pages are looked at.

    Raises:
        DocumentFailure: the PDF cannot be opened.
    """
    lines = [_lines(page) for page in pages]
    counts = Counter(line for each in lines for line in each)
    is_pair = len(pages) == _FEWEST_PAGES - 1
    least = max(len(pages) if is_pair else _FEWEST_PAGES, len(pages) / 2)
    fewest = _FEWEST_CHARACTERS_ON_TWO if is_pair else 1
    stamped = {
        page.page
        for page, each in zip(pages, lines, strict=True)
        if page.page is not None
        and each
        and all(counts[line] >= least for line in each)
        and fewest <= len("".join(page.text.split())) <= _MOST_CHARACTERS
    }
    pictured = pages_with_picture(source, stamped)
    return tuple(replace(page, text="", has_ink=True) if page.page in pictured else page for page in pages)


def _lines(page: PageText) -> set[str]:
    """Return a page's lines as they are compared."""
    lines = (_DIGITS.sub("0", " ".join(line.split())) for line in page.text.splitlines())
    return {line for line in lines if line}
