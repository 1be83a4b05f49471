# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.main import EXIT_BROKEN
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.program import lifetime_program

pytestmark = pytest.mark.slow


def test_it_runs_by_itself_and_needs_no_package_to_tell_what_is_wrong(tmp_path: Path) -> None:
    program = tmp_path / "lifetime.zip"
    program.write_bytes(lifetime_program())
    # Isolated, without site-packages: what a node's own Python has.
    finished = subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(tmp_path / "missing.json")],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert finished.returncode == EXIT_BROKEN
    assert "run configure.yml with --tags node_lifetime" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_the_same_sources_are_the_same_program() -> None:
    assert lifetime_program() == lifetime_program()
