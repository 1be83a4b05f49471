# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document's text, page by page, as a pipeline hands it over to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import ceil

from .._text.quality import Quality, assess

# As much as a full page has.
_SECTION_CHARACTERS = 2000


class TextSource(StrEnum):
    """Where text comes from."""

    LAYER = "layer"
    """The document's own."""
    OCR = "ocr"
    """Recognised on the page's picture."""
    PROGRAM = "program"
    """A command's, which does not say."""


@dataclass(frozen=True)
class PageText:
    """The text of one page, or a section of a text whose pages are not known.

    Attributes:
        has_ink: whether the page shows something that may be text: not so where it is blank, or a picture in which
            a recogniser found nothing.
        page: its number, from 1; ``None`` for a section.
        markdown: what goes into a Markdown that is composed of pages, where that is other than the text.
        backend: what recognised it, and its revision; empty where nothing did.
        is_drawn: whether there is no picture on the page: single letters are then a drawing's labels, and no noise.
    """

    text: str
    source: TextSource
    has_ink: bool = True
    page: int | None = None
    markdown: str = ""
    backend: str = ""
    is_drawn: bool = False

    @cached_property
    def quality(self) -> Quality:
        """What the text is worth."""
        return assess(
            self.text,
            has_ink=self.has_ink,
            may_loop=self.source is not TextSource.LAYER,
            may_scatter=not self.is_drawn,
        )


def sections_of(text: str, source: TextSource) -> tuple[PageText, ...]:
    """Return a text in sections of equal length, about as long as a page."""
    sections = max(1, round(len(text) / _SECTION_CHARACTERS))
    length = max(1, ceil(len(text) / sections))
    return tuple(PageText(text[start : start + length], source) for start in range(0, len(text), length))
