# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OCR backends by name."""

from __future__ import annotations

from ..._errors import FarmError
from .backend import OcrBackendKind
from .glossapi_deepseek.kind import DEEPSEEK
from .glossapi_rapidocr.kind import GLOSSAPI_RAPIDOCR
from .server.kind import SERVER
from .tesseract.kind import TESSERACT

BACKENDS: tuple[OcrBackendKind, ...] = (
    DEEPSEEK,
    GLOSSAPI_RAPIDOCR,
    SERVER,
    TESSERACT,
)


def backend_kind(name: str) -> OcrBackendKind:
    """Return the OCR backend of this name.

    Raises:
        FarmError: there is none.
    """
    kinds = {kind.name: kind for kind in BACKENDS}
    if name not in kinds:
        raise FarmError(f"There is no OCR backend {name!r}: choose one of {', '.join(kinds)}.")
    return kinds[name]
