# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``pdftext``: the text layer on a CPU.

Real work from PyPI alone, for the embedded default. It is not glossAPI, and its output says so.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..._records.failure_classes import FailureClass
from ..._text.quality import Verdict
from ..composition import compose
from ..failures import DocumentFailure
from ..page_image import has_ink, has_picture
from ..page_text import PageText, TextSource
from ..pdf_input import open_document
from ..stamps import without_stamps
from ..task import Product, Task

if TYPE_CHECKING:
    import pypdfium2

LABEL = "pdftext (text layer on CPU, not glossAPI)"


class PdfTextPipeline:
    """Writes a document's text as Markdown, with a JSON file that says how each page was read."""

    def __init__(self) -> None:
        # Imported now: a worker without PDFium must not blame its first document for that.
        import pypdfium2

        self._error = pypdfium2.PdfiumError

    def process(self, task: Task) -> Product:
        """Write ``document.md`` and ``document.json`` into the task's folder.

        Raises:
            DocumentFailure: the file is encrypted or corrupt, or every page is blank.
        """
        pages = self._read(task.input)
        if not any(page.has_ink for page in pages):
            raise DocumentFailure(
                FailureClass.EMPTY_OUTPUT, f"none of {len(pages)} pages has text: every page is blank"
            )
        return compose(task, LABEL, without_stamps(pages, task.input))

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
            text = _text_of(text_page)
            text_page.close()
            read = PageText(text, TextSource.LAYER, bool(text) or has_ink(page), index + 1)
            # Looked for only where it makes a difference.
            is_scattered = read.quality.verdict is Verdict.POOR and read.quality.says_nothing
            return replace(read, is_drawn=is_scattered and not has_picture(page))
        except self._error as error:
            raise DocumentFailure(FailureClass.CORRUPT, f"page {index + 1} cannot be read: {error}") from error
        finally:
            page.close()


def _text_of(text_page: pypdfium2.PdfTextPage) -> str:
    """Return what stands within the page's edges.

    Asked for that, PDFium leaves out the ends of lines that run up or down, and others, so that two words become one;
    asked for all there is, it has them.
    """
    within = clean(text_page.get_text_bounded())
    if not within:
        return within
    # pypdfium2 4 does the same as before where it is not told how many characters.
    everything = clean(text_page.get_text_range(0, text_page.count_chars()))
    return everything if everything.replace("\n", "") == within.replace("\n", "") else within


def clean(text: str) -> str:
    """Return PDFium's text with one kind of line end and without control characters.

    PDFium joins a word broken at a line's end by U+0002 (U+FFFE in older releases); both become the
    hyphen and line end that were on the page. Other control characters are ligatures without a mapping.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-\n").replace("\ufffe", "-\n")
    kept = "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
