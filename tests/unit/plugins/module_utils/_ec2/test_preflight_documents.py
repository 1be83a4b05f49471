# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2 import preflight_documents
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight import Findings
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight_documents import (
    check_documents,
    check_encryption,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.emulated_account import Account

pytestmark = pytest.mark.server


@pytest.fixture
def s3(account: Account) -> Any:
    client = account.client("s3")
    client.create_bucket(Bucket="raw")
    return client


def _is_pdf(uri: S3Uri) -> bool:
    return uri.key.endswith(".pdf")


def _check(account: Account, prefix: str = "", *, kms_key: str = "", pays: bool = False) -> Findings:
    findings = Findings()
    source = S3Uri("raw", prefix)
    check_documents(account.connection, findings, source, _is_pdf, requester_pays=pays, kms_key=kms_key)
    return findings


def _key(account: Account) -> str:
    return str(account.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.mark.parametrize("prefix", ["", "theses/", "theses"])
def test_a_folder_with_a_document_is_all_right(account: Account, s3: Any, prefix: str) -> None:
    for key in ("theses/", "theses/a.txt", "theses/b.pdf"):
        s3.put_object(Bucket="raw", Key=key, Body=b"x")
    assert _check(account, prefix) == Findings(facts={"first_document": "s3://raw/theses/b.pdf"})


def test_nothing_below_the_prefix_is_a_problem_that_says_what_is_there(account: Account, s3: Any) -> None:
    s3.put_object(Bucket="raw", Key="theses/a.txt", Body=b"x")
    (problem,) = _check(account, "theses/").problems
    assert "There is no document below s3://raw/theses/, of 1 objects there" in problem
    assert "of 0 objects there" in _check(account, "typo/").problems[0]


def test_where_too_much_would_have_to_be_listed_it_is_left_to_the_count(
    account: Account, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight_documents, "_LOOK_AT", 2)
    for key in ("a.txt", "b.txt", "c.pdf"):
        s3.put_object(Bucket="raw", Key=key, Body=b"x")
    findings = _check(account)
    assert findings.problems == []
    assert "The first 2 objects below s3://raw/ are no PDFs" in findings.notes[0]


@pytest.mark.parametrize("other", ["theses-old/c.pdf", "theses.pdf", "theses2.pdf"])
def test_a_prefix_that_is_no_folder_is_a_problem(account: Account, s3: Any, other: str) -> None:
    for key in ("theses/b.pdf", other):
        s3.put_object(Bucket="raw", Key=key, Body=b"x")
    (problem,) = _check(account, "theses").problems
    assert problem.startswith("farm_input_prefix is theses, which is no folder")
    assert other.partition("/")[0] in problem
    assert "Set it to theses/" in problem


def test_a_document_that_nodes_could_not_decrypt_is_a_problem(account: Account, s3: Any) -> None:
    key, other = _key(account), _key(account)
    s3.put_object(Bucket="raw", Key="a.pdf", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    (problem,) = _check(account).problems
    assert problem.startswith(f"s3://raw/a.pdf is encrypted with the KMS key {key}. farm_kms_key is not set")
    assert f"farm_kms_key is {other}, and nodes may use no other" in _check(account, kms_key=other).problems[0]
    assert _check(account, kms_key=key).problems == []


def test_a_listing_that_is_refused_is_a_problem(account: Account, s3: Any) -> None:
    s3.put_object(Bucket="raw", Key="a.pdf", Body=b"x")
    with FaultProxy(account.server.endpoint_url, [Rule(Fault.ACCESS_DENIED, path="^/raw")]) as proxy:
        connection = replace(account.connection, endpoint_url=proxy.endpoint_url)
        findings = Findings()
        check_documents(connection, findings, S3Uri("raw"), _is_pdf, requester_pays=False, kms_key="")
    assert len(findings.problems) == 1
    assert "Cannot list s3://raw/" in findings.problems[0]


def _encrypt(s3: Any, **default: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": default}
    s3.put_bucket_encryption(Bucket="raw", ServerSideEncryptionConfiguration={"Rules": [rule]})


def _check_bucket(account: Account, kms_key: str = "") -> Findings:
    findings = Findings()
    check_encryption(account.connection, findings, ["raw", "raw"], kms_key=kms_key)
    return findings


def test_a_bucket_that_encrypts_with_a_key_of_ones_own_needs_it_named(account: Account, s3: Any) -> None:
    key = _key(account)
    _encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=key.rpartition("/")[2])
    (problem,) = _check_bucket(account).problems
    assert problem.startswith(f"The bucket raw is encrypted with the KMS key {key}.")
    assert _check_bucket(account, key) == Findings()


@pytest.mark.parametrize("default", [{"SSEAlgorithm": "AES256"}, {"SSEAlgorithm": "aws:kms"}])
def test_encryption_that_everybody_in_the_account_may_use_is_all_right(
    account: Account, s3: Any, default: dict[str, str]
) -> None:
    _encrypt(s3, **default)
    assert _check_bucket(account) == Findings()


def test_a_key_of_awss_own_needs_no_permission(account: Account, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Kms:
        def describe_key(self, KeyId: str) -> dict[str, Any]:  # noqa: N803
            return {"KeyMetadata": {"KeyManager": "AWS", "Arn": KeyId}}

    _encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID="alias/aws/s3")
    monkeypatch.setattr(preflight_documents, "service_client", lambda *_arguments: Kms())
    assert _check_bucket(account) == Findings()


def test_a_key_that_cannot_be_looked_at_is_a_problem_with_the_reason_beside_it(account: Account, s3: Any) -> None:
    gone = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    _encrypt(s3, SSEAlgorithm="aws:kms", KMSMasterKeyID=gone)
    findings = _check_bucket(account)
    assert gone in findings.problems[0]
    assert "cannot be told" in findings.notes[0]
    assert _check_bucket(account, gone) == Findings()


@pytest.mark.usefixtures("s3")
def test_an_encryption_that_may_not_be_read_is_a_note(account: Account) -> None:
    with FaultProxy(account.server.endpoint_url, [Rule(Fault.ACCESS_DENIED, path="^/raw")]) as proxy:
        connection = replace(account.connection, endpoint_url=proxy.endpoint_url)
        findings = Findings()
        check_encryption(connection, findings, ["raw"], kms_key="")
    assert findings.problems == []
    assert "Whether nodes need a KMS key for the bucket raw cannot be told" in findings.notes[0]
