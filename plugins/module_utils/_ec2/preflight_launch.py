# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether EC2 would launch the nodes, and whether nodes there could work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._errors import FarmError
from .._s3.connection import Connection
from .account import GROUP_ID_PREFIX, read_image, read_offered_zones, read_subnets
from .placement import Subnet, ordered
from .preflight import Findings
from .routes import NEEDED_ENDPOINTS, missing_endpoints, way_out
from .stored_template import read_template

_ARCHITECTURE = "x86_64"
_MANUFACTURER = "NVIDIA"
_WOULD_WORK = "DryRunOperation"


@dataclass(frozen=True)
class Launch:
    """What nodes will be launched with; the settings of the same names say what each is.

    Attributes:
        project: value of the farm's tag, and name of its launch template.
        other_types: that will do as well; the GPUs of each are settings of its own.
        gpus: that each node of the preferred type must have.
        instance_profile: its name; empty where it does not exist yet.
        services: of AWS that nodes must reach.
        reservation: id of the capacity reservation to launch into; empty for none.
        missing: nodes that are not there yet.
    """

    project: str
    instance_type: str
    gpus: int
    image_id: str
    image_parameter: str
    root_gib: int
    key_name: str
    security_group: str
    vpc_id: str
    subnets: tuple[str, ...]
    zones: tuple[str, ...]
    instance_profile: str
    spot: bool
    services: tuple[str, ...] = NEEDED_ENDPOINTS
    other_types: tuple[str, ...] = ()
    reservation: str = ""
    missing: int = 0

    @property
    def types(self) -> tuple[str, ...]:
        """Return the instance types that will do, the preferred one first."""
        return (self.instance_type, *self.other_types)


def check_launch(connection: Connection, findings: Findings, launch: Launch) -> None:
    """Look at what the nodes will be launched with, and ask EC2 whether it would.

    Raises:
        AwsError: EC2 does not work in the region.
    """
    with aws_errors("reach EC2"):
        ec2, ssm = service_client(connection, "ec2"), service_client(connection, "ssm")
    _check_types(ec2, findings, launch)
    subnets = _usable_subnets(ec2, findings, launch)
    _check_ways_out(ec2, findings, subnets, launch.services)
    image_id = _check_image(ec2, ssm, findings, launch)
    has_key = _check_key_pair(ec2, findings, launch.key_name)
    has_group = _check_security_group(ec2, findings, launch, subnets)
    _check_template(ec2, findings, launch.project)
    if launch.reservation:
        check_reservation(ec2, findings, launch, {subnet.zone for subnet in subnets})
    if subnets and image_id and has_key and has_group:
        _check_dry_run(ec2, findings, launch, image_id, subnets[0])


def _check_types(ec2: Any, findings: Findings, launch: Launch) -> None:
    preferred = _describe_type(ec2, findings, launch.instance_type)
    if preferred:
        findings.problems += type_problems(preferred, launch.gpus)
        count = _gpus_of(preferred)
        findings.facts["gpus"] = count
        if count and not launch.gpus:
            findings.notes.append(
                f"A {launch.instance_type} has {count} GPUs, and farm_gpus is 0: they are paid for and not used."
            )
    for name in launch.other_types:
        described = _describe_type(ec2, findings, name)
        findings.problems += type_problems(described, 0) if described else []


def _describe_type(ec2: Any, findings: Findings, name: str) -> dict[str, Any]:
    """Return what EC2 says of an instance type; nothing where there is no such type."""
    try:
        with aws_errors(f"look at the instance type {name}"):
            (described,) = ec2.describe_instance_types(InstanceTypes=[name])["InstanceTypes"]
    except AwsError as error:
        findings.problems.append(str(error))
        return {}
    return dict(described)


def type_problems(described: Mapping[str, Any], gpus: int) -> list[str]:
    """Return what makes an instance type unfit for nodes.

    Args:
        described: one of EC2's DescribeInstanceTypes.
        gpus: that each node must have; 0 for whatever it has.
    """
    name, found, problems = described["InstanceType"], _gpus_of(described), []
    if _ARCHITECTURE not in described["ProcessorInfo"]["SupportedArchitectures"]:
        problems.append(f"{name} is no {_ARCHITECTURE} machine, which is what the nodes' software is for.")
    if not described.get("InstanceStorageSupported"):
        problems.append(f"{name} has no instance store, where nodes work: choose a type with one, as g5 or g6.")
    if gpus and found != gpus:
        problems.append(f"farm_gpus is {gpus}, and a {name} has {found} GPUs of {_MANUFACTURER}: set it to {found}.")
    return problems


def _gpus_of(described: Mapping[str, Any]) -> int:
    gpus = described.get("GpuInfo", {}).get("Gpus", ())
    return sum(each["Count"] for each in gpus if each["Manufacturer"] == _MANUFACTURER)


def _usable_subnets(ec2: Any, findings: Findings, launch: Launch) -> list[Subnet]:
    try:
        found = read_subnets(ec2, launch.subnets, launch.vpc_id)
        if launch.vpc_id and any(subnet.vpc_id != launch.vpc_id for subnet in found):
            others = ", ".join(f"{each.id} ({each.vpc_id})" for each in found if each.vpc_id != launch.vpc_id)
            raise FarmError(
                f"farm_vpc_id is {launch.vpc_id}, and these of farm_subnets are in another VPC: {others}. Name the "
                "VPC that the subnets are in, or its subnets."
            )
        return ordered(found, launch.subnets, launch.zones, read_offered_zones(ec2, launch.types))
    except FarmError as error:
        findings.problems.append(str(error))
        return []


def _check_ways_out(ec2: Any, findings: Findings, subnets: list[Subnet], services: tuple[str, ...]) -> None:
    if not subnets:
        return
    vpc_id = subnets[0].vpc_id
    in_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
    try:
        with aws_errors(f"look at the routes of {vpc_id}"):
            pages = ec2.get_paginator("describe_route_tables").paginate(Filters=in_vpc)
            tables = [table for page in pages for table in page["RouteTables"]]
            described = ec2.describe_subnets(SubnetIds=[subnet.id for subnet in subnets])["Subnets"]
            pages = ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=in_vpc)
            endpoints = [endpoint for page in pages for endpoint in page["VpcEndpoints"]]
    except AwsError as error:
        findings.problems.append(f"Whether nodes have a way out cannot be told. {error}")
        return
    public = {item["SubnetId"]: bool(item.get("MapPublicIpOnLaunch")) for item in described}
    missing = missing_endpoints(endpoints, vpc_id, services)
    for subnet in subnets:
        leads_out, why = way_out(tables, subnet.id, vpc_id, public_addresses=public[subnet.id])
        if leads_out:
            continue
        if missing:
            findings.problems.append(
                f"The subnet {subnet.id} ({subnet.zone}) has no way out: {why}, and {vpc_id} has no endpoint of "
                f"{', '.join(missing)}. Nodes there could never be reached: give it a route to an internet or NAT "
                "gateway, or name others in farm_subnets."
            )
        else:
            findings.notes.append(
                f"The subnet {subnet.id} ({subnet.zone}) has no way to the internet ({why}), only endpoints: "
                "Miniforge, packages and glossAPI must come from mirrors that nodes there reach."
            )


def _check_image(ec2: Any, ssm: Any, findings: Findings, launch: Launch) -> str:
    """Return the image's id; empty where it is no image to launch from."""
    try:
        image = read_image(ec2, ssm, launch.image_id, launch.image_parameter)
    except FarmError as error:
        findings.problems.append(str(error))
        return ""
    if image.gib > launch.root_gib:
        findings.problems.append(
            f"The image {image.id} needs a root volume of {image.gib} GiB: set farm_root_volume_gib to that or more."
        )
    return image.id


def _check_key_pair(ec2: Any, findings: Findings, name: str) -> bool:
    if not name:
        return True
    try:
        with aws_errors(f"look for the key pair {name} of farm_key_name"):
            ec2.describe_key_pairs(KeyNames=[name])
    except AwsError as error:
        findings.problems.append(str(error))
        return False
    return True


def _check_security_group(ec2: Any, findings: Findings, launch: Launch, subnets: list[Subnet]) -> bool:
    """Look at a group that is named by its id; one that is named is made, or looked at, where it is managed."""
    group_id = launch.security_group
    if not group_id.startswith(GROUP_ID_PREFIX):
        return True
    try:
        with aws_errors(f"look for the security group {group_id} of farm_security_group"):
            (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    except AwsError as error:
        findings.problems.append(str(error))
        return False
    if subnets and group["VpcId"] != subnets[0].vpc_id:
        findings.problems.append(
            f"The security group {group_id} is in {group['VpcId']}, and the subnets are in {subnets[0].vpc_id}: take "
            "one of the same VPC."
        )
        return False
    return True


def _check_template(ec2: Any, findings: Findings, project: str) -> None:
    """Look whether the launch template, where there is one of the farm's name, is the farm's."""
    try:
        read_template(ec2, project)
    except FarmError as error:
        findings.problems.append(str(error))


def check_reservation(ec2: Any, findings: Findings, launch: Launch, zones: Collection[str]) -> None:
    """Look whether the capacity reservation is fit for the nodes.

    Args:
        zones: of the subnets that nodes may be in.
    """
    try:
        with aws_errors(f"look at the capacity reservation {launch.reservation} of farm_capacity_reservation"):
            (described,) = ec2.describe_capacity_reservations(CapacityReservationIds=[launch.reservation])[
                "CapacityReservations"
            ]
    except AwsError as error:
        findings.problems.append(str(error))
        return
    findings.problems += reservation_problems(described, launch.instance_type, zones, launch.missing)


def reservation_problems(
    described: Mapping[str, Any], instance_type: str, zones: Collection[str], missing: int
) -> list[str]:
    """Return what makes a capacity reservation unfit for nodes.

    Args:
        described: one of EC2's DescribeCapacityReservations.
        zones: of the subnets that nodes may be in; none where they are not known.
        missing: nodes that are to be launched into it.
    """
    name = f"The capacity reservation {described['CapacityReservationId']}"
    state, there, free = described["State"], described["AvailabilityZone"], described["AvailableInstanceCount"]
    problems = []
    if state != "active":
        problems.append(f"{name} is {state}, and nodes are launched into an active one alone: name another.")
    if described["InstanceType"] != instance_type:
        problems.append(f"{name} is for {described['InstanceType']}, and farm_instance_type is {instance_type}.")
    if zones and there not in zones:
        problems.append(f"{name} is in {there}, and the nodes' subnets in {', '.join(sorted(zones))}: see farm_zones.")
    if free < missing:
        problems.append(f"{name} has room for {free} instances, and {missing} nodes are missing: lower farm_shards.")
    return problems


def _check_dry_run(ec2: Any, findings: Findings, launch: Launch, image_id: str, subnet: Subnet) -> None:
    request: dict[str, Any] = {
        "DryRun": True,
        "MinCount": 1,
        "MaxCount": 1,
        "ImageId": image_id,
        "InstanceType": launch.instance_type,
        "SubnetId": subnet.id,
    }
    if launch.key_name:
        request["KeyName"] = launch.key_name
    if launch.security_group.startswith(GROUP_ID_PREFIX):
        request["SecurityGroupIds"] = [launch.security_group]
    if launch.instance_profile:
        request["IamInstanceProfile"] = {"Name": launch.instance_profile}
    if launch.spot:
        request["InstanceMarketOptions"] = {"MarketType": "spot"}
    try:
        with aws_errors(f"launch a {launch.instance_type} in {subnet.zone}"):
            ec2.run_instances(**request)
    except AwsError as error:
        if error.code != _WOULD_WORK:
            findings.problems.append(f"{error} EC2 was asked by a dry run: nothing was launched.")
            return
    findings.facts["would_launch"] = True
