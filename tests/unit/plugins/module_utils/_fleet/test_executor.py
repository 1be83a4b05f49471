# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the local account does not know: instance refreshes, and groups that take their time to go."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.stored_template import StoredTemplate
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.executor import Executor
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.plan import Plan
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.present import Present
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.wanted import Wanted

_WANTED = Wanted(
    project="farm",
    weights={"g5.12xlarge": 4},
    max_nodes=10,
    on_demand_nodes=0,
    spot=True,
    subnets=("subnet-1",),
    queues=("farm-text",),
    pieces_per_node=2,
    idle_seconds=3600,
)
_TEMPLATE = StoredTemplate("lt-1", 3, {})


class AutoScaling:
    """Notes what it is asked for.

    Args:
        refusal: the code of its answer to a refresh; empty for none.
        there: how often it tells of the group.
    """

    def __init__(self, refusal: str = "", there: int = 0) -> None:
        self._refusal, self._there = refusal, there
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def start_instance_refresh(self, **options: Any) -> None:
        self.asked.append(("start_instance_refresh", options))
        if self._refusal:
            raise ClientError({"Error": {"Code": self._refusal, "Message": "no"}}, "StartInstanceRefresh")

    def delete_auto_scaling_group(self, **options: Any) -> None:
        self.asked.append(("delete_auto_scaling_group", options))

    def describe_auto_scaling_groups(self, **_options: Any) -> dict[str, Any]:
        self._there -= 1
        return {"AutoScalingGroups": [{}] if self._there >= 0 else []}


def test_nodes_are_replaced_some_at_a_time() -> None:
    autoscaling = AutoScaling()
    Executor(autoscaling, None).run(Plan(refresh=("i-1",)), _WANTED, Present(), _TEMPLATE)
    ((name, options),) = autoscaling.asked
    assert name == "start_instance_refresh"
    assert options["AutoScalingGroupName"] == "farm-fleet"
    assert options["Preferences"]["SkipMatching"]
    assert 0 < options["Preferences"]["MinHealthyPercentage"] < 100


def test_a_refresh_that_still_runs_is_told_and_left() -> None:
    executor = Executor(AutoScaling("InstanceRefreshInProgress"), None)
    executor.run(Plan(refresh=("i-1",)), _WANTED, Present(), _TEMPLATE)
    assert "still replacing instances" in executor.notes[0]


def test_a_refresh_that_is_refused_is_told() -> None:
    with pytest.raises(AwsError, match="have farm-fleet replace its instances"):
        Executor(AutoScaling("AccessDenied"), None).run(Plan(refresh=("i-1",)), _WANTED, Present(), _TEMPLATE)


def test_a_group_is_waited_for_until_it_is_gone() -> None:
    waited: list[float] = []
    autoscaling = AutoScaling(there=2)
    Executor(autoscaling, None, sleep=waited.append).remove("farm", Present(group={}), 60)
    assert autoscaling.asked == [
        ("delete_auto_scaling_group", {"AutoScalingGroupName": "farm-fleet", "ForceDelete": True})
    ]
    assert len(waited) == 2


def test_a_group_that_goes_already_is_only_waited_for() -> None:
    autoscaling = AutoScaling(there=1)
    Executor(autoscaling, None, sleep=lambda _seconds: None).remove("farm", Present(group={"Status": "Delete"}), 60)
    assert autoscaling.asked == []


def test_a_group_that_does_not_go_is_told() -> None:
    with pytest.raises(AwsError, match="is not gone after 0 s"):
        Executor(AutoScaling(there=9), None).remove("farm", Present(group={}), 0)
