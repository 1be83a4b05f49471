# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of Debian that tests need, installed where root may."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from emulators.nodes.commands import run


def install_missing(programs: Mapping[str, str]) -> list[str]:
    """Install the packages of the programs that are missing, and return them.

    Args:
        programs: the package that has each program.

    Raises:
        RuntimeError: apt-get failed.
    """
    missing = sorted(package for program, package in programs.items() if shutil.which(program) is None)
    if missing:
        run("apt-get", "update", "--quiet")
        run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing)
    return missing
