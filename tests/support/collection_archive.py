# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as its users get it: an archive, and what is installed from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_GALAXY = str(Path(sys.executable).with_name("ansible-galaxy"))


def build(repository: Path, output: Path) -> Path:
    """Return the archive of the checkout, in the folder ``output``."""
    # In that folder: in the checkout Ansible would take the collection for installed, by its own configuration.
    _run("build", str(repository), "--output-path", str(output), cwd=output)
    (archive,) = output.glob("*.tar.gz")
    return archive


def install(archive: Path, collections: Path) -> Path:
    """Return the folder that the collection has below ``collections``, installed from the archive."""
    _run("install", str(archive), "--no-deps", "--collections-path", str(collections), cwd=archive.parent)
    return collections / "ansible_collections" / "glossapi" / "farm"


def _run(*arguments: str, cwd: Path) -> None:
    finished = subprocess.run([_GALAXY, "collection", *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
