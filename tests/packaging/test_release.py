# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/releasing.md does, on a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

from tests.support.collection_archive import build, install

_BIN = Path(sys.executable).parent


def _version(repository: Path) -> str:
    return str(yaml.safe_load((repository / "galaxy.yml").read_text())["version"])


def _run(folder: Path, *command: str) -> str:
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_the_next_changelog_is_made_from_every_fragment_and_keeps_what_was(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "changelogs", tmp_path / "changelogs")
    version = _version(repository)
    (tmp_path / "galaxy.yml").write_text((repository / "galaxy.yml").read_text().replace(version, "99.0.0"))
    fragments = tmp_path / "changelogs" / "fragments"
    fragments.mkdir(exist_ok=True)
    (fragments / "news.yml").write_text("minor_changes:\n  - page_count - does something new.\n")
    texts = [
        line
        for file in fragments.glob("*.yml")
        for lines in yaml.safe_load(file.read_text()).values()
        for line in lines
    ]
    _run(tmp_path, "antsibull-changelog", "release", "--date", "2026-01-01")
    changelog = " ".join((tmp_path / "CHANGELOG.rst").read_text().split())
    assert "v99.0.0" in changelog
    assert [text for text in texts if " ".join(text.split()) not in changelog] == []
    assert f"v{version}" in changelog


def test_the_changelog_has_this_version(repository: Path) -> None:
    releases = yaml.safe_load((repository / "changelogs" / "changelog.yaml").read_text())["releases"]
    assert _version(repository) in releases
    assert f"v{_version(repository)}" in (repository / "CHANGELOG.rst").read_text()


def _image(repository: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((repository / "execution-environment.yml").read_text()))


def test_the_image_has_the_collection_of_this_version(repository: Path) -> None:
    image = _image(repository)
    archive = f"glossapi-farm-{_version(repository)}.tar.gz"
    assert image["dependencies"]["galaxy"]["collections"][0] == {"name": f"collections/{archive}", "type": "file"}
    assert image["additional_build_files"][0] == {"src": archive, "dest": "collections"}


def test_the_image_has_the_collections_that_the_tests_have(repository: Path) -> None:
    folder = Path(sysconfig.get_path("purelib")) / "ansible_collections"
    pinned = {each["name"]: each["version"] for each in _image(repository)["dependencies"]["galaxy"]["collections"][1:]}
    assert pinned.keys() == yaml.safe_load((repository / "galaxy.yml").read_text())["dependencies"].keys()
    for name, version in pinned.items():
        manifest = json.loads((folder / name.replace(".", "/") / "MANIFEST.json").read_text())
        assert manifest["collection_info"]["version"] == version


def test_every_python_package_that_the_image_asks_for_is_pinned(repository: Path) -> None:
    pins = dict(
        line.partition(" ;")[0].split("==")
        for line in (repository / "requirements/execution-environment.txt").read_text().splitlines()
        if not line.startswith("#")
    )
    asked = [
        line
        for name in ("node.in", "execution-environment.in")
        for line in (repository / "requirements" / name).read_text().splitlines()
        if not line.startswith(("#", "-r"))
    ]
    assert [line for line in asked if not _allows(line, pins)] == []
    image = _image(repository)
    packages = {image["dependencies"][name]["package_pip"] for name in ("ansible_core", "ansible_runner")}
    assert packages <= pins.keys()
    installed = re.findall(
        r"pip install --no-cache-dir (\S+)", "\n".join(image["additional_build_steps"]["append_final"])
    )
    assert installed
    assert set(installed) <= pins.keys()


def _allows(asked: str, pins: Mapping[str, str]) -> bool:
    requirement = Requirement(asked)
    return requirement.name in pins and requirement.specifier.contains(pins[requirement.name])


def test_the_image_can_be_built_and_gets_what_the_collection_needs(repository: Path, tmp_path: Path) -> None:
    shutil.copy(repository / "execution-environment.yml", tmp_path)
    (tmp_path / "requirements").mkdir()
    shutil.copy(repository / "requirements" / "execution-environment.txt", tmp_path / "requirements")
    build(repository, tmp_path)
    _run(tmp_path, "ansible-builder", "create", "--context", "context", "--output-filename", "Containerfile")
    containerfile = (tmp_path / "context" / "Containerfile").read_text()
    # Before the first pip.
    assert containerfile.index("ENV PIP_CONSTRAINT=") < containerfile.index("pip install")
    assert (tmp_path / "context" / "_build" / "requirements" / "execution-environment.txt").exists()
    (archive,) = (tmp_path / "context" / "_build" / "collections").iterdir()
    collections = tmp_path / "installed"
    install(archive, collections)
    needed = yaml.safe_load(_run(tmp_path, "ansible-builder", "introspect", str(collections)))
    packages = {line.partition("  #")[0] for line in needed["python"]}
    wanted = (repository / "requirements" / "node.in").read_text().splitlines()
    assert packages == {line for line in wanted if not line.startswith("#")}
    assert any(line.startswith("openssh-clients ") for line in needed["system"])
