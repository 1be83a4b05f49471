# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shlex

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.ownership import KINDS, Resource, tag_list, tags_of

_FARMS = {"Project": "farm"}


@pytest.mark.parametrize(
    ("tags", "owned"), [(_FARMS, True), ({"Project": "farm2"}, False), ({}, False), ({"project": "farm"}, False)]
)
def test_what_has_the_farms_tag_is_the_farms(tags: dict[str, str], owned: bool) -> None:
    for kind in KINDS:
        assert Resource(kind, "name", "id", tags).owned_by("farm") is owned


def test_the_vpcs_default_group_is_never_the_farms() -> None:
    assert not Resource("security_group", "default", "sg-1", _FARMS).owned_by("farm")
    assert Resource("secret", "default", "arn", _FARMS).owned_by("farm")


def test_a_refusal_names_the_thing_whose_it_is_and_the_ways_out() -> None:
    told = Resource("security_group", "nodes", "sg-1", {"Project": "other"}).refusal("farm", "eu-west-1")
    assert "the security group nodes (sg-1)" in told
    assert "it has the tag Project=other" in told
    assert "set farm_security_group to sg-1 to use it as it is" in told
    assert told.endswith(
        "tag it: aws ec2 create-tags --region eu-west-1 --resources sg-1 --tags Key=Project,Value=farm"
    )
    assert "it has no such tag" in Resource("role", "r", "arn:r", {}).refusal("farm", "eu-west-1")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_way_out_and_a_command_that_a_shell_takes_as_it_is(kind: str) -> None:
    resource = Resource(kind, "a name; rm", "an id", {})
    words = shlex.split(resource.command("a farm's", "eu-west-1"))
    assert words[0] == "aws"
    # SQS takes tags as pairs.
    tag = "Project=a farm's" if kind == "queue" else "Key=Project,Value=a farm's"
    assert any(word.endswith(tag) for word in words)
    assert any(named in word for named in ("a name; rm", "an id") for word in words)
    assert "{" not in resource.refusal("farm", "eu-west-1")


def test_tags_go_both_ways() -> None:
    listed = [{"Key": "A", "Value": "1"}, {"Key": "B", "Value": "2"}]
    assert tag_list(tags_of(listed)) == listed
    assert tags_of(None) == {}
