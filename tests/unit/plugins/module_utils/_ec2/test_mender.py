# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.mender import Mender
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import Node, Volume
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.plan import Plan, Wanted

_WANTED = Wanted(
    "farm", 1, "g5.12xlarge", 200, security_groups=frozenset({"sg-b", "sg-a"}), instance_profile="mine", shutdown="stop"
)
_ASSOCIATIONS = "describe_iam_instance_profile_associations"


class _Ec2:
    """Keeps what it is asked for; an instance has the association that it is given, or none."""

    def __init__(self, association: str = "", refuses: str = "") -> None:
        self._found = [{"AssociationId": association}] if association else []
        self._refuses = refuses
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def ask(**request: Any) -> dict[str, Any]:
            if operation == self._refuses:
                raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}, operation)
            if operation != _ASSOCIATIONS:
                self.asked.append((operation, request))
            return {"IamInstanceProfileAssociations": self._found}

        return ask


def _node() -> Node:
    root = Volume("vol-1", 100, "gp2", encrypted=True, tags={})
    return Node("i-1", 1, "running", "g5.12xlarge", "us-east-1a", "ami-1", spot=False, tags={}, root=root)


def _plan(**parts: Any) -> Plan:
    names = (
        *("regroup", "reprofile", "protect", "behave", "grow", "resize"),
        *("start", "launch", "terminate", "surplus", "notes"),
    )
    return Plan(**({"retag": {}} | dict.fromkeys(names, ()) | parts))


@pytest.mark.parametrize(
    ("part", "operation", "request_", "told"),
    [
        ("regroup", "modify_instance_attribute", {"Groups": ["sg-a", "sg-b"]}, "Put OpenArchive-Shard-1 in sg-a, sg-b"),
        ("protect", "modify_instance_metadata_options", {"HttpTokens": "required"}, "answer by IMDSv2 alone"),
        (
            "behave",
            "modify_instance_attribute",
            {"InstanceInitiatedShutdownBehavior": {"Value": "stop"}},
            "Had OpenArchive-Shard-1 stop when",
        ),
        ("grow", "modify_volume", {"VolumeId": "vol-1", "Size": 200, "VolumeType": "gp3"}, "to 200 GiB gp3"),
        (
            "reprofile",
            "associate_iam_instance_profile",
            {"IamInstanceProfile": {"Name": "mine"}},
            "Gave OpenArchive-Shard-1 the instance profile mine",
        ),
    ],
)
def test_each_difference_is_mended_by_one_request_and_told(
    part: str, operation: str, request_: dict[str, Any], told: str
) -> None:
    ec2, done = _Ec2(), list[str]()
    Mender(ec2, _WANTED, done).run(_plan(**{part: (_node(),)}))
    ((asked, given),) = ec2.asked
    assert asked == operation
    assert given | request_ == given
    assert len(done) == 1
    assert told in done[0]


def test_a_profile_that_an_instance_has_is_replaced() -> None:
    ec2 = _Ec2(association="a-1")
    Mender(ec2, _WANTED, []).run(_plan(reprofile=(_node(),)))
    expected = {"AssociationId": "a-1", "IamInstanceProfile": {"Name": "mine"}}
    assert ec2.asked == [("replace_iam_instance_profile_association", expected)]


def test_tags_are_set_on_what_lacks_them() -> None:
    ec2, done = _Ec2(), list[str]()
    Mender(ec2, _WANTED, done).run(_plan(retag={"vol-1": {"Project": "farm", "Name": "x"}}))
    tags = [{"Key": "Name", "Value": "x"}, {"Key": "Project", "Value": "farm"}]
    assert ec2.asked == [("create_tags", {"Resources": ["vol-1"], "Tags": tags})]
    assert done == ["Set Name, Project on vol-1."]


def test_what_was_mended_before_a_refusal_is_told() -> None:
    done: list[str] = []
    mender = Mender(_Ec2(refuses="modify_volume"), _WANTED, done)
    with pytest.raises(AwsError, match="change the volume vol-1"):
        mender.run(_plan(protect=(_node(),), grow=(_node(),)))
    assert len(done) == 1
