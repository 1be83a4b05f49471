# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's build of glossAPI's packages from a real checkout, as far as it goes without crates.io: their metadata.

pip, the locked build backends and cargo read the real sources. The crates that these depend on are empty ones of the
names, versions and features that are asked for, so whether the packages compile is not looked at.

GLOSSAPI_FARM_GLOSSAPI names the checkout, GLOSSAPI_FARM_GLOSSAPI_PYTHON a Python that has maturin, setuptools and wheel
as locked; see docs/testing.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import pins

ROLE = Path(__file__).parents[2] / "roles/glossapi"
PACKAGES = yaml.safe_load((ROLE / "defaults/main.yml").read_text())["glossapi_packages"]
ENVIRONMENT = yaml.safe_load((ROLE / "vars/main.yml").read_text())["__glossapi_environment"]
LOCKED = {name: ENVIRONMENT[name] for name in ("MATURIN_PEP517_ARGS",)}
BACKENDS = ("maturin", "setuptools", "wheel")
_VERSIONS = "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"


@pytest.fixture(scope="module")
def python() -> str:
    """The Python that builds, with the build backends that the lock has."""
    if "GLOSSAPI_FARM_GLOSSAPI" not in os.environ:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    if shutil.which("cargo") is None:
        pytest.skip("cargo is not installed")
    path = os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON", sys.executable)
    found = json.loads(subprocess.check_output([path, "-c", _VERSIONS, *BACKENDS], text=True))
    locked = pins((ROLE / "files/requirements.txt").read_text())
    assert found == {name: locked[name] for name in BACKENDS}, "install the build backends as locked"
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout's sources, which a build writes to."""
    copy = tmp_path / "glossAPI"
    ignored = shutil.ignore_patterns(".git", "models", "samples", "target")
    shutil.copytree(os.environ["GLOSSAPI_FARM_GLOSSAPI"], copy, ignore=ignored)
    return copy


def tables(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (manifest, *manifest.get("target", {}).values()):
        for kind in ("dependencies", "build-dependencies", "dev-dependencies"):
            yield part.get(kind, {})


def dependencies_of(packages: list[dict[str, Any]]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return what each crate of cargo's lock needs: with fewer it would be another lock, which --locked refuses."""
    only = {package["name"]: package["version"] for package in packages}
    return {
        (package["name"], package["version"]): {
            (name, version or only[name])
            for name, _space, version in (need.partition(" ") for need in package.get("dependencies", ()))
        }
        for package in packages
    }


def write_crates(checkout: Path, folder: Path) -> None:
    """Write an empty crate for each that the checkout's crates ask for, by cargo's lock where there is one."""
    features: dict[str, set[str]] = defaultdict(set)
    versions: dict[tuple[str, str], str | None] = {}
    needs: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for path in checkout.rglob("Cargo.toml"):
        for table in tables(tomllib.loads(path.read_text())):
            for name, asked in table.items():
                entry = {"version": asked} if isinstance(asked, str) else asked
                if "path" in entry:
                    continue
                real = entry.get("package", name)
                features[real] |= set(entry.get("features", ()))
                if not path.with_name("Cargo.lock").exists():
                    versions[real, ".".join([*entry["version"].lstrip("=^~ ").split("."), "0", "0"][:3])] = None
    for path in checkout.rglob("Cargo.lock"):
        packages = tomllib.loads(path.read_text())["package"]
        needs |= dependencies_of(packages)
        for package in packages:
            if "checksum" in package:
                versions[package["name"], package["version"]] = package["checksum"]
    for (name, version), checksum in versions.items():
        crate = folder / f"{name}-{version}"
        (crate / "src").mkdir(parents=True)
        (crate / "src/lib.rs").touch()
        known = "".join(f"{json.dumps(feature)} = []\n" for feature in sorted(features[name] | {"default"}))
        head = f'[package]\nname = "{name}"\nversion = "{version}"\n'
        needed = "".join(
            f'needed{number} = {{package = "{package}", version = "{exact}"}}\n'
            for number, (package, exact) in enumerate(sorted(needs.get((name, version), ())))
        )
        (crate / "Cargo.toml").write_text(f"{head}[dependencies]\n{needed}[features]\n{known}")
        (crate / ".cargo-checksum.json").write_text(json.dumps({"files": {}, "package": checksum}))


def build_command(python: str, folder: Path) -> list[str]:
    """Return what the role runs for a package, so that it ends before the build itself."""
    tasks = yaml.safe_load((ROLE / "tasks/install.yml").read_text())
    (task,) = [each for each in tasks if each["name"] == "Install glossAPI"]
    argv = task["ansible.builtin.command"]["argv"]
    values = {"{{ __glossapi_python }}": python, "{{ glossapi_directory }}/{{ item }}": str(folder)}
    assert values.keys() <= set(argv)
    command = [values.get(word, word) for word in argv if word != "--quiet"]
    command[command.index("install") + 1 : command.index("install") + 1] = ["--dry-run", "--no-index"]
    return command


def test_what_is_tried_is_what_the_role_runs(tmp_path: Path) -> None:
    command = build_command("python", tmp_path)
    assert command[:6] == ["python", "-m", "pip", "install", "--dry-run", "--no-index"]
    assert command[-2:] == ["--editable", str(tmp_path)]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_locked_build_backends_know_what_the_package_is(
    package: str, python: str, checkout: Path, tmp_path: Path
) -> None:
    home = tmp_path / "cargo"
    write_crates(checkout / package, home / "crates")
    sources = {"crates-io": {"replace-with": "empty"}, "empty": {"directory": str(home / "crates")}}
    lines = [f'[source.{name}]\n{key} = "{value}"' for name, entry in sources.items() for key, value in entry.items()]
    (home / "config.toml").write_text("\n".join(lines) + "\n")
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    built = subprocess.run(
        build_command(python, checkout / package),
        env=os.environ | LOCKED | {"PATH": path, "CARGO_HOME": str(home), "CARGO_NET_OFFLINE": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout
    assert "Would install " in built.stdout
