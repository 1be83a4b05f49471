# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a node's own programs.

Runs on a node's own Python, 3.9.
"""

from __future__ import annotations

import os
import subprocess


def run(command: list[str], seconds: float) -> tuple[int, str]:
    """Return the command's status and what it said, untranslated; a status of its own where it did not end or begin."""
    try:
        finished = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, f"{command[0]} did not end within {seconds} s."
    except OSError as error:
        return 127, str(error)
    return finished.returncode, finished.stdout.strip()
