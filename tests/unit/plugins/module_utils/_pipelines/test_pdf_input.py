# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfWriter
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdf_input import characters_per_page, count_pages
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.unit.plugins.module_utils._pdf.pdf_files import CATALOG, PAGE, node, write_pdf


def test_pages_are_counted(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _page in range(3):
        writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    assert count_pages(tmp_path / "a.pdf") == 3


def test_the_text_layer_is_measured_page_by_page(tmp_path: Path) -> None:
    drawing = canvas.Canvas(str(tmp_path / "a.pdf"))
    for text in ("two words", "", "x"):
        drawing.drawString(72, 700, text)
        drawing.showPage()
    drawing.save()
    assert characters_per_page(tmp_path / "a.pdf") == [8, 0, 1]


def test_why_a_document_cannot_be_opened_is_its_failure(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("password", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    for name, failure_class in (("locked", FailureClass.ENCRYPTED), ("broken", FailureClass.CORRUPT)):
        with pytest.raises(DocumentFailure) as raised:
            count_pages(tmp_path / f"{name}.pdf")
        assert raised.value.failure_class is failure_class


def test_an_unknown_security_handler_is_not_called_a_password(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(write_pdf({1: CATALOG, 2: node(1, 3), 3: PAGE}, b"/Encrypt<</Filter/Foo/V 9>>/ID[<00><00>]"))
    with pytest.raises(DocumentFailure, match="its security handler is not supported") as raised:
        count_pages(path)
    assert raised.value.failure_class is FailureClass.ENCRYPTED
