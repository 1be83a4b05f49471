# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converter for the scenario: waits for a token, or for the gate to be open, then writes a PDF's text.

One of eight pages has the machine panic instead (panic.yml).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pypdfium2 import PdfDocument


def wait(gate: Path) -> None:
    """Return when the gate is open, or with a token, which no other document can have then."""
    while not (gate / "open").exists():
        for token in gate.glob("token*"):
            try:
                token.unlink()
            except FileNotFoundError:
                continue
            return
        time.sleep(0.1)


source, folder, gate = map(Path, sys.argv[1:])
print(f"waiting with {source}", file=sys.stderr)
document = PdfDocument(source)
if len(document) == 8:
    (gate / "panic").touch()
    time.sleep(600)
wait(gate)
text = "\n\n".join(page.get_textpage().get_text_range() for page in document)
(folder / "document.md").write_text(text, encoding="utf-8")
