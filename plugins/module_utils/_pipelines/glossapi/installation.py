# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pipeline ``glossapi``, its OCR and its formulas have in common: an installation, its models on one device."""

from __future__ import annotations

import os
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from ..._errors import FarmError
from ..driver import CUDA_12
from ..kind import GpuNeed, Kind, WorkerContext
from .options import NAME, GlossApiOptions
from .revision import revision

if TYPE_CHECKING:
    from .device import Device
    from .pipeline import GlossApiPipeline

_WORKERS_PER_GPU = 2


class OfGlossApi(Kind):
    """Knows itself by its options alone."""

    @abstractmethod
    def parse(self, options: dict[str, Any]) -> GlossApiOptions:
        """Return the options, checked.

        Raises:
            FarmError: one is unknown, of the wrong type, or does not go with another.
        """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`parse`.
        """
        self.parse(options)

    def load(self, worker: WorkerContext) -> GlossApiPipeline:
        """Return glossAPI in a worker, its models loaded.

        Raises:
            GpuFault: the GPU cannot be used, or would not be.
            FarmError: an option is wrong, a weight is missing or altered, or glossAPI does not do what is asked for.
            ImportError: it, or what it needs, is not installed.
        """
        from .pipeline import GlossApiPipeline

        device = self.device(worker)
        return GlossApiPipeline(self.parse(worker.options), self.threads(worker), worker.folder, device)

    def device(self, worker: WorkerContext) -> Device:
        """Return what a worker's models run on, once the weights are as they must be.

        Raises:
            FarmError: an option is wrong, or a weight is missing or altered.
        """
        from . import device

        options = self.parse(worker.options)
        options.verify_weights(self.name)
        return device.Gpu() if options.uses_gpu else device.Cpu()

    def threads(self, worker: WorkerContext) -> int:
        """Return how many CPU threads a worker's libraries may use.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return self.parse(worker.options).thread_count(len(os.sched_getaffinity(0)), worker.workers)

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return the variables of :meth:`GlossApiOptions.environment`.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return self.parse(worker.options).environment(worker.folder, self.threads(worker))

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return whether its slots are GPUs, which depends on the backend.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return GpuNeed.ALWAYS if self.parse(options).uses_gpu else GpuNeed.NEVER

    def minimum_driver(self, options: dict[str, Any]) -> str:
        """Return what the CUDA of the locked torch and onnxruntime asks for.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return CUDA_12 if self.parse(options).uses_gpu else ""

    def workers_per_gpu(self, options: dict[str, Any], wanted: int) -> int:
        """Return two where nothing is wanted: one worker leaves the GPU idle while its CPUs read and write pages.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return (wanted or _WORKERS_PER_GPU) if self.parse(options).uses_gpu else 1

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return those of :meth:`GlossApiOptions.for_hash`.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return self.parse(options).for_hash()

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the option of this name.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return self.parse(options).weights_digest or ""

    def revision(self, _options: dict[str, Any]) -> str:
        """Return glossAPI's version and commit.

        Raises:
            FarmError: it is not installed.
        """
        try:
            return revision()
        except ImportError as error:
            raise FarmError(f"Pipeline {NAME} is not installed here ({error}): configure the node first.") from error
