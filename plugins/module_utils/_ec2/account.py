# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read what the account has, as far as the farm asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import PROJECT_TAG
from .._errors import FarmError
from .nodes import Node, node_from, root_volume_id, volume_from
from .placement import Subnet
from .quota import Quota, Request, Standing, quota_of

# A security group that is given so is an operator's own; any other text is a name.
GROUP_ID_PREFIX = "sg-"
_EC2_SERVICE = "ec2"


@dataclass(frozen=True)
class Image:
    """A machine image.

    Attributes:
        root_device: its name of the root volume, as in ``/dev/xvda``.
        gib: the smallest root volume it fits on, in GiB.
    """

    id: str
    root_device: str
    gib: int


def read_nodes(ec2: Any, project: str) -> list[Node]:
    """Return every instance with the farm's tag that AWS still lists, terminated ones too.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"list the instances with the tag {PROJECT_TAG}={project}"):
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": f"tag:{PROJECT_TAG}", "Values": [project]}]
        )
        found = [instance for page in pages for group in page["Reservations"] for instance in group["Instances"]]
        roots = sorted(filter(None, map(root_volume_id, found)))
        volumes = ec2.describe_volumes(Filters=[{"Name": "volume-id", "Values": roots}])["Volumes"] if roots else []
    by_id = {volume["VolumeId"]: volume_from(volume) for volume in volumes}
    return [node_from(instance, by_id) for instance in found]


def with_shutdown(ec2: Any, nodes: Collection[Node]) -> list[Node]:
    """Return the nodes with what becomes of those that may run when they shut themselves down; a request for each.

    Raises:
        AwsError: it cannot be read.
    """

    def read(node: Node) -> str:
        with aws_errors(f"ask what becomes of {node.id} when it shuts itself down"):
            answer = ec2.describe_instance_attribute(InstanceId=node.id, Attribute="instanceInitiatedShutdownBehavior")
        return str(answer["InstanceInitiatedShutdownBehavior"]["Value"])

    return [replace(node, shutdown=read(node)) if node.alive and node.shard is not None else node for node in nodes]


def read_image(ec2: Any, ssm: Any, image_id: str, parameter: str) -> Image:
    """Return the image to launch from.

    Args:
        image_id: as in ``ami-0123456789abcdef0``; empty for the one that ``parameter`` names.
        parameter: a public SSM parameter.

    Raises:
        AwsError: the parameter or the image cannot be read.
        FarmError: there is no such image.
    """
    if not image_id:
        with aws_errors(f"read the SSM parameter {parameter}"):
            image_id = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    with aws_errors(f"look at the image {image_id}"):
        images = ec2.describe_images(ImageIds=[image_id])["Images"]
    if not images:
        raise FarmError(f"There is no image {image_id} in this region: change farm_image_id or farm_image_parameter.")
    root_device = images[0].get("RootDeviceName", "/dev/xvda")
    sizes = [
        mapping.get("Ebs", {}).get("VolumeSize", 0)
        for mapping in images[0].get("BlockDeviceMappings", ())
        if mapping.get("DeviceName") == root_device
    ]
    return Image(image_id, root_device, max(sizes, default=0))


def read_subnets(ec2: Any, ids: Sequence[str], vpc_id: str) -> list[Subnet]:
    """Return the named subnets, or the default ones of the VPC.

    Args:
        ids: empty for the default subnet of each zone.
        vpc_id: of the VPC whose subnets are taken where ``ids`` is empty; empty for the default VPC.

    Raises:
        AwsError: they cannot be read, or one does not exist.
        FarmError: there is none, or the named ones are in several VPCs.
    """
    if ids:
        query: dict[str, Any] = {"SubnetIds": list(ids)}
    elif vpc_id:
        query = {"Filters": [{"Name": "vpc-id", "Values": [vpc_id]}]}
    else:
        query = {"Filters": [{"Name": "default-for-az", "Values": ["true"]}]}
    with aws_errors("list the subnets"):
        listed = ec2.describe_subnets(**query)["Subnets"]
    subnets = [Subnet(item["SubnetId"], item["AvailabilityZone"], item["VpcId"]) for item in listed]
    if not subnets:
        raise FarmError(
            "There is no default subnet in this region: name subnets in farm_subnets, or create a default VPC "
            "(aws ec2 create-default-vpc)."
        )
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise FarmError(
            "The subnets of farm_subnets are in several VPCs: a security group is in one; name those of one."
        )
    return subnets


def read_offered_zones(ec2: Any, instance_types: Collection[str]) -> set[str]:
    """Return the zones of the region that have one of the instance types.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"find out where {', '.join(instance_types)} is offered"):
        answer = ec2.describe_instance_type_offerings(
            LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": [*instance_types]}]
        )
    return {offer["Location"] for offer in answer["InstanceTypeOfferings"]}


def read_vcpus(ec2: Any, instance_types: Collection[str]) -> dict[str, int]:
    """Return the vCPUs of each instance type.

    Raises:
        AwsError: they cannot be read, or a type does not exist.
    """
    if not instance_types:
        return {}
    with aws_errors(f"look at the instance types {', '.join(sorted(instance_types))}"):
        pages = ec2.get_paginator("describe_instance_types").paginate(InstanceTypes=sorted(instance_types))
        return {
            item["InstanceType"]: item["VCpuInfo"]["DefaultVCpus"] for page in pages for item in page["InstanceTypes"]
        }


def read_standing(
    ec2: Any, quotas: Any, instance_types: Sequence[str], launches: int, *, spot: bool, fallback: bool
) -> Standing:
    """Return how so many nodes of types that will do, the preferred one first, stand against their quotas.

    Args:
        fallback: whether on-demand instances do where there is no spot.

    Raises:
        AwsError: a quota, the instances or a type cannot be read.
    """
    offers = [
        (name, quota_of(name, spot=market))
        for market in ([True, False] if spot and fallback else [spot])
        for name in instance_types
    ]
    return Standing(
        launches,
        [
            (name, None if quota is None else read_quota_request(ec2, quotas, quota, name, launches))
            for name, quota in offers
        ],
    )


def read_quota_request(ec2: Any, quotas: Any, quota: Quota, instance_type: str, launches: int) -> Request:
    """Return how ``launches`` more instances of a type stand against their quota.

    Raises:
        AwsError: the quota, the instances or the type cannot be read.
    """
    with aws_errors("list the instances that run"):
        pages = ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        )
        running = [instance for page in pages for group in page["Reservations"] for instance in group["Instances"]]
    counted = [
        instance["InstanceType"]
        for instance in running
        if quota.counts(instance["InstanceType"], spot=instance.get("InstanceLifecycle") == "spot")
    ]
    vcpus = read_vcpus(ec2, {instance_type, *counted})
    return Request(
        quota=quota,
        limit=_read_limit(quotas, quota),
        used=sum(vcpus[name] for name in counted),
        needed=vcpus[instance_type] * launches,
    )


def _read_limit(quotas: Any, quota: Quota) -> int:
    """Return the quota's value, in vCPUs; AWS's default where the account has none of its own.

    Raises:
        AwsError: it cannot be read.
    """
    action = f"read the quota {quota.code}"
    try:
        with aws_errors(action):
            answer = quotas.get_service_quota(ServiceCode=_EC2_SERVICE, QuotaCode=quota.code)
    except AwsError as error:
        if error.code != "NoSuchResourceException":
            raise
        with aws_errors(action):
            answer = quotas.get_aws_default_service_quota(ServiceCode=_EC2_SERVICE, QuotaCode=quota.code)
    return int(answer["Quota"]["Value"])
