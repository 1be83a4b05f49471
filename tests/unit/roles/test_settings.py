# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role has every setting there is, and every play takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from ansible_collections.glossapi.farm.plugins.filter.price_per_hour import price_per_hour
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.options import option_names
from ansible_collections.glossapi.farm.plugins.modules import shard_run

_ROOT = Path(__file__).parents[3]
_ROLE = _ROOT / "roles/settings"
_PLAYBOOKS = sorted((_ROOT / "playbooks").glob("*.yml"))
_TAKING = "tasks/settings.yml"
_SPEC: dict[str, dict[str, Any]] = yaml.safe_load((_ROLE / "meta/argument_specs.yml").read_text())["argument_specs"][
    "main"
]["options"]
_DEFAULTS: dict[str, Any] = yaml.safe_load((_ROLE / "defaults/main.yml").read_text())
_VARIABLES: dict[str, Any] = yaml.safe_load((_ROLE / "vars/main.yml").read_text())
# site.yml plays them where their own tag is given; the settings have that of the play.
_ON_REQUEST = {"status", "report"}
# A group, and the variable that the inventory gives to each node.
_NO_SETTINGS = {"farm_nodes", "farm_shard"}
# A farm on EC2 has GPUs, notices, a price and other nodes; the module by itself knows of none.
_OWN_DEFAULTS = {"slots", "interruption_notices", "price_per_hour", "help_others"}
# Pages tell how roles and their tags were called before.
_OLD_ROLES: dict[str, str] = _VARIABLES["__settings_renamed_tags"]


def _texts() -> Iterator[Path]:
    for folder in ("playbooks", "roles", "inventory", "docs", "extensions"):
        yield from (path for path in (_ROOT / folder).rglob("*") if path.suffix in {".yml", ".md", ".j2", ".sh"})
    yield _ROOT / "README.md"


def _plays(playbook: Path) -> list[dict[str, Any]]:
    return [play for play in yaml.safe_load(playbook.read_text()) if "hosts" in play]


@pytest.mark.parametrize("playbook", _PLAYBOOKS, ids=lambda playbook: playbook.stem)
def test_every_play_takes_the_settings_first_whatever_tags_are_given(playbook: Path) -> None:
    for play in _plays(playbook):
        # What ends a play, or leaves a host out of it, has nothing to check.
        first = next(task for task in play["pre_tasks"] if "ansible.builtin.meta" not in task)
        assert first["ansible.builtin.import_tasks"] == _TAKING
        assert first.get("tags") == (None if playbook.stem in _ON_REQUEST else ["always"])
        assert "when" not in first


def _unknown_names(path: Path) -> set[str]:
    known = _SPEC.keys() | _NO_SETTINGS
    if path == _ROLE / "vars/main.yml":
        known = known | _VARIABLES["__settings_renamed"].keys() | _OLD_ROLES.keys()
    if path.suffix == ".md":
        known = known | _OLD_ROLES.keys()
    return set(re.findall(r"\bfarm_[a-z_]*[a-z]\b", path.read_text())) - known


def test_every_name_with_the_settings_prefix_is_a_setting() -> None:
    unknown = {str(path.relative_to(_ROOT)): _unknown_names(path) for path in _texts()}
    assert {path: names for path, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    ("of_the_node", "usd"), [({}, "5.672"), ({"ec2_instance_type": "g6.12xlarge"}, "4.6016")], ids=["farm", "node"]
)
def test_a_node_of_another_type_than_the_preferred_one_has_the_price_of_its_own(
    of_the_node: dict[str, str], usd: str
) -> None:
    environment = Environment(autoescape=True)
    environment.filters["glossapi.farm.price_per_hour"] = price_per_hour
    price = environment.from_string(_DEFAULTS["farm_price_per_hour"])
    assert price.render(farm_instance_type=_DEFAULTS["farm_instance_type"], **of_the_node) == usd


def test_what_the_collection_cannot_know_has_no_default() -> None:
    required = {name for name, option in _SPEC.items() if "default" not in option}
    assert required == set(_VARIABLES["__settings_required"])
    assert yaml.safe_load((_ROOT / "inventory/group_vars/all/collection.yml").read_text()).keys() == required


def test_every_variable_that_a_playbook_takes_for_one_run_is_known_as_such() -> None:
    texts = [path.read_text() for path in (_ROOT / "playbooks").rglob("*.yml")]
    taken = {name for text in texts for name in re.findall(r"(?<![\w.'])([a-z][a-z_]*) \| default\(", text)}
    assert {name for name in taken if not name.startswith("farm_")} == set(_VARIABLES["__settings_of_a_run"])


def test_every_variable_that_pages_tell_to_give_for_one_run_is_a_setting_or_taken_by_a_playbook() -> None:
    pages = "\n".join(path.read_text() for path in _texts() if path.suffix == ".md")
    given = set(re.findall(r"-e ([a-z_]+)=", pages))
    assert "retry" in given
    assert given - _SPEC.keys() - set(_VARIABLES["__settings_of_a_run"]) == set()


def test_an_old_name_is_none_of_today_and_its_new_one_is() -> None:
    renamed = _VARIABLES["__settings_renamed"]
    assert renamed.keys() & _SPEC.keys() == set()
    today = "\n".join(
        (_ROOT / name).read_text()
        for name in ("inventory/group_vars/farm_nodes.yml", "roles/cloudwatch_alarms/defaults/main.yml")
    )
    assert {new for new in renamed.values() if new not in _SPEC and f"\n{new}:" not in today} == set()


def test_an_old_role_is_gone_and_its_new_one_is_there() -> None:
    there = {path.name for path in (_ROOT / "roles").iterdir()}
    assert _OLD_ROLES.keys() & there == set()
    assert set(_OLD_ROLES.values()) <= there


def test_a_setting_of_the_worker_is_the_same_in_role_module_and_configuration() -> None:
    configuration = {field.name: field for field in fields(RunConfig)}
    options = {name: f"farm_{name}" for name in option_names() if f"farm_{name}" in _SPEC}
    assert {"pipeline", "slots", "outage_seconds", "budget"} <= options.keys()
    for option, setting in options.items():
        argument, spec = shard_run.ARGUMENTS[option], _SPEC[setting]
        # The pipelines are the registry's: the role does not list them again.
        for key in ("type", "elements"):
            assert spec.get(key) == argument.get(key), setting
        if option not in _OWN_DEFAULTS:
            assert _DEFAULTS[setting] == spec["default"] == argument["default"], setting
            if configuration[option].default is not MISSING:
                assert argument["default"] == configuration[option].default, setting


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("node_connection", "farm_connection"),
        ("node_region", "farm_region"),
        ("node_ssh_public_key", "farm_ssh_public_key"),
    ],
)
def test_programs_that_play_no_role_reach_nodes_by_the_same_defaults(variable: str, setting: str) -> None:
    nodes = yaml.safe_load((_ROOT / "inventory/group_vars/farm_nodes.yml").read_text())
    default = _DEFAULTS[setting].removeprefix("{{ ").removesuffix(" }}")
    assert nodes[variable] in (
        f"{{{{ {setting} | default('{default}') }}}}",
        f"{{{{ {setting} | default({default}) }}}}",
    )


@pytest.mark.parametrize(
    ("variables", "checks"),
    [
        ({}, True),
        ({"__settings_checked": True}, False),
        # The nodes that were launched cannot be listed: without them nothing would be done, and all would seem well.
        ({"__settings_checked": True, "inventory_problem": "a"}, True),
    ],
)
def test_settings_are_checked_once_and_the_inventory_at_each_play(variables: dict[str, Any], checks: bool) -> None:
    condition = yaml.safe_load((_ROLE / "vars/main.yml").read_text())["settings_unchecked"]
    expression = condition.removeprefix("{{ ").removesuffix(" }}")
    assert Environment(autoescape=True).compile_expression(expression)(**variables) is checks
    remembering = yaml.safe_load((_ROLE / "tasks/main.yml").read_text())[-1]
    assert remembering["ansible.builtin.set_fact"] == {"__settings_checked": True}


def test_plays_take_the_values_and_check_them_where_that_was_not_done() -> None:
    (taking,) = yaml.safe_load((_ROOT / "playbooks" / _TAKING).read_text())
    assert taking["ansible.builtin.import_role"] == {
        "name": "glossapi.farm.settings",
        "tasks_from": "once",
        "rolespec_validate": False,
    }
    leaving, checking = yaml.safe_load((_ROLE / "tasks/once.yml").read_text())
    assert leaving["ansible.builtin.meta"] == "end_role"
    loading, unchecked = leaving["when"]
    # Whatever it says of the pipeline, the library is loaded then.
    assert "glossapi.farm.gpu_need" in loading
    assert unchecked == "not settings_unchecked"
    # The role's main entry, whose specification Ansible checks. What is included has no tags but these.
    assert checking["ansible.builtin.include_role"] == {"name": "glossapi.farm.settings", "apply": {"tags": ["always"]}}
    assert "when" not in checking


@pytest.mark.parametrize("playbook", _PLAYBOOKS, ids=lambda path: path.name)
def test_no_play_lists_the_role_which_would_read_its_specification_again(playbook: Path) -> None:
    roles = [role["role"] for play in _plays(playbook) for role in play.get("roles", [])]
    assert "glossapi.farm.settings" not in roles


@pytest.mark.parametrize(
    "setting",
    [
        "farm_scripts",
        "farm_security_group",
        "farm_instance_profile",
        "farm_log_group",
        "farm_metrics_namespace",
        "farm_hf_token_secret",
    ],
)
def test_two_farms_in_one_account_have_no_default_name_in_common(setting: str) -> None:
    environment = Environment(autoescape=True)
    environment.filters["ansible.builtin.urlsplit"] = lambda uri, _part: uri.split("/")[2]
    template = environment.from_string(_DEFAULTS[setting])
    names = {template.render(farm_manifests="s3://work/farm", farm_project=project) for project in ("one", "other")}
    assert len(names) == 2
