# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.page_texts import page_texts
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource


def item(text: str, page: int, label: str = "text") -> dict[str, Any]:
    return {"label": label, "text": text, "prov": [{"page_no": page, "charspan": [0, len(text)]}]}


def document(pages: int, *texts: dict[str, Any], tables: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"pages": {str(number): {} for number in range(1, pages + 1)}, "texts": list(texts), "tables": tables or []}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Four pages, of which the last alone is blank."""
    path = tmp_path / "doc.pdf"
    drawing = canvas.Canvas(str(path))
    for number in range(1, 5):
        if number < 4:
            drawing.rect(100, 100, 50, 50, fill=1)
        drawing.showPage()
    drawing.save()
    return path


def test_each_page_has_its_texts_in_order_and_its_tables(source: Path) -> None:
    table = {"prov": [{"page_no": 2}], "data": {"table_cells": [{"text": "Year"}, {"text": "1962"}]}}
    found = page_texts(
        document(2, item("one", 1), item("two", 2), item("three", 1), tables=[table]), source, has_ocr=True
    )
    assert found == (
        PageText("one\nthree", TextSource.OCR, True, 1),
        PageText("two\nYear\n1962", TextSource.OCR, True, 2),
    )


def test_a_paragraph_on_two_pages_counts_for_both(source: Path) -> None:
    places = [{"page_no": 1, "charspan": [0, 5]}, {"page_no": 2, "charspan": [6, 12]}]
    found = page_texts(document(2, {"label": "text", "text": "first second", "prov": places}), source, has_ocr=True)
    assert [page.text for page in found] == ["first", "second"]


@pytest.mark.parametrize(
    ("has_ocr", "inked"),
    [
        # A recogniser that saw the page and read nothing had a picture before it.
        (True, [True, False, False, False]),
        (False, [True, False, True, False]),
    ],
)
def test_a_page_without_text_may_be_one_that_was_not_read(has_ocr: bool, inked: list[bool], source: Path) -> None:
    """Page 2 has formulas only, page 3 a drawing, page 4 nothing."""
    read = document(4, item("one", 1), item("", 2, "formula"))
    assert [page.has_ink for page in page_texts(read, source, has_ocr=has_ocr)] == inked


def test_a_document_that_says_nothing_of_pages_has_none(source: Path) -> None:
    assert page_texts({}, source, has_ocr=False) == ()
