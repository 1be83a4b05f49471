# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import boto3

from emulators.ec2 import Ec2Server
from emulators.s3 import REGION


def test_instances_are_still_there_after_a_restart(tmp_path: Path) -> None:
    for expected in (0, 1):
        with Ec2Server(tmp_path) as server:
            client = boto3.client("ec2", endpoint_url=server.endpoint_url, region_name=REGION)
            assert len(client.describe_instances()["Reservations"]) == expected
            if not expected:
                image = client.describe_images()["Images"][0]["ImageId"]
                client.run_instances(ImageId=image, MinCount=1, MaxCount=1)
