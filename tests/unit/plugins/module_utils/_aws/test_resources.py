# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._aws.ownership import Resource
from ansible_collections.glossapi.farm.plugins.module_utils._aws.resources import (
    LogGroup,
    find_log_group,
    find_policy,
    find_queue,
    find_secret,
)
from tests.support.emulated_account import Account


class _Denied:
    def get_policy(self, PolicyArn: str) -> None:  # noqa: N803
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": PolicyArn}}, "GetPolicy")


def test_what_may_not_be_read_is_no_missing_thing() -> None:
    with pytest.raises(AwsError, match="may not do this"):
        find_policy(_Denied(), "arn:aws:iam::1:policy/p")


def test_a_log_group_is_told_from_one_whose_name_begins_like_its(empty_account: Account) -> None:
    logs = empty_account.client("logs")
    logs.create_log_group(logGroupName="/farm-two")
    assert find_log_group(logs, "/farm") is None
    logs.create_log_group(logGroupName="/farm")
    assert find_log_group(logs, "/farm") == LogGroup("/farm", 0, None)
    logs.put_retention_policy(logGroupName="/farm", retentionInDays=30)
    assert find_log_group(logs, "/farm") == LogGroup("/farm", 0, 30)


def test_a_queue_is_found_with_its_tags(empty_account: Account) -> None:
    sqs = empty_account.client("sqs")
    assert find_queue(sqs, "farm-text") is None
    url = sqs.create_queue(QueueName="farm-text")["QueueUrl"]
    assert find_queue(sqs, "farm-text") == Resource("queue", "farm-text", url, {})
    sqs.tag_queue(QueueUrl=url, Tags={"Project": "farm"})
    found = find_queue(sqs, "farm-text")
    assert found is not None
    assert found.owned_by("farm")


def test_a_secret_that_waits_for_its_deletion_is_still_somebodys(empty_account: Account) -> None:
    secrets = empty_account.client("secretsmanager")
    assert find_secret(secrets, "farm/hf-token") is None
    secrets.create_secret(Name="farm/hf-token", SecretString="x", Tags=[{"Key": "Project", "Value": "farm"}])
    secrets.delete_secret(SecretId="farm/hf-token", RecoveryWindowInDays=7)
    found = find_secret(secrets, "farm/hf-token")
    assert found is not None
    assert found.owned_by("farm")
    assert found.ending
