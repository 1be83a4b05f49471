# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role says of its variables is what it does with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROLES = sorted(path.parent for path in (Path(__file__).parents[3] / "roles").glob("*/meta"))
# What Ansible takes for each type, of what YAML makes of a default.
_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    # A number or a word.
    "raw": (int, str),
}

Options = Mapping[str, Mapping[str, Any]]


def _specs(role: Path) -> dict[str, Options]:
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    return {entry: spec.get("options", {}) for entry, spec in specs.items()}


def _defaults(role: Path) -> dict[str, Any]:
    path = role / "defaults/main.yml"
    return yaml.safe_load(path.read_text()) if path.exists() else {}


def _is_template(value: object) -> bool:
    return isinstance(value, str) and "{{" in value


def _required_by_its_tasks(role: Path) -> set[str]:
    """Return what a role asks for itself, to tell of it together with all else that is wrong."""
    file = role / "vars/main.yml"
    variables = yaml.safe_load(file.read_text()) if file.exists() else {}
    return set((variables or {}).get(f"__{role.name}_required", []))


@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_a_variable_has_the_default_that_is_documented_or_is_required(role: Path) -> None:
    defaults = _defaults(role)
    for options in _specs(role).values():
        documented = {name: option["default"] for name, option in options.items() if "default" in option}
        assert documented == {name: defaults[name] for name in options if name in defaults}
        required = {name for name, option in options.items() if option.get("required")} | _required_by_its_tasks(role)
        assert required == options.keys() - documented.keys()


@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_every_default_is_documented(role: Path) -> None:
    documented = {name for options in _specs(role).values() for name in options}
    assert _defaults(role).keys() - documented == set()


@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_a_default_has_its_type_and_is_one_of_the_choices(role: Path) -> None:
    for options in _specs(role).values():
        for name, option in options.items():
            default = option.get("default")
            if default is None or _is_template(default):
                continue
            assert isinstance(default, _TYPES[option["type"]]), name
            assert isinstance(default, bool) == (option["type"] == "bool"), name
            assert default in option.get("choices", [default]), name
