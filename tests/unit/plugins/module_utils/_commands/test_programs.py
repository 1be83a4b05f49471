# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands.programs import command_programs

pytestmark = pytest.mark.slow


def test_each_command_is_a_program_that_needs_no_collection(tmp_path: Path) -> None:
    programs = command_programs()
    assert set(programs) == {"open_archive_page_counts.py", "split_manifest_by_pages.py"}
    for name, content in programs.items():
        (tmp_path / name).write_bytes(content)
        # Isolated: PYTHONPATH, the folder and the user's packages are left out.
        shown = subprocess.run(
            [sys.executable, "-I", name, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert shown.stdout.startswith(f"usage: {name}")


def test_the_same_library_gives_the_same_programs_with_what_they_need_alone() -> None:
    programs = command_programs()
    assert command_programs() == programs
    for content in programs.values():
        names = zipfile.ZipFile(BytesIO(content)).namelist()
        assert not [name for name in names if "/_runner/" in name or "/_ec2/" in name]
