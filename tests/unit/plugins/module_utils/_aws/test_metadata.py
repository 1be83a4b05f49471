# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.metadata import (
    Instance,
    InstanceMetadata,
    metadata_service,
    read_instance,
)
from emulators.imds import ImdsServer
from emulators.process import LOOPBACK, free_ports

pytestmark = pytest.mark.server

_LAUNCHED = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_DOCUMENT = {
    "instanceId": "i-0123456789abcdef0",
    "instanceType": "g5.12xlarge",
    "availabilityZone": "us-east-1a",
    "pendingTime": "2026-11-24T12:00:00Z",
}


@pytest.fixture
def server() -> Iterator[ImdsServer]:
    with ImdsServer() as imds:
        yield imds


@pytest.mark.parametrize("is_spot", [False, True])
def test_a_machine_knows_which_instance_it_is_and_since_when(server: ImdsServer, is_spot: bool) -> None:
    server.identify(_DOCUMENT, spot=is_spot)
    service = metadata_service({"AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint_url})
    assert service is not None
    assert read_instance(service) == Instance(
        "i-0123456789abcdef0", "g5.12xlarge", "us-east-1a", _LAUNCHED.timestamp(), is_spot
    )


def test_a_token_that_has_run_out_is_replaced(server: ImdsServer) -> None:
    service = InstanceMetadata(server.endpoint_url)
    server.identify(_DOCUMENT)
    first = read_instance(service)
    server.forget_token()
    assert read_instance(service) == first


@pytest.mark.parametrize("missing", list(_DOCUMENT))
def test_what_is_no_identity_is_an_error(server: ImdsServer, missing: str) -> None:
    server.identify({name: value for name, value in _DOCUMENT.items() if name != missing})
    with pytest.raises(ValueError, match="no identity of an instance"):
        read_instance(InstanceMetadata(server.endpoint_url))


def test_a_machine_that_is_no_instance_gets_no_answer() -> None:
    (port,) = free_ports(1)
    with pytest.raises(OSError, match="refused"):
        read_instance(InstanceMetadata(f"http://{LOOPBACK}:{port}"))


def test_the_environment_turns_the_service_off() -> None:
    assert metadata_service({"AWS_EC2_METADATA_DISABLED": "TRUE"}) is None
