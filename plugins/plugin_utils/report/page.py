# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file that asks for nothing else and runs no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.view import page_values

_FOLDER = Path(__file__).parent
_TEMPLATE = "page.html.j2"
_STYLE = "style.css"


def render(reports: Sequence[Mapping[str, Any]], title: str, console_region: str) -> str:
    """Return the page.

    Args:
        reports: what ``shard_info`` returned of each stage, in their order.
        title: the farm's name.
        console_region: region for links into AWS's console; empty for no links.

    Raises:
        KeyError: the values are of something else.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The browser takes this style and no other: not one that a document's name might bring.
    style = hashlib.sha256(environment.get_template(_STYLE).render().encode())
    return environment.get_template(_TEMPLATE).render(
        **page_values(reports, title, console_region), style_hash=base64.b64encode(style.digest()).decode()
    )
