# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.backend import TesseractBackend
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.engines import Picture
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


class Engine:
    """Reads nothing but how large a page is, and gives up those that are wide."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def read(self, picture: Picture) -> str | None:
        self.pictures.append(picture)
        if picture.width > picture.height:
            return None
        return f"\n{picture.width} x {picture.height} at {picture.dpi} dpi\n\f"


def document(folder: Path, *sizes: tuple[float, float]) -> Path:
    path = folder / "a.pdf"
    drawing = canvas.Canvas(str(path))
    for size in sizes:
        drawing.setPageSize(size)
        drawing.showPage()
    drawing.save()
    return path


def test_the_pages_that_are_wanted_are_rendered_at_300_dpi(tmp_path: Path) -> None:
    path = document(tmp_path, (72, 144), (10, 20), (36, 72))
    assert TesseractBackend(Engine()).recognise(path, [3, 1], tmp_path) == {
        3: "150 x 300 at 300 dpi",
        1: "300 x 600 at 300 dpi",
    }


def test_a_page_that_was_given_up_is_not_among_them_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = document(tmp_path, (72, 144), (144, 72))
    assert TesseractBackend(Engine()).recognise(path, [1, 2], tmp_path).keys() == {1}
    assert "gave up these pages: 2" in caplog.text


@pytest.mark.parametrize("size", [(3000, 5000), (14_400, 14_400), (2, 2_000_000), (500_000, 600_000)])
def test_no_page_becomes_a_picture_that_is_too_large(tmp_path: Path, size: tuple[float, float]) -> None:
    engine = Engine()
    TesseractBackend(engine).recognise(document(tmp_path, size), [1], tmp_path)
    (picture,) = engine.pictures
    # Each side is rounded up.
    assert (picture.width - 1) * (picture.height - 1) <= 20_000_000
    assert max(picture.width, picture.height) <= 32_767
    assert len(picture.pixels) == picture.width * picture.height
    assert 1 <= picture.dpi < 300


def test_a_page_of_next_to_nothing_is_a_picture_too(tmp_path: Path) -> None:
    assert TesseractBackend(Engine()).recognise(document(tmp_path, (0.01, 0.01)), [1], tmp_path).keys() == {1}


def test_what_is_no_pdf_is_the_documents_failure(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"no")
    with pytest.raises(DocumentFailure) as raised:
        TesseractBackend(Engine()).recognise(tmp_path / "b.pdf", [1], tmp_path)
    assert raised.value.failure_class is FailureClass.CORRUPT


def test_a_page_that_cannot_be_rendered_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure, match="page 2 cannot be rendered") as raised:
        TesseractBackend(Engine()).recognise(document(tmp_path, (72, 72)), [2], tmp_path)
    assert raised.value.failure_class is FailureClass.CORRUPT
