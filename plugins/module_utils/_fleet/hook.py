# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The group's hook, which keeps a node that is to end until it has given its work back."""

from __future__ import annotations

from typing import Any

from .._aws.errors import AwsError, aws_errors
from .documents import HOOK

# The hook waits no longer: its time is over, or the instance is ending already.
_NOTHING_WAITS = "ValidationError"


def complete_hook(autoscaling: Any, group: str, instance_id: str) -> bool:
    """Have the group go on to end the node; return whether it waited for that.

    Raises:
        AwsError: AWS refuses; the group then ends the node when the hook's time is over.
    """
    try:
        with aws_errors(f"tell the Auto Scaling group {group} that {instance_id} has given its work back"):
            autoscaling.complete_lifecycle_action(
                AutoScalingGroupName=group,
                LifecycleHookName=HOOK,
                InstanceId=instance_id,
                LifecycleActionResult="CONTINUE",
            )
    except AwsError as error:
        if error.code == _NOTHING_WAITS:
            return False
        raise
    return True
