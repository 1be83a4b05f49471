# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes' CloudWatch alarms, in an emulated account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_farm import PROJECT, EmulatedFarm, Run, emulated_farm

_TOPIC = "arn:aws:sns:us-east-1:123456789012:farm"
_ALARMS = (
    *("provision", "--tags", "cloudwatch_alarms", "-e", f"farm_alarm_topic={_TOPIC}"),
    *("-e", "farm_use_cloudwatch=true", "-e", "farm_use_alarms=true"),
)


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("alarms")) as farm:
        yield farm


def _alarms(farm: EmulatedFarm) -> dict[str, dict[str, Any]]:
    found = farm.account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"]: alarm for alarm in found}


def _changed(run: Run) -> int:
    assert run.status == 0, run.output
    return run.changed_tasks()


def test_every_node_has_its_alarms_until_it_or_the_farm_goes(farm: EmulatedFarm) -> None:
    other = {"EvaluationPeriods": 1, "ComparisonOperator": "LessThanThreshold", "Threshold": 1.0}
    foreign = f"{PROJECT}-two-OpenArchive-Shard-1-disk"
    farm.account.client("cloudwatch").put_metric_alarm(
        AlarmName=foreign, MetricName="m", Namespace="n", Statistic="Sum", Period=60, **other
    )
    assert _changed(farm.play(*_ALARMS, "--check")) == 1
    assert set(_alarms(farm)) == {foreign}
    assert _changed(farm.play(*_ALARMS)) == 1
    kinds = ("silent", "disk", "idle")
    names = {f"{PROJECT}-OpenArchive-Shard-{shard}-{kind}" for shard in (1, 2) for kind in kinds}
    assert set(_alarms(farm)) == names | {foreign}
    assert _changed(farm.play(*_ALARMS)) == 0

    assert _changed(farm.play(*_ALARMS, "-e", "farm_shards=1")) == 1
    assert set(_alarms(farm)) == {name for name in names if "Shard-1" in name} | {foreign}

    _look_at_what_the_agent_sends(_alarms(farm))

    paused = farm.play("pause", "-e", "farm_use_cloudwatch=true", "-e", "farm_use_alarms=true")
    assert paused.status == 0, paused.output
    assert set(_alarms(farm)) == {foreign}

    assert _changed(farm.play(*_ALARMS, "-e", "farm_shards=1")) == 1
    torn_down = farm.play("teardown", "-e", f"confirm={PROJECT}")
    assert torn_down.status == 0, torn_down.output
    assert set(_alarms(farm)) == {foreign}
    assert farm.recorder.asked == []


def _look_at_what_the_agent_sends(alarms: dict[str, dict[str, Any]]) -> None:
    silent = alarms[f"{PROJECT}-OpenArchive-Shard-1-silent"]
    assert silent["Namespace"] == f"GlossAPIFarm/{PROJECT}"
    assert silent["Dimensions"] == [{"Name": "Node", "Value": "OpenArchive-Shard-1"}]
    # No sample in each of three times five minutes; and no data is none.
    assert (silent["Statistic"], silent["Threshold"], silent["TreatMissingData"]) == ("SampleCount", 1.0, "breaching")
    assert (silent["Period"], silent["EvaluationPeriods"]) == (300, 3)
    assert silent["AlarmActions"] == silent["OKActions"] == [_TOPIC]
    # A node that is off is silent, and not idle too.
    for kind in ("disk", "idle"):
        assert alarms[f"{PROJECT}-OpenArchive-Shard-1-{kind}"]["TreatMissingData"] == "notBreaching"
