# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pypdfium2
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_rapidocr.backend import (
    PAGES_AT_ONCE,
    GlossApiOcr,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.pdfs import pdf


class Reading:
    """Reads of each page its number among those it is given; the last one is left out where ``loses``."""

    def __init__(self, *, loses: bool = False, has_markdown: bool = True) -> None:
        self.pages: list[int] = []
        self._loses = loses
        self._has_markdown = has_markdown

    def process(self, task: Task) -> Product:
        pages = len(pypdfium2.PdfDocument(task.input))
        assert task.pages == pages
        self.pages.append(pages)
        numbers = range(1, pages + (0 if self._loses else 1))
        texts = tuple(PageText(f"text {number}", TextSource.OCR, page=number) for number in numbers)
        return Product(pages=texts, page_markdown=_headings if self._has_markdown else None)


def _headings(pages: Collection[int]) -> Mapping[int, str]:
    return {page: f"# {page}\n" for page in pages}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(120))
    return path


def recognise(pipeline: Reading, document: Path, pages: list[int]) -> dict[int, str]:
    folder = document.parent / "folder"
    folder.mkdir()
    return GlossApiOcr(pipeline).recognise(document, pages, folder)


def test_the_pages_that_are_asked_for_go_through_glossapi_and_no_others(document: Path) -> None:
    pipeline = Reading()
    assert recognise(pipeline, document, [3, 7]) == {3: "# 1", 7: "# 2"}
    assert pipeline.pages == [2]


def test_many_pages_go_in_parts_of_which_it_tells_the_pages(document: Path) -> None:
    pipeline = Reading(has_markdown=False)
    texts = recognise(pipeline, document, list(range(1, PAGES_AT_ONCE + 12)))
    assert pipeline.pages == [PAGES_AT_ONCE, 11]
    assert texts[PAGES_AT_ONCE + 1] == "text 1"
    assert len(texts) == PAGES_AT_ONCE + 11


def test_a_page_that_it_does_not_tell_of_was_not_read(document: Path) -> None:
    assert recognise(Reading(loses=True), document, [3, 7]) == {3: "# 1"}


def test_a_page_that_is_not_there_fails_the_document(document: Path) -> None:
    with pytest.raises(DocumentFailure) as raised:
        recognise(Reading(), document, [121])
    assert raised.value.failure_class is FailureClass.CORRUPT
