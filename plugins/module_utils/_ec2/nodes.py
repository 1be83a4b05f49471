# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's instances as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .._aws.ownership import PROJECT_TAG, tags_of

SHARD_TAG = "Shard"
# Of an instance that the fleet's Auto Scaling group launched; its value is the group's name.
FLEET_TAG = "Fleet"
# On an image of a configured node, and on its snapshots: of all that went into it.
DIGEST_TAG = "Digest"
NAME_TAG = "Name"
NAME_PREFIX = "OpenArchive-Shard-"
# Of an instance that still is or will again be there; a terminated one is listed for about an hour.
LIVE_STATES = ("pending", "running", "stopping", "stopped")
# As in "User initiated (2026-11-28 01:02:03 GMT)".
_TRANSITION = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
# IMDSv2 alone; a container on the node is one hop further away than the node itself.
METADATA_OPTIONS: Mapping[str, Any] = {
    "HttpEndpoint": "enabled",
    "HttpTokens": "required",
    "HttpPutResponseHopLimit": 2,
}


@dataclass(frozen=True)
class Volume:
    """An EBS volume.

    Attributes:
        gib: its size in GiB.
        type: as in ``gp3``.
    """

    id: str
    gib: int
    type: str
    encrypted: bool
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Node:
    """An instance with the farm's tag.

    Attributes:
        shard: the value of its tag ``Shard``; ``None`` where it has none, as an operator's own machine, or where
            that is no number from 1.
        state: EC2's name of it, as in ``running``.
        root: its root volume; ``None`` where it is not (or no longer) attached.
        security_groups: their ids.
        metadata_options: those of :data:`METADATA_OPTIONS`, as they are.
        shutdown: ``stop`` or ``terminate``, which becomes of it when it shuts itself down; empty where nobody asked.
        instance_profile: the name of its IAM instance profile; empty without one.
        ended_at: when somebody last stopped or terminated it; ``None`` where EC2 does not say, as of one that shut
            itself down.
    """

    id: str
    shard: int | None
    state: str
    instance_type: str
    zone: str
    image_id: str
    spot: bool
    tags: Mapping[str, str]
    root: Volume | None
    security_groups: frozenset[str] = frozenset()
    metadata_options: Mapping[str, Any] = field(default_factory=lambda: dict(METADATA_OPTIONS))
    shutdown: str = ""
    instance_profile: str = ""
    ended_at: datetime | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs or can run again."""
        return self.state in LIVE_STATES

    @property
    def of_a_shard(self) -> bool:
        """Whether the farm launched it for a shard: it has a tag ``Shard``, whatever that says."""
        return SHARD_TAG in self.tags

    @property
    def of_the_farm(self) -> bool:
        """Whether the farm launched it, for a shard or as one of its fleet, and no operator."""
        return self.of_a_shard or FLEET_TAG in self.tags

    @property
    def mistagged(self) -> bool:
        """Whether its tag ``Shard`` says which shard no farm has."""
        return self.of_a_shard and self.shard is None

    @property
    def shard_text(self) -> str:
        """What its tag ``Shard`` says, also where that names no shard."""
        return self.tags.get(SHARD_TAG, str(self.shard))

    def summary(self) -> dict[str, Any]:
        """Return what an operator asks: who is where."""
        return {
            "shard": self.shard,
            "name": self.tags.get(NAME_TAG, ""),
            "instance_id": self.id,
            "instance_type": self.instance_type,
            "zone": self.zone,
            "state": self.state,
            "spot": self.spot,
        }


def node_name(shard: int) -> str:
    """Return the value of the tag ``Name`` of a shard's node."""
    return f"{NAME_PREFIX}{shard}"


def node_tags(project: str, shard: int, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that a shard's instance and volume must have; ``extra`` cannot change the farm's own."""
    return {**extra, NAME_TAG: node_name(shard), PROJECT_TAG: project, SHARD_TAG: str(shard)}


def volume_from(description: Mapping[str, Any]) -> Volume:
    """Return an item of ``DescribeVolumes`` as a value."""
    return Volume(
        id=description["VolumeId"],
        gib=description["Size"],
        type=description.get("VolumeType", "gp2"),
        encrypted=description.get("Encrypted", False),
        tags=tags_of(description.get("Tags")),
    )


def root_volume_id(description: Mapping[str, Any]) -> str | None:
    """Return the id of the root volume in an item of ``DescribeInstances``."""
    for mapping in description.get("BlockDeviceMappings", ()):
        if mapping["DeviceName"] == description.get("RootDeviceName"):
            return str(mapping["Ebs"]["VolumeId"])
    return None


def node_from(description: Mapping[str, Any], volumes: Mapping[str, Volume]) -> Node:
    """Return an item of ``DescribeInstances`` as a value.

    Args:
        volumes: by id; those of other instances are ignored.
    """
    tags = tags_of(description.get("Tags"))
    text = tags.get(SHARD_TAG, "")
    return Node(
        id=description["InstanceId"],
        shard=int(text) if text.isdecimal() and int(text) > 0 else None,
        state=description["State"]["Name"],
        instance_type=description["InstanceType"],
        zone=description.get("Placement", {}).get("AvailabilityZone", ""),
        image_id=description.get("ImageId", ""),
        spot=description.get("InstanceLifecycle") == "spot",
        tags=tags,
        root=volumes.get(root_volume_id(description) or ""),
        security_groups=frozenset(group["GroupId"] for group in description.get("SecurityGroups", ())),
        metadata_options={name: description.get("MetadataOptions", {}).get(name) for name in METADATA_OPTIONS},
        instance_profile=description.get("IamInstanceProfile", {}).get("Arn", "").rpartition("/")[2],
        ended_at=_transition(description.get("StateTransitionReason", "")),
    )


def _transition(reason: str) -> datetime | None:
    """Return the time in EC2's reason of an instance's last change of state."""
    found = _TRANSITION.search(reason)
    return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if found else None
