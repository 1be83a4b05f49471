# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PDFs to count the pages of."""

from __future__ import annotations

import io

from pypdf import PdfWriter


def pdf(pages: int, password: str = "") -> bytes:
    """Return a PDF of ``pages`` empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
