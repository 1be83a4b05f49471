# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.present import Present, read_present
from tests.support.emulated_account import Account


def test_an_account_without_a_fleet_has_none(empty_account: Account) -> None:
    present = read_present(empty_account.client("autoscaling"), empty_account.client("cloudwatch"), "farm")
    assert present == Present()
    assert not present.exists
    assert (present.desired, present.tags, present.suspended, present.nodes) == (0, {}, set(), ())
    assert not present.measures_capacity


def test_a_group_tells_of_its_nodes_by_their_ids() -> None:
    group = {
        "DesiredCapacity": 8,
        "Instances": [
            {"InstanceId": "i-2", "LifecycleState": "Pending"},
            {
                "InstanceId": "i-1",
                "InstanceType": "g5.12xlarge",
                "AvailabilityZone": "us-east-1a",
                "LifecycleState": "InService",
                "LaunchTemplate": {"Version": "3"},
            },
        ],
    }
    first, second = Present(group=group).nodes
    assert first.summary() == {
        "instance_id": "i-1",
        "instance_type": "g5.12xlarge",
        "zone": "us-east-1a",
        "state": "InService",
    }
    assert (first.template_version, second.template_version) == ("3", "")
    assert Present(group=group).desired == 8
