# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands' arguments have in common."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TypeVar

from .._errors import FarmError
from .._s3.connection import Connection

ValueT = TypeVar("ValueT")


def add_connection(parser: ArgumentParser) -> None:
    """Add the options that say how S3 is reached."""
    group = parser.add_argument_group("how to reach S3", "What is left out comes from the environment, as everywhere.")
    group.add_argument("--region", help="AWS region of the buckets")
    group.add_argument("--profile", help="profile of AWS's configuration that has the credentials")
    group.add_argument("--endpoint-url", help="of an S3 server other than AWS's, as http://127.0.0.1:8333")


def connection_of(arguments: Namespace) -> Connection:
    """Return what :func:`add_connection`'s options say.

    Raises:
        FarmError: they do not fit each other or the environment, or the endpoint is none.
    """
    return Connection(region=arguments.region, profile=arguments.profile, endpoint_url=arguments.endpoint_url)


def checked(parser: ArgumentParser, make: Callable[[], ValueT]) -> ValueT:
    """Return what ``make`` makes of the arguments; where it refuses them, end as argparse does, with status 2."""
    try:
        return make()
    except FarmError as error:
        parser.error(str(error))
