# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of the farm's images; how they come is in test_baking.py."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.images import (
    Image,
    outdated,
    read_images,
    read_lost_snapshots,
    remove_image,
)
from tests.support.emulated_account import Account

_IMAGE = Image("ami-1", "farm-1", "available", "2026-11-01", "digest", ("snap-1",), 200)
_OTHERS = [replace(_IMAGE, id=f"ami-{number}", created=f"2026-11-0{number}") for number in (5, 4, 3, 2)]


def _ids(images: list[Image]) -> list[str]:
    return [image.id for image in images]


def test_the_newest_ones_stay() -> None:
    assert _ids(outdated([*_OTHERS, _IMAGE], 3, ())) == ["ami-2", "ami-1"]
    assert outdated(_OTHERS[:3], 3, ()) == []
    assert _ids(outdated(_OTHERS, 0, ())) == _ids(_OTHERS)


def test_one_that_nodes_are_launched_from_stays_however_old() -> None:
    assert _ids(outdated([*_OTHERS, _IMAGE], 1, {"ami-1", "ami-3"})) == ["ami-4", "ami-2"]


def test_one_that_is_no_good_takes_no_room_of_the_others_and_goes() -> None:
    untried = replace(_IMAGE, id="ami-untried", digest="", created="2026-11-09")
    failed = replace(_IMAGE, id="ami-failed", state="failed")
    making = replace(_IMAGE, id="ami-making", state="pending", digest="")
    assert _ids(outdated([untried, failed, making, *_OTHERS], 4, ())) == ["ami-untried", "ami-failed"]


def test_nothing_of_anybody_else_is_seen(account: Account) -> None:
    assert read_images(account.ec2, "farm") == []
    # One of Amazon's that somebody has given the farm's tag to.
    account.ec2.create_tags(Resources=["ami-12c6146b"], Tags=[{"Key": "Project", "Value": "farm"}])
    assert read_images(account.ec2, "farm") == []
    volume = account.ec2.create_volume(AvailabilityZone="us-east-1a", Size=8)["VolumeId"]
    mine = [{"Key": "Project", "Value": "farm"}]
    # That of an operator, of a volume of the farm's.
    account.ec2.create_snapshot(VolumeId=volume, TagSpecifications=[{"ResourceType": "snapshot", "Tags": mine}])
    assert read_lost_snapshots(account.ec2, "farm", []) == []


def test_an_image_goes_with_its_snapshots(account: Account) -> None:
    instance = account.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    tags = [{"Key": "Project", "Value": "farm"}, {"Key": "Digest", "Value": "d"}]
    account.ec2.create_image(
        InstanceId=instance,
        Name="farm-d",
        TagSpecifications=[{"ResourceType": "image", "Tags": tags}],
    )
    (image,) = read_images(account.ec2, "farm")
    assert (image.digest, image.state, len(image.snapshots)) == ("d", "available", 1)
    assert image.summary()["size_gib"] == image.gib > 0
    remove_image(account.ec2, image)
    assert read_images(account.ec2, "farm") == []
    found = account.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    assert image.snapshots[0] not in {snapshot["SnapshotId"] for snapshot in found}
