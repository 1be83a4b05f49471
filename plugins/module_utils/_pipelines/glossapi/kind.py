# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ..kind import Pipeline, PipelineKind, WorkerContext
from .installation import OfGlossApi
from .options import NAME, GlossApiOptions


class GlossApiKind(OfGlossApi, PipelineKind):
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

    def parse(self, options: dict[str, Any]) -> GlossApiOptions:
        """See :meth:`GlossApiOptions.parse`.

        Raises:
            FarmError: one is unknown, of the wrong type, or does not go with another.
        """
        return GlossApiOptions.parse(options)

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker; see :meth:`load`.

        Raises:
            GpuFault: the GPU cannot be used, or would not be.
            FarmError: an option is wrong, a weight is missing or altered, or glossAPI does not do what is asked for.
            ImportError: it, or what it needs, is not installed.
        """
        return self.load(worker)


GLOSSAPI = GlossApiKind()
