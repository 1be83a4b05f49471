# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of places on pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure
from ..page_image import POINTS_PER_INCH, render, scale_within
from ..pdf_input import open_document

if TYPE_CHECKING:
    from PIL.Image import Image

# A4 at 120 dpi has 1.4 million; a poster is rendered at less.
_MOST_PIXELS = 40_000_000
_MOST_SIDE = 20_000


@dataclass(frozen=True)
class Place:
    """A place on a page.

    Attributes:
        page: its number, from 1.
        size: width and height of the page, in points.
        box: left, top, right and bottom, in points from the page's top left corner.
    """

    page: int
    size: tuple[float, float]
    box: tuple[float, float, float, float]


def crops(document: Path, places: Iterable[Place], scale: float, margin: float) -> Iterator[Image]:
    """Yield the picture of each place; each page is rendered once for places that follow each other.

    Args:
        document: the PDF.
        places: what to show.
        scale: pixels a point.
        margin: of each side, as a share of the width or height.

    Raises:
        DocumentFailure: the document cannot be opened, or a page cannot be rendered.
    """
    import pypdfium2

    source = open_document(document)
    number = 0
    try:
        for number, of_page in groupby(places, attrgetter("page")):
            picture = _picture(source, number, scale)
            for place in of_page:
                yield picture.crop(_pixels(place, margin, picture.size))
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise DocumentFailure(FailureClass.CORRUPT, f"page {number} cannot be rendered: {error}") from error
    finally:
        source.close()


def _picture(source: Any, number: int, scale: float) -> Any:
    from PIL import Image

    page = source[number - 1]
    fitting = scale_within(
        *page.get_size(), dpi=round(scale * POINTS_PER_INCH), most_pixels=_MOST_PIXELS, most_side=_MOST_SIDE
    )
    width, height, pixels = render(page, fitting)
    page.close()
    return Image.frombytes("L", (width, height), pixels).convert("RGB")


def _pixels(place: Place, margin: float, picture: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box on the picture of its page: within it, and at least one pixel wide and high."""
    sides = []
    for first, second, length, pixels in zip(place.box[:2], place.box[2:], place.size, picture, strict=True):
        low, high = min(first, second), max(first, second)
        extra = (high - low) * margin
        start = min(max(0, int((low - extra) * pixels / length)), pixels - 1)
        sides.append((start, min(max(start + 1, round((high + extra) * pixels / length)), pixels)))
    (left, right), (top, bottom) = sides
    return left, top, right, bottom
