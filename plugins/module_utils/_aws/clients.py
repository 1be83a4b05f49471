# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of the services the farm is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._s3.connection import MAX_ATTEMPTS, Connection

if TYPE_CHECKING:
    import boto3


def service_client(connection: Connection, service: str, *, attempts: int = MAX_ATTEMPTS) -> Any:
    """Return a client of ``service``, as in ``"ec2"``, that retries what AWS throttles.

    Args:
        attempts: of each request, the first included.

    Raises:
        botocore.exceptions.BotoCoreError: there is no such profile, or no region is known.
    """
    return _client(connection, connection.session(), service, connection.region, attempts)


def regional_clients(connection: Connection, service: str, regions: Iterable[str], *, attempts: int) -> dict[str, Any]:
    """Return a client of ``service`` for each region, by its name; each may be used in a thread of its own.

    Raises:
        botocore.exceptions.BotoCoreError: there is no such profile.
    """
    session = connection.session()
    return {region: _client(connection, session, service, region, attempts) for region in regions}


def _client(
    connection: Connection, session: boto3.session.Session, service: str, region: str | None, attempts: int
) -> Any:
    from botocore.config import Config

    return session.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        endpoint_url=connection.endpoint_url,
        verify=connection.verify,
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )
