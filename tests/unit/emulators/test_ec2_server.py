# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json

import pytest

from emulators.ec2_server import changes_something


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
