# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages as one HTML file that asks for nothing else and runs no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).parent
_TEMPLATE = "page.html.j2"
# What all pages are made of, and look like.
_SHARED = "report"
_STYLE = "style.css"


def render_page(folder: str, values: Mapping[str, Any], styles: Sequence[str] = ()) -> str:
    """Return the page; whatever its values are, they are text on it and no markup.

    Args:
        folder: beside this file; has ``page.html.j2``.
        values: that the template has.
        styles: names of files in the folder with its own rules, beside those of all pages.
    """
    environment = Environment(
        loader=FileSystemLoader([_FOLDER / folder, _FOLDER / _SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = "".join(environment.get_template(name).render() for name in (_STYLE, *styles))
    # The browser takes this style and no other: not one that a document's name might bring.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # Of files of this collection, and of nothing else.
    return environment.get_template(_TEMPLATE).render(**values, style=Markup(style), style_hash=digest)  # noqa: S704
