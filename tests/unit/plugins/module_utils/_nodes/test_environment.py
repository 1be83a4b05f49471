# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.environment import (
    checkout_problems,
    environment_problems,
    pins,
)

LOCK = """\
# a comment
Foo.Bar==1.0 \\
    --hash=sha256:00
spam==2
"""


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """Make an environment that matches the lock; its Python is this one."""
    prefix = tmp_path / "env"
    (prefix / "bin").mkdir(parents=True)
    python = prefix / "bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    for name, version in (("foo_bar", "1.0"), ("spam", "2"), ("beyond", "3")):
        write_distribution(prefix, name, version)
    return prefix


def write_distribution(prefix: Path, name: str, version: str) -> None:
    folder = prefix / f"lib/python3.11/site-packages/{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_names_are_compared_as_package_indexes_do() -> None:
    assert pins(LOCK) == {"foo-bar": "1.0", "spam": "2"}


def test_an_environment_that_holds_what_its_lock_says_has_no_problem(prefix: Path) -> None:
    assert environment_problems(prefix, LOCK, ["json", "csv"]) == []


def test_a_missing_python_is_the_problem(tmp_path: Path) -> None:
    assert environment_problems(tmp_path, LOCK, []) == [f"there is no {tmp_path}/bin/python"]


def test_missing_and_other_versions_are_named(prefix: Path) -> None:
    lock = LOCK.replace("spam==2", "spam==3") + "eggs==1\n"
    assert environment_problems(prefix, lock, []) == ["not installed: eggs", "installed: spam 2 instead of 3"]


def test_long_lists_are_cut(prefix: Path) -> None:
    lock = "".join(f"package{number}==1\n" for number in range(8))
    assert environment_problems(prefix, lock, [])[0].endswith("package4 and 3 more")


def test_packages_that_cannot_be_imported_are_a_problem_whatever_is_installed(prefix: Path) -> None:
    (problem,) = environment_problems(prefix, LOCK, ["json", "no_such_module"])
    assert "No module named 'no_such_module'" in problem


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "file").write_text("text")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--message", "First")
    git(folder, "checkout", "--quiet", "--detach")
    return folder


def test_a_checkout_at_its_commit_has_no_problem(checkout: Path) -> None:
    (checkout / "untracked").touch()
    assert checkout_problems(checkout, git(checkout, "rev-parse", "HEAD")) == []


def test_another_commit_a_changed_file_and_no_checkout_are_problems(checkout: Path, tmp_path: Path) -> None:
    commit = git(checkout, "rev-parse", "HEAD")
    assert checkout_problems(checkout, "0" * 40) == [f"{checkout} is at {commit}, not at {'0' * 40}"]
    (checkout / "file").write_text("other")
    assert checkout_problems(checkout, commit) == [f"changed in {checkout}: M file"]
    assert checkout_problems(tmp_path, commit) == [f"{tmp_path} is no git checkout"]
