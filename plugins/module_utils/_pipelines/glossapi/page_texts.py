# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of each page, from docling's document: what docling's Markdown has of it, and no more.

That leaves out page headers and footers, and what stands in a picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..page_image import pages_with_ink
from ..page_text import PageText, TextSource
from ..stamps import without_stamps

# No prose: LaTeX where they were decoded, and scattered signs where not.
_NO_PROSE = ("formula", "code")
_BODY = "body"
_PICTURES = "#/pictures/"
# A drawing's labels are fewer. With as many, a page of prose was taken for a picture.
_PROSE_CHARACTERS = 500


@dataclass
class Page:
    """What docling has of one page.

    Attributes:
        prose: the texts and tables that its Markdown has, in order.
        has_other: whether there are formulas or code.
        in_pictures: how many characters stand in pictures, where the Markdown leaves them out.
    """

    prose: list[str] = field(default_factory=list)
    has_other: bool = False
    in_pictures: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether its Markdown has nothing of it."""
        return not self.prose and not self.has_other


def read_pages(document: dict[str, Any]) -> dict[int, Page]:
    """Return the pages of docling's document by their numbers, in order.

    Args:
        document: as docling exports it.
    """
    pages: dict[int, Page] = defaultdict(Page, {int(number): Page() for number in document.get("pages") or ()})
    for item, number, text in _items(document):
        if item.get("content_layer", _BODY) != _BODY:
            continue
        if item.get("label") in _NO_PROSE:
            # A formula that was seen and not decoded has no text.
            pages[number].has_other = True
        elif not text.strip():
            continue
        elif _is_in_picture(item, document):
            pages[number].in_pictures += len(text)
        else:
            pages[number].prose.append(text)
    return dict(sorted(pages.items()))


def page_texts(pages: dict[int, Page], source: Path, *, has_ocr: bool) -> tuple[PageText, ...]:
    """Return the text of every page.

    Args:
        pages: see :func:`read_pages`.
        source: the PDF, in which pages without text are looked at where there was no OCR.
        has_ocr: whether every page was recognised. One without text is then a picture, or blank.

    Raises:
        DocumentFailure: the PDF cannot be opened.
    """
    silent = [number for number, page in pages.items() if page.is_silent]
    lost = {number for number in silent if pages[number].in_pictures >= _PROSE_CHARACTERS}
    inked = lost if has_ocr else lost | pages_with_ink(source, silent)
    kind = TextSource.OCR if has_ocr else TextSource.LAYER
    texts = tuple(
        PageText("\n".join(page.prose), kind, bool(page.prose) or number in inked, number)
        for number, page in pages.items()
    )
    return texts if has_ocr else without_stamps(texts, source)


def _items(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int, str]]:
    """Yield everything that has text, with its page and text, once for each page on which it stands."""
    for item in document.get("texts") or ():
        text = str(item.get("text") or item.get("orig") or "")
        places = item.get("prov") or ()
        for place in places:
            # A paragraph that goes on on the next page has two places, each with its part of the text.
            start, end = place.get("charspan") or (0, len(text))
            yield item, int(place["page_no"]), text[start:end] if len(places) > 1 else text
    for table in document.get("tables") or ():
        cells = (table.get("data") or {}).get("table_cells") or ()
        text = "\n".join(str(cell.get("text") or "") for cell in cells)
        for place in (table.get("prov") or ())[:1]:
            yield table, int(place["page_no"]), text


def _is_in_picture(item: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether it stands in a picture and is not its caption."""
    own = item.get("self_ref")
    while True:
        reference = str((item.get("parent") or {}).get("$ref") or "")
        # "#/groups/3", or "#/body", at which the tree begins.
        kind, _slash, number = reference.removeprefix("#/").partition("/")
        if not number:
            return False
        item = document[kind][int(number)]
        if reference.startswith(_PICTURES):
            return all(caption.get("$ref") != own for caption in item.get("captions") or ())
