# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Auto Scaling group of a node that ends itself, which is not to launch another in its place."""

from __future__ import annotations

from .._aws.clients import service_client
from .._aws.errors import aws_errors
from .._s3.connection import Connection

# There is little time, and the node ends in any case.
_ATTEMPTS = 2


def leave_group(connection: Connection, instance_id: str, *, launch_no_more: bool) -> None:
    """Have the group end this node and want one less; whatever work is left brings another.

    Args:
        launch_no_more: whether the group is to launch none at all any more, as where the budget is spent;
            playbooks/fleet.yml has it launch again.

    Raises:
        AwsError: AWS refuses; the group then launches another node.
    """
    client = service_client(connection, "autoscaling", attempts=_ATTEMPTS)
    with aws_errors(f"leave the Auto Scaling group, which will launch another node in the place of {instance_id}"):
        left = client.terminate_instance_in_auto_scaling_group(
            InstanceId=instance_id, ShouldDecrementDesiredCapacity=True
        )
    if launch_no_more:
        name = left["Activity"]["AutoScalingGroupName"]
        with aws_errors(f"have the Auto Scaling group {name} launch no more nodes"):
            client.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["Launch"])
