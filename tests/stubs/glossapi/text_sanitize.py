# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""glossAPI's rules for LaTeX, as far as tests need them."""

from __future__ import annotations

from typing import Any

_LONGEST = 3000


def sanitize_latex(text: str) -> tuple[str, dict[str, Any]]:
    """Return the text, cut where it is too long, and what was done."""
    return text[:_LONGEST], {"truncated_by_len": len(text) > _LONGEST}


def accept_latex(text: str) -> float:
    """Return 1.0 where the braces are even."""
    return float(text.count("{") == text.count("}"))
