# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What PDFium's errors mean, whichever release of pypdfium2 raises them."""

from __future__ import annotations

# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of PDFium's fpdfview.h.
PASSWORD, SECURITY = 4, 5
# pypdfium2 4.30, which docling 2.48 asks for, has no code, only its text.
_TEXTS = {"Incorrect password": PASSWORD, "Unsupported security scheme": SECURITY}


def error_code(error: Exception) -> int | None:
    """Return PDFium's code of a ``PdfiumError``, or ``None`` where neither code nor text tells it."""
    code: int | None = getattr(error, "err_code", None)
    if code is not None:
        return code
    return next((code for text, code in _TEXTS.items() if text in str(error)), None)
