# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look, before anything is changed, whether what has the farm's names is the farm's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import aws_errors
from .._aws.ownership import Resource
from .._aws.partition import partition_of
from .._aws.resources import (
    find_instance_profile,
    find_log_group,
    find_policy,
    find_queue,
    find_role,
    find_secret,
    find_security_group,
    inline_policies,
)
from .._s3.connection import DEFAULT_REGION, Connection
from .account import read_subnets


def owned_resources(connection: Connection, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of the module ``owned_resources_info``.

    Raises:
        AwsError: something cannot be read.
        FarmError: there is no default subnet.
    """
    project, region = parameters["project"], connection.region or DEFAULT_REGION
    facts: dict[str, Any] = {}
    found: dict[str, Resource | None] = {}
    if parameters["security_group"]:
        ec2 = service_client(connection, "ec2")
        vpc_id = read_subnets(ec2, parameters["subnets"], parameters["vpc_id"])[0].vpc_id
        found["security_group"] = find_security_group(ec2, parameters["security_group"], vpc_id)
        facts["vpc_id"] = vpc_id
    facts |= _look_at_iam(connection, parameters, found, region)
    if parameters["secret"]:
        found["secret"] = find_secret(service_client(connection, "secretsmanager"), parameters["secret"])
    if parameters["queue"]:
        found["queue"] = find_queue(service_client(connection, "sqs"), parameters["queue"])
    if parameters["log_group"]:
        group = find_log_group(service_client(connection, "logs"), parameters["log_group"])
        facts["log_group"] = asdict(group) if group else None
    return {
        "changed": False,
        "resources": {kind: _summary(resource, project) for kind, resource in found.items()},
        "problems": _problems(found.values(), project, region),
        **facts,
    }


def _look_at_iam(
    connection: Connection, parameters: Mapping[str, Any], found: dict[str, Resource | None], region: str
) -> dict[str, Any]:
    """Add what IAM has to ``found``, and return what goes with it."""
    if not (parameters["role"] or parameters["instance_profile"] or parameters["policy"]):
        return {}
    iam = service_client(connection, "iam")
    facts: dict[str, Any] = {}
    if parameters["role"]:
        role = find_role(iam, parameters["role"])
        found["role"] = role
        facts["inline_policies"] = inline_policies(iam, role.name) if role else []
    if parameters["instance_profile"]:
        found["instance_profile"] = find_instance_profile(iam, parameters["instance_profile"])
    if parameters["policy"]:
        with aws_errors("find out whose credentials these are"):
            account = service_client(connection, "sts").get_caller_identity()["Account"]
        arn = f"arn:{partition_of(region)}:iam::{account}:policy/{parameters['policy']}"
        found["policy"] = find_policy(iam, arn)
        facts |= {"account": account, "policy_arn": arn}
    return facts


def _summary(resource: Resource | None, project: str) -> dict[str, Any]:
    if resource is None:
        return {"exists": False, "ending": False, "owned": False, "id": ""}
    return {"exists": True, "ending": resource.ending, "owned": resource.owned_by(project), "id": resource.id}


def _problems(found: Collection[Resource | None], project: str, region: str) -> list[str]:
    """Return a sentence on each thing that is not the farm's, but for the default group: that is used as it is."""
    return [
        resource.refusal(project, region)
        for resource in found
        if resource and not resource.owned_by(project) and not resource.is_default_group
    ]
