# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that asks for nothing else and runs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.glossapi.farm.plugins.plugin_utils.html import render_page
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.view import page_values


def render(reports: Sequence[Mapping[str, Any]], title: str, console_region: str) -> str:
    """Return the page.

    Args:
        reports: what ``shard_info`` returned of each stage, in their order.
        title: the farm's name.
        console_region: region for links into AWS's console; empty for no links.

    Raises:
        KeyError: the values are of something else.
    """
    return render_page("report", page_values(reports, title, console_region))
