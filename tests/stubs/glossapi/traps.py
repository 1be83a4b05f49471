# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The traps of the stand-in that are switched on."""

from __future__ import annotations

import os
from pathlib import Path


def has(trap: str) -> bool:
    """Whether the trap is on now."""
    return trap in Path(os.environ["GLOSSAPI_STUB_TRAPS"]).read_text().split()
