# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi_math`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ..._records.stage import Stage
from ..glossapi.installation import OfGlossApi
from ..glossapi.options import MATH_NAME, GlossApiOptions
from ..kind import Pipeline, PipelineKind, WorkerContext


class GlossApiMathKind(OfGlossApi, PipelineKind):
    """docling's formula model over what stage ``text`` has left, on a GPU."""

    stage = Stage.MATH
    name = MATH_NAME
    summary = "V(glossapi_math) turns the formulas that V(glossapi) found into LaTeX with docling's model, on GPUs."
    options_help = """
        V(glossapi_math) has C(threads), C(hf_home), C(weights) and C(weights_digest) of V(glossapi), whose documents it
        goes on with.
    """

    def parse(self, options: dict[str, Any]) -> GlossApiOptions:
        """See :meth:`GlossApiOptions.parse_for_math`.

        Raises:
            FarmError: one is unknown or of the wrong type.
        """
        return GlossApiOptions.parse_for_math(options)

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker, its model loaded.

        Raises:
            GpuFault: the GPU cannot be used.
            FarmError: an option is wrong, a weight is missing or altered, or the model cannot be loaded.
            ImportError: glossAPI, or what it needs, is not installed.
        """
        from .pipeline import GlossApiMath

        return GlossApiMath(self.device(worker), self.threads(worker))


GLOSSAPI_MATH = GlossApiMathKind()
