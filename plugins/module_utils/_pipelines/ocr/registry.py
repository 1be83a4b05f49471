# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OCR backends by name."""

from __future__ import annotations

from ..._errors import FarmError
from .backend import OcrBackendKind
from .tesseract.kind import TESSERACT

BACKENDS: tuple[OcrBackendKind, ...] = (TESSERACT,)


def backend_of(name: str) -> OcrBackendKind:
    """Return the backend of this name.

    Raises:
        FarmError: there is none.
    """
    backends = {backend.name: backend for backend in BACKENDS}
    if name not in backends:
        raise FarmError(f"There is no OCR backend {name!r}: choose one of {', '.join(backends)}.")
    return backends[name]
