# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small RPMs that stand in for Amazon's, in a repository of their own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from emulators.nodes.commands import run


def build_repository(specs: Path, repository: Path) -> None:
    """Build the package of every ``*.spec`` in ``specs`` and index them all in ``repository``.

    Raises:
        RuntimeError: rpmbuild or createrepo_c failed.
    """
    repository.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for spec in sorted(specs.glob("*.spec")):
            run(
                "rpmbuild",
                "-bb",
                *("--define", f"_topdir {scratch}"),
                # Debian's rpm database knows none of the programs that dependencies would name.
                *("--define", "__requires_exclude .*"),
                *("--define", "_build_id_links none"),
                spec,
            )
        for package in Path(scratch).glob("RPMS/*/*.rpm"):
            shutil.copy(package, repository)
    run("createrepo_c", "--quiet", repository)
