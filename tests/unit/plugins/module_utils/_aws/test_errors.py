# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.parsers import ResponseParserError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError, aws_errors


def _client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "what AWS says"}}, "RunInstances")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("AuthFailure", "does not accept the credentials"),
        ("UnauthorizedOperation", r"docs/operations.md .*what AWS says"),
        ("VcpuLimitExceeded", "playbooks/validate.yml"),
        ("ExpiredToken", "credentials have expired"),
        ("InsufficientInstanceCapacity", "what AWS says"),
    ],
)
def test_an_error_says_what_was_tried_and_what_it_means(code: str, meaning: str) -> None:
    with pytest.raises(AwsError, match=f"Cannot launch shard 1: .*{meaning}") as caught, aws_errors("launch shard 1"):
        raise _client_error(code)
    assert caught.value.code == code


@pytest.mark.parametrize("error", [NoCredentialsError(), ResponseParserError("no XML")])
def test_errors_without_an_answer_are_told_too(error: Exception) -> None:
    with pytest.raises(AwsError, match="Cannot list") as caught, aws_errors("list"):
        raise error
    assert caught.value.code == type(error).__name__


def test_a_servers_page_is_not_repeated() -> None:
    page = "<html><title>403</title></html>"
    answer = ClientError({"Error": {"Code": "AccessDeniedException", "Message": page}}, "GetServiceQuota")
    with pytest.raises(AwsError, match=r"\(AccessDeniedException: a web page\)\.$"), aws_errors("list"):
        raise answer


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), aws_errors("list"):
        raise ZeroDivisionError
