# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.plugin_utils import log_tail
from ansible_collections.glossapi.farm.plugins.plugin_utils.log_tail import LogTail, LogTailAction


def test_only_complete_new_lines_of_level_info_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("1 INFO of an earlier run\n")
    shown: list[str] = []
    with LogTail(log, shown.append), log.open("a") as output:
        output.write("2 INFO half done\n3 WARNING one bad document\n4 INFO all done\n5 INFO cut o")
    assert shown == ["2 INFO half done", "4 INFO all done"]


def test_a_file_that_never_comes_is_no_error(tmp_path: Path) -> None:
    shown: list[str] = []
    with LogTail(tmp_path / "log", shown.append):
        pass
    assert shown == []


def _run_action(monkeypatch: pytest.MonkeyPatch, transport: str, **arguments: str) -> tuple[dict[str, Any], list[str]]:
    """Run a task whose module writes a line to its log; return the module's arguments and what was shown."""
    shown: list[str] = []
    given: dict[str, Any] = {}

    def execute(module_name: str, module_args: dict[str, Any], task_vars: object) -> dict[str, Any]:
        given.update(module_args)
        if "log_file" in module_args:
            Path(module_args["log_file"]).write_text("1 INFO half done\n")
        return {"module": module_name, "vars": task_vars}

    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *_: None)
    monkeypatch.setattr(log_tail, "Display", lambda: SimpleNamespace(display=shown.append))
    action = LogTailAction.__new__(LogTailAction)
    action._task = SimpleNamespace(args=arguments, action="glossapi.farm.page_count")
    action._connection = SimpleNamespace(transport=transport)
    monkeypatch.setattr(action, "_execute_module", execute)
    assert action.run(None, {"x": 1}) == {"module": "glossapi.farm.page_count", "vars": {"x": 1}}
    return given, shown


def test_on_the_controller_the_log_is_shown_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    given, shown = _run_action(monkeypatch, "local", bucket="b")
    assert shown == ["1 INFO half done"]
    assert given["bucket"] == "b"
    assert not Path(given["log_file"]).exists()


def test_a_log_of_the_users_own_is_shown_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given, shown = _run_action(monkeypatch, "local", log_file=str(tmp_path / "log"))
    assert shown == ["1 INFO half done"]
    assert given == {"log_file": str(tmp_path / "log")}
    assert (tmp_path / "log").exists()


def test_elsewhere_the_module_runs_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run_action(monkeypatch, "ssh", bucket="b") == ({"bucket": "b"}, [])
