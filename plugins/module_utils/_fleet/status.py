# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fleet is, and why it launches nobody."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import aws_errors
from .._formatting import one_line
from .._s3.connection import Connection
from .._s3.uri import S3Uri
from .fleet import fleet_summary
from .plan import LAUNCHING
from .present import Present, read_present
from .said import read_said, said_lines
from .wanted import fleet_name

_ACTIVITIES = 20


def fleet_status(connection: Connection, project: str, results: S3Uri | None = None) -> dict[str, Any]:
    """Return the result of the module ``node_fleet_info``.

    Args:
        results: where nodes say what they do; ``None`` where that is not asked.

    Raises:
        AwsError: something cannot be read.
        NotOwnedError: what has the fleet's names is not the farm's.
        S3Error: what nodes say cannot be read.
    """
    autoscaling = service_client(connection, "autoscaling")
    present = read_present(autoscaling, service_client(connection, "cloudwatch"), project)
    said = read_said(connection.client(), results) if results and present.exists else []
    failure = _last_failure(autoscaling, fleet_name(project)) if present.exists else ""
    return {
        "changed": False,
        "fleet": fleet_summary(present),
        "lines": [
            *_fleet_lines(project, present, failure),
            *said_lines(said, {node.id for node in present.nodes}),
        ],
    }


def _fleet_lines(project: str, present: Present, failure: str) -> list[str]:
    name = fleet_name(project)
    if not present.exists:
        return [f"{name}: there is no Auto Scaling group."]
    kinds = Counter(f"{node.instance_type} {node.state}" for node in present.nodes)
    nodes = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "no node"
    return [
        f"{name}: {nodes}; a capacity of {present.desired} of {fleet_summary(present)['max_capacity']} GPUs.",
        *(
            [f"{name} launches no nodes, as it is paused or the budget is spent: run playbooks/fleet.yml."]
            if LAUNCHING in present.suspended
            else []
        ),
        *([f"{name} could not do the last thing that it tried: {failure}"] if failure else []),
    ]


def _last_failure(autoscaling: Any, name: str) -> str:
    """Return why the group's last activity failed, in AWS's words; empty where it did not."""
    with aws_errors(f"read what {name} did"):
        found = autoscaling.describe_scaling_activities(AutoScalingGroupName=name, MaxRecords=_ACTIVITIES)["Activities"]
    ended = [each for each in found if each.get("StatusCode") in ("Successful", "Failed", "Cancelled")]
    return one_line(ended[0].get("StatusMessage", "")) if ended and ended[0]["StatusCode"] == "Failed" else ""
