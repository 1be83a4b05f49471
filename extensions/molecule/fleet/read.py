# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the text layer of a PDF, as of the page whose text is known."""

from __future__ import annotations

import sys
from pathlib import Path

from pypdfium2 import PdfDocument

source, folder = map(Path, sys.argv[1:])
text = "\n\n".join(page.get_textpage().get_text_range() for page in PdfDocument(source))
(folder / "document.md").write_text(text, encoding="utf-8")
