# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2 import preflight
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight import (
    Findings,
    check_buckets,
    check_identity,
    check_instance_profile,
    check_quota,
    check_secret,
    check_sessions,
)
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.emulated_account import Account

pytestmark = pytest.mark.server

_ARN = "arn:aws:sts::123456789012:assumed-role/Admin/me"


@pytest.fixture
def findings() -> Findings:
    return Findings()


def test_whose_credentials_these_are_is_told(account: Account, findings: Findings) -> None:
    assert check_identity(account.connection, findings).startswith("arn:aws:")
    assert findings.facts["account"] == "123456789012"


def test_a_quota_that_covers_the_request_is_a_note(account: Account, findings: Findings) -> None:
    account.server.limit(vcpus=192)
    check_quota(account.connection, findings, "farm", ["g5.12xlarge"], 4, spot=False)
    assert findings.problems == []
    assert findings.facts["quota"]["needed"] == 192
    assert findings.facts["nodes_missing"] == 4


def test_a_quota_that_is_too_low_is_a_problem_with_its_numbers(account: Account, findings: Findings) -> None:
    account.server.limit(vcpus=100)
    check_quota(account.connection, findings, "farm", ["g5.12xlarge"], 4, spot=True)
    (problem,) = findings.problems
    assert "L-3819A6DF" in problem
    assert "quota of 192 or more" in problem


def test_a_spot_quota_that_is_too_low_is_a_note_where_on_demand_instances_will_do(
    account: Account, findings: Findings
) -> None:
    account.server.limit(vcpus=100)
    check_quota(account.connection, findings, "farm", ["g5.12xlarge"], 4, spot=True, spot_fallback=True)
    assert findings.problems == []
    assert "L-3819A6DF" in findings.notes[0]


def test_a_type_without_a_known_quota_is_said_to_be_unchecked(account: Account, findings: Findings) -> None:
    check_quota(account.connection, findings, "farm", ["mac2.metal"], 4, spot=False)
    assert "not known here" in findings.notes[0]


@pytest.mark.parametrize(("vcpus", "problems", "notes"), [(96, 1, 0), (144, 0, 2), (192, 0, 1)])
def test_a_type_with_too_low_a_quota_is_no_problem_where_others_do(
    account: Account, findings: Findings, vcpus: int, problems: int, notes: int
) -> None:
    account.server.limit(vcpus=vcpus)
    # Of 96 vCPUs each, two of four nodes, or one; of 144 three, and one.
    check_quota(account.connection, findings, "farm", ["g5.12xlarge", "p4d.24xlarge"], 4, spot=False)
    assert (len(findings.problems), len(findings.notes)) == (problems, notes + (vcpus == 192))
    told = " ".join([*findings.problems, *findings.notes])
    assert "L-DB2E81BA" in told
    assert "p4d.24xlarge: Running On-Demand P instances (L-417A185B)" in told


def test_a_bucket_that_has_its_requester_pay_is_looked_at_at_this_accounts_cost(
    account: Account, findings: Findings
) -> None:
    account.client("s3").create_bucket(Bucket="paid")
    account.client("s3").create_bucket(Bucket="own")
    payer = Rule(Fault.ACCESS_DENIED, path="^/paid", unless="x-amz-request-payer: requester")
    with FaultProxy(account.server.endpoint_url, [payer]) as proxy:
        connection = replace(account.connection, endpoint_url=proxy.endpoint_url)
        check_buckets(connection, findings, ["paid", "own"], managed=[], requester_pays=["paid"])
        assert (findings.facts["buckets"], findings.problems) == ({"paid": True, "own": True}, [])
        assert [("request-payer" in each.head.lower()) for each in proxy.log] == [True, False]
        check_buckets(connection, findings, ["paid"], managed=[], requester_pays=[])
    assert "The bucket paid exists, and these credentials may not use it" in findings.problems[0]


def test_missing_buckets_are_a_problem_unless_they_will_be_created(account: Account, findings: Findings) -> None:
    account.client("s3").create_bucket(Bucket="there")
    check_buckets(account.connection, findings, ["there", "mine", "gone", "gone"], managed=["mine"], requester_pays=[])
    assert findings.facts["buckets"] == {"there": True, "mine": False, "gone": False}
    assert [note.split(" does")[0] for note in findings.notes] == ["The bucket mine"]
    assert [problem.split(" does")[0] for problem in findings.problems] == ["The bucket gone"]


def test_an_existing_instance_profile_is_all_right(account: Account, findings: Findings) -> None:
    account.client("iam").create_instance_profile(InstanceProfileName="p")
    check_instance_profile(account.connection, findings, "p", _ARN, managed=False)
    assert findings.problems == findings.notes == []


def test_a_missing_profile_that_is_not_managed_is_a_problem(account: Account, findings: Findings) -> None:
    check_instance_profile(account.connection, findings, "p", _ARN, managed=False)
    assert "farm_manage_iam" in findings.problems[0]


class _Iam:
    """Answers a simulation with these decisions."""

    def __init__(self, **decisions: str) -> None:
        self._decisions = decisions
        self.asked: list[dict[str, Any]] = []

    def simulate_principal_policy(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        results = [
            {"EvalActionName": action, "EvalDecision": self._decisions.get(action.removeprefix("iam:"), "allowed")}
            for action in request["ActionNames"]
        ]
        return {"EvaluationResults": results}


def test_what_the_credentials_may_not_create_is_found_out_for_the_role_behind_a_session() -> None:
    iam = _Iam(CreateRole="implicitDeny", PassRole="explicitDeny")
    asked = ("iam:CreateRole", "iam:CreatePolicy", "iam:PassRole")
    assert preflight._denied_actions(iam, _ARN, asked) == ["iam:CreateRole", "iam:PassRole"]
    assert iam.asked[0]["PolicySourceArn"] == "arn:aws:iam::123456789012:role/Admin"


def test_the_accounts_root_may_create_anything() -> None:
    root = "arn:aws:iam::123456789012:root"
    assert preflight._denied_actions(_Iam(CreateRole="implicitDeny"), root, ["iam:CreateRole"]) == []


_START = "ssm:StartSession"


class _SessionIam:
    """Denies sessions, as the tags of the instance, which are not known yet, may have it or not."""

    def __init__(self, *missing: str) -> None:
        self.missing = list(missing)
        self.asked: list[dict[str, Any]] = []

    def simulate_principal_policy(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        result = {"EvalActionName": _START, "EvalDecision": "implicitDeny", "MissingContextValues": self.missing}
        return {"EvaluationResults": [result]}


def test_sessions_that_are_not_allowed_are_a_problem(
    account: Account, findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = _SessionIam()
    monkeypatch.setattr(preflight, "service_client", lambda *_arguments, **_options: iam)
    check_sessions(account.connection, findings, _ARN, [_START])
    assert len(findings.problems) == 1
    assert f"may not reach nodes ({_START})" in findings.problems[0]
    assert iam.asked[0]["ResourceArns"] == ["arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"]


def test_sessions_to_instances_with_certain_tags_are_no_problem(
    account: Account, findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = _SessionIam("ssm:resourceTag/Project")
    monkeypatch.setattr(preflight, "service_client", lambda *_arguments, **_options: iam)
    check_sessions(account.connection, findings, _ARN, [_START])
    assert findings == Findings()


def test_whether_sessions_are_allowed_may_stay_unknown(account: Account, findings: Findings) -> None:
    check_sessions(account.connection, findings, _ARN, [])
    assert findings == Findings()
    check_sessions(account.connection, findings, _ARN, [_START])
    assert findings.problems == []
    assert "Whether these credentials may reach nodes cannot be told" in findings.notes[0]


@pytest.mark.parametrize(("denied", "problems", "notes"), [(["iam:CreateRole"], 1, 0), ([], 0, 1)])
def test_a_missing_profile_is_a_problem_only_where_it_may_not_be_created(
    account: Account,
    findings: Findings,
    monkeypatch: pytest.MonkeyPatch,
    denied: list[str],
    problems: int,
    notes: int,
) -> None:
    monkeypatch.setattr(preflight, "_denied_actions", lambda _iam, _arn, _actions: denied)
    check_instance_profile(account.connection, findings, "p", _ARN, managed=True)
    assert (len(findings.problems), len(findings.notes)) == (problems, notes)


def test_what_cannot_be_simulated_is_said_and_no_problem(account: Account, findings: Findings) -> None:
    check_instance_profile(account.connection, findings, "p", _ARN, managed=True)
    assert findings.problems == []
    assert "cannot be told" in findings.notes[0]


def test_a_secret_is_known_by_its_tag_and_its_text_is_not_read(account: Account, findings: Findings) -> None:
    client = account.client("secretsmanager")
    client.create_secret(Name="token", SecretString="hf_x", Tags=[{"Key": "Project", "Value": "farm"}])
    check_secret(account.connection, findings, "token", given=False)
    assert findings.facts["secret"] == {"name": "token", "exists": True, "project": "farm"}
    assert "hf_x" not in str(findings)


@pytest.mark.parametrize(("given", "problems", "notes"), [(False, 2, 0), (True, 0, 2)])
def test_a_missing_or_deleted_secret_is_a_problem_unless_a_token_is_given(
    account: Account, findings: Findings, given: bool, problems: int, notes: int
) -> None:
    check_secret(account.connection, findings, "none", given=given)
    client = account.client("secretsmanager")
    client.create_secret(Name="token", SecretString="hf_x")
    client.delete_secret(SecretId="token", RecoveryWindowInDays=7)
    check_secret(account.connection, findings, "token", given=given)
    assert findings.facts["secret"]["exists"] is False
    assert (len(findings.problems), len(findings.notes)) == (problems, notes)
    assert all("farm_use_hf_token" in problem for problem in findings.problems)


def test_a_bucket_in_another_region_is_a_problem_that_names_both(account: Account, findings: Findings) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="near")
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    check_buckets(account.connection, findings, ["near", "far"], managed=[], requester_pays=[])
    assert findings.facts["buckets"] == {"near": True, "far": True}
    (problem,) = findings.problems
    assert problem.startswith("The bucket far is in eu-central-1, and the farm in us-east-1")
