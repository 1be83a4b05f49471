# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OCR backend as the pipeline of stage ``ocr``."""

from __future__ import annotations

from typing import Any

from ..._records.stage import Stage
from ..kind import GpuNeed, Pipeline, PipelineKind, WorkerContext
from .backend import OcrBackendKind
from .pipeline import OcrPipeline
from .trial import create_tried


class OcrKind(PipelineKind):
    """Has the name and the options of its backend."""

    stage = Stage.OCR

    def __init__(self, backend: OcrBackendKind) -> None:
        self._backend = backend
        self.name = backend.name
        self.summary = backend.summary
        self.options_help = backend.options_help

    def check(self, options: dict[str, Any]) -> None:
        """Check the backend's options.

        Raises:
            FarmError: one is unknown, missing or wrong.
        """
        self._backend.check(options)

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker, its backend loaded and tried on a scan whose text is known.

        Raises:
            GpuFault: the worker's GPU cannot be used.
            FarmError: an option is wrong, something is missing that the backend needs, or it does not read the scan.
            ImportError: something is not installed.
        """
        return OcrPipeline(*create_tried(self._backend, worker))

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return the backend's variables.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.environment(worker)

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return whether the backend needs a GPU.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.gpu_need(options)

    def minimum_driver(self, options: dict[str, Any]) -> str:
        """Return the driver that the backend asks for.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.minimum_driver(options)

    def workers_per_gpu(self, options: dict[str, Any], wanted: int) -> int:
        """Return how many workers the backend has share a GPU.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.workers_per_gpu(options, wanted)

    def range_pages(self, options: dict[str, Any]) -> int:
        """Return the backend's.

        Raises:
            FarmError: see :meth:`check`.
        """
        return self._backend.range_pages(options)

    def recognises(self, _options: dict[str, Any]) -> bool:
        """Return that it does."""
        return True

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the backend's options that change what comes out.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.output_options(options)

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the backend's.

        Raises:
            FarmError: an option is wrong.
        """
        return self._backend.weights_digest(options)

    def revision(self, options: dict[str, Any]) -> str:
        """Return the backend's.

        Raises:
            FarmError: something is missing that the backend needs.
        """
        return self._backend.revision(options)
