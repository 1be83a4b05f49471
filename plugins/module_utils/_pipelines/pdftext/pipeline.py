# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``pdftext``: the text layer on a CPU, and an OCR backend for pages that have none, or one that is no text.

Real work from PyPI alone, for the embedded default. It is not glossAPI, and its output says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..._records.failure_classes import FailureClass
from ..._text.quality import Verdict
from ..failures import DocumentFailure
from ..ocr.backend import OcrBackend
from ..output_checks import missing_text
from ..page_image import has_ink
from ..page_text import PageText, TextSource
from ..pdf_input import open_document
from ..task import Product, Task

if TYPE_CHECKING:
    import pypdfium2

LABEL = "pdftext (text layer on CPU, not glossAPI)"

# A thesis has a plate or a signed page without text; a scan has text nowhere. A document is
# accepted with at most this share of its pages unread, and each of them is named in the output.
_UNREAD_SHARE = 0.1


class PdfTextPipeline:
    """Writes a document's text as Markdown, with a JSON file that says how each page was read.

    Args:
        ocr: what recognises pages; ``None`` where there is nothing.
        without_ocr: why there is nothing, as a sentence.
    """

    def __init__(self, ocr: OcrBackend | None, without_ocr: str = "") -> None:
        # Imported now: a worker without PDFium must not blame its first document for that.
        import pypdfium2

        self._error = pypdfium2.PdfiumError
        self._ocr = ocr
        self._without_ocr = without_ocr

    def process(self, task: Task) -> Product:
        """Write ``document.md`` and ``document.json`` into the task's folder.

        Raises:
            DocumentFailure: the file is encrypted, corrupt, a scan that cannot be read, or empty.
            GpuFault: see :class:`OcrBackend`.
        """
        layers = self._read(task.input)
        pages = layers if self._ocr is None else recognise(self._ocr, layers, task)
        _check(pages, self._without_ocr)
        markdown = task.folder / "document.md"
        markdown.write_text(to_markdown(pages), encoding="utf-8")
        sidecar = task.folder / "document.json"
        sidecar.write_text(json.dumps(to_json(task.uri, pages), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return Product(pages=tuple(pages), markdown=markdown, json=sidecar)

    def _read(self, path: Path) -> list[PageText]:
        document = open_document(path)
        try:
            return [self._read_page(document, index) for index in range(len(document))]
        finally:
            document.close()

    def _read_page(self, document: pypdfium2.PdfDocument, index: int) -> PageText:
        try:
            page = document[index]
        except self._error as error:
            raise DocumentFailure(FailureClass.CORRUPT, f"page {index + 1} cannot be loaded: {error}") from error
        try:
            text_page = page.get_textpage()
            text = clean(text_page.get_text_bounded())
            text_page.close()
            return PageText(text, TextSource.LAYER, bool(text) or has_ink(page), index + 1)
        except self._error as error:
            raise DocumentFailure(FailureClass.CORRUPT, f"page {index + 1} cannot be read: {error}") from error
        finally:
            page.close()


def recognise(ocr: OcrBackend, layers: list[PageText], task: Task) -> list[PageText]:
    """Return the pages, those whose layer is no text as the backend reads them, where that is better.

    Raises:
        DocumentFailure: see :class:`OcrBackend`; so does GpuFault.
    """
    wanted = [
        number
        for number, layer in enumerate(layers, start=1)
        if layer.has_ink and not (layer.text and layer.quality.verdict is Verdict.GOOD)
    ]
    if not wanted:
        return layers
    folder = task.folder / "ocr"
    folder.mkdir()
    texts = ocr.recognise(task.input, wanted, folder)
    return [_better(layer, texts.get(number)) for number, layer in enumerate(layers, start=1)]


def _better(layer: PageText, recognised: str | None) -> PageText:
    if recognised is None:
        return layer
    # Where no letter is seen there is a picture.
    ocr = PageText(recognised, TextSource.OCR, bool(recognised), layer.page)
    return ocr if not layer.text or (recognised and ocr.quality.score > layer.quality.score) else layer


def clean(text: str) -> str:
    """Return PDFium's text with one kind of line end and without control characters.

    PDFium joins a word broken at a line's end by U+0002 (U+FFFE in older releases); both become the
    hyphen and line end that were on the page. Other control characters are ligatures without a mapping.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-\n").replace("\ufffe", "-\n")
    kept = "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def _method(page: PageText) -> str:
    """Return how the text was had: ``text_layer``, ``ocr``, ``blank`` or ``unread``."""
    if page.source is TextSource.OCR:
        return "ocr"
    if page.text:
        return "text_layer"
    return "unread" if page.has_ink else "blank"


def to_markdown(pages: list[PageText]) -> str:
    """Return the pages one after the other, each under a comment with its number."""
    return "\n".join(_page_markdown(number, page) for number, page in enumerate(pages, start=1))


def _page_markdown(number: int, page: PageText) -> str:
    remark = ": no text layer" if _method(page) == "unread" else ""
    body = f"\n{page.text}\n" if page.text else ""
    return f"<!-- page {number}{remark} -->\n{body}"


def to_json(uri: str, pages: list[PageText]) -> dict[str, Any]:
    """Return what the sidecar says: where the text comes from, and how each page was read."""
    return {
        "uri": uri,
        "pipeline": LABEL,
        "pages": len(pages),
        "characters": sum(len(page.text) for page in pages),
        "characters_per_page": [len(page.text) for page in pages],
        "method_per_page": list(map(_method, pages)),
    }


def _check(pages: list[PageText], without_ocr: str) -> None:
    unread = [number for number, page in enumerate(pages, start=1) if _method(page) == "unread"]
    if len(unread) > _UNREAD_SHARE * len(pages):
        why = f"they cannot be recognised: {without_ocr}" if without_ocr else "OCR gave them up: the log says why"
        raise DocumentFailure(
            missing_text(has_ocr=not without_ocr),
            f"{len(unread)} of {len(pages)} pages have no text layer (the first is {unread[0]}), and {why}",
        )
    if not any(page.text for page in pages):
        reason = "every page is blank" if without_ocr else "OCR found no text either"
        raise DocumentFailure(FailureClass.EMPTY_OUTPUT, f"none of {len(pages)} pages has text: {reason}")
