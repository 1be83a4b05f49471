# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of each page, from docling's document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..page_image import pages_with_ink
from ..page_text import PageText, TextSource

# No prose: LaTeX where they were decoded, and scattered signs where not.
_NO_PROSE = ("formula", "code")


def page_texts(document: dict[str, Any], source: Path, *, has_ocr: bool) -> tuple[PageText, ...]:
    """Return the text of every page of docling's document.

    Args:
        document: as docling exports it.
        source: the PDF, in which pages without text are looked at where there was no OCR.
        has_ocr: whether every page was recognised. One without text is then a picture, or blank.

    Raises:
        DocumentFailure: the PDF cannot be opened.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    others: set[int] = set()
    for label, number, text in _items(document):
        if label in _NO_PROSE:
            others.add(number)
        elif text.strip():
            texts[number].append(text)
    numbers = sorted({int(number) for number in document.get("pages") or ()} | texts.keys())
    silent = [number for number in numbers if number not in texts and number not in others]
    inked = texts.keys() | (set() if has_ocr else pages_with_ink(source, silent))
    kind = TextSource.OCR if has_ocr else TextSource.LAYER
    return tuple(PageText("\n".join(texts[number]), kind, number in inked, number) for number in numbers)


def _items(document: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Yield label, page and text of everything that has text, once for each page on which it stands."""
    for item in document.get("texts") or ():
        text = str(item.get("text") or item.get("orig") or "")
        places = item.get("prov") or ()
        for place in places:
            # A paragraph that goes on on the next page has two places, each with its part of the text.
            start, end = place.get("charspan") or (0, len(text))
            part = text[start:end] if len(places) > 1 else text
            yield str(item.get("label") or ""), int(place["page_no"]), part
    for table in document.get("tables") or ():
        cells = (table.get("data") or {}).get("table_cells") or ()
        text = "\n".join(str(cell.get("text") or "") for cell in cells)
        for place in (table.get("prov") or ())[:1]:
            yield "table", int(place["page_no"]), text
