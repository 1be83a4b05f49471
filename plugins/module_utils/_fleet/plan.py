# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must change so that the fleet is as it shall be; decided before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._ec2.template import covers
from .documents import (
    BALANCING,
    POLICIES,
    alarm_documents,
    group_document,
    hook_document,
    policy_documents,
    tag_documents,
)
from .present import Present
from .wanted import Wanted

LAUNCHING = "Launch"
# Of a group's document, what is one text of several parts in any order.
_SUBNETS = "VPCZoneIdentifier"


@dataclass(frozen=True)
class Plan:
    """What to do, in the order of the attributes.

    Attributes:
        write_template: whether the launch template, or a new version of it, is written.
        create: whether there is no group.
        update: whether the group is to be told other things than its capacity.
        retag: the tags to set on it.
        untag: the tags of an operator's that are no longer wanted.
        suspend_balancing: whether it would end nodes at work for the sake of zones.
        measure: whether it does not send the metric that the alarms read.
        hook: whether its hook is missing or another.
        policies: names of the scaling policies to write.
        alarms: names of those whose alarm is to be written.
        remove_alarms: names of those whose alarm is no longer wanted.
        resume: whether it may not launch, as after a pause or at the end of a budget.
        capacity: what it is to have now; ``None`` where it has as much.
        refresh: ids of instances of another version of the launch template, which are replaced one after the other.
    """

    write_template: bool = False
    create: bool = False
    update: bool = False
    retag: tuple[dict[str, Any], ...] = ()
    untag: tuple[str, ...] = ()
    suspend_balancing: bool = False
    measure: bool = False
    hook: bool = False
    policies: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    remove_alarms: tuple[str, ...] = ()
    resume: bool = False
    capacity: int | None = None
    refresh: tuple[str, ...] = ()

    @property
    def buys(self) -> bool:
        """Whether the fleet may cost more by it."""
        return self.create or self.resume or self.capacity is not None

    def steps(self, wanted: Wanted, pieces: int) -> list[str]:
        """Return one sentence for each thing to do.

        Args:
            pieces: that wait or are in work.
        """
        name = wanted.name
        kinds = ", ".join(f"{kind} (weight {weight})" for kind, weight in wanted.weights.items())
        size = f"up to {wanted.max_nodes} nodes of {kinds}"
        return [
            *([f"Write the launch template {name}."] if self.write_template else []),
            *([f"Create the Auto Scaling group {name} for {size}."] if self.create else []),
            *([f"Have the Auto Scaling group {name} be for {size}."] if self.update else []),
            *([f"Set the tags {', '.join(tag['Key'] for tag in self.retag)} on {name}."] if self.retag else []),
            *([f"Take the tags {', '.join(self.untag)} from {name}."] if self.untag else []),
            *([f"Have {name} end no node for the sake of zones."] if self.suspend_balancing else []),
            *([f"Have {name} send its capacity as a metric."] if self.measure else []),
            *([f"Have {name} give a node time to hand its work back."] if self.hook else []),
            *(f"Write the scaling policy {policy} of {name}." for policy in self.policies),
            *(f"Write the alarm of the scaling policy {policy} of {name}." for policy in self.alarms),
            *(f"Remove the alarm of the scaling policy {policy} of {name}." for policy in self.remove_alarms),
            *([f"Have {name} launch nodes again."] if self.resume else []),
            *(
                [f"Raise the capacity of {name} to {self.capacity}, as {pieces} pieces wait or are in work."]
                if self.capacity is not None
                else []
            ),
            *([f"Replace {', '.join(self.refresh)}, which are of an older launch template."] if self.refresh else []),
        ]


def make_plan(wanted: Wanted, present: Present, template: tuple[str, int] | None, pieces: int) -> Plan:
    """Return what to do about the fleet.

    Args:
        template: id and version of the launch template that is as it shall be; ``None`` where one will be written.
        pieces: that wait or are in work.
    """
    capacity = wanted.capacity_for(pieces)
    alarms = alarm_documents(wanted)
    missing_tags = tuple(tag for tag in tag_documents(wanted) if present.tags.get(tag["Key"]) != tag["Value"])
    policies = tuple(
        name for name, document in policy_documents(wanted).items() if not covers(present.policies.get(name), document)
    )
    return Plan(
        write_template=template is None,
        create=not present.exists,
        update=present.exists and (template is None or not _same_group(wanted, present, *template)),
        retag=missing_tags if present.exists else (),
        untag=tuple(sorted(present.tags.keys() - {tag["Key"] for tag in tag_documents(wanted)})),
        suspend_balancing=BALANCING not in present.suspended,
        measure=not present.measures_capacity,
        hook=not covers(present.hook, hook_document()),
        policies=policies,
        alarms=tuple(
            name
            for name, document in alarms.items()
            if name in policies or not _same_alarm(document, present.alarms.get(name), present.policies.get(name))
        ),
        remove_alarms=tuple(name for name in POLICIES if name in present.alarms and name not in alarms),
        resume=LAUNCHING in present.suspended,
        capacity=capacity if capacity > present.desired else None,
        refresh=tuple(
            node.id
            for node in present.nodes
            if node.template_version and (template is None or node.template_version != str(template[1]))
        ),
    )


def _same_group(wanted: Wanted, present: Present, template_id: str, version: int) -> bool:
    document = group_document(wanted, template_id, version)
    subnets = document.pop(_SUBNETS)
    group = present.group or {}
    return covers(group, document) and set(subnets.split(",")) == set(str(group.get(_SUBNETS, "")).split(","))


def _same_alarm(wanted: Mapping[str, Any], alarm: Mapping[str, Any] | None, policy: Mapping[str, Any] | None) -> bool:
    if alarm is None or policy is None:
        return False
    given = {**wanted, "Metrics": sorted(wanted["Metrics"], key=_id)}
    found = {**alarm, "Metrics": sorted(alarm.get("Metrics", ()), key=_id)}
    return covers(found, given) and alarm.get("AlarmActions") == [policy["PolicyARN"]]


def _id(metric: Mapping[str, Any]) -> str:
    return str(metric["Id"])
