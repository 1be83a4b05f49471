# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""glossAPI's commit stands in one place: the default of a setting, and with it the documentation of that default."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
SETTINGS = ROOT / "roles/settings"
_FOLDERS = ("docs", "extensions", "inventory", "playbooks", "plugins", "roles", "tests")


def pinned() -> str:
    return str(yaml.safe_load((SETTINGS / "defaults/main.yml").read_text())["farm_glossapi_commit"])


def test_a_whole_hash_is_pinned() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", pinned())


def test_nothing_else_names_the_commit() -> None:
    sources = [
        path
        for folder in _FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".md", ".py", ".yml"}
    ]
    commit = pinned()[:7]
    named = {path for path in sources if commit in path.read_text(encoding="utf-8")}
    assert named == {SETTINGS / "defaults/main.yml", SETTINGS / "meta/argument_specs.yml"}
