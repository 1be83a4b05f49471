# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays and tasks are named by what is done, in Ansible's own words."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[3]


def test_a_name_begins_with_what_is_done_and_not_with_what_is_wanted() -> None:
    files = [path for folder in ("roles", "playbooks", "extensions") for path in (_ROOT / folder).rglob("*.yml")]
    names = [name for path in files for name in re.findall(r"^ *- name: (.+)$", path.read_text(), re.MULTILINE)]
    assert len(names) > 100
    assert [name for name in names if re.match(r"(Have|Has) ", name)] == []
