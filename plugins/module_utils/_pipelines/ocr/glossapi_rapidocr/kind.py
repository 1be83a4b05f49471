# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_rapidocr`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ...glossapi.kind import installed_revision, thread_count
from ...glossapi.options import OCR_NAME, GlossApiOptions
from ...kind import GpuNeed, WorkerContext
from ..backend import OcrBackend, OcrBackendKind


class GlossApiRapidOcrKind(OcrBackendKind):
    """glossAPI's own OCR, on a GPU."""

    name = OCR_NAME
    summary = "V(glossapi_rapidocr) recognises pages with glossAPI's OCR, which knows Greek, on GPUs."
    options_help = """
        V(glossapi_rapidocr) has C(images_scale), C(threads), C(hf_home), C(rapidocr_models), C(weights) and
        C(weights_digest) of V(glossapi). It needs glossAPI at a commit that still does OCR when it extracts. A worker
        refuses to start with one that does not, and on a GPU that does not compute or that OCR would not use.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`GlossApiOptions.parse_for_ocr`.
        """
        GlossApiOptions.parse_for_ocr(options)

    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker.

        Raises:
            GpuFault: the GPU cannot be used, or would not be.
            FarmError: an option is wrong, or glossAPI does not do what is asked for.
            ImportError: it, or what it needs, is not installed.
        """
        from ...glossapi.device import Gpu
        from ...glossapi.pipeline import GlossApiPipeline
        from .backend import GlossApiOcr

        options = GlossApiOptions.parse_for_ocr(worker.options)
        options.verify_weights(OCR_NAME)
        return GlossApiOcr(GlossApiPipeline(options, thread_count(options, worker), worker.folder, Gpu()))

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the option of this name.

        Raises:
            FarmError: an option is wrong.
        """
        return GlossApiOptions.parse_for_ocr(options).weights_digest or ""

    def revision(self, _options: dict[str, Any]) -> str:
        """Return glossAPI's version and commit.

        Raises:
            FarmError: it is not installed.
        """
        return installed_revision()

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return the variables of :meth:`GlossApiOptions.environment`.

        Raises:
            FarmError: an option is wrong.
        """
        options = GlossApiOptions.parse_for_ocr(worker.options)
        return options.environment(worker.folder, thread_count(options, worker))

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return that its slots are GPUs.

        Raises:
            FarmError: an option is wrong.
        """
        GlossApiOptions.parse_for_ocr(options)
        return GpuNeed.ALWAYS

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return those of :meth:`GlossApiOptions.for_hash`.

        Raises:
            FarmError: an option is wrong.
        """
        return GlossApiOptions.parse_for_ocr(options).for_hash()


GLOSSAPI_RAPIDOCR = GlossApiRapidOcrKind()
