# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a page-count table comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError, NotYetError
from .._s3.errors import MissingError
from .._s3.objects import read_bytes
from .._s3.uri import S3Uri
from .page_counts import CountRow, read_table, table_lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def read_counts(client: S3Client, address: str) -> Iterator[CountRow]:
    """Yield the rows of the table at ``address``, an ``s3://`` uri or a local path.

    Raises:
        NotYetError: there is no such table.
        S3Error: the object could not be read.
        FarmError: it is malformed; the message names the address.
    """
    yield from rows_of(_read(client, address), address)


def rows_of(table: bytes, where: str) -> Iterator[CountRow]:
    """Yield the rows of an encoded table.

    Raises:
        FarmError: it is malformed; the message names ``where`` it was found.
    """
    try:
        yield from read_table(table_lines(table))
    except FarmError as error:
        raise FarmError(f"{where}: {error}") from error


def _read(client: S3Client, address: str) -> bytes:
    try:
        if address.startswith("s3://"):
            return read_bytes(client, S3Uri.parse(address))
        return Path(address).expanduser().read_bytes()
    except (MissingError, FileNotFoundError) as error:
        raise NotYetError(
            f"There is no page count table at {address}: count the pages first, page_count writes the table."
        ) from error
    except OSError as error:
        raise FarmError(f"Cannot read the page count table {address}: {error.strerror}.") from error
