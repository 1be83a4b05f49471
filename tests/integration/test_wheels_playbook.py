# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wheels as an operator has them built by wheels.yml, and as pip takes them: a stand-in's, and crates' by real tools.

GLOSSAPI_FARM_GLOSSAPI_PYTHON names a Python in whose environment the lock is installed; see docs/testing.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.s3 import S3Server
from tests.support.local_node import Play, play_here

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ROLE = Path(__file__).parents[2] / "roles/glossapi"
_PACKAGES = [
    folder for folder in yaml.safe_load((_ROLE / "defaults/main.yml").read_text())["glossapi_packages"] if folder != "."
]
_BACKEND = """
import os, zipfile
from pathlib import Path
def build_wheel(folder, config_settings=None, metadata_directory=None):
    if os.environ.get("MATURIN_PEP517_ARGS") != "--locked":
        raise SystemExit("the crates are not locked")
    project = Path.cwd().name
    name = f"{project}-0.1.0-py3-none-any.whl"
    info = f"{project}-0.1.0.dist-info/"
    with zipfile.ZipFile(Path(folder, name), "w") as wheel:
        wheel.writestr(f"{project}.py", "answer = 42")
        wheel.writestr(info + "METADATA", f"Metadata-Version: 2.1\\nName: {project}\\nVersion: 0.1.0\\n")
        tag = "Root-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: stand-in\\n" + tag)
        wheel.writestr(info + "RECORD", "")
    return name
"""
_PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
_CRATE = '[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
_CRATE_PROJECT = """
[build-system]
requires = ["maturin>=1.0,<2.0"]
build-backend = "maturin"
[project]
name = "{name}"
version = "0.1.0"
[tool.maturin]
bindings = "bin"
"""
_PROGRAM = 'fn main() { println!("{}", 6 * 7); }\n'


def _stand_ins(checkout: Path) -> None:
    for folder in _PACKAGES:
        (checkout / folder).mkdir(parents=True)
        (checkout / folder / "backend.py").write_text(_BACKEND)
        (checkout / folder / "pyproject.toml").write_text(_PROJECT)


def _crates(checkout: Path) -> None:
    """Write programs without dependencies, as no test reaches crates.io."""
    for folder in _PACKAGES:
        name = Path(folder).name
        (checkout / folder / "src").mkdir(parents=True)
        (checkout / folder / "Cargo.toml").write_text(_CRATE.format(name=name))
        (checkout / folder / "pyproject.toml").write_text(_CRATE_PROJECT.format(name=name))
        (checkout / folder / "src/main.rs").write_text(_PROGRAM)
        subprocess.run(
            [shutil.which("cargo") or "", "generate-lockfile", "--offline"], cwd=checkout / folder, check=True
        )


def _commit(checkout: Path) -> str:
    """Commit all, check it out as the role does, and return its hash."""

    def git(*words: str) -> str:
        identity = ("-c", "user.name=stand-in", "-c", "user.email=stand-in@example.org")
        return subprocess.check_output(
            [shutil.which("git") or "", "-C", str(checkout), *identity, *words], text=True
        ).strip()

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "State")
    git("checkout", "--quiet", "--detach")
    return git("rev-parse", "HEAD")


@pytest.fixture
def settings(bucket: S3Uri, tmp_path: Path) -> dict[str, Any]:
    data = tmp_path / "data"
    for name in ("cache", "tmp", "glossAPI", "miniforge/envs"):
        (data / name).mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("# Nothing.\n")
    return {
        "farm_input_bucket": bucket.bucket,
        "farm_manifests": str(bucket.join("farm")),
        "farm_results": str(bucket.join("results")),
        "farm_data": str(data),
        "farm_user": "root",
        "farm_wheels_lock": str(tmp_path / "wheels.txt"),
        "glossapi_requirements": str(tmp_path / "requirements.txt"),
    }


@pytest.fixture
def play(settings: dict[str, Any], repository: Path, s3_server: S3Server, tmp_path: Path) -> Play:
    return play_here(settings, repository, s3_server.endpoint_url, tmp_path)


def _install(python: Path, lock: Path, folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Install what is locked with the words of the role's task."""
    tasks = yaml.safe_load((_ROLE / "tasks/install.yml").read_text())
    (task,) = [each for each in tasks if each["name"] == "Install the wheels of glossAPI's packages"]
    words = task["ansible.builtin.command"]["argv"]
    asked = ["--no-index", "--no-deps", "--require-hashes"]
    assert all(f"'{word}'" in words for word in asked)
    found = [f"--find-links={each}" for each in folder.iterdir()]
    command = [str(python), "-m", "pip", "install", *asked, f"--requirement={lock}", *found, f"--target={target}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _bring(client: S3Client, prefix: S3Uri, folder: Path) -> list[Path]:
    """Copy the wheels as the role node_scripts does."""
    paths = []
    for each in list_objects(client, prefix.join("")):
        path = folder / str(each.uri).removeprefix(f"{prefix}/")
        path.parent.mkdir(parents=True)
        path.write_bytes(read_bytes(client, each.uri))
        paths.append(path)
    return paths


def test_wheels_are_built_once_and_a_changed_or_missing_one_is_refused_by_its_name(
    play: Play, settings: dict[str, Any], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    prefix = Path(settings["farm_data"]) / "miniforge/envs/glossapi"
    subprocess.run([sys.executable, "-m", "venv", str(prefix)], check=True)
    checkout, lock = Path(settings["farm_data"]) / "glossAPI", tmp_path / "wheels.txt"
    _stand_ins(checkout)
    settings["farm_glossapi_commit"] = _commit(checkout)
    status, output, _changed = play("wheels", "--check")
    assert (status, lock.exists()) == (0, False), output
    status, output, _changed = play("wheels")
    assert status == 0, output
    assert f"# glossAPI {settings['farm_glossapi_commit']}" in lock.read_text()
    assert play("wheels")[2]["node-1"] == 0
    folder = tmp_path / "wheels"
    first, second = sorted(
        _bring(client, S3Uri(bucket.bucket, "glossapi-farm/scripts/wheels"), folder), key=lambda each: each.name
    )
    installed = _install(prefix / "bin/python", lock, folder, tmp_path / "installed")
    assert installed.returncode == 0, installed.stderr
    assert sorted(path.stem for path in (tmp_path / "installed").glob("*.py")) == [
        Path(each).name for each in _PACKAGES
    ]
    for wheel, broken in ((first, "altered"), (second, "missing")):
        shutil.copytree(folder, tmp_path / broken)
        path = tmp_path / broken / wheel.relative_to(folder)
        path.unlink()
        if broken == "altered":
            path.write_bytes(wheel.read_bytes() + b"altered")
        refused = _install(prefix / "bin/python", lock, tmp_path / broken, tmp_path / "refused")
        assert refused.returncode != 0
        assert wheel.name.split("-")[0].replace("_", "-") in refused.stderr.replace("_", "-")


def test_crates_are_compiled_by_cargo_and_the_locked_maturin(
    play: Play, settings: dict[str, Any], client: S3Client, bucket: S3Uri, tmp_path: Path
) -> None:
    if "GLOSSAPI_FARM_GLOSSAPI_PYTHON" not in os.environ:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI_PYTHON names no Python with the lock (make glossapi)")
    compiler = shutil.which("rustc")
    if compiler is None:
        pytest.skip("Rust is not installed")
    # As conda installs cargo beside Python.
    binaries = Path(settings["farm_data"]) / "miniforge/envs/glossapi/bin"
    real = Path(os.environ["GLOSSAPI_FARM_GLOSSAPI_PYTHON"]).parents[1]
    binaries.mkdir(parents=True)
    toolchain = Path(subprocess.check_output([compiler, "--print", "sysroot"], text=True).strip())
    for path in [*real.glob("bin/*"), toolchain / "bin/cargo", toolchain / "bin/rustc"]:
        (binaries / path.name).symlink_to(path)
    for name in ("lib", "pyvenv.cfg"):
        (binaries.parent / name).symlink_to(real / name)
    checkout = Path(settings["farm_data"]) / "glossAPI"
    _crates(checkout)
    settings["farm_glossapi_commit"] = _commit(checkout)
    settings["glossapi_requirements"] = str(_ROLE / "files/requirements.txt")
    status, output, _changed = play("wheels")
    assert status == 0, output
    folder, target = tmp_path / "wheels", tmp_path / "installed"
    wheels = _bring(client, S3Uri(bucket.bucket, "glossapi-farm/scripts/wheels"), folder)
    assert {wheel.name.rpartition("-")[2] for wheel in wheels} == {"linux_x86_64.whl"}
    installed = _install(binaries / "python", tmp_path / "wheels.txt", folder, target)
    assert installed.returncode == 0, installed.stderr
    for package in _PACKAGES:
        assert subprocess.check_output([str(target / "bin" / Path(package).name)], text=True) == "42\n"
