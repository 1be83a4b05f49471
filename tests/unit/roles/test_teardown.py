# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What teardown.yml removes only where it is the farm's to make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

_ROOT = Path(__file__).parents[3]


def _removes_roles(**variables: Any) -> list[bool]:
    """Return of each step that removes a role whether it is done."""
    (play,) = yaml.safe_load((_ROOT / "playbooks/teardown.yml").read_text())
    environment = Environment(autoescape=True)
    environment.filters["bool"] = bool
    return [
        bool(environment.compile_expression(task["when"])(**variables))
        for task in play["tasks"]
        if task.get("ansible.builtin.import_role", {}).get("name") == "glossapi.farm.node_iam_role"
    ]


@pytest.mark.parametrize(
    ("manages", "elsewhere", "name", "removes"),
    [
        (True, {}, "farm-node", [True, True]),
        (True, {}, "AccesOpenArchivesBucket", [True, False]),
        (True, {"eu-west-1": 2}, "farm-node", [False, False]),
        # Credentials then need not be able to look at roles.
        (False, {}, "mine", [False, False]),
    ],
)
def test_roles_are_removed_where_the_farm_manages_them_and_no_other_region_uses_them(
    manages: bool, elsewhere: dict[str, int], name: str, removes: list[bool]
) -> None:
    found = {"elsewhere": elsewhere}
    given = _removes_roles(farm_manage_iam=manages, farm_instance_profile=name, __farm_found=found)
    assert given == removes
