# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-test`` on the files git has, in the folder structure it asks for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

_BIN = Path(sys.executable).parent
# pylint repeats what ruff and mypy answer, by rules for Python 2's days: it wants no unused value called "_".
_ELSEWHERE = ("pylint",)
# What nodes and controllers import: with it they import the library, of which each file by itself takes three times as
# long.
_IMPORTED = ("plugins/modules/", "plugins/action/", "plugins/filter/", "plugins/inventory/", "plugins/lookup/")
# ansible-test downloads this script to have pip in its environments; Python brings the same.
_PIP_BOOTSTRAP = """\
import subprocess, sys
subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"])
"""


def _ansible_test(collection: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = ("SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CERT", "PIP_CONFIG_FILE", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command, *targets = arguments
    return subprocess.run(
        [str(_BIN / "ansible-test"), command, "--local", "--color", "no", "--python", version, *targets],
        cwd=collection,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _succeeded(finished: subprocess.CompletedProcess[str]) -> str:
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-8000:]
    return finished.stdout


@pytest.fixture(scope="module")
def collection(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git has, where ansible-test wants a collection to be."""
    root = tmp_path_factory.mktemp("collections") / "ansible_collections"
    collection = root / "glossapi" / "farm"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        if (repository / name).is_file():
            (collection / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, collection / name)
    # The modules' documentation takes fragments from amazon.aws.
    (root / "amazon").symlink_to(Path(sysconfig.get_path("purelib"), "ansible_collections", "amazon"))
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)  # noqa: S607
    return collection


def test_sanity_tests_find_nothing_to_object_to(collection: Path, tmp_path: Path) -> None:
    apart = (*_ELSEWHERE, "import")
    arguments = ("sanity", *(option for test in apart for option in ("--skip-test", test)))
    finished = _ansible_test(collection, tmp_path, *arguments)
    wanted = re.search(r"saved to: (\S+)", finished.stdout + finished.stderr)
    if wanted:
        bootstrap = Path(wanted[1])
        assert bootstrap.is_relative_to(tmp_path)
        bootstrap.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.write_text(_PIP_BOOTSTRAP)
        finished = _ansible_test(collection, tmp_path, *arguments)
    _succeeded(finished)
    _succeeded(_ansible_test(collection, tmp_path, "sanity", "--test", "import", *_IMPORTED))


@pytest.mark.thorough
def test_unit_tests_pass_as_ansible_test_runs_them(collection: Path, tmp_path: Path) -> None:
    # Not all of them, which make unit runs: that these are found, and pass, shows that the others would be.
    targets = ("tests/unit/plugins/filter/", "tests/unit/plugins/lookup/", "tests/unit/plugins/modules/")
    counts = re.findall(r"=+ (\d+) passed", _succeeded(_ansible_test(collection, tmp_path, "units", *targets)))
    assert sum(map(int, counts)) > 50
