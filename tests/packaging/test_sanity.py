# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-test sanity`` on the files git has, in the folder structure it asks for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

_BIN = Path(sys.executable).parent
# pylint repeats what ruff and mypy answer, by rules for Python 2's days: it wants no unused value called "_".
_ELSEWHERE = ("pylint",)
# ansible-test downloads this script to have pip in its environments; Python brings the same.
_PIP_BOOTSTRAP = """\
import subprocess, sys
subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"])
"""


def _sanity(collection: Path, home: Path) -> subprocess.CompletedProcess[str]:
    kept = ("SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CERT", "PIP_CONFIG_FILE", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    skipped = [option for test in _ELSEWHERE for option in ("--skip-test", test)]
    return subprocess.run(
        [str(_BIN / "ansible-test"), "sanity", "--local", "--color", "no", "--python", version, *skipped],
        cwd=collection,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ansible_test_finds_nothing_to_object_to(repository: Path, tmp_path: Path) -> None:
    collection = tmp_path / "ansible_collections" / "glossapi" / "farm"
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
    installed = Path(sysconfig.get_path("purelib"), "ansible_collections", "amazon")
    (tmp_path / "ansible_collections" / "amazon").symlink_to(installed)
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)  # noqa: S607
    home = tmp_path / "home"
    home.mkdir()
    finished = _sanity(collection, home)
    wanted = re.search(r"saved to: (\S+)", finished.stdout + finished.stderr)
    if wanted:
        bootstrap = Path(wanted[1])
        assert bootstrap.is_relative_to(home)
        bootstrap.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.write_text(_PIP_BOOTSTRAP)
        finished = _sanity(collection, home)
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-8000:]
