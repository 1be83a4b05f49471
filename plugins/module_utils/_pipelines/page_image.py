# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page as a picture."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from .pdf_input import open_document

if TYPE_CHECKING:
    import pypdfium2

# Looking for ink at 22 dpi.
_INK_SCALE = 0.3
# A page is blank when nothing on it is darker than this grey, 255 being white.
_WHITE = 250


def render(page: pypdfium2.PdfPage, scale: float) -> tuple[int, int, bytes]:
    """Return width, height and one grey byte a pixel, rows without padding; ``scale`` is in pixels a point."""
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = b"".join(rows[row * stride : row * stride + width] for row in range(height))
    bitmap.close()
    return width, height, pixels


def has_ink(page: pypdfium2.PdfPage) -> bool:
    """Whether anything is to be seen on the page."""
    _width, _height, pixels = render(page, _INK_SCALE)
    return min(pixels, default=255) < _WHITE


def pages_with_ink(path: Path, pages: Collection[int]) -> set[int]:
    """Return those of the pages, numbered from 1, on which anything is to be seen, or that cannot be looked at.

    Raises:
        DocumentFailure: see :func:`open_document`.
    """
    if not pages:
        return set()
    import pypdfium2

    document = open_document(path)
    inked = set()
    try:
        for number in pages:
            try:
                page = document[number - 1]
                if has_ink(page):
                    inked.add(number)
                page.close()
            except pypdfium2.PdfiumError:
                inked.add(number)
    finally:
        document.close()
    return inked
