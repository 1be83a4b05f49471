# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PDFium by pypdfium2, whichever release, and what its errors mean."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of PDFium's fpdfview.h.
PASSWORD, SECURITY = 4, 5
# What each says of an encrypted file.
ENCRYPTED: Mapping[int | None, str] = {
    PASSWORD: "a password is needed",
    SECURITY: "its security handler is not supported",
}
# pypdfium2 4.30, which docling 2.48 asks for, has no code, only its text.
_TEXTS = {"Incorrect password": PASSWORD, "Unsupported security scheme": SECURITY}
# What PDFium refuses for its format.
_NO_PDF = b"no PDF"


@contextmanager
def open_pdf(path: Path) -> Iterator[Any]:
    """Open a file as a ``PdfDocument``; raises ``PdfiumError`` where PDFium cannot."""
    import pypdfium2

    # Not by its path: pypdfium2 looks for the file that a link of /proc names, which may be deleted.
    # What PDFium would write into these private pages is in no file.
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    _forget_last_error()
    document = pypdfium2.PdfDocument((ctypes.c_ubyte * len(content)).from_buffer(content))
    try:
        yield document
    finally:
        document.close()


def loaded_pages(document: Any) -> int:
    """Return how many pages of a ``PdfDocument`` can be loaded; its length is what ``/Count`` says."""
    from pypdfium2 import raw

    size = raw.FS_SIZEF()
    return sum(1 for index in range(len(document)) if raw.FPDF_GetPageSizeByIndexF(document, index, size))


def error_code(error: Exception) -> int | None:
    """Return PDFium's code of a ``PdfiumError``, or ``None`` where neither code nor text tells it."""
    code: int | None = getattr(error, "err_code", None)
    if code is not None:
        return code
    return next((code for text, code in _TEXTS.items() if text in str(error)), None)


def _forget_last_error() -> None:
    """Have the last error be that of a malformed file.

    PDFium keeps one for the whole process, and refuses some files without setting it: it would be the document's
    before.
    """
    from pypdfium2 import raw

    raw.FPDF_LoadMemDocument(_NO_PDF, len(_NO_PDF), None)
