# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a page-count table comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .._errors import FarmError, NotYetError
from .._s3.errors import MissingError
from .._s3.files import download
from .._s3.uri import S3Uri
from .page_count_lines import read_block
from .page_counts import HEADER, CountRow, encode_row, read_table, table_lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def open_counts(client: S3Client, address: str) -> BinaryIO:
    """Return the encoded table at ``address`` as a local file; see :func:`fetch_counts`."""
    return fetch_counts(client, address)()


def fetch_counts(client: S3Client, address: str) -> Callable[[], BinaryIO]:
    """Return what opens the encoded table at ``address``, an ``s3://`` uri or a local path, as often as it is needed.

    Raises:
        NotYetError: there is no such table.
        S3Error: the object could not be read.
        FarmError: the file could not be read, or there is no room for a copy of the object.
    """
    try:
        if address.startswith("s3://"):
            return download(client, S3Uri.parse(address)).open
        path = Path(address).expanduser()
        path.open("rb").close()
        return lambda: path.open("rb")
    except (MissingError, FileNotFoundError) as error:
        raise NotYetError(
            f"There is no page count table at {address}: count the pages first, page_count writes the table."
        ) from error
    except OSError as error:
        raise FarmError(f"Cannot read the page count table {address}: {error.strerror}.") from error


def rows_of(table: bytes | BinaryIO, where: str) -> Iterator[CountRow]:
    """Yield the rows of an encoded table; a file is closed then.

    Raises:
        FarmError: it is malformed; the message names ``where`` it was found.
    """
    try:
        with table_lines(table) as lines:
            yield from read_table(lines)
    except FarmError as error:
        raise FarmError(f"{where}: {error}") from error


def lines_of(table: bytes, where: str) -> Sequence[bytes]:
    """Return the rows of an encoded table, each as :func:`encode_row` makes it.

    Raises:
        FarmError: it is malformed; the message names ``where`` it was found.
    """
    header = HEADER.encode()
    block = read_block(table.removeprefix(header)) if table.startswith(header) else None
    return block.lines if block is not None else list(map(encode_row, rows_of(table, where)))
