# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows kept in S3: chunks while a run goes on, the master table at its end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .._errors import FarmError, NotYetError
from .._records.names import chunk_uri, chunks_folder, table_uri
from .._records.page_counts import CountRow, write_table
from .._records.page_counts_source import read_counts, rows_of
from .._s3.objects import list_objects, put_bytes, read_bytes, read_bytes_if_exists
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONTENT_TYPE = "text/csv; charset=utf-8"
_NAME_DIGITS = 32
# Chunks read at a time at the start of a run; within boto3's default of ten connections.
_CHUNK_READERS = 8


class SavedRows:
    """What earlier runs left at ``output``."""

    def __init__(self, client: S3Client, output: S3Uri) -> None:
        self._client = client
        self._output = output
        self.master_uri = table_uri(output)

    def master(self) -> bytes | None:
        """Return the master table's bytes, ``None`` before the first run ended."""
        return read_bytes_if_exists(self._client, self.master_uri)

    def write_master(self, table: bytes) -> None:
        """Replace the master table."""
        put_bytes(self._client, self.master_uri, table, _CONTENT_TYPE)

    def write_chunk(self, rows: Iterable[CountRow]) -> None:
        """Save rows under a name that only equal rows share, so that no run overwrites another's."""
        table = write_table(sorted(rows, key=lambda row: row.uri))
        digest = hashlib.sha256(table).hexdigest()[:_NAME_DIGITS]
        put_bytes(self._client, chunk_uri(self._output, digest), table, _CONTENT_TYPE)

    def chunk_rows(self) -> Iterator[CountRow]:
        """Yield the rows of every chunk that was ever written.

        Raises:
            FarmError: a chunk is malformed; the message names it.
        """
        chunks = (each.uri for each in list_objects(self._client, chunks_folder(self._output)))
        with ThreadPoolExecutor(_CHUNK_READERS) as threads:
            for uri, table in threads.map(lambda uri: (uri, read_bytes(self._client, uri)), chunks):
                yield from rows_of(table, str(uri))

    def rows_at(self, location: str) -> Iterator[CountRow]:
        """Yield the rows of the table at ``location``, an ``s3://`` address or a local path.

        Raises:
            FarmError: it does not exist or is malformed.
        """
        try:
            yield from read_counts(self._client, location)
        except NotYetError as error:
            # No step of the farm writes this one: it is missing in check mode too.
            raise FarmError(f"Cannot resume from {location}: there is no such table.") from error
