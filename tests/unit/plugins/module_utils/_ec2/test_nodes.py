# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import node_from, volume_from

_INSTANCE = {
    "InstanceId": "i-1",
    "State": {"Name": "running"},
    "InstanceType": "g5.12xlarge",
    "Placement": {"AvailabilityZone": "us-east-1b"},
    "ImageId": "ami-1",
    "RootDeviceName": "/dev/xvda",
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/sdb", "Ebs": {"VolumeId": "vol-data"}},
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-root"}},
    ],
    "Tags": [{"Key": "Shard", "Value": "3"}, {"Key": "Name", "Value": "OpenArchive-Shard-3"}],
}
_VOLUMES = {
    name: volume_from({"VolumeId": name, "Size": size, "VolumeType": "gp3", "Encrypted": True})
    for name, size in (("vol-root", 200), ("vol-data", 8))
}


def test_a_node_has_its_shard_and_its_root_volume_among_several() -> None:
    node = node_from(_INSTANCE, _VOLUMES)
    assert node.shard == 3
    assert node.alive
    assert node.root is not None
    assert node.root.id == "vol-root"
    assert node.summary() == {
        "shard": 3,
        "name": "OpenArchive-Shard-3",
        "instance_id": "i-1",
        "instance_type": "g5.12xlarge",
        "zone": "us-east-1b",
        "state": "running",
        "spot": False,
    }


def test_a_terminated_instance_is_not_alive_and_has_no_volume() -> None:
    node = node_from({**_INSTANCE, "State": {"Name": "terminated"}, "BlockDeviceMappings": []}, {})
    assert not node.alive
    assert node.root is None


def test_spot_instances_are_known_by_their_lifecycle() -> None:
    assert node_from({**_INSTANCE, "InstanceLifecycle": "spot"}, {}).spot


@pytest.mark.parametrize("text", ["0", "-1", "one", "", "1.5"])
def test_a_malformed_shard_is_none_and_known_to_be_so(text: str) -> None:
    node = node_from({**_INSTANCE, "Tags": [{"Key": "Shard", "Value": text}]}, {})
    assert (node.shard, node.of_a_shard, node.mistagged) == (None, True, True)


def test_an_instance_without_the_tag_has_no_shard() -> None:
    node = node_from({**_INSTANCE, "Tags": []}, {})
    assert (node.shard, node.of_a_shard, node.mistagged) == (None, False, False)


def test_an_instance_profile_goes_by_its_name_whatever_its_path() -> None:
    assert node_from(_INSTANCE, {}).instance_profile == ""
    arn = "arn:aws:iam::123456789012:instance-profile/some/path/nodes"
    assert node_from({**_INSTANCE, "IamInstanceProfile": {"Arn": arn}}, {}).instance_profile == "nodes"


@pytest.mark.parametrize(
    ("reason", "ended_at"),
    [
        ("User initiated (2026-11-28 01:02:03 GMT)", datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)),
        ("Client.InstanceInitiatedShutdown", None),
        ("", None),
    ],
)
def test_when_a_node_was_ended_is_known_where_ec2_says_it(reason: str, ended_at: datetime | None) -> None:
    assert node_from({**_INSTANCE, "StateTransitionReason": reason}, {}).ended_at == ended_at
