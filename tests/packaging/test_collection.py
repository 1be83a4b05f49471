# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as its users get it: a small tarball that resolves and documents itself elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

from tests.support.collection_archive import build, install

_BIN = Path(sys.executable).parent
_MAX_TARBALL_BYTES = 3_000_000
_MODULES = ("page_count", "shard_info", "shard_manifest", "shard_plan", "shard_run", "shard_weights_info")


def _run(command: list[str], folder: Path, collections: Path | None = None) -> str:
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": tempfile.gettempdir()}
    if collections is not None:
        environment["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    finished = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def tarball(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(repository, tmp_path_factory.mktemp("build"))


def test_the_tarball_is_small_and_has_neither_caches_nor_data(tarball: Path) -> None:
    assert tarball.stat().st_size < _MAX_TARBALL_BYTES
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    assert "plugins/modules/page_count.py" in names
    assert not [name for name in names if name.startswith(".") or name.endswith((".pyc", ".pdf", ".tar.gz"))]


def test_the_installed_collection_has_its_playbooks_and_documents_its_modules(tarball: Path, tmp_path: Path) -> None:
    collections = tmp_path / "collections"
    install(tarball, collections)
    for module in _MODULES:
        assert module in _run([str(_BIN / "ansible-doc"), f"glossapi.farm.{module}"], tmp_path, collections)
    playbook = [str(_BIN / "ansible-playbook"), "glossapi.farm.site", "--list-tasks", "--inventory", "localhost,"]
    assert "Count the pages of every PDF" in _run(playbook, tmp_path, collections)


def test_the_installed_collection_has_its_commands(tarball: Path, tmp_path: Path) -> None:
    scripts = install(tarball, tmp_path / "collections") / "scripts"
    for name in ("open_archive_page_counts.py", "split_manifest_by_pages.py"):
        assert _run([sys.executable, "-I", str(scripts / name), "--help"], tmp_path).startswith(f"usage: {name}")


@pytest.mark.parametrize("playbook", ["site.yml", "glossapi.farm.site"])
def test_a_clone_resolves_its_playbook_by_path_and_by_name(playbook: str, repository: Path) -> None:
    command = [str(_BIN / "ansible-playbook"), playbook, "--list-tags", "--inventory", "inventory/local.yml"]
    tags = _run(command, repository)
    for tag in ("validate", "ec2_nodes", "count", "shard", "process", "status"):
        assert tag in tags
