# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small RPMs that stand in for Amazon's, in a repository of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from emulators.nodes.commands import run

FACTS = Path(__file__).parent / "image" / "amazon_linux_2023.yml"


def known_versions() -> dict[str, list[str]]:
    """Return the versions, each with its release, that Amazon's packages are known to have, by package."""
    packages: dict[str, list[str]] = yaml.safe_load(FACTS.read_text())["packages"]
    return packages


def build_repository(specs: Path, repository: Path, versions: Mapping[str, list[str]]) -> None:
    """Build the package of every ``*.spec`` in ``specs`` and index them all in ``repository``.

    A package in ``versions`` is built once for each of them, which its spec has as ``%{stand_in_version}`` and
    ``%{stand_in_release}``.

    Raises:
        RuntimeError: rpmbuild or createrepo_c failed.
    """
    repository.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for spec in sorted(specs.glob("*.spec")):
            for version in versions.get(spec.stem, [""]):
                number, _dash, release = version.partition("-")
                run(
                    "rpmbuild",
                    "-bb",
                    *("--define", f"_topdir {scratch}"),
                    # Debian's rpm database knows none of the programs that dependencies would name.
                    *("--define", "__requires_exclude .*"),
                    *("--define", "_build_id_links none"),
                    *(
                        ("--define", f"stand_in_version {number}", "--define", f"stand_in_release {release}")
                        * bool(version)
                    ),
                    spec,
                )
        for package in Path(scratch).glob("RPMS/*/*.rpm"):
            shutil.copy(package, repository)
    run("createrepo_c", "--quiet", repository)
