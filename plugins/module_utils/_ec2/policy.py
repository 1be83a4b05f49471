# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node may do in AWS: read the inputs and scripts, write the rest of its work, and delete nothing of either."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._aws.partition import partition_of
from .._errors import FarmError
from .._s3.uri import S3Uri
from .nodes import NAME_PREFIX

# https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html,
# the least for Session Manager. The managed policy AmazonSSMManagedInstanceCore also reads parameters.
_SESSION_MANAGER = (
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
_READ_LOGS = ("logs:DescribeLogStreams",)
_WRITE_LOGS = ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:CreateLogStream", "logs:PutLogEvents")
_TAKE_PIECES = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
)
# Secrets Manager appends a hyphen and six characters to the name.
_SECRET_SUFFIX = "-??????"  # noqa: S105
_ACCOUNT_DIGITS = 12
_KEY_ARN = re.compile(r"arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")


@dataclass(frozen=True)
class NodeAccess:
    """What a node works with.

    Attributes:
        account: the AWS account's number.
        inputs: the prefix of the PDFs.
        manifests: the prefix of page counts and manifests.
        results: the prefix of results and markers.
        scripts: the prefix of scripts, which a node must never be able to change: the next node runs them.
        secret: the name of the Secrets Manager secret.
        log_group: the name of the CloudWatch Logs group.
        metrics_namespace: the CloudWatch namespace of metrics; empty where none are sent.
        alarms_project: the farm's name, where nodes that end themselves remove the alarm of a silent node; else empty.
        queues: the names of the queues that pieces are taken from.
        fleet: the name of the Auto Scaling group whose nodes leave it by themselves; empty where there is none.
        kms_key: the ARN of the KMS key that inputs, manifests or results are encrypted with; empty for none.
    """

    account: str
    region: str
    inputs: S3Uri
    manifests: S3Uri
    results: S3Uri
    scripts: S3Uri
    secret: str
    log_group: str
    metrics_namespace: str = ""
    alarms_project: str = ""
    fleet: str = ""
    kms_key: str = ""
    queues: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would make the policy allow more than is meant.

        Raises:
            FarmError: a value is empty or has a wildcard, or the account is no number.
        """
        if not (self.account.isdecimal() and len(self.account) == _ACCOUNT_DIGITS):
            raise FarmError(f"account is {self.account!r}: it is a number of {_ACCOUNT_DIGITS} digits.")
        for name in ("region", "secret", "log_group"):
            if not getattr(self, name):
                raise FarmError(f"{name} is empty: the policy would allow all.")
        if not self.scripts.key.strip("/"):
            raise FarmError(f"scripts is {self.scripts}: it must be a folder, as s3://<bucket>/scripts.")
        if self.kms_key and not _KEY_ARN.fullmatch(self.kms_key):
            raise FarmError(f"kms_key is {self.kms_key!r}: give the ARN of one key, as arn:aws:kms:...:key/....")
        uris = (self.inputs, self.manifests, self.results, self.scripts)
        for value in (*map(str, uris), self.secret, self.alarms_project, self.fleet, *self.queues):
            if set(value) & set("*?$"):
                raise FarmError(f"{value!r} has one of * ? $, which mean something else in a policy: use another name.")


def node_policy(access: NodeAccess) -> dict[str, Any]:
    """Return the policy document of the nodes' role."""
    partition = partition_of(access.region)
    place = f"{access.region}:{access.account}"
    log_group = f"arn:{partition}:logs:{place}:log-group:{access.log_group}"
    readable = (access.inputs, access.manifests, access.results, access.scripts)
    writable = (access.manifests, access.results)
    return {
        "Version": "2012-10-17",
        "Statement": [
            *(
                _list_statement(partition, f"List{number}", uri)
                for number, uri in enumerate(_distinct(readable), start=1)
            ),
            _statement("Read", ["s3:GetObject"], [_objects(partition, uri) for uri in _distinct(readable)]),
            _statement(
                "Write",
                ["s3:PutObject", "s3:AbortMultipartUpload"],
                [_objects(partition, uri) for uri in _distinct(writable)],
            ),
            _statement("NeverChangeScripts", ["s3:PutObject"], [_objects(partition, access.scripts)], effect="Deny"),
            _statement(
                "ReadToken",
                ["secretsmanager:GetSecretValue"],
                [f"arn:{partition}:secretsmanager:{place}:secret:{access.secret}{_SECRET_SUFFIX}"],
            ),
            _statement("WriteLogs", [*_READ_LOGS, *_WRITE_LOGS], [log_group, f"{log_group}:*"]),
            *_metrics_statements(access.metrics_namespace),
            *_alarm_statements(partition, place, access.alarms_project),
            *_queue_statements(partition, place, access.queues),
            *_fleet_statements(partition, place, access.fleet),
            *_key_statements(access.kms_key),
            _statement("SessionManager", list(_SESSION_MANAGER), ["*"]),
            # Public prices, by which spot nodes count what they cost. They know no resource.
            _statement("ReadSpotPrices", ["ec2:DescribeSpotPriceHistory"], ["*"]),
        ],
    }


def _metrics_statements(namespace: str) -> list[dict[str, Any]]:
    """Return what allows sending metrics: PutMetricData knows no resource, only a condition on the namespace."""
    if not namespace:
        return []
    statement = _statement("WriteMetrics", ["cloudwatch:PutMetricData"], ["*"])
    return [{**statement, "Condition": {"StringEquals": {"cloudwatch:namespace": namespace}}}]


def _alarm_statements(partition: str, place: str, project: str) -> list[dict[str, Any]]:
    """Return what allows removing the alarms that tell of silent nodes, and none of disks or GPUs."""
    if not project:
        return []
    alarms = f"arn:{partition}:cloudwatch:{place}:alarm:{project}-{NAME_PREFIX}*-silent"
    return [_statement("EndWithoutAlarm", ["cloudwatch:DeleteAlarms"], [alarms])]


def _queue_statements(partition: str, place: str, queues: Sequence[str]) -> list[dict[str, Any]]:
    """Return what allows taking pieces from these queues, and putting none in."""
    arns = [f"arn:{partition}:sqs:{place}:{name}" for name in queues]
    return [_statement("TakePieces", list(_TAKE_PIECES), arns)] if arns else []


def _fleet_statements(partition: str, place: str, fleet: str) -> list[dict[str, Any]]:
    """Return what allows a node to leave its group, and to have it launch none once the budget is spent."""
    if not fleet:
        return []
    group = f"arn:{partition}:autoscaling:{place}:autoScalingGroup:*:autoScalingGroupName/{fleet}"
    actions = [
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        "autoscaling:CompleteLifecycleAction",
        "autoscaling:SuspendProcesses",
    ]
    return [_statement("LeaveFleet", actions, [group])]


def _key_statements(kms_key: str) -> list[dict[str, Any]]:
    """Return what S3 needs to read and write what is encrypted with one key."""
    return [_statement("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], [kms_key])] if kms_key else []


def _distinct(uris: tuple[S3Uri, ...]) -> list[S3Uri]:
    return sorted({S3Uri(uri.bucket, uri.key.strip("/")) for uri in uris})


def _objects(partition: str, uri: S3Uri) -> str:
    folder = uri.key.strip("/")
    return f"arn:{partition}:s3:::{uri.bucket}/{folder}{'/' if folder else ''}*"


def _list_statement(partition: str, sid: str, uri: S3Uri) -> dict[str, Any]:
    statement = _statement(sid, ["s3:ListBucket"], [f"arn:{partition}:s3:::{uri.bucket}"])
    if uri.key:
        statement["Condition"] = {"StringLike": {"s3:prefix": [uri.key, f"{uri.key}/*"]}}
    return statement


def _statement(sid: str, actions: list[str], resources: list[str], effect: str = "Allow") -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Action": actions, "Resource": resources}
