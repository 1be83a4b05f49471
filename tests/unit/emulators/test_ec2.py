# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from emulators.ec2 import Ec2Server
from emulators.s3 import REGION

pytestmark = pytest.mark.server


def _client(server: Ec2Server, service: str) -> Any:
    return boto3.client(service, endpoint_url=server.endpoint_url, region_name=REGION)  # type: ignore[call-overload]


def _image(client: Any) -> str:
    return str(client.describe_images(Owners=["amazon"])["Images"][0]["ImageId"])


def test_the_same_instances_are_still_there_after_a_restart(tmp_path: Path) -> None:
    launched: list[str] = []
    for _start in range(2):
        with Ec2Server(tmp_path) as server:
            client = _client(server, "ec2")
            groups = client.describe_instances()["Reservations"]
            assert [group["Instances"][0]["InstanceId"] for group in groups] == launched
            for _instance in range(0 if launched else 2):
                # Reading draws from the same generator, and is not replayed.
                client.describe_subnets()
                answer = client.run_instances(ImageId=_image(client), MinCount=1, MaxCount=1, ClientToken="same")
                launched.append(answer["Instances"][0]["InstanceId"])
            client.create_tags(Resources=launched, Tags=[{"Key": "Shard", "Value": "1"}])
    assert len(set(launched)) == 2


def test_a_zone_takes_as_many_instances_as_it_has_room_for(tmp_path: Path) -> None:
    with Ec2Server(tmp_path) as server:
        client = _client(server, "ec2")
        subnets = {item["AvailabilityZone"]: item["SubnetId"] for item in client.describe_subnets()["Subnets"]}
        server.limit(zones={"us-east-1a": 1})
        image = _image(client)
        client.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets["us-east-1a"])
        with pytest.raises(ClientError, match="InsufficientInstanceCapacity"):
            client.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets["us-east-1a"])
        client.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnets["us-east-1b"])
    # What failed is not replayed.
    with Ec2Server(tmp_path) as server:
        assert len(_client(server, "ec2").describe_instances()["Reservations"]) == 2


def test_the_vcpu_quota_is_what_it_was_told(tmp_path: Path) -> None:
    with Ec2Server(tmp_path) as server:
        server.limit(vcpus=96)
        quota = _client(server, "service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-DB2E81BA")
    assert quota["Quota"]["Value"] == 96
