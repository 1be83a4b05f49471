# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet as AWS's requests: the Auto Scaling group, its hook, its scaling policies and their alarms.

Why so, and not by target tracking of the backlog of each node, which AWS's guide shows: with no node that metric is a
division by zero, so that a group at zero never grows, and a group that shrinks takes whichever node it likes, at work
or not. So an alarm over metric math says by how much the capacity falls short of the work, and a step policy adds that.
Nodes leave by themselves when the queue has nothing for them, and lower the capacity as they go. What hangs is ended by
the second alarm, once all queues have been empty for long.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._aws.ownership import PROJECT_TAG
from .._ec2.nodes import FLEET_TAG, NAME_TAG
from .wanted import Wanted

NODE_NAME = "OpenArchive-Fleet"
HOOK = "drain"
GROW = "grow"
EMPTY = "empty"
POLICIES = (GROW, EMPTY)
# The one metric of the group that the alarms read.
DESIRED_METRIC = "GroupDesiredCapacity"
# It would end nodes at work for the sake of zones.
BALANCING = "AZRebalance"
# Until a node is ended all the same that has not stopped after it was told to.
DRAIN_SECONDS = 900
# From a launch until a node works, in which what it was launched for is not launched once more.
WARMUP_SECONDS = 300
_PERIOD = 60
# A step policy has no more.
_MOST_STEPS = 20
# An alarm looks back no longer than a day.
_MOST_PERIODS = 24 * 60 * 60 // _PERIOD


def group_document(wanted: Wanted, template_id: str, template_version: int) -> dict[str, Any]:
    """Return what ``CreateAutoScalingGroup`` and ``UpdateAutoScalingGroup`` are given, but for the capacity now."""
    return {
        "MinSize": 0,
        "MaxSize": wanted.max_capacity,
        "VPCZoneIdentifier": ",".join(wanted.subnets),
        "CapacityRebalance": True,
        "MixedInstancesPolicy": {
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {
                    "LaunchTemplateId": template_id,
                    "Version": str(template_version),
                },
                "Overrides": [
                    {"InstanceType": name, "WeightedCapacity": str(weight)} for name, weight in wanted.weights.items()
                ],
            },
            "InstancesDistribution": {
                "OnDemandAllocationStrategy": "prioritized",
                "OnDemandBaseCapacity": wanted.on_demand_nodes * wanted.node_weight,
                "OnDemandPercentageAboveBaseCapacity": 0 if wanted.spot else 100,
                "SpotAllocationStrategy": "price-capacity-optimized",
            },
        },
    }


def instance_tags(wanted: Wanted) -> dict[str, str]:
    """Return the tags of the fleet's instances and volumes; an operator's own cannot change the farm's."""
    return {**wanted.tags, NAME_TAG: NODE_NAME, PROJECT_TAG: wanted.project, FLEET_TAG: wanted.name}


def tag_documents(wanted: Wanted) -> list[dict[str, Any]]:
    """Return the group's tags, which its instances get."""
    return [
        {
            "ResourceId": wanted.name,
            "ResourceType": "auto-scaling-group",
            "Key": key,
            "Value": value,
            "PropagateAtLaunch": True,
        }
        for key, value in sorted(instance_tags(wanted).items())
    ]


def hook_document() -> dict[str, Any]:
    """Return the hook that gives a node time to hand its work back before it is ended."""
    return {
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": DRAIN_SECONDS,
        "DefaultResult": "CONTINUE",
    }


def policy_documents(wanted: Wanted) -> dict[str, dict[str, Any]]:
    """Return the step policies by name."""
    common = {"PolicyType": "StepScaling", "MetricAggregationType": "Maximum"}
    return {
        GROW: {
            **common,
            "AdjustmentType": "ChangeInCapacity",
            "EstimatedInstanceWarmup": WARMUP_SECONDS,
            "StepAdjustments": _steps(wanted),
        },
        EMPTY: {
            **common,
            "AdjustmentType": "ExactCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 0}],
        },
    }


def alarm_name(project: str, policy: str) -> str:
    """Return the name of the alarm of a policy."""
    return f"{project}-fleet-{policy}"


def alarm_documents(wanted: Wanted) -> dict[str, dict[str, Any]]:
    """Return the alarms by the name of their policy, without what they do; none for what is not wanted."""
    count = f"CEIL(({_outstanding(wanted.queues)}) / {wanted.pieces_per_node})"
    target = f"IF({count} > {wanted.max_nodes}, {wanted.max_nodes}, {count}) * {wanted.node_weight}"
    alarms = {
        GROW: {
            "AlarmDescription": f"{wanted.name} has too few nodes for the pieces that wait",
            **_watch(wanted, f"{target} - desired", periods=1),
        }
    }
    if wanted.idle_seconds:
        periods = min(_MOST_PERIODS, max(1, wanted.idle_seconds // _PERIOD))
        alarms[EMPTY] = {
            "AlarmDescription": f"{wanted.name} has nodes although nothing waits and nothing is in work",
            **_watch(wanted, f"IF({_outstanding(wanted.queues)} > 0, 0, desired)", periods=periods),
        }
    return alarms


def _steps(wanted: Wanted) -> list[dict[str, Any]]:
    """Return steps of whole nodes: what falls short is added at once, or in few turns where a fleet is large."""
    nodes = list(range(1, wanted.max_nodes + 1))
    if len(nodes) > _MOST_STEPS:
        ratio = wanted.max_nodes ** (1 / (_MOST_STEPS - 1))
        nodes = sorted({round(ratio**step) for step in range(_MOST_STEPS)})
    # The alarm goes off above 0, and bounds count from there.
    bounds = [0.0, *(float(number * wanted.node_weight) for number in nodes[1:])]
    return [
        {
            "MetricIntervalLowerBound": low,
            **({"MetricIntervalUpperBound": high} if high is not None else {}),
            "ScalingAdjustment": number * wanted.node_weight,
        }
        for number, low, high in zip(nodes, bounds, [*bounds[1:], None], strict=True)
    ]


def _outstanding(queues: Sequence[str]) -> str:
    """Return the expression for pieces that wait or are in work; a queue that nobody uses sends no metric."""
    return " + ".join(f"FILL({kind}{number}, 0)" for number in range(len(queues)) for kind in ("visible", "flight"))


def _watch(wanted: Wanted, expression: str, periods: int) -> dict[str, Any]:
    queues = [
        _metric(f"{kind}{number}", "AWS/SQS", name, {"QueueName": queue})
        for number, queue in enumerate(wanted.queues)
        for kind, name in (
            ("visible", "ApproximateNumberOfMessagesVisible"),
            ("flight", "ApproximateNumberOfMessagesNotVisible"),
        )
    ]
    return {
        "EvaluationPeriods": periods,
        "Threshold": 0.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "Metrics": [
            *queues,
            _metric("desired", "AWS/AutoScaling", DESIRED_METRIC, {"AutoScalingGroupName": wanted.name}),
            {"Id": "result", "Expression": expression, "ReturnData": True},
        ],
    }


def _metric(name: str, namespace: str, metric: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Id": name,
        "ReturnData": False,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": _PERIOD,
            "Stat": "Maximum",
        },
    }
