# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_rapidocr`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ...glossapi.installation import OfGlossApi
from ...glossapi.options import OCR_NAME, GlossApiOptions
from ...kind import WorkerContext
from ..backend import OcrBackend, OcrBackendKind


class GlossApiRapidOcrKind(OfGlossApi, OcrBackendKind):
    """glossAPI's own OCR, on a GPU."""

    name = OCR_NAME
    summary = "V(glossapi_rapidocr) recognises pages with glossAPI's OCR, which knows Greek, on GPUs."
    options_help = """
        V(glossapi_rapidocr) has C(images_scale), C(threads), C(hf_home), C(rapidocr_models), C(weights) and
        C(weights_digest) of V(glossapi). It needs glossAPI at a commit that still does OCR when it extracts. A worker
        refuses to start with one that does not, and on a GPU that does not compute or that OCR would not use.
    """

    def parse(self, options: dict[str, Any]) -> GlossApiOptions:
        """See :meth:`GlossApiOptions.parse_for_ocr`.

        Raises:
            FarmError: one is unknown or of the wrong type.
        """
        return GlossApiOptions.parse_for_ocr(options)

    def range_pages(self, _options: dict[str, Any]) -> int:
        """Return how many pages glossAPI is given at once: these are the same where workers share them."""
        from .backend import PAGES_AT_ONCE

        return PAGES_AT_ONCE

    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker; see :meth:`load`.

        Raises:
            GpuFault: the GPU cannot be used, or would not be.
            FarmError: an option is wrong, a weight is missing or altered, or glossAPI does not do what is asked for.
            ImportError: it, or what it needs, is not installed.
        """
        from .backend import GlossApiOcr

        return GlossApiOcr(self.load(worker))


GLOSSAPI_RAPIDOCR = GlossApiRapidOcrKind()
