# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.policy import NodeAccess, node_policy
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_ACCESS = NodeAccess(
    account="123456789012",
    region="us-east-1",
    inputs=S3Uri("raw", "theses"),
    manifests=S3Uri("work", "farm"),
    results=S3Uri("results", "farm/"),
    scripts=S3Uri("work", "scripts"),
    secret="glossapi-farm/hf-token",
    log_group="/glossapi-farm",
)
_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
_LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:"


def _allows(
    policy: dict[str, Any], action: str, resource: str, prefix: str | None = None, namespace: str | None = None
) -> bool:
    """Return what IAM would decide: an explicit denial wins, and nothing is allowed unasked.

    Knows what these policies use: ``*`` and ``?`` in actions and resources, ``StringLike`` on ``s3:prefix`` and
    ``StringEquals`` on ``cloudwatch:namespace``.
    """
    effects = set()
    for statement in policy["Statement"]:
        if not any(fnmatchcase(action.lower(), pattern.lower()) for pattern in statement["Action"]):
            continue
        if not any(fnmatchcase(resource, pattern) for pattern in statement["Resource"]):
            continue
        condition = statement.get("Condition", {})
        assert condition.keys() <= {"StringLike", "StringEquals"}
        if condition.get("StringEquals", {}).get("cloudwatch:namespace", namespace) != namespace:
            continue
        patterns = condition.get("StringLike", {}).get("s3:prefix")
        if patterns is not None and not (prefix is not None and any(fnmatchcase(prefix, each) for each in patterns)):
            continue
        effects.add(statement["Effect"])
    return effects == {"Allow"}


@pytest.mark.parametrize(
    ("action", "resource", "prefix"),
    [
        ("s3:ListBucket", "arn:aws:s3:::raw", "theses/2019"),
        ("s3:ListBucket", "arn:aws:s3:::results", "farm/status/"),
        ("s3:ListBucket", "arn:aws:s3:::work", "scripts/"),
        ("s3:GetObject", "arn:aws:s3:::raw/theses/a.pdf", None),
        ("s3:GetObject", "arn:aws:s3:::work/scripts/bootstrap.sh", None),
        ("s3:GetObject", "arn:aws:s3:::work/farm/shards/shard_1.csv", None),
        ("s3:PutObject", "arn:aws:s3:::work/farm/shards/shard_1.csv", None),
        ("s3:PutObject", "arn:aws:s3:::results/farm/status/a.pdf.done", None),
        ("s3:AbortMultipartUpload", "arn:aws:s3:::results/farm/shard-1/json/a.json", None),
        ("secretsmanager:GetSecretValue", f"{_SECRET}glossapi-farm/hf-token-Ab3xYz", None),
        ("logs:CreateLogGroup", f"{_LOGS}/glossapi-farm", None),
        ("logs:PutLogEvents", f"{_LOGS}/glossapi-farm:log-stream:i-1", None),
        ("ssm:UpdateInstanceInformation", "arn:aws:ec2:us-east-1:123456789012:instance/i-1", None),
        ("ssmmessages:OpenDataChannel", "*", None),
        ("ec2:DescribeSpotPriceHistory", "*", None),
    ],
)
def test_a_node_may_do_its_work(action: str, resource: str, prefix: str | None) -> None:
    assert _allows(node_policy(_ACCESS), action, resource, prefix)


@pytest.mark.parametrize(
    ("action", "resource", "prefix"),
    [
        ("s3:DeleteObject", "arn:aws:s3:::results/farm/status/a.pdf.done", None),
        ("s3:DeleteObjectVersion", "arn:aws:s3:::results/farm/status/a.pdf.done", None),
        ("s3:DeleteBucket", "arn:aws:s3:::results", None),
        ("s3:PutBucketPolicy", "arn:aws:s3:::results", None),
        ("s3:PutObjectAcl", "arn:aws:s3:::results/farm/x", None),
        ("s3:PutObject", "arn:aws:s3:::raw/theses/a.pdf", None),
        ("s3:PutObject", "arn:aws:s3:::work/scripts/bootstrap.sh", None),
        ("s3:PutObject", "arn:aws:s3:::work/farmer/x", None),
        ("s3:PutObject", "arn:aws:s3:::results/other/x", None),
        ("s3:PutObject", "arn:aws:s3:::elsewhere/farm/x", None),
        ("s3:GetObject", "arn:aws:s3:::raw/private/a.pdf", None),
        ("s3:GetObject", "arn:aws:s3:::elsewhere/theses/a.pdf", None),
        ("s3:ListBucket", "arn:aws:s3:::raw", ""),
        ("s3:ListBucket", "arn:aws:s3:::raw", None),
        ("s3:ListBucket", "arn:aws:s3:::raw", "thesesX"),
        ("s3:ListBucket", "arn:aws:s3:::elsewhere", "theses/"),
        ("secretsmanager:GetSecretValue", f"{_SECRET}glossapi-farm/hf-token-other-Ab3xYz", None),
        ("secretsmanager:GetSecretValue", f"{_SECRET}glossapi-farm/other-Ab3xYz", None),
        ("secretsmanager:PutSecretValue", f"{_SECRET}glossapi-farm/hf-token-Ab3xYz", None),
        ("secretsmanager:ListSecrets", "*", None),
        ("logs:PutLogEvents", f"{_LOGS}/other:log-stream:i-1", None),
        ("logs:PutLogEvents", f"{_LOGS}/glossapi-farm-other:log-stream:i-1", None),
        ("logs:DeleteLogGroup", f"{_LOGS}/glossapi-farm", None),
        ("ssm:GetParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/x", None),
        ("ssm:SendCommand", "*", None),
        ("ec2:TerminateInstances", "*", None),
        ("ec2:RunInstances", "*", None),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/AccesOpenArchivesBucket", None),
        ("sts:AssumeRole", "*", None),
    ],
)
def test_a_node_may_do_nothing_else(action: str, resource: str, prefix: str | None) -> None:
    assert not _allows(node_policy(_ACCESS), action, resource, prefix)


def test_metrics_may_be_sent_to_one_namespace_where_one_is_named() -> None:
    policy = node_policy(replace(_ACCESS, metrics_namespace="GlossAPIFarm"))
    assert _allows(policy, "cloudwatch:PutMetricData", "*", namespace="GlossAPIFarm")
    assert not _allows(policy, "cloudwatch:PutMetricData", "*", namespace="AWS/EC2")
    assert not _allows(policy, "cloudwatch:DeleteAlarms", "*", namespace="GlossAPIFarm")


def test_the_alarm_of_a_silent_node_may_be_removed_where_the_farm_has_alarms() -> None:
    alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:farm-OpenArchive-Shard-1"
    policy = node_policy(replace(_ACCESS, alarms_project="farm"))
    assert _allows(policy, "cloudwatch:DeleteAlarms", f"{alarm}-silent")
    for other in (f"{alarm}-disk", f"{alarm.replace(':farm', ':other')}-silent"):
        assert not _allows(policy, "cloudwatch:DeleteAlarms", other)
    assert not _allows(node_policy(_ACCESS), "cloudwatch:DeleteAlarms", f"{alarm}-silent")


def test_pieces_may_be_taken_from_the_farms_queues_and_none_put_in() -> None:
    queue = "arn:aws:sqs:us-east-1:123456789012:farm-text"
    policy = node_policy(replace(_ACCESS, queues=("farm-text",)))
    for action in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "GetQueueUrl"):
        assert _allows(policy, f"sqs:{action}", queue)
        assert not _allows(policy, f"sqs:{action}", f"{queue}-dead")
        assert not _allows(node_policy(_ACCESS), f"sqs:{action}", queue)
    assert not _allows(policy, "sqs:SendMessage", queue)
    assert not _allows(policy, "sqs:PurgeQueue", queue)


def test_no_metrics_may_be_sent_where_no_namespace_is_named() -> None:
    assert not _allows(node_policy(_ACCESS), "cloudwatch:PutMetricData", "*", namespace="GlossAPIFarm")
    assert not _allows(node_policy(_ACCESS), "cloudwatch:PutMetricData", "*", namespace="")


def test_scripts_cannot_be_changed_where_results_may_be_written_all_over_their_bucket() -> None:
    policy = node_policy(replace(_ACCESS, results=S3Uri("work", "")))
    assert _allows(policy, "s3:PutObject", "arn:aws:s3:::work/status/a.pdf.done")
    assert not _allows(policy, "s3:PutObject", "arn:aws:s3:::work/scripts/bootstrap.sh")


def test_a_whole_bucket_of_inputs_can_be_listed_from_its_root() -> None:
    policy = node_policy(replace(_ACCESS, inputs=S3Uri("raw", "")))
    assert _allows(policy, "s3:ListBucket", "arn:aws:s3:::raw", "")
    assert _allows(policy, "s3:ListBucket", "arn:aws:s3:::raw")
    assert _allows(policy, "s3:GetObject", "arn:aws:s3:::raw/any/a.pdf")


def test_statement_names_are_what_iam_takes_and_differ() -> None:
    names = [statement["Sid"] for statement in node_policy(_ACCESS)["Statement"]]
    assert all(name.isalnum() for name in names)
    assert len(set(names)) == len(names)


def test_the_document_fits_a_managed_policy_with_long_names() -> None:
    long = S3Uri("b" * 63, "p" * 200)
    access = replace(_ACCESS, inputs=long, manifests=long, results=long, scripts=long, queues=("q" * 80,) * 3)
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: without white space.
    assert len(json.dumps(node_policy(access), separators=(",", ":"))) <= 6144


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"account": ""}, "12 digits"),
        ({"account": "*"}, "12 digits"),
        ({"secret": ""}, "secret is empty"),
        ({"log_group": ""}, "log_group is empty"),
        ({"scripts": S3Uri("work", "")}, "must be a folder"),
        ({"queues": ("farm-text", "farm-*")}, r"one of \* \? \$"),
        ({"results": S3Uri("results", "*")}, r"one of \* \? \$"),
        ({"secret": "glossapi-farm/*"}, r"one of \* \? \$"),
        ({"inputs": S3Uri("raw", "${aws:username}")}, r"one of \* \? \$"),
    ],
)
def test_what_would_allow_more_than_is_meant_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        replace(_ACCESS, **changes)


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_every_resource_is_named_in_the_partition_of_the_region(region: str, partition: str) -> None:
    statements = node_policy(replace(_ACCESS, region=region))["Statement"]
    resources = [resource for statement in statements for resource in statement["Resource"] if resource != "*"]
    assert resources
    assert all(resource.startswith(f"arn:{partition}:") for resource in resources)


_KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_only_the_named_key_may_be_used(action: str) -> None:
    policy = node_policy(replace(_ACCESS, kms_key=_KEY))
    assert _allows(policy, action, _KEY)
    assert not _allows(policy, action, f"{_KEY}0")
    assert not _allows(node_policy(_ACCESS), action, _KEY)
    assert not _allows(policy, "kms:ScheduleKeyDeletion", _KEY)


@pytest.mark.parametrize("key", ["*", "alias/theses", "1234abcd", f"{_KEY[:-1]}*", "arn:aws:kms:us-east-1:1:key/k"])
def test_what_is_not_the_arn_of_one_key_is_refused(key: str) -> None:
    with pytest.raises(FarmError, match="ARN of one key"):
        replace(_ACCESS, kms_key=key)


def test_a_node_may_leave_its_own_group_alone() -> None:
    group = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:3f6a:autoScalingGroupName/farm-fleet"
    policy = node_policy(replace(_ACCESS, fleet="farm-fleet"))
    for action in ("TerminateInstanceInAutoScalingGroup", "CompleteLifecycleAction", "SuspendProcesses"):
        assert _allows(policy, f"autoscaling:{action}", group)
        assert not _allows(policy, f"autoscaling:{action}", f"{group}-of-others")
        assert not _allows(node_policy(_ACCESS), f"autoscaling:{action}", group)
    assert not _allows(policy, "autoscaling:SetDesiredCapacity", group)
