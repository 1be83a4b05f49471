# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pipeline ``glossapi`` and its OCR have in common: one installation, whose models run on one device."""

from __future__ import annotations

import os
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from ..._errors import FarmError
from ..kind import GpuNeed, Kind, WorkerContext
from .options import NAME, GlossApiOptions
from .revision import revision

if TYPE_CHECKING:
    from .pipeline import GlossApiPipeline


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
        from .device import Cpu, Gpu
        from .pipeline import GlossApiPipeline

        options = self.parse(worker.options)
        options.verify_weights(self.name)
        device = Gpu() if options.uses_gpu else Cpu()
        return GlossApiPipeline(options, _threads(options, worker), worker.folder, device)

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return the variables of :meth:`GlossApiOptions.environment`.

        Raises:
            FarmError: see :meth:`parse`.
        """
        options = self.parse(worker.options)
        return options.environment(worker.folder, _threads(options, worker))

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return whether its slots are GPUs, which depends on the backend.

        Raises:
            FarmError: see :meth:`parse`.
        """
        return GpuNeed.ALWAYS if self.parse(options).uses_gpu else GpuNeed.NEVER

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


def _threads(options: GlossApiOptions, worker: WorkerContext) -> int:
    return options.thread_count(len(os.sched_getaffinity(0)), worker.workers)
