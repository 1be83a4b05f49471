# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the account can carry the farm, found out without changing anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import PROJECT_TAG
from .._aws.resources import find_instance_profile, find_secret
from .._errors import FarmError
from .._s3.buckets import find_region
from .._s3.connection import Connection
from .account import read_nodes, read_standing

_IAM_ATTEMPTS = 2
_ASSUMED_ROLE = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/")
# What provisioning does to IAM where the instance profile is missing, and what launching with it takes.
_IAM_ACTIONS = (
    "iam:CreateRole",
    "iam:CreatePolicy",
    "iam:AttachRolePolicy",
    "iam:CreateInstanceProfile",
    "iam:AddRoleToInstanceProfile",
    "iam:PassRole",
)


@dataclass
class Findings:
    """What was found out.

    Attributes:
        problems: what must be mended before anything is launched, one sentence each.
        notes: what an operator should know.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_identity(connection: Connection, findings: Findings) -> str:
    """Note whose credentials these are, and return their ARN.

    Raises:
        AwsError: AWS does not accept the credentials, or cannot be reached.
    """
    with aws_errors("find out whose credentials these are"):
        identity = service_client(connection, "sts").get_caller_identity()
    findings.facts |= {"account": identity["Account"], "arn": identity["Arn"], "region": connection.region}
    return str(identity["Arn"])


def check_quota(
    connection: Connection,
    findings: Findings,
    project: str,
    instance_types: Sequence[str],
    count: int,
    *,
    spot: bool,
    spot_fallback: bool = False,
) -> None:
    """Hold the nodes that are missing against the vCPU quotas.

    Args:
        instance_types: that will do, the preferred one first. One whose quota is too low is passed over at the launch.
        spot_fallback: whether on-demand instances do where the spot quota does not.

    Raises:
        AwsError: EC2 does not work in the region.
    """
    with aws_errors("reach EC2"):
        ec2, quotas = service_client(connection, "ec2"), service_client(connection, "service-quotas")
    running = {node.shard for node in read_nodes(ec2, project) if node.state in ("pending", "running")}
    missing = sum(1 for shard in range(1, count + 1) if shard not in running)
    findings.facts |= {"nodes_running": len(running - {None}), "nodes_missing": missing}
    try:
        standing = read_standing(ec2, quotas, instance_types, missing, spot=spot, fallback=spot_fallback)
    except AwsError as error:
        findings.problems.append(f"The vCPU quota cannot be checked. {error}")
        return
    findings.notes += [
        f"Which vCPU quota counts {name} is not known here: look at it in the console." for name in standing.unknown
    ]
    preferred = standing.requests[0][1]
    if preferred is not None:
        findings.facts["quota"] = {
            "code": preferred.quota.code,
            "name": preferred.quota.name,
            "limit": preferred.limit,
            "used": preferred.used,
            "free": preferred.free,
            "needed": preferred.needed,
            "covered": preferred.covered,
        }
        if preferred.covered:
            findings.notes.append(preferred.message())
    if standing.enough:
        findings.notes += [f"Not all nodes can be so. {text}" for text in standing.short]
    else:
        findings.problems.append(" ".join(standing.short))


def check_buckets(
    connection: Connection,
    findings: Findings,
    buckets: Sequence[str],
    *,
    managed: Sequence[str],
    requester_pays: Sequence[str],
) -> None:
    """Look for the buckets, and whether they are in the region of the farm.

    Args:
        managed: those that may be missing, as they will be created.
        requester_pays: those that deny access to who does not offer to pay.
    """
    client, payer = connection.client(), replace(connection, requester_pays=True).client()
    found = {}
    for bucket in dict.fromkeys(buckets):
        try:
            region = find_region(payer if bucket in requester_pays else client, bucket)
        except FarmError as error:
            findings.problems.append(str(error))
            continue
        found[bucket] = region is not None
        if region and connection.region and region != connection.region:
            findings.problems.append(
                f"The bucket {bucket} is in {region}, and the farm in {connection.region}, from where range reads of "
                f"it fail: set AWS_REGION to {region}, or take a bucket in {connection.region}."
            )
        if not found[bucket] and bucket in managed:
            findings.notes.append(f"The bucket {bucket} does not exist yet: playbooks/provision.yml creates it.")
        elif not found[bucket]:
            findings.problems.append(
                f"The bucket {bucket} does not exist: correct its name in inventory/group_vars/all/collection.yml, or "
                "add it to farm_managed_buckets to have it created."
            )
    findings.facts["buckets"] = found


def check_instance_profile(connection: Connection, findings: Findings, name: str, arn: str, *, managed: bool) -> None:
    """Look for the instance profile, and whether it may be created where it is missing.

    Args:
        arn: of the credentials in use.
        managed: whether provisioning would create it.
    """
    with aws_errors("reach IAM"):
        # What it says is only a hint: not worth the minutes of all retries.
        iam = service_client(connection, "iam", attempts=_IAM_ATTEMPTS)
    try:
        exists = find_instance_profile(iam, name) is not None
    except AwsError as error:
        findings.problems.append(str(error))
        return
    findings.facts["instance_profile"] = {"name": name, "exists": exists}
    if exists:
        return
    if not managed:
        findings.problems.append(
            f"There is no instance profile {name}: create it, or set farm_manage_iam to true to have it created."
        )
        return
    try:
        denied = _denied_actions(iam, arn, _IAM_ACTIONS)
    except AwsError as error:
        findings.notes.append(
            f"The instance profile {name} does not exist yet, and whether these credentials may create it cannot be "
            f"told: {error}"
        )
        return
    if denied:
        findings.problems.append(
            f"There is no instance profile {name}, and these credentials may not create it ({', '.join(denied)}): have "
            "an administrator run playbooks/provision.yml with the tag node_iam_role once, or allow these actions."
        )
    else:
        findings.notes.append(f"The instance profile {name} does not exist yet: playbooks/provision.yml creates it.")


def check_sessions(connection: Connection, findings: Findings, arn: str, actions: Sequence[str]) -> None:
    """Look whether the credentials may reach nodes.

    Args:
        arn: of the credentials in use.
        actions: what they must be allowed; none for nothing to look at.
    """
    if not actions:
        return
    try:
        with aws_errors("reach IAM"):
            iam = service_client(connection, "iam", attempts=_IAM_ATTEMPTS)
        denied = _denied_actions(iam, arn, actions, _any_instance(arn, connection.region))
    except AwsError as error:
        findings.notes.append(f"Whether these credentials may reach nodes cannot be told: {error}")
        return
    if denied:
        findings.problems.append(
            f"These credentials may not reach nodes ({', '.join(denied)}): allow these actions, or set farm_connection "
            "to another way."
        )


def _any_instance(arn: str, region: str | None) -> str:
    """Return the ARN of an instance in the account of the credentials with this ARN."""
    _arn, partition, _service, _region, account, _rest = arn.split(":", 5)
    return f"arn:{partition}:ec2:{region}:{account}:instance/i-0123456789abcdef0"


def _denied_actions(iam: Any, arn: str, actions: Sequence[str], resource: str = "*") -> list[str]:
    """Return which of the actions the credentials may not do.

    What hangs on something that is not known yet, as an instance's tags, counts as allowed.

    Raises:
        AwsError: it cannot be found out.
    """
    if arn.endswith(":root"):
        return []
    assumed = _ASSUMED_ROLE.match(arn)
    source = "arn:{partition}:iam::{account}:role/{role}".format(**assumed.groupdict()) if assumed else arn
    with aws_errors(f"simulate what {source} may do"):
        answer = iam.simulate_principal_policy(
            PolicySourceArn=source, ActionNames=list(actions), ResourceArns=[resource]
        )
    return [
        item["EvalActionName"]
        for item in answer["EvaluationResults"]
        if item["EvalDecision"] != "allowed" and not item.get("MissingContextValues")
    ]


def check_secret(connection: Connection, findings: Findings, name: str, *, given: bool) -> None:
    """Look for the secret of the Hugging Face token; only that it is there, not what it says.

    Args:
        given: whether provisioning will store one.
    """
    try:
        found = find_secret(service_client(connection, "secretsmanager"), name)
    except AwsError as error:
        findings.problems.append(str(error))
        return
    exists = found is not None and not found.ending
    project = found.tags.get(PROJECT_TAG, "") if found else ""
    findings.facts["secret"] = {"name": name, "exists": exists, "project": project}
    if not exists and given:
        findings.notes.append(f"No Hugging Face token is stored as {name} yet: playbooks/provision.yml stores it.")
    elif not exists:
        findings.problems.append(
            f"No Hugging Face token is stored as {name}, and none is given: nodes would fail for want of it. Give it "
            "as HF_TOKEN in the environment, or set farm_use_hf_token to false where no model needs it."
        )
