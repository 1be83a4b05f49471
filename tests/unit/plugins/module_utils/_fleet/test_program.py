# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.main import EXIT_RESTART
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program

pytestmark = pytest.mark.slow


def test_it_runs_without_the_collection_and_tells_what_is_wrong(tmp_path: Path) -> None:
    program = tmp_path / "fleet.zip"
    program.write_bytes(fleet_program())
    finished = subprocess.run(
        [sys.executable, "-I", str(program), *map(str, (tmp_path / "missing.json", tmp_path, tmp_path))],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert finished.returncode == EXIT_RESTART
    assert "missing.json is not what user data of the fleet writes" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_it_has_what_it_makes_supervisors_of() -> None:
    names = zipfile.ZipFile(BytesIO(fleet_program())).namelist()
    assert any(name.endswith("_runner/host/service.py") for name in names)
    assert any(name.endswith("_runner/worker/main.py") for name in names)


def test_the_same_sources_are_the_same_program() -> None:
    assert fleet_program() == fleet_program()
