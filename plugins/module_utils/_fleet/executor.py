# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan for the fleet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .._aws.errors import AwsError, aws_errors
from .._ec2.stored_template import StoredTemplate
from .documents import (
    BALANCING,
    DESIRED_METRIC,
    HOOK,
    WARMUP_SECONDS,
    alarm_documents,
    alarm_name,
    group_document,
    hook_document,
    policy_documents,
    tag_documents,
)
from .plan import LAUNCHING, Plan
from .present import Present, read_policies
from .wanted import Wanted, fleet_name

_POLL_SECONDS = 5.0
# Two of three nodes go on working while others are replaced.
_HEALTHY_PERCENT = 66
_GRANULARITY = "1Minute"


@dataclass
class Executor:
    """Changes the fleet, one step after the other.

    Attributes:
        sleep: waits between two looks.
        notes: what an operator should know of what was done.
    """

    autoscaling: Any
    cloudwatch: Any
    sleep: Callable[[float], None] = time.sleep
    notes: list[str] = field(default_factory=list)

    def run(self, plan: Plan, wanted: Wanted, present: Present, template: StoredTemplate) -> None:
        """Carry out the plan, but for the launch template.

        What was done is kept when a step fails: the next run goes on from there.

        Raises:
            AwsError: a step failed.
        """
        with aws_errors(f"have the Auto Scaling group {wanted.name}"):
            self._have_group(plan, wanted, present, template)
            self._equip(plan, wanted.name)
        self._scale(plan, wanted, present)
        with aws_errors(f"have the Auto Scaling group {wanted.name} launch nodes"):
            if plan.resume:
                self.autoscaling.resume_processes(AutoScalingGroupName=wanted.name, ScalingProcesses=[LAUNCHING])
            if plan.capacity is not None:
                self.autoscaling.set_desired_capacity(
                    AutoScalingGroupName=wanted.name, DesiredCapacity=plan.capacity, HonorCooldown=False
                )
        if plan.refresh:
            self._refresh(wanted.name)

    def remove(self, project: str, present: Present, wait_seconds: float) -> None:
        """Remove the group with its instances, and its alarms.

        Raises:
            AwsError: AWS refuses, or the group is not gone in time.
        """
        name = fleet_name(project)
        if present.alarms:
            with aws_errors(f"remove the alarms of {name}"):
                self.cloudwatch.delete_alarms(AlarmNames=[alarm_name(project, policy) for policy in present.alarms])
        if not present.exists:
            return
        # One that is being removed already cannot be once more.
        if not present.is_ending:
            with aws_errors(f"remove the Auto Scaling group {name} and its instances"):
                self.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
        self._wait_until_gone(name, wait_seconds)

    def pause(self, name: str) -> None:
        """Have the group launch nothing any more, and end what runs.

        Raises:
            AwsError: AWS refuses.
        """
        with aws_errors(f"pause the Auto Scaling group {name}"):
            # First: an alarm must not launch what is about to end.
            self.autoscaling.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[LAUNCHING])
            self.autoscaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0, HonorCooldown=False)

    def _have_group(self, plan: Plan, wanted: Wanted, present: Present, template: StoredTemplate) -> None:
        """Create the group, or have it as it shall be, with its tags."""
        document = group_document(wanted, template.id, template.version)
        if plan.create:
            self.autoscaling.create_auto_scaling_group(
                AutoScalingGroupName=wanted.name, DesiredCapacity=0, Tags=tag_documents(wanted), **document
            )
        elif plan.update:
            # A group that is made smaller must not be asked for more.
            desired = {"DesiredCapacity": wanted.max_capacity} if present.desired > wanted.max_capacity else {}
            self.autoscaling.update_auto_scaling_group(AutoScalingGroupName=wanted.name, **desired, **document)
        if plan.retag:
            self.autoscaling.create_or_update_tags(Tags=list(plan.retag))
        if plan.untag:
            self.autoscaling.delete_tags(Tags=[_tag(wanted.name, key) for key in plan.untag])

    def _equip(self, plan: Plan, name: str) -> None:
        """Give the group what it is to have beside its size."""
        if plan.suspend_balancing:
            self.autoscaling.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=[BALANCING])
        if plan.measure:
            self.autoscaling.enable_metrics_collection(
                AutoScalingGroupName=name, Metrics=[DESIRED_METRIC], Granularity=_GRANULARITY
            )
        if plan.hook:
            self.autoscaling.put_lifecycle_hook(AutoScalingGroupName=name, LifecycleHookName=HOOK, **hook_document())

    def _scale(self, plan: Plan, wanted: Wanted, present: Present) -> None:
        """Write the scaling policies and their alarms."""
        documents, alarms = policy_documents(wanted), alarm_documents(wanted)
        policies = present.policies
        if plan.policies:
            with aws_errors(f"write the scaling policies of {wanted.name}"):
                for name in plan.policies:
                    self.autoscaling.put_scaling_policy(
                        AutoScalingGroupName=wanted.name, PolicyName=name, **documents[name]
                    )
            policies = read_policies(self.autoscaling, wanted.name)
        for name in plan.alarms:
            alarm = alarm_name(wanted.project, name)
            with aws_errors(f"write the alarm {alarm}"):
                self.cloudwatch.put_metric_alarm(
                    AlarmName=alarm, AlarmActions=[policies[name]["PolicyARN"]], **alarms[name]
                )
        if plan.remove_alarms:
            with aws_errors(f"remove alarms of {wanted.name}"):
                self.cloudwatch.delete_alarms(
                    AlarmNames=[alarm_name(wanted.project, name) for name in plan.remove_alarms]
                )

    def _refresh(self, name: str) -> None:
        """Have the group replace its instances, a part at a time."""
        try:
            with aws_errors(f"have {name} replace its instances"):
                self.autoscaling.start_instance_refresh(
                    AutoScalingGroupName=name,
                    Strategy="Rolling",
                    Preferences={
                        "MinHealthyPercentage": _HEALTHY_PERCENT,
                        "InstanceWarmup": WARMUP_SECONDS,
                        "SkipMatching": True,
                    },
                )
        except AwsError as error:
            if error.code != "InstanceRefreshInProgress":
                raise
            self.notes.append(
                f"{name} is still replacing instances after an earlier change: run the command again when it has, or "
                f"stop that (aws autoscaling cancel-instance-refresh --auto-scaling-group-name {name})."
            )

    def _wait_until_gone(self, name: str, wait_seconds: float) -> None:
        """Wait until the group is no longer there.

        Raises:
            AwsError: it is not gone in time.
        """
        deadline = time.monotonic() + wait_seconds
        while True:
            with aws_errors(f"look for the Auto Scaling group {name}"):
                found = self.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
            if not found["AutoScalingGroups"]:
                return
            if time.monotonic() >= deadline:
                raise AwsError(
                    f"The Auto Scaling group {name} is not gone after {wait_seconds:.0f} s: AWS still ends its "
                    "instances. Run the command again in some minutes.",
                    "Timeout",
                )
            self.sleep(_POLL_SECONDS)


def _tag(name: str, key: str) -> dict[str, str]:
    return {"ResourceId": name, "ResourceType": "auto-scaling-group", "Key": key}
