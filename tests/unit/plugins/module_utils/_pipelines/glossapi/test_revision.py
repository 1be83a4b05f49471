# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.revision import commit_of


@pytest.mark.parametrize("state", ["detached", "branch", "packed"])
def test_the_commit_of_a_checkout_is_told(state: str, tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "first"], check=True)
    if state != "branch":
        change = ["pack-refs", "--all"] if state == "packed" else ["checkout", "--quiet", "--detach"]
        subprocess.run([*git, *change], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert commit_of(tmp_path / "src" / "glossapi" / "__init__.py") == commit


def test_what_is_no_checkout_has_no_commit() -> None:
    assert commit_of(Path("/nowhere/site-packages/glossapi/__init__.py")) == ""
