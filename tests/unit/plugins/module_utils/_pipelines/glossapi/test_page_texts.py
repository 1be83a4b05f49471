# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.page_texts import page_texts, read_pages
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
        read_pages(document(2, item("one", 1), item("two", 2), item("three", 1), tables=[table])), source, has_ocr=True
    )
    assert found == (
        PageText("one\nthree", TextSource.OCR, True, 1),
        PageText("two\nYear\n1962", TextSource.OCR, True, 2),
    )


def test_a_paragraph_on_two_pages_counts_for_both(source: Path) -> None:
    places = [{"page_no": 1, "charspan": [0, 5]}, {"page_no": 2, "charspan": [6, 12]}]
    found = page_texts(
        read_pages(document(2, {"label": "text", "text": "first second", "prov": places})), source, has_ocr=True
    )
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
    read = read_pages(document(4, item("one", 1), item("", 2, "formula")))
    assert [page.has_ink for page in page_texts(read, source, has_ocr=has_ocr)] == inked


def test_a_document_that_says_nothing_of_pages_has_none(source: Path) -> None:
    assert page_texts(read_pages({}), source, has_ocr=False) == ()


def placed(text: str, page: int, parent: str, number: int, **more: str) -> dict[str, Any]:
    return item(text, page) | {"self_ref": f"#/texts/{number}", "parent": {"$ref": parent}} | more


def test_a_page_has_what_its_markdown_has() -> None:
    """Without headers and footers, and of a picture the caption alone; as docling 2.48 writes them."""
    read = document(
        3,
        placed("Chapter 1", 1, "#/body", 0, content_layer="furniture"),
        placed("prose", 1, "#/groups/0", 1, content_layer="body"),
        placed("Figure 1: a drawing", 2, "#/pictures/0", 2, content_layer="body"),
        placed("an axis", 2, "#/pictures/0", 3, content_layer="body"),
        placed("a legend", 2, "#/groups/1", 4, content_layer="body"),
        placed("17", 3, "#/body", 5, content_layer="furniture"),
    )
    read["pictures"] = [{"parent": {"$ref": "#/body"}, "captions": [{"$ref": "#/texts/2"}]}]
    read["groups"] = [{"parent": {"$ref": "#/body"}}, {"parent": {"$ref": "#/pictures/0"}}]
    pages = read_pages(read)
    assert [page.prose for page in pages.values()] == [["prose"], ["Figure 1: a drawing"], []]
    assert [page.is_silent for page in pages.values()] == [False, False, True]


def test_a_table_whose_cells_were_not_read_is_no_text() -> None:
    tables = [{"prov": [{"page_no": 1}], "data": {"table_cells": []}}]
    assert read_pages(document(1, tables=tables))[1].is_silent


@pytest.mark.parametrize(("characters", "inked"), [(499, False), (500, True)])
def test_a_page_of_prose_that_was_taken_for_a_picture_was_not_read(characters: int, inked: bool, source: Path) -> None:
    read = document(1, placed("x" * characters, 1, "#/pictures/0", 0))
    read["pictures"] = [{"parent": {"$ref": "#/body"}, "captions": []}]
    assert page_texts(read_pages(read), source, has_ocr=True) == (PageText("", TextSource.OCR, inked, 1),)
