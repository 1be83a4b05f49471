# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_extract import extract_pages
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.pdfs import pdf


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "whole.pdf"
    drawing = Canvas(str(path))
    for number in range(1, 5):
        drawing.drawString(72, 700, f"page {number}")
        drawing.showPage()
    drawing.save()
    return path


def test_the_pages_come_in_the_order_they_are_named_in(document: Path, tmp_path: Path) -> None:
    extract_pages(document, [2, 4], tmp_path / "part.pdf")
    part = pypdfium2.PdfDocument(tmp_path / "part.pdf")
    assert [page.get_textpage().get_text_bounded() for page in part] == ["page 2", "page 4"]


def test_a_page_that_is_not_there_fails_the_document(document: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentFailure, match="some of its pages cannot be read") as raised:
        extract_pages(document, [5], tmp_path / "part.pdf")
    assert raised.value.failure_class is FailureClass.CORRUPT


def test_an_encrypted_document_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(1, "secret"))
    with pytest.raises(DocumentFailure) as raised:
        extract_pages(tmp_path / "a.pdf", [1], tmp_path / "part.pdf")
    assert raised.value.failure_class is FailureClass.ENCRYPTED
