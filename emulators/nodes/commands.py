# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a program and say what went wrong with it."""

from __future__ import annotations

import subprocess
from pathlib import Path


def run(*command: str | Path, text: str | None = None) -> str:
    """Run ``command`` with ``text`` as its input and return what it printed.

    Raises:
        RuntimeError: it could not be started or failed; the message has its error output.
    """
    words = [str(word) for word in command]
    try:
        finished = subprocess.run(words, input=text or "", capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise RuntimeError(f"{words[0]} is not installed") from error
    if finished.returncode != 0:
        output = (finished.stdout + finished.stderr).strip()
        raise RuntimeError(f"{' '.join(words)}: status {finished.returncode}\n{output}")
    return finished.stdout
