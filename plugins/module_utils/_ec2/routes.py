# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a subnet's routes lead out of it: Systems Manager reaches only nodes that reach it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

_EVERYWHERE = "0.0.0.0/0"
_INTERNET_GATEWAY = "igw-"
# Of a route: what it leads to besides a gateway.
_TARGETS = (
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "CoreNetworkArn",
    "LocalGatewayId",
    "CarrierGatewayId",
)
# Without these, by interface or gateway, nodes without a way to the internet can be neither reached nor work.
NEEDED_ENDPOINTS = ("ssm", "ssmmessages", "s3")


def way_out(
    tables: Sequence[Mapping[str, Any]], subnet_id: str, vpc_id: str, *, public_addresses: bool
) -> tuple[bool, str]:
    """Return whether the subnet leads to the internet, and where it does not, why.

    Args:
        tables: of EC2's DescribeRouteTables.
        public_addresses: whether instances in the subnet get one at launch: an internet gateway serves no other.
    """
    table = _table_of(tables, subnet_id, vpc_id)
    if table is None:
        return False, "it has no route table"
    routes = [route for route in table.get("Routes", ()) if route.get("DestinationCidrBlock") == _EVERYWHERE]
    alive = [route for route in routes if route.get("State") != "blackhole"]
    if not alive:
        gone = " leads to something that is gone" if routes else " is missing"
        return False, f"the route {_EVERYWHERE} of {table['RouteTableId']}{gone}"
    if any(any(route.get(target) for target in _TARGETS) for route in alive):
        return True, ""
    gateways = [route.get("GatewayId", "") for route in alive]
    if any(gateway and not gateway.startswith(_INTERNET_GATEWAY) for gateway in gateways) or public_addresses:
        return True, ""
    return False, f"its route leads to {gateways[0]}, and its instances get no public address"


def missing_endpoints(
    endpoints: Collection[Mapping[str, Any]], vpc_id: str, services: Sequence[str] = NEEDED_ENDPOINTS
) -> list[str]:
    """Return which of the services that nodes cannot do without have no endpoint in the VPC.

    Args:
        endpoints: of EC2's DescribeVpcEndpoints.
        vpc_id: of the VPC.
        services: that nodes need, by the last part of their names.
    """
    there = {
        str(each["ServiceName"]).rpartition(".")[2]
        for each in endpoints
        if each["VpcId"] == vpc_id and str(each.get("State", "available")).lower() == "available"
    }
    return [service for service in services if service not in there]


def _table_of(tables: Sequence[Mapping[str, Any]], subnet_id: str, vpc_id: str) -> Mapping[str, Any] | None:
    """Return the table that the subnet was given, else the main one of its VPC."""
    of_vpc = [table for table in tables if table["VpcId"] == vpc_id]
    given = [table for table in of_vpc for each in table.get("Associations", ()) if each.get("SubnetId") == subnet_id]
    main = [table for table in of_vpc for each in table.get("Associations", ()) if each.get("Main")]
    return next(iter([*given, *main]), None)
