# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.preflight_launch import Launch
from ansible_collections.glossapi.farm.plugins.modules import provision_info as module
from ansible_collections.glossapi.farm.plugins.modules.provision_info import ARGUMENTS, provision_info
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options

_PARAMETERS: dict[str, Any] = {name: option.get("default") for name, option in ARGUMENTS.items()} | {"project": "farm"}


def test_only_what_is_named_is_looked_at(empty_account: Account) -> None:
    result = provision_info(empty_account.connection, _PARAMETERS)
    assert result["account"] == "123456789012"
    assert not {"quota", "instance_profile", "secret"} & result.keys()


def test_all_problems_are_told_at_once(empty_account: Account) -> None:
    empty_account.server.limit(vcpus=10)
    named = {
        "instance_type": "g5.12xlarge",
        "count": 4,
        "buckets": ["gone"],
        "instance_profile": "p",
        "manage_iam": False,
        "secret": "token",
        "image_id": "ami-00000000",
    }
    result = provision_info(empty_account.connection, _PARAMETERS | named)
    assert not result["changed"]
    assert len(result["problems"]) == 5
    assert result["secret"]["exists"] is False


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    arguments = {name: {**option} for name, option in ARGUMENTS.items()}
    for option in arguments.values():
        option.pop("no_log", None)
    assert documented_options(module) == arguments


def test_a_launch_is_tried_with_the_profile_that_is_there_and_documents_in_a_bucket_that_is(
    empty_account: Account,
) -> None:
    empty_account.client("iam").create_instance_profile(InstanceProfileName="p")
    s3 = empty_account.client("s3")
    s3.create_bucket(Bucket="raw")
    named = {
        "instance_type": "g6.12xlarge",
        "gpus": 4,
        "instance_profile": "p",
        "image_id": "ami-12c6146b",
        "buckets": ["raw"],
        "documents": "s3://raw/theses/",
    }
    (problem,) = provision_info(empty_account.connection, _PARAMETERS | named)["problems"]
    assert "There is no document below s3://raw/theses/" in problem
    s3.put_object(Bucket="raw", Key="theses/a.PDF", Body=b"x")
    result = provision_info(empty_account.connection, _PARAMETERS | named)
    assert result["problems"] == []
    assert (result["first_document"], result["gpus"], result["would_launch"]) == ("s3://raw/theses/a.PDF", 4, True)


@pytest.mark.parametrize("given", [False, True])
def test_a_token_that_will_be_stored_may_be_missing(empty_account: Account, given: bool) -> None:
    named = {"secret": "token", "token_given": given}
    assert bool(provision_info(empty_account.connection, _PARAMETERS | named)["problems"]) is not given


@pytest.mark.parametrize("fallback", [False, True])
def test_a_launch_is_tried_as_spot_unless_on_demand_will_do(
    empty_account: Account, monkeypatch: pytest.MonkeyPatch, fallback: bool
) -> None:
    tried: list[Launch] = []
    monkeypatch.setattr(module, "check_launch", lambda _connection, _findings, launch: tried.append(launch))
    provision_info(
        empty_account.connection, _PARAMETERS | {"image_id": "ami-1", "spot": True, "spot_fallback": fallback}
    )
    assert [launch.spot for launch in tried] == [not fallback]
