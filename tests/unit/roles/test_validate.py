# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What validate.yml asks about, before anything is bought, is what provisioning would make or refuse to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.plugins.filter.core import combine
from jinja2 import Environment, StrictUndefined, select_autoescape

from ansible_collections.glossapi.farm.plugins.filter.driver_problem import driver_problem
from ansible_collections.glossapi.farm.plugins.filter.minimum_driver import minimum_driver
from ansible_collections.glossapi.farm.plugins.filter.price_per_hour import price_per_hour
from ansible_collections.glossapi.farm.plugins.lookup.ocr_preset import read

_ROOT = Path(__file__).parents[3]
_SERVER = {"preset": read("deepseek-ocr-2"), "weights": "/model", "environment": "/environment"}
_SETTINGS = {
    "farm_project": "theses",
    "farm_region": "eu-west-1",
    "farm_security_group": "nodes",
    "farm_vpc_id": "vpc-1",
    "farm_subnets": "subnet-1",
    "farm_instance_profile": "theses-profile",
    "farm_manage_iam": True,
    "farm_hf_token_secret": "theses/token",
    "__farm_token_given": True,
}
# By the module's option: the role that would make it, and which of its variables has the name.
_MADE_BY = {
    "project": ("security_group", "security_group_project"),
    "region": ("security_group", "security_group_region"),
    "security_group": ("security_group", "security_group_name"),
    "vpc_id": ("security_group", "security_group_vpc_id"),
    "subnets": ("security_group", "security_group_subnets"),
    "role": ("node_iam_role", "node_iam_role_name"),
    "instance_profile": ("node_iam_role", "node_iam_role_name"),
    "policy": ("node_iam_role", "__node_iam_role_policy_name"),
    "secret": ("hf_token_secret", "hf_token_secret_name"),
}


def _render(text: Any, values: dict[str, Any]) -> str:
    environment = Environment(undefined=StrictUndefined, autoescape=select_autoescape(default_for_string=False))
    environment.filters |= {
        "bool": bool,
        "combine": combine,
        "zip": zip,
        "glossapi.farm.driver_problem": driver_problem,
        "glossapi.farm.minimum_driver": minimum_driver,
        "glossapi.farm.price_per_hour": price_per_hour,
    }
    environment.tests["match"] = lambda value, start: value.startswith(start)
    return environment.from_string(str(text)).render(values)


def _render_for_each(variables: dict[str, Any], name: str, values: dict[str, Any]) -> str:
    """Return what a variable of the settings is, for the lookup value_for_each as Ansible has it."""

    def query(lookup: str, *terms: Any, variable: str, wanted: str) -> list[Any]:
        assert lookup == "glossapi.farm.value_for_each"
        return [yaml.safe_load(_render(variables[wanted], {**values, variable: term})) for term in terms]

    return _render(variables[name], {**values, "query": query})


@pytest.mark.parametrize(
    ("others", "unpriced"),
    [(["g6.12xlarge"], []), (["g6.12xlarge", "x9.huge", "x9.tiny"], ["x9.huge", "x9.tiny"])],
)
def test_other_types_whose_price_nobody_knows_are_told(others: list[str], unpriced: list[str]) -> None:
    (play,) = yaml.safe_load((_ROOT / "playbooks/validate.yml").read_text())
    (text,) = [task["vars"]["__farm_unpriced_types"] for task in play["tasks"] if "debug" in "".join(task)]
    assert _render(text, {"farm_other_instance_types": others}) == str(unpriced)


def _asked(**changed: Any) -> dict[str, str]:
    (play,) = yaml.safe_load((_ROOT / "playbooks/validate.yml").read_text())
    (task,) = [task for task in play["tasks"] if "glossapi.farm.owned_resources_info" in task]
    values = _SETTINGS | changed
    values |= {name: _render(text, values) for name, text in task["vars"].items()}
    return {option: _render(text, values) for option, text in task["glossapi.farm.owned_resources_info"].items()}


def _made(role: str, variable: str) -> str:
    """Return what the variable of a role is when provision.yml plays it."""
    *_before, play = yaml.safe_load((_ROOT / "playbooks/provision.yml").read_text())
    (given,) = [each["vars"] for each in play["roles"] if each["role"] == f"glossapi.farm.{role}"]
    if variable in given:
        return _render(given[variable], _SETTINGS)
    text = yaml.safe_load((_ROOT / f"roles/{role}/vars/main.yml").read_text())[variable]
    return _render(text, {f"{role}_project": _render(given[f"{role}_project"], _SETTINGS)})


def test_it_looks_for_what_provisioning_would_make() -> None:
    assert _asked() == {option: _made(role, variable) for option, (role, variable) in _MADE_BY.items()}


@pytest.mark.parametrize(
    ("setting", "value", "options"),
    [
        ("farm_security_group", "sg-0123", {"security_group"}),
        ("farm_manage_iam", False, {"role", "instance_profile", "policy"}),
        ("__farm_token_given", False, {"secret"}),
    ],
)
def test_what_provisioning_would_leave_alone_is_not_looked_for(setting: str, value: object, options: set[str]) -> None:
    asked = _asked(**{setting: value})
    assert {option for option, name in asked.items() if not name} == options


@pytest.mark.parametrize(
    ("pipeline", "ocr_backend", "stages", "version", "problem"),
    [
        ("glossapi", "tesseract", ["text", "ocr"], "580", ""),
        (
            "glossapi",
            "tesseract",
            ["text", "ocr", "math"],
            "470",
            "glossapi needs 525 or newer and glossapi_math needs 525 or newer",
        ),
        ("pdftext", "tesseract", ["text", "ocr"], "470", ""),
        ("pdftext", "server", ["text", "ocr"], "570", "server needs 580 or newer"),
        ("pdftext", "server", ["text", "ocr"], "580", ""),
        ("pdftext", "server", ["text"], "570", ""),
    ],
)
def test_a_driver_that_is_too_old_for_what_was_chosen_is_told(
    pipeline: str, ocr_backend: str, stages: list[str], version: str, problem: str
) -> None:
    variables = yaml.safe_load((_ROOT / "roles/settings/vars/main.yml").read_text())
    (play,) = yaml.safe_load((_ROOT / "playbooks/validate.yml").read_text())
    (task,) = [task for task in play["tasks"] if "__farm_driver_problem" in task.get("vars", {})]
    chosen = {"farm_pipeline": pipeline, "farm_stages": stages, "farm_ocr_backend": ocr_backend}
    options: dict[str, Any] = {
        "farm_pipeline_options": {},
        "farm_math_options": {},
        "__settings_ocr_options": _SERVER if ocr_backend == "server" else {},
    }
    own = {"name": ocr_backend, "backend": ocr_backend}
    used = {"__settings_ocr_choices": [own] if "ocr" in stages else [], "__settings_own_ocr_choice": own}
    needs = yaml.safe_load(_render_for_each(variables, "settings_driver_needs", {**chosen, **options, **used}))
    values = {"settings_driver_needs": needs, "farm_driver_version": version}
    assert problem in _render(task["vars"]["__farm_driver_problem"], values)
    assert bool(problem) == bool(_render(task["vars"]["__farm_driver_problem"], values))
