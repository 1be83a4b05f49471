# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of the services the farm is made of."""

from __future__ import annotations

from typing import Any

from .._s3.connection import MAX_ATTEMPTS, Connection


def service_client(connection: Connection, service: str, *, attempts: int = MAX_ATTEMPTS) -> Any:
    """Return a client of ``service``, as in ``"ec2"``, that retries what AWS throttles.

    Args:
        attempts: of each request, the first included.

    Raises:
        botocore.exceptions.BotoCoreError: there is no such profile, or no region is known.
    """
    from botocore.config import Config

    return connection.session().client(
        service,  # type: ignore[call-overload]
        endpoint_url=connection.endpoint_url,
        verify=connection.verify,
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )
