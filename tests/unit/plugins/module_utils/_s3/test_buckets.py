# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.buckets import (
    Care,
    Outcome,
    is_reachable,
    make_all_private,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from tests.support.emulated_account import Account

_CARE = Care(owner=("Project", "farm"), region="us-east-1")


def _outcome(account: Account, care: Care = _CARE, *, check_mode: bool = False) -> Outcome:
    return make_all_private(account.connection.client(), ["bbb"], care, check_mode=check_mode)


def _private(account: Account, *, region: str = "us-east-1", check_mode: bool = False) -> list[str]:
    outcome = _outcome(account, replace(_CARE, region=region), check_mode=check_mode)
    assert outcome.notes == []
    return outcome.steps


def test_a_missing_bucket_is_created_private_and_encrypted_once(empty_account: Account) -> None:
    planned = _private(empty_account, check_mode=True)
    assert not is_reachable(empty_account.connection.client(), "bbb")
    assert _private(empty_account) == planned
    s3 = empty_account.client("s3")
    assert all(s3.get_public_access_block(Bucket="bbb")["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_encryption(Bucket="bbb")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert _private(empty_account) == []


def test_only_what_was_opened_is_closed_again(empty_account: Account) -> None:
    _private(empty_account)
    s3 = empty_account.client("s3")
    half = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": True,
    }
    s3.put_public_access_block(Bucket="bbb", PublicAccessBlockConfiguration=half)
    assert _private(empty_account, check_mode=True) == ["Block public access to bbb."]
    assert _private(empty_account) == ["Block public access to bbb."]


def test_an_encryption_with_a_key_of_ones_own_stays(empty_account: Account) -> None:
    _private(empty_account)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}}
    s3 = empty_account.client("s3")
    s3.put_bucket_encryption(Bucket="bbb", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert _private(empty_account) == []


def test_another_region_is_named_at_creation(empty_account: Account) -> None:
    _private(empty_account, region="eu-west-1")
    assert empty_account.client("s3").get_bucket_location(Bucket="bbb")["LocationConstraint"] == "eu-west-1"


def test_a_server_that_cannot_block_public_access_may_go_without(empty_account: Account) -> None:
    care = replace(_CARE, block_public_access=False)
    buckets = ["bbb", "ccc", "bbb"]
    steps = make_all_private(empty_account.connection.client(), buckets, care, check_mode=False).steps
    assert [step for step in steps if "public" in step] == []
    assert [step for step in steps if "Create" in step] == ["Create the bucket bbb.", "Create the bucket ccc."]


class _Denied:
    def head_bucket(self, Bucket: str) -> None:  # noqa: N803
        raise ClientError({"Error": {"Code": "403", "Message": Bucket}}, "HeadBucket")


def test_somebody_elses_bucket_is_told_from_a_missing_one() -> None:
    with pytest.raises(FarmError, match="may be another account's"):
        is_reachable(_Denied(), "bbb")  # type: ignore[arg-type]


def test_a_bucket_name_s3_refuses_is_told(empty_account: Account) -> None:
    with pytest.raises(S3Error, match="the bucket x"):
        make_all_private(empty_account.connection.client(), ["x"], _CARE, check_mode=False)


@pytest.mark.parametrize("tags", [[], [{"Key": "Project", "Value": "other"}, {"Key": "farm", "Value": "Project"}]])
def test_a_bucket_without_the_farms_tag_is_used_as_it_is_and_told(
    empty_account: Account, tags: list[dict[str, str]]
) -> None:
    s3 = empty_account.client("s3")
    s3.create_bucket(Bucket="bbb")
    if tags:
        s3.put_bucket_tagging(Bucket="bbb", Tagging={"TagSet": tags})
    outcome = _outcome(empty_account)
    assert outcome.steps == []
    assert len(outcome.notes) == 1
    assert "no tag Project=farm and is used as it is; it does not block public access" in outcome.notes[0]
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(Bucket="bbb")


def test_a_bucket_that_is_given_the_tag_is_looked_after(empty_account: Account) -> None:
    s3 = empty_account.client("s3")
    s3.create_bucket(Bucket="bbb")
    s3.put_bucket_tagging(Bucket="bbb", Tagging={"TagSet": [{"Key": "Project", "Value": "farm"}]})
    assert "Block public access to bbb." in _private(empty_account)
