# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.account import (
    read_image,
    read_nodes,
    read_offered_zones,
    read_quota_request,
    read_subnets,
    read_vcpus,
)
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.quota import Quota, quota_of
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from tests.support.emulated_account import Account


def test_nodes_are_read_by_the_farms_tag_with_their_root_volumes(account: Account) -> None:
    tags = [{"Key": "Project", "Value": "farm"}, {"Key": "Shard", "Value": "1"}]
    for values in (tags, [{"Key": "Project", "Value": "other"}]):
        account.ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": values}],
        )
    (node,) = read_nodes(account.ec2, "farm")
    assert node.shard == 1
    assert node.root is not None
    assert node.root.gib == 8


def test_an_image_comes_from_the_parameter_unless_it_is_given(account: Account) -> None:
    ssm = account.client("ssm")
    parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    assert read_image(account.ec2, ssm, "", parameter).root_device == "/dev/xvda"
    assert read_image(account.ec2, ssm, "ami-12c6146b", parameter).root_device == "/dev/sda1"


def test_subnets_are_the_default_ones_or_a_vpcs_or_the_named_ones(account: Account) -> None:
    default = read_subnets(account.ec2, [], "")
    assert {subnet.zone[-1] for subnet in default} == set("abcdef")
    assert read_subnets(account.ec2, [default[0].id], "") == [default[0]]
    vpc = account.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    with pytest.raises(FarmError, match="no default subnet"):
        read_subnets(account.ec2, [], vpc)
    own = account.ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    assert [subnet.id for subnet in read_subnets(account.ec2, [], vpc)] == [own]
    with pytest.raises(FarmError, match="in several VPCs"):
        read_subnets(account.ec2, [own, default[0].id], "")


def test_zones_and_vcpus_are_those_of_the_type(account: Account) -> None:
    assert "us-east-1e" not in read_offered_zones(account.ec2, ["g5.12xlarge"])
    assert read_vcpus(account.ec2, {"g5.12xlarge", "t3.micro"}) == {"g5.12xlarge": 48, "t3.micro": 2}
    assert read_vcpus(account.ec2, set()) == {}


def _quota() -> Quota:
    quota = quota_of("g5.12xlarge", spot=False)
    assert quota is not None
    return quota


class _Quotas:
    """Service Quotas of an account that never asked for a quota of its own."""

    def __init__(self, account: Account, code: str) -> None:
        self._account = account
        self._code = code

    def get_service_quota(self, **_options: str) -> None:
        # moto answers so for what it does not know.
        self._account.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode=self._code)

    def get_aws_default_service_quota(self, **_options: str) -> dict[str, dict[str, float]]:
        return {"Quota": {"Value": 64.0}}


def test_the_quota_is_awss_default_where_the_account_has_none(account: Account) -> None:
    request = read_quota_request(account.ec2, _Quotas(account, "L-0"), _quota(), "g5.12xlarge", 2)
    assert (request.limit, request.used, request.needed) == (64, 0, 96)


def test_a_type_that_does_not_exist_is_an_error(account: Account) -> None:
    with pytest.raises(AwsError, match=r"Cannot look at the instance types g5\.none"):
        read_quota_request(account.ec2, account.client("service-quotas"), _quota(), "g5.none", 1)
