# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands import launch as launching
from ansible_collections.glossapi.farm.plugins.module_utils._commands.launch import launch


def test_the_command_of_a_name_gets_the_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["program", "--help"])
    with pytest.raises(SystemExit) as ended:
        launch("split_manifest_by_pages")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: split_manifest_by_pages.py")


def test_an_earlier_python_is_told_to_be_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 20, "final", 0))
    assert launch("split_manifest_by_pages") == 1
    assert "needs Python 3.11 or later, and this is 3.9: " in capsys.readouterr().err


def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacks_a_package(_name: str) -> object:
        raise ModuleNotFoundError("No module named 'obstore'", name="obstore")

    monkeypatch.setattr(launching, "import_module", lacks_a_package)
    assert launch("open_archive_page_counts") == 1
    told = capsys.readouterr().err
    assert told.startswith("open_archive_page_counts needs obstore: ")
    assert told.count("\n") == 1


def test_an_earlier_python_can_read_what_tells_it_so(repository: Path) -> None:
    for path in (Path(str(launching.__file__)), *(repository / "scripts").glob("*.py")):
        ast.parse(path.read_text(), feature_version=(3, 7))
