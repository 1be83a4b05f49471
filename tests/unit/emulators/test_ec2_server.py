# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json
from pathlib import Path

import boto3
import pytest

from emulators.ec2 import Ec2Server
from emulators.ec2_server import changes_something
from emulators.s3 import REGION


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


def test_instances_are_still_there_after_a_restart(tmp_path: Path) -> None:
    for expected in (0, 1):
        with Ec2Server(tmp_path) as server:
            client = boto3.client("ec2", endpoint_url=server.endpoint_url, region_name=REGION)
            assert len(client.describe_instances()["Reservations"]) == expected
            if not expected:
                image = client.describe_images()["Images"][0]["ImageId"]
                client.run_instances(ImageId=image, MinCount=1, MaxCount=1)
