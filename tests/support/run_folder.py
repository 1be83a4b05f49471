# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder for what the processes of one run of pytest make for each other; it is gone after the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_VARIABLE = "GLOSSAPI_FARM_TEST_RUN"


def begin_run(config: pytest.Config) -> None:
    """Make the folder, unless this process was started by one that has."""
    if _VARIABLE in os.environ:
        return
    folder = tempfile.mkdtemp(prefix="test-run-")
    os.environ[_VARIABLE] = folder

    def end() -> None:
        del os.environ[_VARIABLE]
        shutil.rmtree(folder)

    config.add_cleanup(end)


def run_folder(name: str) -> Path:
    """Return the folder of this name in it."""
    folder = Path(os.environ[_VARIABLE], name)
    folder.mkdir(exist_ok=True)
    return folder
