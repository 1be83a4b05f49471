# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page as a picture."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from .pdf_input import open_document

if TYPE_CHECKING:
    import PIL.Image
    import pypdfium2

POINTS_PER_INCH = 72
# Looking for ink, at less for posters.
_INK_DPI = 22
_INK_MOST_PIXELS = 4_000_000
_INK_MOST_SIDE = 20_000
# A page is blank when nothing on it is darker than this grey, 255 being white.
_WHITE = 250


def scale_within(width: float, height: float, *, dpi: int, most_pixels: int, most_side: int) -> float:
    """Return the pixels a point at which a page is rendered: as ``dpi`` says, less where that would be too large.

    Args:
        width: of the page in points; likewise the height. A file may say anything, from next to nothing to miles.
        dpi: pixels an inch.
        most_pixels: of the whole picture.
        most_side: its greatest width and height, in pixels.
    """
    width, height = max(width, 1.0), max(height, 1.0)
    # Rendering rounds each side up.
    return min(dpi / POINTS_PER_INCH, math.sqrt(most_pixels / (width * height)), (most_side - 1) / max(width, height))


def render(page: pypdfium2.PdfPage, scale: float) -> tuple[int, int, bytes]:
    """Return width, height and one grey byte a pixel, rows without padding; ``scale`` is in pixels a point."""
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = b"".join(rows[row * stride : row * stride + width] for row in range(height))
    bitmap.close()
    return width, height, pixels


def render_png(page: pypdfium2.PdfPage, scale: float) -> bytes:
    """Return the page in colours as a PNG; ``scale`` is in pixels a point."""
    bitmap = page.render(scale=scale)
    content = write_png(bitmap.to_pil())
    bitmap.close()
    return content


def write_png(picture: PIL.Image.Image) -> bytes:
    """Return the picture of a page as a PNG."""
    content = io.BytesIO()
    # A page has large white areas: more effort makes it little smaller.
    picture.save(content, "PNG", compress_level=1)
    return content.getvalue()


def has_ink(page: pypdfium2.PdfPage) -> bool:
    """Whether anything is to be seen on the page."""
    size = page.get_size()
    scale = scale_within(*size, dpi=_INK_DPI, most_pixels=_INK_MOST_PIXELS, most_side=_INK_MOST_SIDE)
    _width, _height, pixels = render(page, scale)
    return min(pixels, default=255) < _WHITE


def has_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether there is a bitmap on the page, as a scan is."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]))


def pages_with_ink(path: Path, pages: Collection[int]) -> set[int]:
    """Return those of the pages, numbered from 1, on which anything is to be seen, or that cannot be looked at.

    Raises:
        DocumentFailure: see :func:`open_document`.
    """
    return _pages_that(has_ink, path, pages)


def pages_with_picture(path: Path, pages: Collection[int]) -> set[int]:
    """Return those of the pages, numbered from 1, on which there is a bitmap, or that cannot be looked at.

    Raises:
        DocumentFailure: see :func:`open_document`.
    """
    return _pages_that(has_picture, path, pages)


def _pages_that(shows: Callable[[pypdfium2.PdfPage], bool], path: Path, pages: Collection[int]) -> set[int]:
    if not pages:
        return set()
    import pypdfium2

    document = open_document(path)
    found = set()
    try:
        for number in pages:
            try:
                page = document[number - 1]
                if shows(page):
                    found.add(number)
                page.close()
            except pypdfium2.PdfiumError:
                found.add(number)
    finally:
        document.close()
    return found
