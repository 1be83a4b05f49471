# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from dataclasses import replace
from math import ceil
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.documents import (
    alarm_documents,
    group_document,
    instance_tags,
    policy_documents,
)
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.wanted import Wanted

_WANTED = Wanted(
    project="farm",
    weights={"g5.12xlarge": 4, "g5.48xlarge": 8},
    max_nodes=10,
    on_demand_nodes=1,
    spot=True,
    subnets=("subnet-1", "subnet-2"),
    queues=("farm-text", "farm-ocr"),
    pieces_per_node=2,
    idle_seconds=3600,
)


def _value(alarm: dict[str, Any], **values: int) -> int:
    """Return what CloudWatch makes of the alarm's expression, of which we use four functions."""
    (expression,) = (metric["Expression"] for metric in alarm["Metrics"] if "Expression" in metric)
    functions: dict[str, Any] = {
        "CEIL": ceil,
        "IF": lambda condition, yes, no: yes if condition else no,
        "FILL": lambda value, other: other if value is None else value,
    }
    assert set(re.findall(r"[A-Z]+", expression)) <= functions.keys()
    names = {metric["Id"]: None for metric in alarm["Metrics"]} | values
    return int(eval(expression, {"__builtins__": {}}, functions | names))  # noqa: S307 - arithmetic of our own


def _added(wanted: Wanted, shortfall: int) -> int:
    """Return what the step policy adds for how far the metric is above the alarm's threshold of 0."""
    (step,) = (
        step
        for step in policy_documents(wanted)["grow"]["StepAdjustments"]
        if step["MetricIntervalLowerBound"] <= shortfall < step.get("MetricIntervalUpperBound", float("inf"))
    )
    return int(step["ScalingAdjustment"])


@pytest.mark.parametrize(
    ("visible", "in_flight", "desired", "shortfall"),
    [
        (0, 0, 0, 0),
        # From zero, where the backlog of each node would be a division by zero.
        (1, 0, 0, 4),
        (5, 0, 0, 12),
        (500, 0, 0, 40),
        (500, 20, 40, 0),
        # What is in work counts: the last pieces launch nobody, nor do they end anybody.
        (0, 8, 16, 0),
        (0, 2, 16, -12),
    ],
)
def test_the_fleet_grows_by_what_it_falls_short_of(visible: int, in_flight: int, desired: int, shortfall: int) -> None:
    alarm = alarm_documents(_WANTED)["grow"]
    assert _value(alarm, visible1=visible, flight1=in_flight, desired=desired) == shortfall
    if shortfall > 0:
        assert _added(_WANTED, shortfall) == shortfall


@pytest.mark.parametrize("nodes", [1, 2, 20, 21, 40, 500])
def test_steps_are_whole_nodes_never_too_many_and_there_in_few_turns(nodes: int) -> None:
    wanted = replace(_WANTED, max_nodes=nodes)
    steps = policy_documents(wanted)["grow"]["StepAdjustments"]
    assert len(steps) <= 20
    assert steps[0]["MetricIntervalLowerBound"] == 0
    assert "MetricIntervalUpperBound" not in steps[-1]
    for short in range(1, nodes + 1):
        turns, left = 0, short * 4
        while left > 0:
            added = _added(wanted, left)
            assert 0 < added <= left
            assert added % 4 == 0
            turns, left = turns + 1, left - added
        assert turns <= 8


def test_what_hangs_is_ended_once_all_queues_have_long_been_empty() -> None:
    alarm = alarm_documents(_WANTED)["empty"]
    assert alarm["EvaluationPeriods"] == 60
    assert _value(alarm, desired=16) == 16
    assert _value(alarm, flight0=1, desired=16) == 0
    assert _value(alarm, desired=0) == 0
    assert policy_documents(_WANTED)["empty"]["AdjustmentType"] == "ExactCapacity"
    assert "empty" not in alarm_documents(replace(_WANTED, idle_seconds=0))
    assert alarm_documents(replace(_WANTED, idle_seconds=10**6))["empty"]["EvaluationPeriods"] == 1440


def test_an_alarm_reads_no_more_metrics_than_cloudwatch_takes() -> None:
    alarm = alarm_documents(replace(_WANTED, queues=("farm-text", "farm-ocr", "farm-math")))["grow"]
    assert len(alarm["Metrics"]) <= 10
    assert [metric["Id"] for metric in alarm["Metrics"] if metric["ReturnData"]] == ["result"]


def test_a_fleet_without_spot_is_on_demand() -> None:
    policy = group_document(replace(_WANTED, spot=False), "lt-1", 3)["MixedInstancesPolicy"]
    assert policy["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 100
    assert policy["LaunchTemplate"]["LaunchTemplateSpecification"] == {"LaunchTemplateId": "lt-1", "Version": "3"}


def test_an_operators_tags_do_not_change_the_farms() -> None:
    tags = instance_tags(replace(_WANTED, tags={"Team": "texts", "Project": "other", "Fleet": "other"}))
    assert tags == {"Team": "texts", "Name": "OpenArchive-Fleet", "Project": "farm", "Fleet": "farm-fleet"}
