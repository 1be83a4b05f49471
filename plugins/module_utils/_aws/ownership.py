# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in an account is the farm's: what carries its tag, and nothing else.

Nothing else is changed, tagged or deleted. What exists and is not the farm's is used as it is where a
setting means that, and refused otherwise, with its id and the ways out.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._errors import FarmError

PROJECT_TAG = "Project"
# AWS makes it with each VPC, and whatever names no group of its own is in it: never the farm's, even where it has its
# tag, as version 1.0.0 set it.
DEFAULT_GROUP = "default"


@dataclass(frozen=True)
class Kind:
    """A kind of what a farm has in AWS.

    Attributes:
        label: what an operator calls it.
        instead: what to do where one of this kind is not the farm's, in words that may have ``{id}``.
        tag: AWS's command that gives it the farm's tag, in words that may have ``{name}``, ``{id}``, ``{tag}``,
            ``{pair}``, which is the tag as key=value, and ``{region}``; the tag is quoted for a shell.
    """

    label: str
    instead: str
    tag: str


KINDS: Mapping[str, Kind] = {
    "security_group": Kind(
        "security group",
        "set farm_security_group to {id} to use it as it is, or to another name",
        "aws ec2 create-tags --region {region} --resources {id} --tags {tag}",
    ),
    "launch_template": Kind(
        "launch template",
        "choose another farm_project",
        "aws ec2 create-tags --region {region} --resources {id} --tags {tag}",
    ),
    "auto_scaling_group": Kind(
        "Auto Scaling group",
        "choose another farm_project",
        "aws autoscaling create-or-update-tags --region {region} "
        "--tags ResourceId={name},ResourceType=auto-scaling-group,PropagateAtLaunch=true,{tag}",
    ),
    "role": Kind(
        "IAM role",
        "set farm_manage_iam to false to use it as it is, or farm_instance_profile to another name",
        "aws iam tag-role --role-name {name} --tags {tag}",
    ),
    "instance_profile": Kind(
        "instance profile",
        "set farm_manage_iam to false to use it as it is, or farm_instance_profile to another name",
        "aws iam tag-instance-profile --instance-profile-name {name} --tags {tag}",
    ),
    "policy": Kind(
        "IAM policy",
        "choose another farm_project, or set farm_manage_iam to false and name a role of yours in "
        "farm_instance_profile",
        "aws iam tag-policy --policy-arn {id} --tags {tag}",
    ),
    "secret": Kind(
        "secret",
        "set farm_hf_token_secret to another name, or give no token to use it as it is",
        "aws secretsmanager tag-resource --region {region} --secret-id {name} --tags {tag}",
    ),
    "queue": Kind(
        "queue",
        "choose another farm_project",
        "aws sqs tag-queue --region {region} --queue-url {id} --tags {pair}",
    ),
}


class NotOwnedError(FarmError):
    """What has the name that the farm would use is not the farm's."""


@dataclass(frozen=True)
class Resource:
    """Something that exists in the account.

    Attributes:
        kind: one of :data:`KINDS`.
        id: its id or ARN.
        tags: all it has.
        ending: whether it is deleted already, and AWS keeps it for some days.
    """

    kind: str
    name: str
    id: str
    tags: Mapping[str, str]
    ending: bool = False

    @property
    def is_default_group(self) -> bool:
        """Whether it is a VPC's own security group, and no role or secret that somebody called so."""
        return self.kind == "security_group" and self.name == DEFAULT_GROUP

    def owned_by(self, project: str) -> bool:
        """Return whether it is the farm's."""
        return not self.is_default_group and self.tags.get(PROJECT_TAG) == project

    def refusal(self, project: str, region: str) -> str:
        """Return why it is left alone, and the ways out."""
        kind = KINDS[self.kind]
        whose = f"has the tag {PROJECT_TAG}={self.tags[PROJECT_TAG]}" if PROJECT_TAG in self.tags else "has no such tag"
        known = self.name if self.id == self.name else f"{self.name} ({self.id})"
        return (
            f"There is the {kind.label} {known}, and it is not the farm's, which has the tag {PROJECT_TAG}={project}: "
            f"it {whose}. It is left as it is: {kind.instead.format(id=self.id)}. If it is the farm's all the same, "
            f"as version 1.0.0 left it, tag it: {self.command(project, region)}"
        )

    def command(self, project: str, region: str) -> str:
        """Return AWS's command that makes it the farm's."""
        tag = shlex.quote(f"Key={PROJECT_TAG},Value={project}")
        return KINDS[self.kind].tag.format(
            name=shlex.quote(self.name),
            id=shlex.quote(self.id),
            tag=tag,
            pair=shlex.quote(f"{PROJECT_TAG}={project}"),
            region=shlex.quote(region),
        )


def tags_of(listed: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """Return AWS's list of ``{Key, Value}`` as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in listed or ()}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return a mapping as AWS's list of ``{Key, Value}``."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
