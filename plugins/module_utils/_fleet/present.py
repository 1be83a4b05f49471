# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet as AWS has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._aws.errors import aws_errors
from .._aws.ownership import NotOwnedError, Resource, tags_of
from .documents import DESIRED_METRIC, HOOK, POLICIES, alarm_name
from .wanted import fleet_name


@dataclass(frozen=True)
class FleetNode:
    """An instance of the group.

    Attributes:
        state: Auto Scaling's name of its place in its life, as in ``InService``.
        template_version: that it was launched from.
    """

    id: str
    instance_type: str
    zone: str
    state: str
    template_version: str

    def summary(self) -> dict[str, str]:
        """Return what an operator asks: who is where."""
        return {
            "instance_id": self.id,
            "instance_type": self.instance_type,
            "zone": self.zone,
            "state": self.state,
        }


@dataclass(frozen=True)
class Present:
    """The Auto Scaling group, and what belongs to it.

    Attributes:
        group: what ``DescribeAutoScalingGroups`` says; ``None`` where there is none.
        hook: its hook; ``None`` where it has none.
        policies: its scaling policies, by name.
        alarms: the alarms of these, by the name of their policy.
    """

    group: Mapping[str, Any] | None = None
    hook: Mapping[str, Any] | None = None
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    alarms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether there is a group."""
        return self.group is not None

    @property
    def is_ending(self) -> bool:
        """Whether AWS is removing the group, which takes as long as its instances do."""
        return bool(self.group and self.group.get("Status"))

    @property
    def desired(self) -> int:
        """Return the capacity that the group is to have now."""
        return int(self.group["DesiredCapacity"]) if self.group else 0

    @property
    def tags(self) -> dict[str, str]:
        """Return the group's tags."""
        return tags_of(self.group.get("Tags")) if self.group else {}

    @property
    def suspended(self) -> set[str]:
        """Return what the group does not do, as in ``Launch``."""
        found = self.group.get("SuspendedProcesses", ()) if self.group else ()
        return {item["ProcessName"] for item in found}

    @property
    def measures_capacity(self) -> bool:
        """Whether the group sends the metric that the alarms read."""
        found = self.group.get("EnabledMetrics", ()) if self.group else ()
        return DESIRED_METRIC in {item["Metric"] for item in found}

    @property
    def nodes(self) -> tuple[FleetNode, ...]:
        """Return the group's instances, by their ids."""
        found = self.group.get("Instances", ()) if self.group else ()
        nodes = (
            FleetNode(
                id=item["InstanceId"],
                instance_type=item.get("InstanceType", ""),
                zone=item.get("AvailabilityZone", ""),
                state=item.get("LifecycleState", ""),
                template_version=str(item.get("LaunchTemplate", {}).get("Version", "")),
            )
            for item in found
        )
        return tuple(sorted(nodes, key=lambda node: node.id))


def read_present(autoscaling: Any, cloudwatch: Any, project: str) -> Present:
    """Return the farm's fleet.

    Raises:
        AwsError: it cannot be read.
        NotOwnedError: a group or an alarm of its names is not the farm's.
    """
    name = fleet_name(project)
    group = _read_group(autoscaling, name)
    if group is not None:
        resource = Resource("auto_scaling_group", name, name, tags_of(group.get("Tags")))
        if not resource.owned_by(project):
            raise NotOwnedError(resource.refusal(project, autoscaling.meta.region_name))
    names = {alarm_name(project, policy): policy for policy in POLICIES}
    with aws_errors(f"look for the alarms of {name}"):
        found = cloudwatch.describe_alarms(AlarmNames=sorted(names), AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    for alarm in found:
        if not _looks_at(alarm, name):
            raise NotOwnedError(
                f"There is the alarm {alarm['AlarmName']}, and it looks at something else than {name}: it is left as "
                "it is. Give it another name, or choose another farm_project."
            )
    alarms = {names[alarm["AlarmName"]]: alarm for alarm in found}
    if group is None:
        return Present(alarms=alarms)
    with aws_errors(f"read the hook of {name}"):
        hooks = autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=name, LifecycleHookNames=[HOOK])
    return Present(
        group=group,
        hook=next(iter(hooks["LifecycleHooks"]), None),
        policies=read_policies(autoscaling, name),
        alarms=alarms,
    )


def read_policies(autoscaling: Any, name: str) -> dict[str, Mapping[str, Any]]:
    """Return the group's scaling policies by their names.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"read the scaling policies of {name}"):
        found = autoscaling.describe_policies(AutoScalingGroupName=name)["ScalingPolicies"]
    return {policy["PolicyName"]: policy for policy in found}


def _read_group(autoscaling: Any, name: str) -> Mapping[str, Any] | None:
    with aws_errors(f"look for the Auto Scaling group {name}"):
        found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return dict(found[0]) if found else None


def _looks_at(alarm: Mapping[str, Any], name: str) -> bool:
    """Return whether an alarm reads the fleet's group: amazon.aws gives alarms no tag, and neither do we."""
    return any(
        {"Name": "AutoScalingGroupName", "Value": name}
        in metric.get("MetricStat", {}).get("Metric", {}).get("Dimensions", ())
        for metric in alarm.get("Metrics", ())
    )
