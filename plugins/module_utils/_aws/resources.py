# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look for what a farm has in an account, by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import AwsError, aws_errors
from .ownership import Resource, tags_of

_MISSING = {
    "NoSuchEntity",
    "ResourceNotFoundException",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
}


@dataclass(frozen=True)
class LogGroup:
    """A CloudWatch Logs group.

    Attributes:
        bytes: stored, compressed, as AWS bills them.
        retention_days: ``None`` where its logs are kept for good.
    """

    name: str
    bytes: int
    retention_days: int | None


def find_security_group(ec2: Any, name: str, vpc_id: str) -> Resource | None:
    """Return the security group of that name in the VPC; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    with aws_errors(f"look for the security group {name}"):
        groups = ec2.describe_security_groups(
            Filters=[{"Name": "group-name", "Values": [name]}, {"Name": "vpc-id", "Values": [vpc_id]}]
        )["SecurityGroups"]
    if not groups:
        return None
    return Resource("security_group", name, str(groups[0]["GroupId"]), tags_of(groups[0].get("Tags")))


def find_role(iam: Any, name: str) -> Resource | None:
    """Return the role of that name; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    found = _answer(f"look for the role {name}", iam.get_role, RoleName=name)
    return Resource("role", name, found["Role"]["Arn"], tags_of(found["Role"].get("Tags"))) if found else None


def inline_policies(iam: Any, role: str) -> list[str]:
    """Return the names of the policies that are part of a role.

    Raises:
        AwsError: they cannot be read.
    """
    with aws_errors(f"list the inline policies of the role {role}"):
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=role)
        return sorted(name for page in pages for name in page["PolicyNames"])


def find_instance_profile(iam: Any, name: str) -> Resource | None:
    """Return the instance profile of that name; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    found = _answer(f"look for the instance profile {name}", iam.get_instance_profile, InstanceProfileName=name)
    if not found:
        return None
    profile = found["InstanceProfile"]
    return Resource("instance_profile", name, profile["Arn"], tags_of(profile.get("Tags")))


def find_policy(iam: Any, arn: str) -> Resource | None:
    """Return the policy; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    found = _answer(f"look for the policy {arn}", iam.get_policy, PolicyArn=arn)
    return Resource("policy", arn.rpartition("/")[2], arn, tags_of(found["Policy"].get("Tags"))) if found else None


def find_secret(secrets_manager: Any, name: str) -> Resource | None:
    """Return the secret of that name, without its value; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    found = _answer(f"look for the secret {name}", secrets_manager.describe_secret, SecretId=name)
    if not found:
        return None
    return Resource("secret", name, found["ARN"], tags_of(found.get("Tags")), ending="DeletedDate" in found)


def find_queue(sqs: Any, name: str) -> Resource | None:
    """Return the queue of that name, its URL as its id; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    found = _answer(f"look for the queue {name}", sqs.get_queue_url, QueueName=name)
    if not found:
        return None
    with aws_errors(f"read the tags of the queue {name}"):
        tags = sqs.list_queue_tags(QueueUrl=found["QueueUrl"]).get("Tags", {})
    return Resource("queue", name, found["QueueUrl"], tags)


def find_log_group(logs: Any, name: str) -> LogGroup | None:
    """Return the CloudWatch Logs group of that name; ``None`` where there is none.

    Raises:
        AwsError: it cannot be read.
    """
    with aws_errors(f"look for the log group {name}"):
        listed = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    # Names that only begin so may follow, never precede: they are sorted.
    found = next((group for group in listed if group["logGroupName"] == name), None)
    return LogGroup(name, found.get("storedBytes", 0), found.get("retentionInDays")) if found else None


def _answer(action: str, request: Any, **parameters: str) -> dict[str, Any] | None:
    """Return the answer to a request; ``None`` where AWS does not know what was asked for.

    Raises:
        AwsError: AWS refuses the request.
    """
    try:
        with aws_errors(action):
            return dict(request(**parameters))
    except AwsError as error:
        if error.code in _MISSING:
            return None
        raise
