# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._aws.clients import service_client
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
