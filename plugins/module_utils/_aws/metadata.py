# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service (IMDSv2): what EC2 tells a machine of itself.

Runs on a node's own Python, 3.9, too.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

_ENDPOINT = "http://169.254.169.254"
_TOKEN_PATH = "/latest/api/token"  # noqa: S105 - where tokens are
_IDENTITY_PATH = "/latest/dynamic/instance-identity/document"
_LIFE_CYCLE_PATH = "/latest/meta-data/instance-life-cycle"
# There is nothing where the instance is in no Auto Scaling group.
GROUP_STATE_PATH = "/latest/meta-data/autoscaling/target-lifecycle-state"
# What is there when Auto Scaling has decided to end the instance.
LEAVING = "Terminated"
_TOKEN_SECONDS = 21600
_TIMEOUT_SECONDS = 2.0
_GONE = 404
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class Instance:
    """The instance that this machine is.

    Attributes:
        type: as in ``g5.12xlarge``.
        launched_at: when EC2 started it last, seconds since the epoch.
        group_state: what its Auto Scaling group has decided of it, as in ``InService``; empty where it is in none.
    """

    id: str
    type: str
    zone: str
    launched_at: float
    is_spot: bool
    group_state: str = ""


class InstanceMetadata:
    """The service; its requests block.

    Args:
        endpoint: its address, without a path.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._token = ""
        # No proxy: the address is the machine's own.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def read(self, path: str) -> str | None:
        """Return what is at the path, ``None`` where nothing is.

        Raises:
            OSError: the service does not answer, or not as it should.
        """
        for attempt in ("with the token there is", "with a new token"):
            if not self._token:
                self._token = self._request("PUT", _TOKEN_PATH, "X-aws-ec2-metadata-token-ttl-seconds", _TOKEN_SECONDS)
            try:
                return self._request("GET", path, "X-aws-ec2-metadata-token", self._token)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code == _GONE:
                    return None
                if error.code != _UNAUTHORIZED or attempt == "with a new token":
                    raise
                self._token = ""
        raise AssertionError("the second attempt returns or raises")

    def _request(self, method: str, path: str, header: str, value: object) -> str:
        request = urllib.request.Request(f"{self._endpoint}{path}", method=method, headers={header: str(value)})  # noqa: S310 - http
        with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
            body: bytes = response.read()
        return body.decode(errors="replace")


def metadata_service(environment: Mapping[str, str] | None = None) -> InstanceMetadata | None:
    """Return the service; ``None`` where the environment turns it off.

    Reads the variables that the AWS SDKs have: AWS_EC2_METADATA_DISABLED and AWS_EC2_METADATA_SERVICE_ENDPOINT.
    """
    variables = os.environ if environment is None else environment
    if variables.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
        return None
    return InstanceMetadata(variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or _ENDPOINT)


def read_instance(service: InstanceMetadata) -> Instance:
    """Return which instance this machine is.

    Raises:
        OSError: the service does not answer, or not as it should.
        ValueError: its answer is not what EC2 documents.
    """
    body = service.read(_IDENTITY_PATH)
    document: dict[str, Any] = json.loads(body or "{}")
    try:
        # Python 3.9 reads no "Z" by itself.
        launched = datetime.strptime(document["pendingTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)  # noqa: UP017
        return Instance(
            id=str(document["instanceId"]),
            type=str(document["instanceType"]),
            zone=str(document["availabilityZone"]),
            launched_at=launched.timestamp(),
            is_spot=service.read(_LIFE_CYCLE_PATH) == "spot",
            group_state=service.read(GROUP_STATE_PATH) or "",
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no identity of an instance: {body}") from error
