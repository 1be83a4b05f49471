# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import regional_clients
from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.account import read_nodes
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.regions import farm_regions
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.emulated_account import Account

_MODULE = "ansible_collections.glossapi.farm.plugins.module_utils._ec2.regions"


@pytest.fixture(autouse=True)
def few_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulated account has 38 regions, and a client of each takes its time."""
    kept = {"eu-west-1", "us-west-2"}

    def of_few(connection: Connection, service: str, names: Any, *, attempts: int) -> dict[str, Any]:
        assert kept <= set(names)
        return regional_clients(connection, service, sorted(kept), attempts=attempts)

    monkeypatch.setattr(f"{_MODULE}.regional_clients", of_few)


def _launch(account: Account, region: str, **tags: str) -> str:
    ec2: Any = regional_clients(account.connection, "ec2", [region], attempts=1)[region]
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    launched = ec2.run_instances(
        ImageId="ami-12c6146b",
        InstanceType="g5.12xlarge",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": listed}],
    )
    return str(launched["Instances"][0]["InstanceId"])


def test_an_account_without_the_farm_costs_nothing(empty_account: Account) -> None:
    _launch(empty_account, "eu-west-1", Project="other", Shard="1")
    result = farm_regions(empty_account.connection, "farm")
    assert (result["nodes"], result["elsewhere"], result["costs"], result["unread"]) == (0, {}, [], [])
    assert result["found"] == ["us-east-1: no instance of the farm, and no volume of its own."]


def test_nodes_of_another_region_are_found_and_go_on_costing(empty_account: Account) -> None:
    here = _launch(empty_account, "us-east-1", Project="farm", Shard="1", Name="OpenArchive-Shard-1")
    there = _launch(empty_account, "eu-west-1", Project="farm", Shard="one")
    result = farm_regions(empty_account.connection, "farm")
    assert (result["nodes"], result["elsewhere"]) == (1, {"eu-west-1": 1})
    assert result["found"][0] == "us-east-1: 1 running."
    assert any(here in line and "OpenArchive-Shard-1" in line for line in result["found"])
    (cost,) = result["costs"]
    assert there in cost
    assert cost.startswith("eu-west-1: ")
    assert cost.endswith(" goes on costing.")


def test_an_operators_own_machine_and_a_volume_of_nobody_are_told(empty_account: Account) -> None:
    own = _launch(empty_account, "us-east-1", Project="farm")
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Project", "Value": "farm"}]}]
    volume = empty_account.ec2.create_volume(AvailabilityZone="us-east-1a", Size=200, TagSpecifications=tags)
    result = farm_regions(empty_account.connection, "farm")
    assert (result["nodes"], result["elsewhere"]) == (0, {})
    assert [line for line in result["costs"] if own in line and "no tag Shard" in line]
    assert result["costs"][-1].endswith(f"delete-volume --region us-east-1 --volume-id {volume['VolumeId']}")


def test_images_cost_and_are_told_with_the_way_to_remove_them(empty_account: Account) -> None:
    volume = empty_account.ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    for tags in ({"Project": "farm", "Digest": "d"}, {"Project": "farm"}, {"Project": "other", "Digest": "d"}):
        snapshot = empty_account.ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        empty_account.ec2.create_tags(Resources=[snapshot], Tags=listed)
    (told,) = farm_regions(empty_account.connection, "farm")["images"]
    assert told.startswith("us-east-1: 1 snapshot stays, copies of 8 GiB of volumes of images of nodes")
    assert told.endswith(
        "AWS_REGION=us-east-1 ansible-playbook playbooks/teardown.yml -e confirm=farm -e remove_images=true"
    )


def test_a_security_group_that_stayed_when_its_nodes_went_is_found_and_costs_nothing(empty_account: Account) -> None:
    tags = [{"Key": "Project", "Value": "farm"}]
    kinds = {
        region: regional_clients(empty_account.connection, "ec2", [region], attempts=1)[region]
        for region in ("us-east-1", "us-west-2")
    }
    groups = []
    for ec2 in kinds.values():
        specification = {"ResourceType": "security-group", "Tags": tags}
        made = ec2.create_security_group(GroupName="farm", Description="x", TagSpecifications=[specification])
        groups.append(made["GroupId"])
        (default,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])[
            "SecurityGroups"
        ]
        ec2.create_tags(Resources=[default["GroupId"]], Tags=tags)
    result = farm_regions(empty_account.connection, "farm")
    assert (result["nodes"], result["others"], result["elsewhere"]) == (0, [f"the security group {groups[0]}"], {})
    assert result["found"][-1] == f"us-west-2: the security group {groups[1]} of the farm, which cost nothing."
    assert result["costs"] == []


def test_a_region_that_cannot_be_looked_into_is_told(empty_account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(ec2: Any, project: str) -> Any:
        if ec2.meta.region_name == "eu-west-1":
            raise AwsError("Cannot list the instances: the credentials may not do this.", "UnauthorizedOperation")
        return read_nodes(ec2, project)

    monkeypatch.setattr(f"{_MODULE}.read_nodes", denied)
    result = farm_regions(empty_account.connection, "farm")
    assert len(result["unread"]) == 1
    assert "the region eu-west-1" in result["unread"][0]
    assert "may not do this" in result["unread"][0]


def test_credentials_that_have_expired_are_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def expired(*_arguments: Any) -> Any:
        raise ClientError({"Error": {"Code": "RequestExpired", "Message": "Request has expired."}}, "DescribeInstances")

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", expired)
    with pytest.raises(AwsError, match="credentials have expired: renew them and run the command again"):
        farm_regions(Connection(region="us-east-1", endpoint_url="http://127.0.0.1:9"), "farm")
