# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``server`` with the test server, which reads by tesseract."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

SERVER_PROGRAM = Path(__file__).parents[2] / "emulators" / "inference_server.py"


def a_preset(tessdata: Path, fault: str = "none", **keys: Any) -> dict[str, Any]:
    """Return a preset of the test server, as its file would have it.

    Args:
        tessdata: the folder of language data.
        fault: of the test server's.
        keys: others, or the same with other values.
    """
    command = [sys.executable, "-I", str(SERVER_PROGRAM), "--port", "{port}", "--tessdata", str(tessdata)]
    return {
        "name": "tesseract-by-http",
        "source": "emulators/inference_server.py",
        "licence": "Apache-2.0",
        "licence_source": "https://github.com/tesseract-ocr/tessdata/blob/main/LICENSE",
        "command": [*command, "--fault", fault],
        "gpu": False,
        "weights": [{"repo": "tesseract-ocr/tessdata", "revision": "4.1.0"}],
        "model": "tesseract",
        "prompt": "Write what stands on this page in Markdown.",
        "dpi": 300,
        "most_tokens": 4096,
        "second_request": {"repetition_penalty": 1.1},
        **keys,
    }
