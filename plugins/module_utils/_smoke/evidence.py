# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the smoke checks saw, kept as a file: evidence for a person, and no more.

That the file is there says that the checks passed once. Nothing reads it; the checks run again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .._errors import FarmError
from .._files import write_atomically


def keep_evidence(path: Path, seen: dict[str, Any], *, check_mode: bool) -> bool:
    """Write what was seen unless the file says it already; return whether it does, or would, change.

    Raises:
        FarmError: the file cannot be written.
    """
    content = json.dumps(seen, indent=1, sort_keys=True).encode() + b"\n"
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        if not check_mode:
            write_atomically(path, content)
    except OSError as error:
        raise FarmError(f"What the smoke checks saw cannot be written to {path}: {error}") from error
    return True


def forget_evidence(path: Path) -> None:
    """Remove the file: a check has failed, and what it said is true no more."""
    path.unlink(missing_ok=True)
