# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_image import (
    pages_with_ink,
    pages_with_picture,
    render,
    render_png,
    scale_within,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdf_input import open_document
from tests.support.page_kinds import drawing, joined, pictured, scribbled


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document whose second page alone shows something, in a light grey."""
    path = tmp_path / "a.pdf"
    drawing = canvas.Canvas(str(path), pagesize=(100, 50))
    drawing.showPage()
    drawing.setFillGray(0.9)
    drawing.rect(10, 10, 20, 20, stroke=0, fill=1)
    drawing.showPage()
    drawing.showPage()
    drawing.save()
    return path


def test_a_page_is_a_picture_in_colours(document: Path) -> None:
    source = open_document(document)
    page = source[1]
    with Image.open(io.BytesIO(render_png(page, 2))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (200, 100))
        assert picture.getpixel((30, 70)) == (230, 230, 230)
    page.close()
    source.close()


def test_only_pages_that_show_something_have_ink(document: Path) -> None:
    assert pages_with_ink(document, [1, 2]) == {2}
    assert pages_with_ink(document, []) == set()


def test_a_page_that_cannot_be_looked_at_may_have_ink(document: Path) -> None:
    assert pages_with_ink(document, [3, 4]) == {4}


def test_what_is_no_pdf_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"no")
    with pytest.raises(DocumentFailure):
        pages_with_ink(tmp_path / "b.pdf", [1])


def test_a_bitmap_is_told_from_a_drawing(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(joined(drawing("A"), pictured(scribbled(1))))
    assert pages_with_picture(tmp_path / "b.pdf", [1, 2]) == {2}


def test_a_picture_has_a_byte_for_each_pixel_rows_from_the_top(document: Path) -> None:
    opened = open_document(document)
    width, height, pixels = render(opened[1], 1)
    opened.close()
    assert (width, height, len(pixels)) == (100, 50, 5000)
    assert pixels[25 * width + 20] < 250 <= pixels[5 * width + 20]


def test_a_page_is_rendered_as_finely_as_asked_for_unless_it_would_be_too_large() -> None:
    limits = {"dpi": 144, "most_pixels": 40_000, "most_side": 301}
    assert scale_within(72, 72, **limits) == 2
    assert scale_within(200, 200, **limits) == 1
    assert scale_within(600, 10, **limits) == 0.5
    assert scale_within(0, 0, **limits) == 2


def test_looking_for_ink_on_a_page_of_miles_takes_no_more_than_on_a_poster(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    drawing = canvas.Canvas(str(path), pagesize=(3_000_000, 3_000_000))
    drawing.rect(0, 0, 1_000_000, 1_000_000, fill=1)
    drawing.showPage()
    drawing.showPage()
    drawing.save()
    assert pages_with_ink(path, [1, 2]) == {1}
