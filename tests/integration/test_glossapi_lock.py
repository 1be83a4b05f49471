# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real lock installs can be loaded on a bare Amazon Linux 2023.

GLOSSAPI_FARM_GLOSSAPI_PYTHON names a Python in whose environment the lock is installed; see docs/testing.md.
"""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

from emulators.nodes.stand_ins import FACTS

_ROLE = Path(__file__).parents[2] / "roles/glossapi"
# Loaded where TensorRT is asked for by name alone; no pipeline does.
_UNUSED = {"onnxruntime/capi/libonnxruntime_providers_tensorrt.so"}
# NVIDIA's driver brings it, which the role nvidia_driver installs (package nvidia-driver-cuda).
_DRIVER = {"libcuda.so.1"}
# glossAPI and its two packages are no part of the lock.
_OWN = "glossapi"


@dataclass(frozen=True)
class Library:
    """A shared object: which others it needs, and which versions of symbols of them."""

    name: str
    provides: set[str]
    needs: list[str]
    symbols: set[str]


@pytest.fixture(scope="module")
def prefix() -> Path:
    python = os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON")
    if python is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI_PYTHON names no Python with the lock (make glossapi)")
    return Path(python).parents[1]


@pytest.fixture(scope="module")
def packages(prefix: Path) -> Path:
    (folder,) = prefix.glob("lib/python3.11/site-packages")
    return folder


@pytest.fixture(scope="module")
def libraries(packages: Path) -> list[Library]:
    found = list(read_libraries(packages))
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def bare() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(FACTS.read_text())
    return facts


def read_libraries(folder: Path) -> Iterator[Library]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) != b"\x7fELF":
                continue
            sections = list(ELFFile(file).iter_sections())
            tags: list[Any] = [tag for each in sections if isinstance(each, DynamicSection) for tag in each.iter_tags()]
            versions = [each for each in sections if isinstance(each, GNUVerNeedSection)]
            yield Library(
                str(path.relative_to(folder)),
                {path.name, *(tag.soname for tag in tags if tag.entry.d_tag == "DT_SONAME")},
                [tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"],
                {one.name for each in versions for _needed, ones in each.iter_versions() for one in ones},
            )


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_every_shared_library_is_of_the_lock_of_the_bare_image_or_of_the_driver(
    libraries: list[Library], bare: dict[str, Any]
) -> None:
    there = {name for library in libraries for name in library.provides} | _DRIVER
    there |= {name for names in bare["libraries"].values() for name in names}
    missing = {
        library.name: absent
        for library in libraries
        if library.name not in _UNUSED and (absent := [name for name in library.needs if name not in there])
    }
    assert missing == {}


def test_no_library_wants_newer_symbols_than_the_bare_image_has(libraries: list[Library], bare: dict[str, Any]) -> None:
    newest = {name: number(str(version)) for name, version in bare["symbols"].items()}
    too_new = {
        library.name: sorted(new)
        for library in libraries
        if (
            new := [
                f"{name}_{version}"
                for name, _underscore, version in (symbol.rpartition("_") for symbol in library.symbols)
                if name in newest and version[0].isdigit() and number(version) > newest[name]
            ]
        )
    }
    assert too_new == {}


def test_no_two_distributions_own_one_file(packages: Path) -> None:
    # What pip installs last stays. Where all have the same in it, as an empty __init__.py, that is no matter.
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for each in metadata.distributions(path=[str(packages)]):
        for file in each.files or []:
            owners[os.path.normpath(file)][each.name] = file.hash.value if file.hash else each.name
    assert len(owners) > 10_000
    assert {file: sorted(by) for file, by in owners.items() if len(set(by.values())) > 1} == {}


def test_all_that_a_worker_imports_can_be_imported(prefix: Path, tmp_path: Path) -> None:
    imports = yaml.safe_load((_ROLE / "defaults/main.yml").read_text())["glossapi_imports"]
    names = ", ".join(name for name in imports if not name.startswith(_OWN))
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [str(prefix / "bin/python"), "-B", "-c", f"import {names}"]
    finished = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
