# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_rapidocr``: glossAPI's extraction with OCR, over the pages that need it alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...kind import Pipeline
from ...page_extract import extract_pages
from ...task import Task

# glossAPI converts longer documents in chunks, of which it does not tell what stands on which page.
PAGES_AT_ONCE = 50


class GlossApiOcr:
    """Recognises pages by the pipeline of glossAPI, its OCR on."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        """See :meth:`OcrBackend.recognise`."""
        texts: dict[int, str] = {}
        for start in range(0, len(pages), PAGES_AT_ONCE):
            part = folder / str(start)
            part.mkdir()
            texts |= self._recognise_part(document, pages[start : start + PAGES_AT_ONCE], part)
        return texts

    def _recognise_part(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        path = folder / "pages.pdf"
        extract_pages(document, pages, path)
        product = self._pipeline.process(Task(document.as_uri(), document.name, len(pages), path, folder))
        numbers = range(1, len(pages) + 1)
        texts = {page.page: page.text for page in product.pages or ()}
        # With its headings and tables.
        markdown = product.page_markdown(numbers) if product.page_markdown else {}
        return {
            page: markdown.get(number, texts[number]).strip()
            for number, page in zip(numbers, pages, strict=True)
            if number in texts
        }
