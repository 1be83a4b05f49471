# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the folder that a run of pytest has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_CONFTEST = """
import os

import pytest

from tests.support.run_folder import begin_run, run_folder


def pytest_configure(config):
    begin_run(config)


@pytest.fixture
def folder():
    return run_folder("packed")
"""
_TESTS = """
import os


def test_first(folder):
    print(folder)
    (folder / f"by-{os.getpid()}").touch()


def test_second(folder):
    print(folder)
"""


def test_the_processes_of_a_run_share_it_and_it_is_gone_after_the_run(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLOSSAPI_FARM_TEST_RUN", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(repository))
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_it.py").write_text(_TESTS)
    command = [sys.executable, "-m", "pytest", "-rP", "-p", "no:cacheprovider", "--numprocesses", "2", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    folders = {line for line in done.stdout.splitlines() if line.endswith("/packed")}
    assert len(folders) == 1
    assert not Path(folders.pop()).parent.exists()
