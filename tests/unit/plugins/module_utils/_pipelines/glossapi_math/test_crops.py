# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi_math.crops import Place, crops
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass

SIZE = (200.0, 100.0)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Two pages, each with a black square; on the second it is lower."""
    path = tmp_path / "a.pdf"
    drawing = canvas.Canvas(str(path), pagesize=SIZE)
    for bottom in (70, 10):
        drawing.rect(20, bottom, 20, 20, stroke=0, fill=1)
        drawing.showPage()
    drawing.save()
    return path


@pytest.mark.parametrize(("page", "top"), [(1, 10), (2, 70)])
def test_the_picture_shows_the_place_on_its_page(document: Path, page: int, top: int) -> None:
    square = (20.0, float(top), 40.0, float(top + 20))
    (inside,) = crops(document, [Place(page, SIZE, square)], 2.0, 0.0)
    assert (inside.size, inside.mode) == ((40, 40), "RGB")
    assert inside.getextrema() == ((0, 0),) * 3
    (around,) = crops(document, [Place(page, SIZE, square)], 2.0, 0.25)
    assert around.size == (60, 60)
    assert around.getpixel((5, 5)) == (255, 255, 255)


def test_places_come_in_their_order_and_whatever_a_box_says_there_is_a_picture(document: Path) -> None:
    boxes = [(0.0, 0.0, 200.0, 100.0), (190.0, 90.0, 400.0, 400.0), (40.0, 30.0, 20.0, 10.0), (-9.0, -9.0, -5.0, -5.0)]
    boxes.append((300.0, 300.0, 310.0, 310.0))
    sizes = [picture.size for picture in crops(document, [Place(2, SIZE, box) for box in boxes], 1.0, 0.0)]
    assert sizes == [(200, 100), (10, 10), (20, 20), (1, 1), (1, 1)]


@pytest.mark.parametrize("number", [3, 9])
def test_a_page_that_is_not_there_fails_the_document(document: Path, number: int) -> None:
    with pytest.raises(DocumentFailure, match=f"page {number} cannot be rendered") as raised:
        list(crops(document, [Place(number, SIZE, (0, 0, 1, 1))], 1.0, 0.0))
    assert raised.value.failure_class is FailureClass.CORRUPT
