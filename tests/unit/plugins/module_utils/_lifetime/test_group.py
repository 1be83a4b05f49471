# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.group import leave_group
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.emulated_account import Account


@pytest.fixture
def group(account: Account) -> list[str]:
    """The ids of the two nodes of a group."""
    account.ec2.create_launch_template(
        LaunchTemplateName="farm-fleet",
        LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "g5.12xlarge"},
    )
    account.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="farm-fleet",
        LaunchTemplate={"LaunchTemplateName": "farm-fleet", "Version": "$Latest"},
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=2,
        AvailabilityZones=["us-east-1a"],
    )
    return [instance["InstanceId"] for instance in account.instances()]


def _told(account: Account) -> dict[str, Any]:
    (group,) = account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return dict(group)


def test_no_other_node_is_launched_in_its_place(account: Account, group: list[str]) -> None:
    leave_group(account.connection, group[0], launch_no_more=False)
    told = _told(account)
    assert told["DesiredCapacity"] == 1
    assert [item["InstanceId"] for item in told["Instances"]] == [group[1]]
    assert told["SuspendedProcesses"] == []


def test_none_is_launched_at_all_once_the_budget_is_spent(account: Account, group: list[str]) -> None:
    leave_group(account.connection, group[0], launch_no_more=True)
    assert [item["ProcessName"] for item in _told(account)["SuspendedProcesses"]] == ["Launch"]


def test_a_group_that_cannot_be_left_is_told_with_what_it_will_do() -> None:
    # Nobody listens there.
    nowhere = Connection(region="us-east-1", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="b")
    with pytest.raises(AwsError, match="will launch another node in the place of i-1"):
        leave_group(nowhere, "i-1", launch_no_more=False)
