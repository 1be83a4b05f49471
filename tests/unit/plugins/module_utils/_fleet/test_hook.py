# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.hook import complete_hook

_ASKED = {
    "AutoScalingGroupName": "farm-fleet",
    "LifecycleHookName": "drain",
    "InstanceId": "i-1",
    "LifecycleActionResult": "CONTINUE",
}


@pytest.fixture
def autoscaling() -> Any:
    return boto3.client("autoscaling", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def test_the_group_goes_on_to_end_the_node(autoscaling: Any) -> None:
    with Stubber(autoscaling) as answers:
        answers.add_response("complete_lifecycle_action", {}, _ASKED)
        assert complete_hook(autoscaling, "farm-fleet", "i-1")


def test_a_hook_whose_time_is_over_is_no_failure(autoscaling: Any) -> None:
    with Stubber(autoscaling) as answers:
        answers.add_client_error("complete_lifecycle_action", "ValidationError", "No active Lifecycle Action found")
        assert not complete_hook(autoscaling, "farm-fleet", "i-1")


def test_what_aws_refuses_is_told(autoscaling: Any) -> None:
    with Stubber(autoscaling) as answers:
        answers.add_client_error("complete_lifecycle_action", "AccessDenied", "no")
        with pytest.raises(AwsError, match="tell the Auto Scaling group farm-fleet that i-1 has given its work back"):
            complete_hook(autoscaling, "farm-fleet", "i-1")
