# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real lock installs can be loaded on a bare Amazon Linux 2023.

GLOSSAPI_FARM_GLOSSAPI_PYTHON names a Python in whose environment the lock is installed; see docs/testing.md.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
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
# glossAPI and its two packages are no part of the lock. Nobody compiles the latter here.
_OWN = "glossapi"
_REPOSITORY = _ROLE.parents[1]
_CHECKOUT = os.environ.get("GLOSSAPI_FARM_GLOSSAPI")
_UTILS = "ansible_collections.glossapi.farm.plugins.module_utils"
# What runs in a worker's process of the collection's own; it imports glossAPI and its libraries later.
_WORKER = [f"{_UTILS}.{name}" for name in ("_runner.worker.main", "_pipelines.registry", "_smoke.ocr")]
_LDCONFIG = re.compile(r"\(libc6,x86-64\S*(?:, [^)]*)?\) => (\S+)")
# By what a desktop needs, and images for nodes lack.
_DESKTOP = re.compile("lib(GL|X|xcb|SM|ICE|gthread|glib)")


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


def own_libraries(python: Path) -> set[str]:
    """Return the paths of the libraries that Python and its standard library need, which conda brings on a node."""
    base = Path(subprocess.check_output([str(python), "-c", "import sys; print(sys.base_prefix)"], text=True).strip())
    modules = [path for path in base.glob("lib/python3.11/lib-dynload/*.so") if not path.name.startswith("_tkinter")]
    listed = subprocess.check_output(["/usr/bin/ldd", str(base / "bin/python3.11"), *map(str, modules)], text=True)
    return {words[2] for words in map(str.split, listed.splitlines()) if len(words) > 2 and words[1] == "=>"}


@pytest.fixture(scope="module")
def root(prefix: Path, bare: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root file system with the libraries of the bare image, Python's own, and nothing else."""
    folder = tmp_path_factory.mktemp("root")
    for name in ("lib", "dev", "proc", "tmp", "etc"):
        (folder / name).mkdir()
    (folder / "lib64").symlink_to("lib")
    known = {
        Path(path).name: path
        for path in _LDCONFIG.findall(subprocess.check_output(["/sbin/ldconfig", "-p"], text=True))
    }
    listed = {known[name] for names in bare["libraries"].values() for name in names}
    for path in listed | own_libraries(prefix / "bin/python"):
        shutil.copy(path, folder / "lib")
    assert not [path.name for path in (folder / "lib").iterdir() if _DESKTOP.match(path.name)]
    return folder


def run_in(root: Path, prefix: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code there; what is bound is at the path that it has here."""
    base = Path(os.path.realpath(prefix / "bin/python")).parents[1]
    bound = [base, prefix, _REPOSITORY, *([Path(_CHECKOUT)] if _CHECKOUT else []), Path("/dev"), Path("/proc")]
    for each in bound:
        (root / each.relative_to("/")).mkdir(parents=True, exist_ok=True)
    mounts = [f"mount --rbind {shlex.quote(str(each))} {shlex.quote(f'{root}{each}')}" for each in bound]
    program = [str(prefix / "bin/python"), "-B", "-c", code]
    script = " && ".join([*mounts, f"exec chroot {shlex.quote(str(root))} {shlex.join(program)}"])
    paths = [str(_REPOSITORY / ".ansible/collections"), *([f"{_CHECKOUT}/src"] if _CHECKOUT else [])]
    return subprocess.run(
        ["/usr/bin/unshare", "--map-root-user", "--mount", "/bin/sh", "-c", script],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "PYTHONPATH": os.pathsep.join(paths)},  # noqa: S108
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_that_a_worker_imports_can_be_imported_where_there_is_nothing_but_a_bare_image(
    prefix: Path, root: Path
) -> None:
    imports = yaml.safe_load((_ROLE / "defaults/main.yml").read_text())["glossapi_imports"]
    names = [name for name in imports if not name.startswith(_OWN)]
    finished = run_in(root, prefix, f"import {', '.join([*names, *_WORKER, *(['glossapi'] if _CHECKOUT else [])])}")
    assert finished.returncode == 0, finished.stderr
