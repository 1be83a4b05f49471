# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.routes import missing_endpoints, way_out

_VPC = "vpc-1"
_LOCAL = {"DestinationCidrBlock": "172.31.0.0/16", "GatewayId": "local", "State": "active"}


def _table(*routes: dict[str, str], vpc: str = _VPC, **association: Any) -> dict[str, Any]:
    return {"RouteTableId": "rtb-1", "VpcId": vpc, "Associations": [association], "Routes": [_LOCAL, *routes]}


def _default(**target: str) -> dict[str, str]:
    return {"DestinationCidrBlock": "0.0.0.0/0", "State": "active", **target}


@pytest.mark.parametrize(
    ("route", "public", "leads_out"),
    [
        (_default(GatewayId="igw-1"), True, True),
        (_default(GatewayId="igw-1"), False, False),
        (_default(NatGatewayId="nat-1"), False, True),
        (_default(TransitGatewayId="tgw-1"), False, True),
        (_default(NetworkInterfaceId="eni-1"), False, True),
        (_default(GatewayId="vgw-1"), False, True),
        (_default(NatGatewayId="nat-1", State="blackhole"), False, False),
        ({"DestinationCidrBlock": "10.0.0.0/8", "NatGatewayId": "nat-1", "State": "active"}, True, False),
        ({"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "State": "active"}, True, False),
    ],
)
def test_what_a_subnets_routes_lead_to(route: dict[str, str], public: bool, leads_out: bool) -> None:
    found, why = way_out([_table(route, Main=True)], "subnet-1", _VPC, public_addresses=public)
    assert found is leads_out
    assert bool(why) is not leads_out


def test_a_table_of_its_own_counts_before_the_main_one_and_no_other_vpcs_does() -> None:
    out = _default(NatGatewayId="nat-1")
    tables = [_table(out, Main=True), _table(Main=False, SubnetId="subnet-1"), _table(out, vpc="vpc-2", Main=True)]
    assert way_out(tables, "subnet-1", _VPC, public_addresses=True)[0] is False
    assert way_out(tables, "subnet-2", _VPC, public_addresses=True)[0] is True
    assert way_out(tables[2:], "subnet-1", _VPC, public_addresses=True) == (False, "it has no route table")


def test_a_route_to_something_that_is_gone_is_told_from_none() -> None:
    gone = [_table(_default(NatGatewayId="nat-1", State="blackhole"), Main=True)]
    assert "leads to something that is gone" in way_out(gone, "subnet-1", _VPC, public_addresses=True)[1]
    assert "is missing" in way_out([_table(Main=True)], "subnet-1", _VPC, public_addresses=True)[1]


def test_endpoints_count_in_their_own_vpc_once_they_work() -> None:
    endpoints = [
        {"ServiceName": "com.amazonaws.us-east-1.ssm", "VpcId": _VPC, "State": "available"},
        {"ServiceName": "com.amazonaws.us-east-1.ssmmessages", "VpcId": _VPC, "State": "pending"},
        {"ServiceName": "com.amazonaws.us-east-1.s3", "VpcId": "vpc-2", "State": "Available"},
    ]
    assert missing_endpoints(endpoints, _VPC) == ["ssmmessages", "s3"]
    assert missing_endpoints(endpoints, _VPC, ("ssm", "secretsmanager")) == ["secretsmanager"]
