# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``pdftext`` as the farm knows it."""

from __future__ import annotations

import logging
from typing import Any

from ..._errors import FarmError
from ..kind import Pipeline, PipelineKind, WorkerContext
from ..ocr.tesseract.kind import TESSERACT

_LOG = logging.getLogger(__name__)


class PdfTextKind(PipelineKind):
    """It has no options, needs no GPU, and is of this collection's own version."""

    name = "pdftext"
    summary = (
        "V(pdftext) reads the text layer on a CPU, and pages without one by tesseract where that is installed with "
        "Greek and English."
    )
    options_help = "V(pdftext) has no options."

    def check(self, options: dict[str, Any]) -> None:
        """Check that there are none.

        Raises:
            FarmError: there are.
        """
        if options:
            raise FarmError(f"Pipeline {self.name} has no options: remove {', '.join(sorted(map(str, options)))}.")

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker.

        Raises:
            FarmError: it was given options.
            ImportError: PDFium is not installed.
        """
        from .pipeline import PdfTextPipeline

        self.check(worker.options)
        try:
            return PdfTextPipeline(TESSERACT.create(worker))
        except FarmError as error:
            _LOG.warning("pages without a text layer are not read: %s", error)
            return PdfTextPipeline(None, str(error))

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return what tesseract reads when it is loaded."""
        return TESSERACT.environment(worker)


PDFTEXT = PdfTextKind()
