# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a contributor, a commit and GitHub call is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.parts import PARTS

_TARGET = re.compile(r"^([a-z-]+):(?!=)(.*)$", re.MULTILINE)
# These files are not in the package, where ansible-test runs the unit tests, too.
_ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (_ROOT / ".github").exists(), reason="needs a clone: make unit runs this")


def _targets() -> dict[str, str]:
    """Return what stands behind the name of each target."""
    return dict(_TARGET.findall((_ROOT / "Makefile").read_text()))


def _jobs() -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load((_ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    return jobs


def _called() -> set[str]:
    """Return the targets that the workflow calls, by its matrix and by name."""
    commands = [step["run"] for job in _jobs().values() for step in job["steps"] if "run" in step]
    by_name = {name for command in commands for name in re.findall(r"\bmake ([a-z-]+)$", command)}
    return by_name | set(_jobs()["part"]["strategy"]["matrix"]["target"])


def test_make_help_has_a_word_on_every_target() -> None:
    targets = _targets()
    assert targets
    assert [name for name, rest in targets.items() if "## " not in rest] == []


def test_the_workflow_calls_targets_that_exist_and_every_part_of_make_test() -> None:
    called = _called()
    assert called <= _targets().keys()
    assert called >= {*PARTS, "demo"}


def test_what_looks_at_a_commit_is_installed_with_the_tests() -> None:
    hooks = yaml.safe_load((_ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    installed = (_ROOT / "requirements/test.in").read_text().splitlines()
    programs = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks}
    assert programs
    assert programs <= set(installed)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", ".github/PULL_REQUEST_TEMPLATE.md"])
def test_what_a_page_for_contributors_names_is_there(page: str) -> None:
    codes = re.findall(r"`([^`\s]+)`", (_ROOT / page).read_text())
    library = _ROOT / "plugins/module_utils"
    paths = [code for code in codes if "/" in code or code.endswith(".md")]
    assert paths
    assert [path for path in paths if not any((root / path).exists() for root in (_ROOT, library))] == []
