# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The farm's images, and the snapshots that they are made of; nobody else's are ever seen here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from .._aws.errors import aws_errors
from .._aws.ownership import PROJECT_TAG, tags_of
from .._ec2.nodes import DIGEST_TAG

AVAILABLE = "available"


@dataclass(frozen=True)
class Image:
    """One of them.

    Attributes:
        state: EC2's name of it, as in ``available``.
        created: when, as EC2 tells it: it sorts by time.
        digest: of what went into it; empty as long as it is not known to be any good.
        snapshots: the ids of what its disks are copied from.
        gib: size of these disks, in GiB.
    """

    id: str
    name: str
    state: str
    created: str
    digest: str
    snapshots: tuple[str, ...]
    gib: int

    def summary(self) -> dict[str, Any]:
        """Return what an operator asks."""
        return {
            "image_id": self.id,
            "name": self.name,
            "created": self.created,
            "digest": self.digest,
            "size_gib": self.gib,
        }


def read_images(ec2: Any, project: str) -> list[Image]:
    """Return the farm's images in this account and region, the newest first.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"list the images with the tag {PROJECT_TAG}={project}"):
        pages = ec2.get_paginator("describe_images").paginate(
            Owners=["self"], Filters=[{"Name": f"tag:{PROJECT_TAG}", "Values": [project]}]
        )
        found = [_image(item) for page in pages for item in page["Images"]]
    return sorted(found, key=lambda image: (image.created, image.id), reverse=True)


def read_lost_snapshots(ec2: Any, project: str, images: Sequence[Image]) -> list[str]:
    """Return the ids of snapshots that the farm's images had which are gone, as where a run ended half-way.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"list the snapshots with the tag {PROJECT_TAG}={project}"):
        pages = ec2.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"],
            Filters=[
                {"Name": f"tag:{PROJECT_TAG}", "Values": [project]},
                # A snapshot that an operator has made of a volume of the farm's has none.
                {"Name": "tag-key", "Values": [DIGEST_TAG]},
            ],
        )
        found = {item["SnapshotId"] for page in pages for item in page["Snapshots"]}
    return sorted(found - {snapshot for image in images for snapshot in image.snapshots})


def outdated(images: Sequence[Image], keep: int, in_use: Collection[str]) -> list[Image]:
    """Return those that are not to be kept: all but the newest ones that are good, and none that is in use.

    Args:
        images: the newest first.
        keep: how many good ones stay.
        in_use: ids of those that nodes are launched from.
    """
    good = [image for image in images if image.state == AVAILABLE and image.digest]
    stay = {image.id for image in good[:keep]} | set(in_use)
    return [image for image in images if image.id not in stay and image.state != "pending"]


def remove_image(ec2: Any, image: Image) -> None:
    """Remove an image and its snapshots.

    Raises:
        AwsError: AWS refuses.
    """
    with aws_errors(f"remove the image {image.id}"):
        ec2.deregister_image(ImageId=image.id)
    remove_snapshots(ec2, image.snapshots)


def remove_snapshots(ec2: Any, snapshots: Sequence[str]) -> None:
    """Remove snapshots.

    Raises:
        AwsError: AWS refuses.
    """
    for snapshot in snapshots:
        with aws_errors(f"remove the snapshot {snapshot}"):
            ec2.delete_snapshot(SnapshotId=snapshot)


def _image(item: dict[str, Any]) -> Image:
    disks = [mapping["Ebs"] for mapping in item.get("BlockDeviceMappings", ()) if "Ebs" in mapping]
    return Image(
        id=item["ImageId"],
        name=item.get("Name", ""),
        state=item["State"],
        created=item.get("CreationDate", ""),
        digest=tags_of(item.get("Tags")).get(DIGEST_TAG, ""),
        snapshots=tuple(disk["SnapshotId"] for disk in disks if disk.get("SnapshotId")),
        gib=sum(int(disk.get("VolumeSize", 0)) for disk in disks),
    )
