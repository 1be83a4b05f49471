# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``tesseract``: pages are rendered by PDFium and read by tesseract on a CPU."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...._records.failure_classes import FailureClass
from ...failures import DocumentFailure
from ...page_image import POINTS_PER_INCH, render, scale_within
from ...pdf_input import open_document
from .engines import Engine, Picture

if TYPE_CHECKING:
    import pypdfium2

_LOG = logging.getLogger(__name__)
# What it is trained for.
_DPI = 300
# A3 at 300 dpi has 17 million.
_MOST_PIXELS = 20_000_000
# Its library's limit of width and of height.
_MOST_SIDE = 32_767


class TesseractBackend:
    """Recognises one page after the other.

    Args:
        engine: tesseract, its languages loaded.
    """

    def __init__(self, engine: Engine) -> None:
        # Imported now: a worker without PDFium must not blame its first document for that.
        import pypdfium2

        self._error = pypdfium2.PdfiumError
        self._engine = engine

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002 - none
        """Return the text of each page but those that were given up; see the protocol.

        Raises:
            DocumentFailure: the document cannot be opened, or a page cannot be rendered.
        """
        source = open_document(document)
        try:
            read = {number: self._read(source, number) for number in pages}
        finally:
            source.close()
        given_up = [str(number) for number, text in read.items() if text is None]
        if given_up:
            _LOG.warning("tesseract gave up these pages: %s", ", ".join(given_up))
        return {number: text.strip() for number, text in read.items() if text is not None}

    def _read(self, source: pypdfium2.PdfDocument, number: int) -> str | None:
        try:
            page = source[number - 1]
            try:
                scale = scale_within(*page.get_size(), dpi=_DPI, most_pixels=_MOST_PIXELS, most_side=_MOST_SIDE)
                width, height, pixels = render(page, scale)
            finally:
                page.close()
        except self._error as error:
            raise DocumentFailure(FailureClass.CORRUPT, f"page {number} cannot be rendered: {error}") from error
        return self._engine.read(Picture(width, height, pixels, max(1, round(scale * POINTS_PER_INCH))))
