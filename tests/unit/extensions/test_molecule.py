# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What scenarios do otherwise than the product is written down here, with its reason, and is nothing else."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).parents[3]
_MOLECULE = _ROOT / "extensions/molecule"
_CONFIG = yaml.safe_load((_MOLECULE / "config.yml").read_text())["ansible"]
# Of the product's nodes the inventory has ssh's arguments; nodes here are no network away.
_CONNECTION = {"ssh_args", "ssh_extra_args"}
# Where the collection is, and that Python may keep what it compiled.
_ENVIRONMENT = {"ANSIBLE_COLLECTIONS_PATH", "PYTHONDONTWRITEBYTECODE"}
_NO_NETWORK = "a node here reaches no network"
_NO_CONDA = "environments are of Debian's Python, with stand-ins for the packages"
# Defaults that no scenario uses, so that nothing but a node on AWS does.
_NEVER_SHIPPED = {
    "glossapi": {
        "glossapi_index_url": _NO_NETWORK,
        "glossapi_repository": _NO_NETWORK,
        "glossapi_requirements": _NO_CONDA,
    },
    "inference_server": {"inference_server_index_url": _NO_NETWORK},
    "miniforge": {"miniforge_checksum": _NO_CONDA, "miniforge_mirror": _NO_NETWORK},
}
_STEPS = ("prepare", "converge", "verify", "repair")
_ROLES = sorted(path.name for path in (_ROOT / "roles").iterdir() if (_MOLECULE / path.name / "converge.yml").exists())


def _names(values: object) -> set[str]:
    """Return every key of a YAML document, however deep."""
    if isinstance(values, Mapping):
        return {str(key) for key in values} | {name for value in values.values() for name in _names(value)}
    if isinstance(values, list):
        return {name for value in values for name in _names(value)}
    return set()


def _given(scenario: str) -> set[str]:
    """Return what a scenario's plays set when it converges."""
    folder = _MOLECULE / scenario
    files = [folder / "converge.yml", *folder.glob("group_vars/*.yml"), *folder.glob("vars/*.yml")]
    return {name for file in files for name in _names(yaml.safe_load(file.read_text()))}


def _given_by_configure(role: str) -> set[str]:
    """Return the role's variables that the scenario configure gives another value than the product does."""
    others = _given("glossapi")
    plays: list[dict[str, Any]] = yaml.safe_load((_ROOT / "playbooks/configure.yml").read_text())
    given = [
        each.get("vars", {})
        for play in plays
        for each in [*play.get("roles", []), *play.get("tasks", [])]
        if f"glossapi.farm.{role}" in (each.get("role"), each.get("ansible.builtin.include_role", {}).get("name"))
    ]
    passed = {name: str(value) for variables in given for name, value in variables.items()}
    settings = {name: set(re.findall(r"\bfarm_\w+", value)) for name, value in passed.items()}
    return {name for name in others if name not in passed} | {name for name, used in settings.items() if used & others}


def _imported(scenario: str, step: str) -> list[str]:
    """Return the scenarios whose playbook of the same name a scenario's playbook imports."""
    file = _MOLECULE / scenario / f"{step}.yml"
    plays = yaml.safe_load(file.read_text()) if file.exists() else []
    imported = [Path(play.get("ansible.builtin.import_playbook", "")) for play in plays]
    return [path.parent.name for path in imported if path.name == file.name]


def _platforms(scenario: str) -> list[dict[str, Any]]:
    shared = yaml.safe_load((_MOLECULE / "config.yml").read_text())["platforms"]
    own = yaml.safe_load((_MOLECULE / scenario / "molecule.yml").read_text()) or {}
    platforms: list[dict[str, Any]] = own.get("platforms", shared)
    return platforms


def _hosts(scenario: str, step: str) -> set[str]:
    plays = yaml.safe_load((_MOLECULE / scenario / f"{step}.yml").read_text())
    return {play["hosts"] for play in plays if "hosts" in play} - {"localhost"}


_TOGETHER = _imported("roles", "converge")


@pytest.mark.parametrize("step", _STEPS)
def test_each_step_of_scenarios_that_are_played_together_is_played(step: str) -> None:
    assert _imported("roles", step) == [each for each in _TOGETHER if (_MOLECULE / each / f"{step}.yml").exists()]


@pytest.mark.parametrize("role", _TOGETHER)
def test_a_scenario_played_with_others_has_a_node_of_its_own_as_when_it_is_played_alone(role: str) -> None:
    (together,) = [each for each in _platforms("roles") if role in each["groups"]]
    (alone,) = _platforms(role)
    assert together["groups"] == ["farm_nodes", role]
    assert {"farm_nodes", role} <= set(alone["groups"])
    own = {"name", "groups"}
    assert {name: together[name] for name in together.keys() - own} == {
        name: alone[name] for name in alone.keys() - own
    }
    assert {host for step in ("converge", "verify", "repair") for host in _hosts(role, step)} == {role}


# A play for a group that is not there is passed over.
def test_the_whole_playbooks_nodes_are_looked_at_by_what_looks_at_each_roles() -> None:
    looked_for = {host for each in _imported("configure", "verify") for host in _hosts(each, "verify")}
    assert looked_for > {"farm_nodes"}
    assert all(looked_for <= set(platform["groups"]) for platform in _platforms("configure"))


def test_scenarios_have_no_configuration_that_the_product_lacks() -> None:
    product = ConfigParser()
    product.read(_ROOT / "ansible.cfg")
    assert {name: str(value).lower() for name, value in _CONFIG["cfg"]["defaults"].items()} == {
        name: product["defaults"][name] for name in _CONFIG["cfg"]["defaults"]
    }
    assert _CONFIG["cfg"].keys() == {"defaults", "ssh_connection"}
    assert _CONFIG["cfg"]["ssh_connection"].keys() == _CONNECTION
    assert _CONFIG["env"].keys() == _ENVIRONMENT


def test_one_scenario_runs_site_with_the_products_own_configuration() -> None:
    (task,) = yaml.safe_load((_MOLECULE / "shared/tasks/site.yml").read_text())
    assert task["environment"]["ANSIBLE_CONFIG"].endswith("/ansible.cfg")
    assert "shared/tasks/site.yml" in (_MOLECULE / "configure/repair.yml").read_text()


@pytest.mark.parametrize("role", _ROLES)
def test_a_default_that_no_scenario_uses_is_known_with_its_reason(role: str) -> None:
    file = _ROOT / "roles" / role / "defaults/main.yml"
    defaults = yaml.safe_load(file.read_text()).keys()
    everywhere = _given(role) & _given_by_configure(role) & defaults
    assert everywhere == set(_NEVER_SHIPPED.get(role, {}))


def test_all_that_a_node_must_import_has_a_stand_in() -> None:
    stand_ins = runpy.run_path(str(_MOLECULE / "shared/glossapi_stand_ins.py"), run_name="stand_ins")
    packages = {module for _distribution, _version, module in {**stand_ins["_PACKAGES"], **stand_ins["_COMPILED"]}}
    imports = yaml.safe_load((_ROOT / "roles/glossapi/defaults/main.yml").read_text())["glossapi_imports"]
    # glossAPI itself is built from a stand-in of its sources.
    assert set(imports) == packages - {"docling"} | {"glossapi"}
