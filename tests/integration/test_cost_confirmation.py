# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before site.yml spends what the plan says, somebody has said yes to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from tests.support.emulated_farm import EmulatedFarm, emulated_farm

_PAGES = 1_000_000
_SUMMARY = {
    "shards": [{"shard": 1, "documents": 1, "pages": _PAGES}],
    "totals": {"documents": 1},
    "skipped": {},
    "counts": "s3://test-work/farm/page_counts_master.csv",
}


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    """A farm whose shards are cut, and take weeks."""
    with emulated_farm(repository, tmp_path_factory.mktemp("cost")) as farm:
        s3 = farm.account.client("s3")
        for bucket in ("test-work", "test-results"):
            s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket="test-work", Key="farm/shards/shard_summary.json", Body=json.dumps(_SUMMARY).encode())
        yield farm


def test_without_a_terminal_it_is_refused_with_the_sum_and_the_way_on(farm: EmulatedFarm) -> None:
    run = farm.play("site", "--tags", "plan")
    assert run.status != 0
    said = " ".join(run.output.split())
    assert re.search(r"what is left costs [\d.]+ USD, more than farm_confirm_above \(100 USD\)\. Nothing was", said)
    assert "-e farm_confirm_cost=true" in said


def test_who_says_yes_goes_on(farm: EmulatedFarm) -> None:
    # As site.yml plays it, above.
    run = farm.play("plan", "-e", '{"__farm_spends": true}', typed="yes")
    assert run.status == 0, run.output[-3000:]
    assert "more than farm_confirm_above" in " ".join(run.output.split())


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({}, True),
        ({"farm_confirm_cost": "true"}, False),
        ({"farm_confirm_above": "1000.5"}, False),
        # plan.yml alone spends nothing, and nothing is spent in check mode, which may plan nothing.
        ({"__farm_spends": False}, False),
        ({"ansible_check_mode": True}, False),
        ({"__farm_plan": {"skipped": True}}, False),
    ],
)
def test_it_is_asked_where_it_would_be_spent_and_is_not_confirmed(
    repository: Path, given: dict[str, Any], asks: bool
) -> None:
    tasks = yaml.safe_load((repository / "playbooks/plan.yml").read_text())[0]["tasks"]
    (conditions,) = (task["when"] for task in tasks if task["name"] == "Ask whether to go on")
    variables = {
        "__farm_spends": True,
        "ansible_check_mode": False,
        "farm_confirm_cost": False,
        "farm_confirm_above": 100,
        "__farm_plan": {"dollars": 1000.0},
    }
    environment = Environment(autoescape=True)
    environment.filters["bool"] = lambda value: str(value).lower() == "true"
    assert all(environment.compile_expression(each)(**variables | given) for each in conditions) is asks
