# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from ansible_collections.glossapi.farm.plugins.plugin_utils import html


def test_a_page_has_the_shared_rules_then_its_own_and_its_values_are_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in ("report", "own"):
        (tmp_path / folder).mkdir()
    (tmp_path / "report" / "style.css").write_text("p > a {}\n")
    (tmp_path / "own" / "more.css").write_text("b {}\n")
    (tmp_path / "own" / "page.html.j2").write_text("{{ style_hash | length }} {{ style }}{{ name }}\n")
    monkeypatch.setattr(html, "_FOLDER", tmp_path)
    assert html.render_page("own", {"name": "<b>"}, ["more.css"]) == "44 p > a {}\nb {}\n&lt;b&gt;\n"
    with pytest.raises(UndefinedError, match="name"):
        html.render_page("own", {})
