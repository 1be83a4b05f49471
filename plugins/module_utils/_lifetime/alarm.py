# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarm of a node that is silent, which is not to tell of one that has ended itself."""

from __future__ import annotations

from .._aws.clients import service_client
from .._aws.errors import aws_errors
from .._s3.connection import Connection

# There is little time, and the node ends in any case.
_ATTEMPTS = 2


def remove_alarm(connection: Connection, name: str) -> None:
    """Remove the alarm; provisioning makes it again.

    Raises:
        AwsError: it cannot be removed.
    """
    with aws_errors(f"remove the alarm {name}, which will tell that this node is silent"):
        service_client(connection, "cloudwatch", attempts=_ATTEMPTS).delete_alarms(AlarmNames=[name])
