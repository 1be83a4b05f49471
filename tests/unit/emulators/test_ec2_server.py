# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json

import pytest

from emulators.ec2_server import called, changes_something


def _entry(headers: dict[str, str], body: str) -> str:
    return json.dumps({"headers": headers, "body": base64.b64encode(body.encode()).decode(), "body_encoded": True})


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, "Action=RunInstances&Version=2016-11-15", True),
        ({}, "Action=DescribeInstances", False),
        ({"x-amz-target": "AmazonSSM.PutParameter"}, "{}", True),
        ({"X-Amz-Target": "AmazonSSM.GetParameter"}, "{}", False),
        ({}, "", False),
    ],
)
def test_only_requests_that_change_something_are_kept(headers: dict[str, str], body: str, expected: bool) -> None:
    assert changes_something(_entry(headers, body)) is expected


@pytest.mark.parametrize(
    ("service", "request_", "body", "expected"),
    [
        ("ec2", {}, b"Action=RunInstances&Version=2016-11-15", "ec2:RunInstances"),
        ("ssm", {"HTTP_X_AMZ_TARGET": "AmazonSSM.GetParameter"}, b"{}", "ssm:GetParameter"),
        ("monitoring", {"PATH_INFO": "/service/G/operation/DescribeAlarms"}, b"", "monitoring:DescribeAlarms"),
        (
            "s3",
            {"REQUEST_METHOD": "PUT", "PATH_INFO": "/work", "QUERY_STRING": "tagging"},
            b"",
            "s3:PUT bucket tagging",
        ),
        ("s3", {"REQUEST_METHOD": "GET", "PATH_INFO": "/work/a/b", "QUERY_STRING": "x-id=1"}, b"", "s3:GET object"),
        ("s3", {"REQUEST_METHOD": "GET", "PATH_INFO": "/work", "QUERY_STRING": "list-type=2"}, b"", "s3:GET bucket"),
    ],
)
def test_a_call_is_told_with_its_service(service: str, request_: dict[str, str], body: bytes, expected: str) -> None:
    signed = f"AWS4-HMAC-SHA256 Credential=key/20261127/us-east-1/{service}/aws4_request, SignedHeaders=host"
    assert called({"HTTP_AUTHORIZATION": signed, **request_}, body) == expected
