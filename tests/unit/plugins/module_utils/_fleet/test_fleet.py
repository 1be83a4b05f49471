# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of ``node_fleet`` against a local account."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.ownership import NotOwnedError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.account import read_nodes
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet import fleet as module
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.documents import BALANCING
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.fleet import have_fleet, pause_fleet, remove_fleet
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.present import Present
from tests.support.emulated_account import GROUP, PROFILE, Account, tags

_IMAGE = "ami-12c6146b"
_OTHER_IMAGE = "ami-1e749f67"
_PARAMETERS: dict[str, Any] = {
    "project": "farm",
    "max_nodes": 3,
    "instance_types": ["g5.12xlarge", "g5.48xlarge"],
    "image_id": _IMAGE,
    "on_demand_nodes": 1,
    "spot": True,
    "queues": ["farm-text", "farm-ocr"],
    "pieces_per_node": 2,
    "idle_minutes": 60,
    "root_volume_gib": 200,
    "instance_profile": PROFILE,
    "security_group": GROUP,
    "vpc_id": "",
    "subnets": [],
    "zones": [],
    "key_name": "",
    "user_data": "#cloud-config\n",
    "tags": {"Team": "texts"},
}


@pytest.fixture(autouse=True)
def images(account: Account) -> None:
    """Have images of the farm's nodes."""
    image_tags = [{"Key": "Project", "Value": "farm"}, {"Key": "Digest", "Value": "of what went in"}]
    account.ec2.create_tags(Resources=[_IMAGE, _OTHER_IMAGE], Tags=image_tags)


@pytest.fixture
def queues(account: Account) -> dict[str, str]:
    """The urls of the queues of pieces, by name."""
    sqs = account.client("sqs")
    return {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in _PARAMETERS["queues"]}


def _have(account: Account, *, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    return have_fleet(account.connection, {**_PARAMETERS, **changes}, check_mode=check_mode)


def _group(account: Account) -> dict[str, Any]:
    found = account.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["farm-fleet"])
    (group,) = found["AutoScalingGroups"]
    return dict(group)


def _send(account: Account, url: str, pieces: int) -> None:
    for piece in range(pieces):
        account.client("sqs").send_message(QueueUrl=url, MessageBody=str(piece))


@pytest.mark.usefixtures("queues")
def test_a_fleet_without_work_has_no_node(account: Account) -> None:
    result = _have(account)
    assert result["changed"]
    assert result["weights"] == {"g5.12xlarge": 4, "g5.48xlarge": 8}
    assert result["fleet"] == {"exists": True, "capacity": 0, "max_capacity": 12, "paused": False, "nodes": []}
    group = _group(account)
    assert group["MinSize"] == 0
    assert group["CapacityRebalance"]
    policy = group["MixedInstancesPolicy"]
    assert policy["LaunchTemplate"]["Overrides"] == [
        {"InstanceType": "g5.12xlarge", "WeightedCapacity": "4"},
        {"InstanceType": "g5.48xlarge", "WeightedCapacity": "8"},
    ]
    assert policy["InstancesDistribution"] == {
        "OnDemandAllocationStrategy": "prioritized",
        "OnDemandBaseCapacity": 4,
        "OnDemandPercentageAboveBaseCapacity": 0,
        "SpotAllocationStrategy": "price-capacity-optimized",
    }
    assert BALANCING in {item["ProcessName"] for item in group["SuspendedProcesses"]}
    hooks = account.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName="farm-fleet")
    assert [hook["LifecycleTransition"] for hook in hooks["LifecycleHooks"]] == ["autoscaling:EC2_INSTANCE_TERMINATING"]
    assert account.instances() == []


@pytest.mark.usefixtures("queues")
def test_the_alarms_have_the_policies_carried_out(account: Account) -> None:
    _have(account)
    policies = account.client("autoscaling").describe_policies(AutoScalingGroupName="farm-fleet")["ScalingPolicies"]
    arns = {policy["PolicyName"]: policy["PolicyARN"] for policy in policies}
    alarms = account.client("cloudwatch").describe_alarms(AlarmNamePrefix="farm-fleet-")["MetricAlarms"]
    assert {alarm["AlarmName"]: alarm["AlarmActions"] for alarm in alarms} == {
        "farm-fleet-grow": [arns["grow"]],
        "farm-fleet-empty": [arns["empty"]],
    }


@pytest.mark.usefixtures("queues")
def test_a_second_run_changes_nothing(account: Account) -> None:
    _have(account)
    again = _have(account)
    assert again["steps"] == []
    assert not again["changed"]
    assert not again["buys"]


@pytest.mark.usefixtures("queues")
def test_check_mode_tells_and_makes_nothing(account: Account) -> None:
    told = _have(account, check_mode=True)
    assert told["changed"]
    assert told["buys"]
    assert not told["fleet"]["exists"]
    assert told["diff"]["after"]["steps"] == told["steps"]
    assert account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert _have(account)["steps"] == told["steps"]
    assert not _have(account, check_mode=True)["changed"]


def test_nodes_are_launched_at_once_for_what_waits(account: Account, queues: dict[str, str]) -> None:
    _send(account, queues["farm-ocr"], 3)
    result = _have(account, spot=False)
    assert result["fleet"]["capacity"] == 8
    assert len(result["fleet"]["nodes"]) == 2
    nodes = read_nodes(account.ec2, "farm")
    assert [(node.of_a_shard, node.of_the_farm, node.tags["Name"], node.tags["Team"]) for node in nodes] == [
        (False, True, "OpenArchive-Fleet", "texts")
    ] * 2
    assert not _have(account, spot=False)["changed"]


def test_there_are_never_more_than_may_be(account: Account, queues: dict[str, str]) -> None:
    _send(account, queues["farm-text"], 30)
    assert _have(account)["fleet"]["capacity"] == 12
    smaller = _have(account, max_nodes=2)
    assert smaller["fleet"]["capacity"] == smaller["fleet"]["max_capacity"] == 8
    assert not _have(account, max_nodes=2)["changed"]


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"max_nodes": 5}, "Have the Auto Scaling group farm-fleet be for up to 5 nodes"),
        ({"spot": False}, "Have the Auto Scaling group farm-fleet be for"),
        ({"instance_types": ["g5.12xlarge"]}, "Have the Auto Scaling group farm-fleet be for"),
        ({"image_id": _OTHER_IMAGE}, "Write the launch template farm-fleet"),
        ({"user_data": "#cloud-config\nruncmd: []\n"}, "Write the launch template farm-fleet"),
        ({"tags": {"Team": "books"}}, "Set the tags Team on farm-fleet"),
        ({"tags": {}}, "Take the tags Team from farm-fleet"),
        ({"pieces_per_node": 4}, "Write the alarm of the scaling policy grow"),
        ({"idle_minutes": 0}, "Remove the alarm of the scaling policy empty"),
    ],
)
def test_what_is_asked_for_anew_is_changed_once(account: Account, changes: dict[str, Any], step: str) -> None:
    _have(account)
    changed = _have(account, **changes)
    assert any(told.startswith(step) for told in changed["steps"])
    assert not _have(account, **changes)["changed"]


@pytest.mark.usefixtures("queues")
def test_the_launch_template_has_no_market_and_a_private_root_volume(account: Account) -> None:
    _have(account)
    found = account.ec2.describe_launch_template_versions(LaunchTemplateName="farm-fleet", Versions=["$Latest"])
    data = found["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert "InstanceMarketOptions" not in data
    assert data["InstanceInitiatedShutdownBehavior"] == "terminate"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert base64.b64decode(data["UserData"]).decode() == _PARAMETERS["user_data"]
    (volumes,) = data["TagSpecifications"]
    assert volumes["ResourceType"] == "volume"
    assert tags(volumes)["Project"] == "farm"


def test_a_paused_fleet_ends_its_nodes_and_launches_none(account: Account, queues: dict[str, str]) -> None:
    _send(account, queues["farm-text"], 3)
    _have(account)
    assert len(account.instances()) == 2
    assert pause_fleet(account.connection, "farm", check_mode=True)["changed"]
    assert len(account.instances()) == 2
    paused = pause_fleet(account.connection, "farm", check_mode=False)
    assert paused["fleet"]["paused"]
    assert paused["fleet"]["capacity"] == 0
    assert account.instances() == []
    assert not pause_fleet(account.connection, "farm", check_mode=False)["changed"]
    resumed = _have(account)
    assert "Have farm-fleet launch nodes again." in resumed["steps"]
    assert resumed["buys"]
    assert len(account.instances()) == 2


def test_a_fleet_that_is_still_being_removed_is_not_changed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ending = Present(group={"DesiredCapacity": 1, "MaxSize": 3, "Status": "Delete in progress"})
    monkeypatch.setattr(module, "read_present", lambda *_: ending)
    with pytest.raises(NotYetError, match="is still removing farm-fleet"):
        _have(account)
    assert not pause_fleet(account.connection, "farm", check_mode=False)["changed"]


def test_a_fleet_that_is_not_there_needs_no_pause(account: Account) -> None:
    assert not pause_fleet(account.connection, "farm", check_mode=False)["changed"]


def test_all_of_it_is_removed(account: Account, queues: dict[str, str]) -> None:
    _send(account, queues["farm-text"], 3)
    _have(account)
    told = remove_fleet(account.connection, "farm", 60, check_mode=True)
    assert len(told["steps"]) == 3
    assert account.instances()
    removed = remove_fleet(account.connection, "farm", 60, check_mode=False)
    assert removed["steps"] == told["steps"]
    assert account.instances() == []
    assert account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert account.client("cloudwatch").describe_alarms(AlarmNamePrefix="farm-fleet-")["MetricAlarms"] == []
    assert account.ec2.describe_launch_templates(LaunchTemplateNames=[])["LaunchTemplates"] == []
    assert not remove_fleet(account.connection, "farm", 60, check_mode=False)["changed"]


@pytest.mark.usefixtures("queues")
def test_a_group_of_somebody_else_is_refused_and_left(account: Account) -> None:
    _have(account)
    autoscaling = account.client("autoscaling")
    autoscaling.create_or_update_tags(
        Tags=[
            {
                "ResourceId": "farm-fleet",
                "ResourceType": "auto-scaling-group",
                "Key": "Project",
                "Value": "theirs",
                "PropagateAtLaunch": True,
            }
        ]
    )
    with pytest.raises(NotOwnedError, match="Auto Scaling group farm-fleet, and it is not the farm's"):
        _have(account)
    removed = remove_fleet(account.connection, "farm", 60, check_mode=False)
    assert not removed["changed"]
    assert "it is not the farm's" in removed["notes"][0]
    # A farm that is to cost nothing has more to stop.
    paused = pause_fleet(account.connection, "farm", check_mode=False)
    assert (paused["changed"], paused["notes"]) == (False, removed["notes"])


@pytest.mark.usefixtures("queues")
def test_an_alarm_of_somebody_else_is_refused(account: Account) -> None:
    account.client("cloudwatch").put_metric_alarm(
        AlarmName="farm-fleet-grow",
        Namespace="Theirs",
        MetricName="Load",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    with pytest.raises(NotOwnedError, match="looks at something else than farm-fleet"):
        _have(account)


def test_a_queue_that_is_not_there_is_told(account: Account) -> None:
    with pytest.raises(
        NotYetError, match=r"There is no queue farm-text: run playbooks/provision.yml --tags work_queue first"
    ):
        _have(account)


@pytest.mark.usefixtures("queues")
def test_numbers_that_make_no_fleet_are_told(account: Account) -> None:
    with pytest.raises(FarmError, match="max_nodes is 0"):
        _have(account, max_nodes=0)
    with pytest.raises(FarmError, match="on_demand_nodes 4"):
        _have(account, on_demand_nodes=4)


@pytest.mark.usefixtures("queues")
def test_a_quota_that_is_too_low_is_told_and_stops_nothing(account: Account) -> None:
    result = _have(account, max_nodes=200)
    assert any("the quota is too low" in note for note in result["notes"])
    assert result["fleet"]["exists"]
