# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi`` as the farm knows it."""

from __future__ import annotations

import os
from typing import Any

from ..._errors import FarmError
from ..kind import GpuNeed, Pipeline, PipelineKind, WorkerContext
from .options import NAME, GlossApiOptions
from .revision import revision


class GlossApiKind(PipelineKind):
    """glossAPI, on a GPU unless its backend is ``safe``."""

    name = NAME
    summary = "V(glossapi) converts the text layer with glossAPI and docling on GPUs."
    options_help = """
        V(glossapi) has C(backend), V(docling) (default, on a GPU: layout, tables and headings) or V(safe) (the text
        layer alone, on a CPU); C(math) (default V(false)), which turns formulas into LaTeX and must be V(false) with
        V(safe); C(images_scale) (default V(1.25)), pages are rendered for the models at so many times 72 dpi;
        C(threads), CPU threads of each worker (by default an equal share of the CPUs); C(hf_home), the absolute path of
        the Hugging Face models (by default the environment's E(HF_HOME)); and C(rapidocr_models), that of RapidOCR's
        ONNX models (by default those that glossAPI brings).
        C(weights), the absolute path of a folder of pinned weights, takes the place of both, with C(weights_digest),
        the digest of their list: a worker then refuses to start where a file is missing or altered, and fetches none.

        V(glossapi) needs glossAPI 0.1.3 in the Python the module runs with. A worker refuses to start with one that
        does not do what is asked for, and on a GPU that does not compute.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`GlossApiOptions.parse`.
        """
        GlossApiOptions.parse(options)

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker.

        Raises:
            GpuFault: the GPU cannot be used, or would not be.
            FarmError: an option is wrong, a weight is missing or altered, or glossAPI does not do what is asked for.
            ImportError: it, or what it needs, is not installed.
        """
        from .device import Cpu, Gpu
        from .pipeline import GlossApiPipeline

        options = GlossApiOptions.parse(worker.options)
        options.verify_weights(NAME)
        device = Gpu() if options.uses_gpu else Cpu()
        return GlossApiPipeline(options, thread_count(options, worker), worker.folder, device)

    def environment(self, worker: WorkerContext) -> dict[str, str]:
        """Return the variables of :meth:`GlossApiOptions.environment`.

        Raises:
            FarmError: an option is wrong.
        """
        options = GlossApiOptions.parse(worker.options)
        return options.environment(worker.folder, thread_count(options, worker))

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return whether its slots are GPUs, which depends on the backend.

        Raises:
            FarmError: an option is wrong.
        """
        return GpuNeed.ALWAYS if GlossApiOptions.parse(options).uses_gpu else GpuNeed.NEVER

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return those of :meth:`GlossApiOptions.for_hash`.

        Raises:
            FarmError: an option is wrong.
        """
        return GlossApiOptions.parse(options).for_hash()

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the option of this name.

        Raises:
            FarmError: an option is wrong.
        """
        return GlossApiOptions.parse(options).weights_digest or ""

    def revision(self, _options: dict[str, Any]) -> str:
        """Return glossAPI's version and commit.

        Raises:
            FarmError: it is not installed.
        """
        return installed_revision()


def installed_revision() -> str:
    """Return glossAPI's version and commit.

    Raises:
        FarmError: it is not installed.
    """
    try:
        return revision()
    except ImportError as error:
        raise FarmError(f"Pipeline {NAME} is not installed here ({error}): configure the node first.") from error


def thread_count(options: GlossApiOptions, worker: WorkerContext) -> int:
    """Return how many CPU threads a worker may use."""
    return options.thread_count(len(os.sched_getaffinity(0)), worker.workers)


GLOSSAPI = GlossApiKind()
