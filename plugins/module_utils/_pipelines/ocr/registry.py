# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OCR backends by name."""

from __future__ import annotations

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
