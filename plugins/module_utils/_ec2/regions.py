# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look where a farm is: in which regions of the account it has what costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._aws.clients import regional_clients, service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import PROJECT_TAG
from .._formatting import counted
from .._s3.connection import DEFAULT_REGION, Connection
from .._s3.parallel import read_each
from .account import read_nodes
from .nodes import DIGEST_TAG, Node

# No VPC is without its own, which version 1.0.0 could give the farm's tag, and which nobody can remove.
_DEFAULT_GROUP = "default"
# A region that does not answer is told; not worth the minutes of all retries.
_ATTEMPTS = 2
_AT_ONCE = 16


@dataclass(frozen=True)
class Region:
    """What a region has of a farm.

    Attributes:
        nodes: those that run or can run again, an operator's own machines with the farm's tag included.
        volumes: GiB of volumes with the farm's tag that no instance has, by their id.
        snapshots: GiB of the snapshots that its images are made of, by their id.
        others: its security groups and launch template, which cost nothing.
    """

    nodes: tuple[Node, ...] = ()
    volumes: Mapping[str, int] = field(default_factory=dict)
    snapshots: Mapping[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    @property
    def launched(self) -> tuple[Node, ...]:
        """The instances that the farm launched."""
        return tuple(node for node in self.nodes if node.of_the_farm)


def farm_regions(connection: Connection, project: str) -> dict[str, Any]:
    """Return the result of the module ``project_regions_info``.

    Raises:
        AwsError: the regions, or the one that the connection is to, cannot be read.
    """
    region = connection.region or DEFAULT_REGION
    ec2 = service_client(connection, "ec2")
    here = _read(ec2, project)
    with aws_errors("list the regions of the account"):
        names = [item["RegionName"] for item in ec2.describe_regions()["Regions"]]
        clients = regional_clients(connection, "ec2", sorted({*names} - {region}), attempts=_ATTEMPTS)
    elsewhere: dict[str, Region] = {}
    unread: list[str] = []
    for name, found in read_each(lambda other: _try(clients[other], project), clients, _AT_ONCE):
        if isinstance(found, AwsError):
            unread.append(f"What the region {name} has of the farm cannot be told. {found}")
        elif found != Region():
            elsewhere[name] = found
    return {
        "changed": False,
        "nodes": len(here.launched),
        "others": list(here.others),
        "elsewhere": {name: len(found.launched) for name, found in elsewhere.items() if found.launched},
        "found": [line for name, found in ({region: here} | elsewhere).items() for line in _lines(name, found)],
        "costs": _costs(region, here, elsewhere),
        "images": [
            f"{name}: {_snapshots(found)} of images of nodes, and cost what they hold until they are removed: "
            f"AWS_REGION={name} ansible-playbook playbooks/teardown.yml -e confirm={project} -e remove_images=true"
            for name, found in ({region: here} | elsewhere).items()
            if found.snapshots
        ],
        "unread": unread,
    }


def _try(ec2: Any, project: str) -> Region | AwsError:
    try:
        return _read(ec2, project)
    except AwsError as error:
        return error


def _read(ec2: Any, project: str) -> Region:
    nodes = tuple(node for node in read_nodes(ec2, project) if node.alive)
    mine = {"Name": f"tag:{PROJECT_TAG}", "Values": [project]}
    with aws_errors(f"list what has the tag {PROJECT_TAG}={project}"):
        pages = ec2.get_paginator("describe_volumes").paginate(
            Filters=[mine, {"Name": "status", "Values": ["available"]}]
        )
        volumes = {volume["VolumeId"]: volume["Size"] for page in pages for volume in page["Volumes"]}
        pages = ec2.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"], Filters=[mine, {"Name": "tag-key", "Values": [DIGEST_TAG]}]
        )
        snapshots = {snapshot["SnapshotId"]: snapshot["VolumeSize"] for page in pages for snapshot in page["Snapshots"]}
        groups = ec2.describe_security_groups(Filters=[mine])["SecurityGroups"]
        templates = ec2.describe_launch_templates(Filters=[mine])["LaunchTemplates"]
    others = (
        *(f"the security group {group['GroupId']}" for group in groups if group["GroupName"] != _DEFAULT_GROUP),
        *(f"the launch template {template['LaunchTemplateName']}" for template in templates),
    )
    return Region(nodes, volumes, snapshots, others)


def _lines(region: str, found: Region) -> list[str]:
    """Return a sentence on what a region has, with each instance in one of its own."""
    if not found.nodes and not found.volumes:
        return [f"{region}: no instance of the farm, and no volume of its own.", *_other_lines(region, found)]
    states = Counter(node.state for node in found.nodes)
    counted = ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "no instance"
    return [
        f"{region}: {counted}{f', {len(found.volumes)} volumes that no instance has' if found.volumes else ''}.",
        *(f"{region}: {_named(node)} is {node.state}." for node in found.nodes),
        *_other_lines(region, found),
    ]


def _other_lines(region: str, found: Region) -> list[str]:
    return [f"{region}: {' and '.join(found.others)} of the farm, which cost nothing."] if found.others else []


def _costs(region: str, here: Region, elsewhere: Mapping[str, Region]) -> list[str]:
    """Return what goes on costing when what the region has of the farm is removed."""
    return [
        *(
            f"{region}: {_named(node)} has the farm's tag and no tag Shard, is not the farm's to remove, and goes on "
            "costing."
            for node in here.nodes
            if not node.of_the_farm
        ),
        *(
            f"{name}: {_named(node)} goes on costing{'' if node.state == 'running' else ' for its volumes'}."
            for name, found in elsewhere.items()
            for node in found.nodes
        ),
        *(
            f"{name}: the volume {volume} of {gib} GiB is no instance's, and goes on costing: "
            f"aws ec2 delete-volume --region {name} --volume-id {volume}"
            for name, found in ({region: here} | dict(elsewhere)).items()
            for volume, gib in found.volumes.items()
        ),
    ]


def _snapshots(found: Region) -> str:
    number = counted(len(found.snapshots), "snapshot stays", "snapshots stay")
    return f"{number}, copies of {sum(found.snapshots.values())} GiB of volumes"


def _named(node: Node) -> str:
    name = node.tags.get("Name", "")
    return f"{node.id} ({f'{name}, ' if name else ''}{node.instance_type}, {node.zone})"
