# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from emulators.imds import ImdsServer

pytestmark = pytest.mark.server

SPOT = "/latest/meta-data/spot/instance-action"
IDENTITY = "/latest/dynamic/instance-identity/document"


@pytest.fixture
def server() -> Iterator[ImdsServer]:
    with ImdsServer() as imds:
        yield imds


def request(url: str, method: str = "GET", **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=named)) as response:  # noqa: S310
        body: bytes = response.read()
    return body


def token(server: ImdsServer) -> str:
    headers = {"X_aws_ec2_metadata_token_ttl_seconds": "60"}
    return request(f"{server.endpoint_url}/latest/api/token", "PUT", **headers).decode()


def status(server: ImdsServer, **headers: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as raised:
        request(f"{server.endpoint_url}{SPOT}", **headers)
    raised.value.close()
    return raised.value.code


def test_nothing_is_told_without_the_last_token(server: ImdsServer) -> None:
    assert status(server) == 401
    old, new = token(server), token(server)
    assert status(server, X_aws_ec2_metadata_token=old) == 401
    assert status(server, X_aws_ec2_metadata_token=new) == 404
    server.forget_token()
    assert status(server, X_aws_ec2_metadata_token=new) == 401


def test_a_notice_is_there_once_it_is_announced(server: ImdsServer) -> None:
    server.interrupt("terminate", "2026-11-24T12:00:00Z")
    body = request(f"{server.endpoint_url}{SPOT}", X_aws_ec2_metadata_token=token(server))
    assert json.loads(body) == {"action": "terminate", "time": "2026-11-24T12:00:00Z"}
    assert server.requests == [SPOT]


def test_it_says_which_instance_it_is_once_it_is_told(server: ImdsServer) -> None:
    known = {"X_aws_ec2_metadata_token": token(server)}
    with pytest.raises(urllib.error.HTTPError, match="404"):
        request(f"{server.endpoint_url}{IDENTITY}", **known)
    server.identify({"instanceId": "i-1"}, spot=True)
    assert json.loads(request(f"{server.endpoint_url}{IDENTITY}", **known)) == {"instanceId": "i-1"}
    assert request(f"{server.endpoint_url}/latest/meta-data/instance-life-cycle", **known) == b"spot"
