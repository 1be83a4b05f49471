# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarm of a silent node, the node that removes it as it ends itself, and its permission are of one name."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, select_autoescape

from ansible_collections.glossapi.farm.plugins.filter.node_policy import policy_of
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import node_name

_ROOT = Path(__file__).parents[3]


def _render(text: str, **variables: Any) -> str:
    environment = Environment(autoescape=select_autoescape(default_for_string=False))
    environment.filters["bool"] = bool
    return environment.from_string(text).render(variables)


def _alarm() -> str:
    variables = yaml.safe_load((_ROOT / "roles/cloudwatch_alarms/vars/main.yml").read_text())
    (task,) = yaml.safe_load((_ROOT / "roles/cloudwatch_alarms/tasks/alarms.yml").read_text())
    prefix = _render(variables["__cloudwatch_alarms_prefix"], cloudwatch_alarms_project="farm")
    name = task["amazon.aws.cloudwatch_metric_alarm"]["name"]
    return _render(name, __cloudwatch_alarms_prefix=prefix, item=[7, {"name": "silent"}])


def _told_to_the_node(*, use_alarms: bool) -> str:
    plays = yaml.safe_load((_ROOT / "playbooks/configure.yml").read_text())
    (role,) = (
        role for play in plays for role in play.get("roles", ()) if role["role"] == "glossapi.farm.node_lifetime"
    )
    name = role["vars"]["node_lifetime_alarm"]
    return _render(name, farm_project="farm", inventory_hostname=node_name(7), farm_use_alarms=use_alarms)


def test_a_node_is_told_the_name_of_its_alarm_where_there_is_one() -> None:
    assert _told_to_the_node(use_alarms=True) == _alarm() == "farm-OpenArchive-Shard-7-silent"
    assert _told_to_the_node(use_alarms=False) == ""


@pytest.mark.parametrize("alarms", [True, False])
def test_its_role_may_remove_it_where_there_is_one(alarms: bool) -> None:
    variables = yaml.safe_load((_ROOT / "roles/node_iam_role/vars/main.yml").read_text())
    project = variables["__node_iam_role_access"]["alarms_project"]
    access = {
        "account": "123456789012",
        "region": "us-east-1",
        "secret": "token",
        "log_group": "/farm",
        **{name: f"s3://{name}/farm" for name in ("inputs", "manifests", "results", "scripts")},
        "alarms_project": _render(project, node_iam_role_project="farm", node_iam_role_alarms=alarms),
    }
    patterns = [
        resource
        for statement in policy_of(access)["Statement"]
        if "cloudwatch:DeleteAlarms" in statement["Action"]
        for resource in statement["Resource"]
    ]
    arn = f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{_alarm()}"
    assert any(fnmatchcase(arn, pattern) for pattern in patterns) is alarms
