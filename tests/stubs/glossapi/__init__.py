# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for glossAPI 0.1.3 with its ways of being wrong, for contract tests on machines without a GPU.

It reads the text layer with PDFium, and marks in its output what glossAPI would have done. A trap is on
while its name is in the file that the environment variable GLOSSAPI_STUB_TRAPS names.
"""

from __future__ import annotations

from glossapi.corpus import Corpus

__all__ = ["Corpus"]
