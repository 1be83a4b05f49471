# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the launch template in AWS as it shall be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._aws.errors import aws_errors
from .._aws.ownership import NotOwnedError, Resource, tag_list, tags_of


@dataclass(frozen=True)
class StoredTemplate:
    """The launch template as AWS has it.

    Attributes:
        version: the latest.
        data: what the latest version says.
    """

    id: str
    version: int
    data: dict[str, Any]


def read_template(ec2: Any, project: str, name: str = "") -> StoredTemplate | None:
    """Return a launch template of the farm; ``None`` where there is none.

    Args:
        project: value of the farm's tag.
        name: empty for that of its shards' nodes, which is named like the farm.

    Raises:
        AwsError: it cannot be read.
        NotOwnedError: one of that name is not the farm's.
    """
    name = name or project
    with aws_errors(f"look for the launch template {name}"):
        found = ec2.describe_launch_templates(Filters=[{"Name": "launch-template-name", "Values": [name]}])[
            "LaunchTemplates"
        ]
        if not found:
            return None
        template_id = found[0]["LaunchTemplateId"]
        resource = Resource("launch_template", name, template_id, tags_of(found[0].get("Tags")))
        if not resource.owned_by(project):
            raise NotOwnedError(resource.refusal(project, ec2.meta.region_name))
        latest = ec2.describe_launch_template_versions(LaunchTemplateId=template_id, Versions=["$Latest"])
    version = latest["LaunchTemplateVersions"][0]
    return StoredTemplate(template_id, version["VersionNumber"], version["LaunchTemplateData"])


def write_template(
    ec2: Any, name: str, stored: StoredTemplate | None, data: dict[str, Any], tags: dict[str, str]
) -> StoredTemplate:
    """Create the launch template, or a new version of ``stored``, and return it.

    Raises:
        AwsError: it cannot be written.
    """
    with aws_errors(f"write the launch template {name}"):
        if stored is None:
            created = ec2.create_launch_template(
                LaunchTemplateName=name,
                LaunchTemplateData=data,
                TagSpecifications=[{"ResourceType": "launch-template", "Tags": tag_list(tags)}],
            )["LaunchTemplate"]
            return StoredTemplate(created["LaunchTemplateId"], created["LatestVersionNumber"], data)
        added = ec2.create_launch_template_version(LaunchTemplateId=stored.id, LaunchTemplateData=data)
        version = added["LaunchTemplateVersion"]["VersionNumber"]
        # Whoever launches by hand from the template shall get what the farm gets.
        ec2.modify_launch_template(LaunchTemplateId=stored.id, DefaultVersion=str(version))
    return StoredTemplate(stored.id, version, data)


def delete_template(ec2: Any, stored: StoredTemplate) -> None:
    """Delete the launch template with all its versions.

    Raises:
        AwsError: it cannot be deleted.
    """
    with aws_errors(f"delete the launch template {stored.id}"):
        ec2.delete_launch_template(LaunchTemplateId=stored.id)
