# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before an instance is launched or started, somebody has said yes to what the plan says it costs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from tests.support.emulated_farm import PROJECT, EmulatedFarm, emulated_farm

_SUMMARY = {
    "shards": [{"shard": 1, "documents": 1, "pages": 1_000_000}],
    "totals": {"documents": 1},
    "skipped": {},
    "counts": "s3://test-work/farm/page_counts_master.csv",
}
_UNCONFIRMED = ("--tags", "ec2_nodes", "-e", "farm_confirm_cost=false", "-e", "farm_security_group=default")


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    """A farm whose shards are cut, and take weeks."""
    with emulated_farm(repository, tmp_path_factory.mktemp("cost")) as farm:
        s3 = farm.account.client("s3")
        for bucket in ("test-work", "test-results"):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket="test-work", Key="farm/shards/shard_summary.json", Body=json.dumps(_SUMMARY).encode())
        farm.account.client("iam").create_instance_profile(InstanceProfileName=f"{PROJECT}-node")
        yield farm


def test_without_a_terminal_it_is_refused_with_the_sum_and_the_way_on(farm: EmulatedFarm) -> None:
    run = farm.play("provision", *_UNCONFIRMED)
    assert run.status != 0
    said = " ".join(run.output.split())
    assert re.search(r"what is left costs [\d.]+ USD, more than farm_confirm_above \(100 USD\)\. Nothing was", said)
    assert "-e farm_confirm_cost=true" in said
    assert run.changes == []


def test_who_says_yes_goes_on_and_is_not_asked_while_the_nodes_run(farm: EmulatedFarm) -> None:
    run = farm.play("provision", *_UNCONFIRMED, typed="yes")
    assert run.status == 0, run.output[-3000:]
    assert "more than farm_confirm_above" in " ".join(run.output.split())
    assert run.changes.count("RunInstances") == 2
    again = farm.play("provision", *_UNCONFIRMED)
    assert again.status == 0, again.output[-3000:]
    assert again.changes == []


_CHEAP, _DEAR = {"dollars": 99.0}, {"dollars": 1000.0}


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, "By the plan what is left costs 1000.00 USD"),
        ({"__farm_plan": _CHEAP}, ""),
        ({"farm_confirm_cost": "true"}, ""),
        ({"farm_confirm_above": "1000.5"}, ""),
        ({"__farm_plan": {"skipped": True}}, "What the work costs is not known before the shards are cut"),
        ({"__farm_plan": {"skipped": True}, "farm_price_per_hour": 0}, ""),
    ],
)
def test_it_is_asked_where_it_is_much_or_not_known_and_not_confirmed(
    repository: Path, given: dict[str, Any], asked: str
) -> None:
    play = yaml.safe_load((repository / "playbooks/provision.yml").read_text())[-1]
    (role,) = (each["vars"] for each in play["roles"] if each["role"] == "glossapi.farm.ec2_nodes")
    values: dict[str, Any] = {
        "farm_confirm_cost": False,
        "farm_confirm_above": 100,
        "farm_price_per_hour": 5.672,
        "farm_shards": 2,
        "__farm_plan": _DEAR,
    }
    environment = Environment(autoescape=True)
    environment.filters["bool"] = lambda value: str(value).lower() == "true"
    values |= given
    lines = {name: text for name, text in play["vars"].items() if name.endswith("_line")}
    # Only the line that is shown has all it takes.
    values["__farm_unconfirmed"] = (
        environment.from_string(play["vars"]["__farm_unconfirmed"]).render(values).strip() == "True"
    )
    shown = {name: name for name in lines}
    question = environment.from_string(role["ec2_nodes_cost_question"]).render(values | shown).strip()
    told = environment.from_string(lines[question]).render(values) if question else ""
    assert told.startswith(asked)
    assert bool(told) is bool(asked)


def test_instances_are_launched_and_started_nowhere_else(repository: Path) -> None:
    playing = [
        path.name
        for path in (repository / "playbooks").rglob("*.yml")
        if "role: glossapi.farm.ec2_nodes" in path.read_text() or "shard_instances" in path.read_text()
    ]
    assert playing == ["provision.yml"]
