# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Handing a document on to stage ``ocr``: which pages are to be recognised, and what the others have."""

from __future__ import annotations

from collections.abc import Sequence

from .._records.failure_classes import FailureClass
from .._records.layer import Layer, LayerPage
from .failures import DocumentFailure
from .page_image import pages_with_ink
from .page_text import PageText, TextSource
from .pdf_input import count_pages
from .task import Forwarded, Product, Task

# Not a name that a pipeline may have given to something of its own.
_LAYER_FILE = ".layer.json"


def forward(task: Task, product: Product | None, message: str) -> Forwarded:
    """Return what stage ``ocr`` needs to know of a document.

    Args:
        task: the document.
        product: what stage ``text`` made of it; ``None`` where it found no text at all.
        message: why that does not do.

    Raises:
        DocumentFailure: the document cannot be opened, or nothing is to be seen on any of its pages.
    """
    pages = product.pages if product and product.pages else ()
    if not pages or any(page.page is None for page in pages):
        # Which text stands on which page is not known.
        pages = _without_text(task)
    open_pages = _numbers([page for page in pages if page.quality.verdict.is_bad])
    # Their text may be good as far as it goes, and only too little of it.
    open_pages = open_pages or _numbers([page for page in pages if page.has_ink])
    if not open_pages:
        raise DocumentFailure(FailureClass.EMPTY_OUTPUT, f"{message}; and nothing is to be seen on its pages")
    kept = set(_numbers(pages)) - set(open_pages)
    markdown = product.page_markdown(kept) if product and product.page_markdown and kept else {}
    records = tuple(
        LayerPage(page.page or 0, page.text, page.has_ink, markdown.get(page.page or 0, page.markdown), page.is_drawn)
        for page in pages
    )
    path = task.folder / _LAYER_FILE
    path.write_bytes(Layer(task.uri, records).to_json())
    return Forwarded(path, open_pages, message)


def read_layer(layer: Layer) -> tuple[PageText, ...]:
    """Return the pages as stage ``text`` read them."""
    return tuple(
        PageText(page.text, TextSource.LAYER, page.has_ink, page.page, page.markdown, is_drawn=page.is_drawn)
        for page in layer.pages
    )


def _without_text(task: Task) -> tuple[PageText, ...]:
    numbers = range(1, count_pages(task.input) + 1)
    inked = pages_with_ink(task.input, numbers)
    return tuple(PageText("", TextSource.LAYER, number in inked, number) for number in numbers)


def _numbers(pages: Sequence[PageText]) -> tuple[int, ...]:
    return tuple(page.page for page in pages if page.page is not None)
