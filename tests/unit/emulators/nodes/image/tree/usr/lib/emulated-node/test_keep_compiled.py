# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what a node keeps of Ansible's modules."""

from __future__ import annotations

import importlib.util
import zipfile
import zipimport
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType

import pytest

_FILE = "emulators/nodes/image/tree/usr/lib/emulated-node/keep_compiled.py"
_SOURCE = "def where():\n    return where.__code__.co_filename\n"

Compiled = set[str]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Return where things are kept."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def compiled(repository: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> Compiled:
    """Load the file as a node's Python does, and return the paths that zipimport itself compiles from then on."""
    paths: Compiled = set()
    original: Callable[[str, bytes], CodeType] = zipimport._compile_source  # type: ignore[attr-defined]

    def note(path: str, source: bytes) -> CodeType:
        paths.add(path)
        return original(path, source)

    monkeypatch.setattr(zipimport, "_compile_source", note)
    spec = importlib.util.spec_from_file_location("keep_compiled", repository / _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FOLDER", str(kept))
    return paths


def _load(archive: Path, source: str = _SOURCE) -> ModuleType:
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("found.py", source)
    importer = zipimport.zipimporter(str(archive))
    spec = importer.find_spec("found")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    importer.exec_module(module)
    return module


def test_what_comes_again_is_not_compiled_again_and_has_its_own_place(tmp_path: Path, compiled: Compiled) -> None:
    first = _load(tmp_path / "first/ansible_ping_payload.zip")
    second = _load(tmp_path / "second/ansible_ping_payload.zip")
    assert compiled == {f"{tmp_path}/first/ansible_ping_payload.zip/found.py"}
    assert first.where() == f"{tmp_path}/first/ansible_ping_payload.zip/found.py"
    assert second.where() == f"{tmp_path}/second/ansible_ping_payload.zip/found.py"


def test_another_source_in_the_same_place_is_compiled(tmp_path: Path, compiled: Compiled) -> None:
    _load(tmp_path / "first/ansible_ping_payload.zip")
    changed = _load(tmp_path / "second/ansible_ping_payload.zip", "where = 2\n")
    assert changed.where == 2
    assert len(compiled) == 2


def test_other_archives_are_left_alone(tmp_path: Path, compiled: Compiled, kept: Path) -> None:
    for number in (1, 2):
        _load(tmp_path / f"{number}/runner.zip")
    assert len(compiled) == 2
    assert list(kept.iterdir()) == []


def test_where_nothing_can_be_kept_all_goes_on(tmp_path: Path, compiled: Compiled, kept: Path) -> None:
    kept.rmdir()
    for number in (1, 2):
        assert _load(tmp_path / f"{number}/ansible_ping_payload.zip").where()
    assert len(compiled) == 2
