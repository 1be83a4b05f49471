# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._smoke import own_tests
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.own_tests import run_tests

PASSES = "def test_one():\n    assert True\n"


def test_tests_that_pass_are_counted(tmp_path: Path) -> None:
    (tmp_path / "test_smoke.py").write_text(PASSES + PASSES.replace("one", "two"))
    assert run_tests(tmp_path, ["test_smoke.py"]) == 2


def test_what_another_pytest_was_told_is_not_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    (tmp_path / "test_smoke.py").write_text(PASSES)
    assert run_tests(tmp_path, ["test_smoke.py"]) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (PASSES + "def test_two():\n    assert False, 'no CUDA'\n", "1 failures, 1 passed"),
        (PASSES + "import pytest\npytest.importorskip('no_such_module_here')\n", "1 skipped, 0 passed"),
        (PASSES + "import pytest\n@pytest.mark.skip\ndef test_two(): ...\n", "1 skipped, 1 passed"),
        ("import no_such_module_here\n", "1 errors, 0 passed"),
        ("", "status 5, 0 passed"),
    ],
)
def test_a_failed_a_skipped_and_a_missing_test_are_no_success(tmp_path: Path, body: str, reason: str) -> None:
    (tmp_path / "test_smoke.py").write_text(body)
    with pytest.raises(FarmError, match=reason):
        run_tests(tmp_path, ["test_smoke.py"])


def test_a_file_that_is_not_there_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match="file or directory not found"):
        run_tests(tmp_path, ["test_smoke.py"])


def test_tests_that_hang_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_tests, "_SECONDS", 1)
    (tmp_path / "test_smoke.py").write_text("import time\ndef test_one():\n    time.sleep(60)\n")
    with pytest.raises(FarmError, match="did not end within 1 s"):
        run_tests(tmp_path, ["test_smoke.py"])
