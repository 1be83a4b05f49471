# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``pdftext`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ..._errors import FarmError
from ..kind import Pipeline, PipelineKind, WorkerContext


class PdfTextKind(PipelineKind):
    """It has no options, needs no GPU, and is of this collection's own version."""

    name = "pdftext"
    summary = "V(pdftext) reads the text layer with PDFium on a CPU."
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
        return PdfTextPipeline()


PDFTEXT = PdfTextKind()
