# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling a document that was not read from one that has little to read."""

from __future__ import annotations

from pathlib import Path

from .failures import DocumentFailure
from .output_checks import check_length
from .pdf_input import characters_per_page

# Slides of a word each have text on most pages; a scan with a typed cover has not.
_LEAST_SHARE_OF_PAGES = 0.5
# docling leaves out page headers and what is in pictures.
_LEAST_SHARE_OF_TEXT = 0.5


def check_text_length(characters: int, pages: int, source: Path, *, has_ocr: bool) -> None:
    """Check that an output is long enough for its pages, or as good as the document's own text layer.

    Args:
        characters: of the output, see :func:`count_characters`.
        pages: of the document; 0 where unknown.
        source: the document.
        has_ocr: see :func:`check_length`.

    Raises:
        DocumentFailure: it is neither.
    """
    try:
        check_length(characters, pages, has_ocr=has_ocr)
    except DocumentFailure:
        if not _is_all_there_is(characters, source):
            raise


def _is_all_there_is(characters: int, source: Path) -> bool:
    try:
        layer = characters_per_page(source)
    except (DocumentFailure, OSError):
        # Unreadable, or taken away by the command.
        return False
    has_text = sum(1 for count in layer if count) >= _LEAST_SHARE_OF_PAGES * len(layer)
    return has_text and characters >= _LEAST_SHARE_OF_TEXT * sum(layer)
