# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from emulators.nodes.stand_ins import FACTS, build_repository, known_versions


def test_a_package_that_cannot_be_built_is_an_error(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "broken.spec").write_text("Name: broken\n")
    with pytest.raises(RuntimeError, match="rpmbuild"):
        build_repository(specs, tmp_path / "repository", {})
    assert not list((tmp_path / "repository").glob("*.rpm"))


@pytest.mark.skipif(not all(map(shutil.which, ("rpmbuild", "createrepo_c"))), reason="rpm or createrepo_c is missing")
def test_a_package_is_built_once_for_each_version_that_is_known(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    lines = ["Name: gcc", "Version: %{stand_in_version}", "Release: %{stand_in_release}", "Summary: x", "License: x"]
    (specs / "gcc.spec").write_text("\n".join([*lines, "BuildArch: noarch", "%description", "x", "%files", ""]))
    build_repository(specs, tmp_path / "repository", {"gcc": ["1.0-1.a", "2.0-1.b"]})
    names = {path.name for path in (tmp_path / "repository").glob("*.rpm")}
    assert names == {"gcc-1.0-1.a.noarch.rpm", "gcc-2.0-1.b.noarch.rpm"}


def test_a_stand_in_takes_its_version_from_what_is_known_or_has_none_of_amazons() -> None:
    for spec in FACTS.parent.glob("*packages/*.spec"):
        text = spec.read_text()
        assert ("%{stand_in_version}" in text) == (spec.stem in known_versions()), spec.name
        assert re.search(r"^Version: (%\{stand_in_version\}|1\.0)$", text, re.MULTILINE), spec.name


def test_scenarios_know_no_other_version_of_amazons_packages(repository: Path) -> None:
    known = {version for versions in known_versions().values() for version in versions}
    named = {
        version
        for path in [*(repository / "extensions").rglob("*.yml"), *(repository / "emulators").rglob("*.sh")]
        for version in re.findall(r"\d+(?:\.\d+)+-\d[\w.]*\.amzn2023(?:\.\d+)*", path.read_text())
    }
    assert named
    assert named - known == set()
