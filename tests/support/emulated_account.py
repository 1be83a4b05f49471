# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests ask an emulated AWS account directly, beside the code under test."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import boto3

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from emulators.ec2 import Ec2Server
from emulators.ec2_server import CALLS
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY

GROUP = "glossapi-farm"
PROFILE = "glossapi-farm-node"


class Account:
    """The account behind a local EC2."""

    def __init__(self, server: Ec2Server) -> None:
        self.server = server
        self.connection = Connection(
            region=REGION, endpoint_url=server.endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY
        )
        self.ec2 = self.client("ec2")

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a plain boto3 client of the account."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.server.endpoint_url,
            region_name=region,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )

    def instances(self, *states: str) -> list[dict[str, Any]]:
        """Return all instances in these states (running where none are given), by their name."""
        pages = self.ec2.describe_instances(
            Filters=[{"Name": "instance-state-name", "Values": list(states or ("running",))}]
        )
        found = [instance for group in pages["Reservations"] for instance in group["Instances"]]
        return sorted(found, key=lambda item: tags(item).get("Name", ""))

    def root_volume(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Return the root volume of an instance."""
        (volume_id,) = (
            mapping["Ebs"]["VolumeId"]
            for mapping in instance["BlockDeviceMappings"]
            if mapping["DeviceName"] == instance["RootDeviceName"]
        )
        return dict(self.ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0])

    def calls(self) -> list[str]:
        """Return what was asked of the account so far, as :func:`emulators.ec2_server.called` tells it."""
        path = self.server.recording.with_name(CALLS)
        return path.read_text().splitlines() if path.exists() else []

    def changes(self) -> list[dict[str, str]]:
        """Return every request so far that changed something, as the form that was sent."""
        entries = map(json.loads, self.server.recording.read_text().splitlines())
        forms = (parse_qs(base64.b64decode(entry["body"]).decode()) for entry in entries)
        return [{name: values[0] for name, values in form.items()} for form in forms]


def tags(item: dict[str, Any]) -> dict[str, str]:
    """Return the tags of a description."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}
