# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible import context
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars

from ansible_collections.glossapi.farm.plugins.lookup.extra_variables import LookupModule


def look_up(*given: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(context, "CLIARGS", ImmutableDict(extra_vars=given))
    # Ansible reads them once in a process.
    monkeypatch.setattr(load_extra_vars, "extra_vars", None, raising=False)
    found: list[str] = LookupModule(loader=DataLoader()).run([])
    return found


def test_each_way_to_give_one_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "run.yml"
    file.write_text("watch: true\n")
    given = ("retry=timeout timeout_factor=2", json.dumps({"find_stale": True}), f"@{file}")
    assert look_up(*given, monkeypatch=monkeypatch) == ["find_stale", "retry", "timeout_factor", "watch"]


def test_without_any_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_up(monkeypatch=monkeypatch) == []
