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

# The farm would name one so, for its second node.
_NAMESAKE = f"{PROJECT}-OpenArchive-Shard-2-disk"


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("alarms")) as farm:
        yield farm


def _alarms(farm: EmulatedFarm) -> dict[str, dict[str, Any]]:
    found = farm.account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"]: alarm for alarm in found}


def _put_alarm(farm: EmulatedFarm, name: str) -> None:
    """Have an alarm that looks at something of somebody else's."""
    farm.account.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="m",
        Namespace="n",
        Dimensions=[{"Name": "Queue", "Value": "jobs"}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        ComparisonOperator="LessThanThreshold",
        Threshold=1.0,
    )


def _changed(run: Run) -> int:
    assert run.status == 0, run.output
    return run.changed_tasks()


def test_every_node_has_its_alarms_until_it_or_the_farm_goes(farm: EmulatedFarm) -> None:
    foreign = f"{PROJECT}-two-OpenArchive-Shard-1-disk"
    _put_alarm(farm, foreign)
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
    _put_alarm(farm, _NAMESAKE)
    torn_down = farm.play("teardown", "-e", f"confirm={PROJECT}")
    assert torn_down.status == 0, torn_down.output
    assert set(_alarms(farm)) == {foreign, _NAMESAKE}
    assert f"The alarms {_NAMESAKE} look at something else than" in " ".join(torn_down.output.split())
    farm.account.client("cloudwatch").delete_alarms(AlarmNames=[_NAMESAKE])
    assert farm.recorder.asked == []


def test_an_alarm_of_somebody_else_is_told_before_anything_is_bought(farm: EmulatedFarm) -> None:
    _put_alarm(farm, _NAMESAKE)
    run = farm.play("validate", *_ALARMS[3:], HF_TOKEN="hf_any")
    assert run.status != 0
    assert f"There are the alarms {_NAMESAKE}, and they look at something else" in " ".join(run.output.split())
    farm.account.client("cloudwatch").delete_alarms(AlarmNames=[_NAMESAKE])


def _look_at_what_the_agent_sends(alarms: dict[str, dict[str, Any]]) -> None:
    silent = alarms[f"{PROJECT}-OpenArchive-Shard-1-silent"]
    assert silent["Namespace"] == f"GlossAPIFarm/{PROJECT}"
    assert silent["Dimensions"] == [{"Name": "Node", "Value": "OpenArchive-Shard-1"}]
    # Unknown after three times five minutes without a sample, and so from its start: only a change is told.
    assert (silent["Statistic"], silent["Threshold"], silent["TreatMissingData"]) == ("SampleCount", 1.0, "missing")
    assert silent["InsufficientDataActions"] == [_TOPIC]
    assert (silent["Period"], silent["EvaluationPeriods"]) == (300, 3)
    assert silent["AlarmActions"] == silent["OKActions"] == [_TOPIC]
    # A node that is off is silent, and not idle too.
    for kind in ("disk", "idle"):
        other = alarms[f"{PROJECT}-OpenArchive-Shard-1-{kind}"]
        assert (other["TreatMissingData"], other["InsufficientDataActions"]) == ("notBreaching", [])
