# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.text_length import check_text_length
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


def pdf(path: Path, *pages: str) -> Path:
    drawing = canvas.Canvas(str(path))
    for page in pages:
        drawing.drawString(72, 700, page)
        drawing.showPage()
    drawing.save()
    return path


def test_a_long_output_is_not_compared(tmp_path: Path) -> None:
    check_text_length(400, 20, tmp_path / "nothing", has_ocr=False)


def test_slides_of_a_word_each_have_little_to_read(tmp_path: Path) -> None:
    slides = pdf(tmp_path / "a.pdf", *["word"] * 20)
    check_text_length(80, 20, slides, has_ocr=False)
    check_text_length(40, 20, slides, has_ocr=False)
    with pytest.raises(DocumentFailure):
        check_text_length(39, 20, slides, has_ocr=False)


@pytest.mark.parametrize(
    ("has_ocr", "failure_class"), [(True, FailureClass.EMPTY_OUTPUT), (False, FailureClass.NEEDS_OCR)]
)
def test_a_scan_with_a_typed_cover_was_not_read(has_ocr: bool, failure_class: FailureClass, tmp_path: Path) -> None:
    scan = pdf(tmp_path / "a.pdf", "The library of the university", *[""] * 19)
    with pytest.raises(DocumentFailure) as raised:
        check_text_length(25, 20, scan, has_ocr=has_ocr)
    assert raised.value.failure_class is failure_class


def test_a_document_that_pdfium_cannot_open_is_no_excuse(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    for name in ("a.pdf", "gone.pdf"):
        with pytest.raises(DocumentFailure, match="25 characters"):
            check_text_length(25, 20, tmp_path / name, has_ocr=True)
