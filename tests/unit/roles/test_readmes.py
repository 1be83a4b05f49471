# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role's README says of its tag and its variables is what playbooks and ``argument_specs`` have."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).parents[3]
_ROLES = sorted(path.parent for path in (_ROOT / "roles").glob("*/README.md"))


def _variables(role: Path) -> set[str]:
    """Return what the role documents, and what it gives to playbooks without a leading underscore."""
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    own = role / "vars/main.yml"
    given = yaml.safe_load(own.read_text()) if own.exists() else {}
    return {name for spec in specs.values() for name in spec.get("options", {})} | set(given or {})


@cache
def _plays() -> list[dict[str, Any]]:
    return [play for path in (_ROOT / "playbooks").glob("*.yml") for play in yaml.safe_load(path.read_text())]


def _tags(role: Path) -> set[str]:
    """Return the tags that plays give to the role, or to the task file of its name that takes it into a play."""
    used = [each for play in _plays() for kind in ("pre_tasks", "roles", "tasks") for each in play.get(kind, [])]
    return {
        tag
        for each in used
        if f"glossapi.farm.{role.name}" in (each.get("role"), each.get("ansible.builtin.include_role", {}).get("name"))
        or each.get("ansible.builtin.import_tasks") == f"tasks/{role.name}.yml"
        for tag in [
            *each.get("tags", []),
            *each.get("ansible.builtin.include_role", {}).get("apply", {}).get("tags", []),
        ]
    }


def _of_nodes() -> list[str]:
    """Return the roles that change nodes."""
    plays = yaml.safe_load((_ROOT / "playbooks/configure.yml").read_text())
    listed = {each["role"] for play in plays for each in play.get("roles", [])}
    included = {
        each["ansible.builtin.include_role"]["name"]
        for play in plays
        for each in play.get("tasks", [])
        if "ansible.builtin.include_role" in each
    }
    return sorted(name.removeprefix("glossapi.farm.") for name in listed | included)


def test_every_role_has_a_readme() -> None:
    assert sorted(path.parent for path in (_ROOT / "roles").glob("*/meta")) == _ROLES


@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_it_says_what_the_role_is_called_and_its_tag_and_what_it_restarts_and_mends(role: Path) -> None:
    text = (role / "README.md").read_text()
    assert f"\n# {role.name}\n" in text
    tag = re.search(r"^- \*\*Tag\*\*: `(\w+)`", text, re.MULTILINE)
    assert tag is not None
    assert tag[1] in _tags(role)
    assert re.search(r"^- \*\*Restarts\*\*: \S", text, re.MULTILINE)
    assert re.search(r"^- \*\*Repair[\w, ]*\*\*: \S", text, re.MULTILINE)


@pytest.mark.parametrize("role", _of_nodes())
def test_a_role_of_a_node_says_what_was_real_when_it_was_tested(role: str) -> None:
    assert re.search(r"^- \*\*Tested with\*\*: \S", (_ROOT / "roles" / role / "README.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_a_variable_that_it_names_is_one_of_the_role(role: Path) -> None:
    named = set(re.findall(rf"`({role.name}_\w+)`", (role / "README.md").read_text()))
    # Other roles, and names in a longer one's.
    others = {other.name for other in _ROLES if other != role}
    of_others = {name for name in named for other in others if len(other) > len(role.name) and name.startswith(other)}
    assert named - of_others - _variables(role) == set()
