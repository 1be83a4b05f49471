# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines by name."""

from __future__ import annotations

from .._errors import FarmError
from .._records.stage import Stage
from .command.kind import COMMAND
from .glossapi.kind import GLOSSAPI
from .glossapi_math.kind import GLOSSAPI_MATH
from .kind import PipelineKind
from .ocr.kind import OcrKind
from .ocr.registry import BACKENDS
from .pdftext.kind import PDFTEXT

KINDS: tuple[PipelineKind, ...] = (
    COMMAND,
    GLOSSAPI,
    GLOSSAPI_MATH,
    PDFTEXT,
    *map(OcrKind, BACKENDS),
)
NAMES = tuple(kind.name for kind in KINDS)
DEFAULT = PDFTEXT.name


def names_of(stage: Stage) -> tuple[str, ...]:
    """Return the names of the pipelines that work at a stage."""
    return tuple(kind.name for kind in KINDS if kind.stage is stage)


def kind_of(name: str) -> PipelineKind:
    """Return the pipeline of this name.

    Raises:
        FarmError: there is none.
    """
    kinds = {kind.name: kind for kind in KINDS}
    if name not in kinds:
        raise FarmError(f"There is no pipeline {name!r}: choose one of {', '.join(kinds)}.")
    return kinds[name]
