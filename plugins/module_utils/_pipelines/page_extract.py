# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some pages of a PDF as a PDF of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .._records.failure_classes import FailureClass
from .failures import DocumentFailure
from .pdf_input import open_document


def extract_pages(document: Path, pages: Sequence[int], target: Path) -> None:
    """Write the pages, numbered from 1, in their order to the file ``target``.

    Raises:
        DocumentFailure: the document cannot be opened, or one of the pages cannot be read.
        OSError: the disk is full, for example.
    """
    import pypdfium2

    source = open_document(document)
    part = pypdfium2.PdfDocument.new()
    try:
        part.import_pages(source, [page - 1 for page in pages])
        part.save(target)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise DocumentFailure(FailureClass.CORRUPT, f"some of its pages cannot be read: {error}") from error
    finally:
        part.close()
        source.close()
