# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a document with PDFium, and telling why it cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.pdfium import PASSWORD, SECURITY, error_code
from ansible_collections.glossapi.farm.plugins.module_utils._runner.failures import DocumentFailure, FailureClass

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
        if error_code(error) in (PASSWORD, SECURITY):
            raise DocumentFailure(FailureClass.ENCRYPTED, "the PDF needs a password") from error
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
