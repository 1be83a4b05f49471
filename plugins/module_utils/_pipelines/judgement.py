# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate before ``done``: whether what a pipeline made is text, page by page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .._records.failure_classes import FailureClass
from .._records.quality import PageQuality
from .._records.quality import Quality as QualityRecord
from .._text.normalise import normalise
from .._text.quality import combine
from .failures import DocumentFailure
from .page_text import PageText, TextSource
from .task import Product, Results, Task

_SHOWN_PAGES = 5
_SHOWN_CHARACTERS = 80
# Not a name that a command may have given to something of its own.
_QUALITY_FILE = ".quality.json"


def judge(product: Product, task: Task) -> Results:
    """Return what is to be kept of a document: its Markdown normalised, and beside it what its text is worth.

    Raises:
        DocumentFailure: ``needs_ocr`` or ``unreadable``: too many of its pages are not text.
    """
    results = Results(product.markdown, product.json, None, product.uploaded, product.open_formulas, product.formulas)
    if product.pages is None:
        return results
    record = assess_pages(task.uri, product.pages, _normalise(product.markdown), has_ocr=bool(task.open_pages))
    quality = task.folder / _QUALITY_FILE
    quality.write_bytes(record.to_json())
    return replace(results, quality=quality)


def assess_pages(
    uri: str, pages: tuple[PageText, ...], normalised: dict[str, int], *, has_ocr: bool = False
) -> QualityRecord:
    """Return what is recorded of a document's text.

    Args:
        uri: of the document.
        pages: its text.
        normalised: how many places each rule of :func:`normalise` changed.
        has_ocr: whether pages whose text layer is no text were recognised.

    Raises:
        DocumentFailure: see :func:`judge`.
    """
    document = combine([page.quality for page in pages])
    if document.verdict.is_bad:
        raise _failure(pages, has_ocr=has_ocr)
    records = tuple(_record(page) for page in pages)
    return QualityRecord(uri, document.verdict.value, round(document.score, 4), records, normalised)


def _normalise(path: Path | None) -> dict[str, int]:
    if path is None:
        return {}
    # Its line ends are kept as they are.
    text = path.read_bytes().decode()
    normalised = normalise(text)
    if normalised.text != text:
        path.write_bytes(normalised.text.encode())
    return normalised.counts


def _record(page: PageText) -> PageQuality:
    quality = page.quality
    measure, value = quality.worst
    return PageQuality(
        page=page.page,
        source=page.source.value,
        verdict=quality.verdict.value,
        score=round(quality.score, 4),
        characters=quality.measures.characters,
        measure=measure,
        value=round(value, 4),
        backend=page.backend,
    )


def _failure(pages: tuple[PageText, ...], *, has_ocr: bool) -> DocumentFailure:
    bad = [(number, page) for number, page in enumerate(pages, start=1) if page.quality.verdict.is_bad]
    # The text layer is not all there is to a page: a recogniser may still read it.
    is_layer = not has_ocr and any(page.source is TextSource.LAYER for _number, page in bad)
    what = "pages" if all(page.page for page in pages) else "sections of 2,000 characters"
    shown = ", ".join(_describe(page.page or number, page) for number, page in bad[:_SHOWN_PAGES])
    more = f", and {len(bad) - _SHOWN_PAGES} more" if len(bad) > _SHOWN_PAGES else ""
    return DocumentFailure(
        FailureClass.NEEDS_OCR if is_layer else FailureClass.UNREADABLE,
        f"{len(bad)} of {len(pages)} {what} are not text: {shown}{more}{_excerpt([page for _number, page in bad])}",
    )


def _excerpt(bad: list[PageText]) -> str:
    """Return how the first of them that has text begins, for people to see what is wrong."""
    text = next((" ".join(page.text.split()) for page in bad if page.text.strip()), "")
    return f". It begins: {text[:_SHOWN_CHARACTERS]!r}" if text else ""


def _describe(number: int, page: PageText) -> str:
    measure, value = page.quality.worst
    why = f"{measure} {value:.2g}, " if measure else ""
    return f"{number} ({page.quality.verdict.value}, {why}{page.source.value})"
