# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a document with PDFium, and telling why it cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .._pdf.pdfium import ENCRYPTED, error_code
from .._records.failure_classes import FailureClass
from .failures import DocumentFailure

if TYPE_CHECKING:
    import pypdfium2


def open_document(path: Path) -> pypdfium2.PdfDocument:
    """Return the open document; the caller closes it.

    Raises:
        DocumentFailure: it is encrypted, or no PDF that can be read.
    """
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = error_code(error)
        if code in ENCRYPTED:
            raise DocumentFailure(FailureClass.ENCRYPTED, f"the PDF is encrypted: {ENCRYPTED[code]}") from error
        raise DocumentFailure(FailureClass.CORRUPT, f"not a readable PDF: {error}") from error


def count_pages(path: Path) -> int:
    """Return how many pages the document has.

    Raises:
        DocumentFailure: see :func:`open_document`.
    """
    document = open_document(path)
    try:
        return len(document)
    finally:
        document.close()


def characters_per_page(path: Path) -> list[int]:
    """Return how many characters, without white space, the text layer of each page has.

    Raises:
        DocumentFailure: see :func:`open_document`, or a page cannot be read.
    """
    import pypdfium2

    document = open_document(path)
    try:
        return [_count(document, index) for index in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise DocumentFailure(FailureClass.CORRUPT, f"a page cannot be read: {error}") from error
    finally:
        document.close()


def _count(document: pypdfium2.PdfDocument, index: int) -> int:
    page = document[index]
    text_page = page.get_textpage()
    count = len("".join(text_page.get_text_bounded().split()))
    text_page.close()
    page.close()
    return count
