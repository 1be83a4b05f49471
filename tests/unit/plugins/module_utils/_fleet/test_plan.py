# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.documents import (
    BALANCING,
    DESIRED_METRIC,
    alarm_documents,
    group_document,
    hook_document,
    policy_documents,
    tag_documents,
)
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.plan import LAUNCHING, Plan, make_plan
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.present import Present
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.wanted import Wanted

_WANTED = Wanted(
    project="farm",
    weights={"g5.12xlarge": 4},
    max_nodes=10,
    on_demand_nodes=0,
    spot=True,
    subnets=("subnet-1", "subnet-2"),
    queues=("farm-text",),
    pieces_per_node=2,
    idle_seconds=3600,
)
_TEMPLATE = ("lt-1", 3)


def _present(**group: Any) -> Present:
    """Return the fleet as AWS tells it once it is as it shall be, with what AWS adds."""
    return Present(
        group={
            **group_document(_WANTED, *_TEMPLATE),
            "VPCZoneIdentifier": "subnet-2,subnet-1",
            "DesiredCapacity": 0,
            "DefaultCooldown": 300,
            "Tags": tag_documents(_WANTED),
            "SuspendedProcesses": [{"ProcessName": BALANCING, "SuspensionReason": "User suspended"}],
            "EnabledMetrics": [{"Metric": DESIRED_METRIC, "Granularity": "1Minute"}],
            **group,
        },
        hook={**hook_document(), "GlobalTimeout": 172800},
        policies={
            name: {**document, "PolicyARN": f"arn:{name}"} for name, document in policy_documents(_WANTED).items()
        },
        alarms={
            name: {
                **document,
                "Metrics": document["Metrics"][::-1],
                "AlarmActions": [f"arn:{name}"],
                "StateValue": "OK",
            }
            for name, document in alarm_documents(_WANTED).items()
        },
    )


def test_nothing_is_done_about_what_is_as_it_shall_be() -> None:
    plan = make_plan(_WANTED, _present(), _TEMPLATE, 0)
    assert plan == Plan()
    assert plan.steps(_WANTED, 0) == []
    assert not plan.buys


def test_capacity_is_raised_for_work_and_never_lowered() -> None:
    assert make_plan(_WANTED, _present(), _TEMPLATE, 3).capacity == 8
    assert make_plan(_WANTED, _present(), _TEMPLATE, 3).buys
    assert make_plan(_WANTED, _present(DesiredCapacity=8), _TEMPLATE, 1).capacity is None


def test_nodes_of_an_older_launch_template_are_replaced() -> None:
    nodes = [
        {"InstanceId": "i-old", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "2"}},
        {"InstanceId": "i-new", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}},
        {"InstanceId": "i-unknown"},
    ]
    present = _present(Instances=nodes)
    assert make_plan(_WANTED, present, _TEMPLATE, 0).refresh == ("i-old",)
    plan = make_plan(_WANTED, present, None, 0)
    assert plan.refresh == ("i-new", "i-old")
    assert plan.write_template
    assert plan.update
    assert plan.steps(_WANTED, 0)[-1] == "Replace i-new, i-old, which are of an older launch template."


def test_what_somebody_changed_is_put_right() -> None:
    assert make_plan(_WANTED, _present(MaxSize=4), _TEMPLATE, 0).update
    assert make_plan(_WANTED, _present(VPCZoneIdentifier="subnet-1"), _TEMPLATE, 0).update
    assert make_plan(_WANTED, _present(CapacityRebalance=False), _TEMPLATE, 0).update
    assert make_plan(_WANTED, _present(SuspendedProcesses=[]), _TEMPLATE, 0).suspend_balancing
    assert make_plan(_WANTED, _present(EnabledMetrics=[]), _TEMPLATE, 0).measure
    assert make_plan(_WANTED, replace(_present(), hook=None), _TEMPLATE, 0).hook
    assert make_plan(_WANTED, replace(_present(), alarms={}), _TEMPLATE, 0).alarms == ("grow", "empty")
    without_policies = make_plan(_WANTED, replace(_present(), policies={}), _TEMPLATE, 0)
    assert without_policies.policies == without_policies.alarms == ("grow", "empty")


def test_an_alarm_that_does_something_else_is_put_right() -> None:
    present = _present()
    alarms = {name: {**alarm, "AlarmActions": ["arn:other"]} for name, alarm in present.alarms.items()}
    assert make_plan(_WANTED, replace(present, alarms=alarms), _TEMPLATE, 0).alarms == ("grow", "empty")


def test_a_fleet_that_may_not_launch_may_again() -> None:
    stopped = [{"ProcessName": BALANCING}, {"ProcessName": LAUNCHING}]
    plan = make_plan(_WANTED, _present(SuspendedProcesses=stopped), _TEMPLATE, 0)
    assert plan.resume
    assert plan.buys
    assert plan.steps(_WANTED, 0) == ["Have farm-fleet launch nodes again."]


def test_what_is_not_there_is_made_in_full() -> None:
    plan = make_plan(_WANTED, Present(), None, 1)
    assert plan.steps(_WANTED, 1) == [
        "Write the launch template farm-fleet.",
        "Create the Auto Scaling group farm-fleet for up to 10 nodes of g5.12xlarge (weight 4).",
        "Have farm-fleet end no node for the sake of zones.",
        "Have farm-fleet send its capacity as a metric.",
        "Have farm-fleet give a node time to hand its work back.",
        "Write the scaling policy grow of farm-fleet.",
        "Write the scaling policy empty of farm-fleet.",
        "Write the alarm of the scaling policy grow of farm-fleet.",
        "Write the alarm of the scaling policy empty of farm-fleet.",
        "Raise the capacity of farm-fleet to 4, as 1 pieces wait or are in work.",
    ]
