# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import regional_clients, service_client
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection


def test_every_service_is_reached_where_the_connection_says() -> None:
    connection = Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    for service in ("ec2", "iam", "ssm", "sts", "service-quotas", "secretsmanager"):
        client = service_client(connection, service)
        assert client.meta.endpoint_url == "http://127.0.0.1:9"
        assert client.meta.config.retries["mode"] == "standard"


def test_the_attempts_can_be_limited() -> None:
    client = service_client(Connection(region="us-east-1"), "iam", attempts=2)
    assert client.meta.config.retries["total_max_attempts"] == 2


def test_each_region_has_a_client_of_its_own() -> None:
    clients = regional_clients(Connection(region="us-east-1"), "ec2", ["eu-west-1", "us-west-2"], attempts=2)
    assert {region: client.meta.region_name for region, client in clients.items()} == {
        "eu-west-1": "eu-west-1",
        "us-west-2": "us-west-2",
    }
    assert all(client.meta.config.retries["total_max_attempts"] == 2 for client in clients.values())
