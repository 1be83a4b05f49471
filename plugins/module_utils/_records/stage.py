# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages that a document goes through."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """A stage; each has its own cut, markers, supervisors and pipelines."""

    TEXT = "text"
    """Reads the text layer of every document."""
    OCR = "ocr"
    """Recognises the pages whose text layer is no text, of documents that the stage before has handed on."""
    MATH = "math"
    """Reads the formulas of documents whose text layer stage ``text`` found good; they are done before it and after."""
