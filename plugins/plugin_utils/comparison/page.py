# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comparison of OCR backends as one HTML file that asks for nothing else and runs no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.glossapi.farm.plugins.plugin_utils.comparison.view import page_values
from ansible_collections.glossapi.farm.plugins.plugin_utils.html import render_page


def render(comparison: Mapping[str, Any], title: str) -> str:
    """Return the page.

    Args:
        comparison: what ``ocr_comparison_info`` returned.
        title: the farm's name.

    Raises:
        KeyError: it is of something else.
    """
    return render_page("comparison", page_values(comparison, title), ["comparison.css"])
