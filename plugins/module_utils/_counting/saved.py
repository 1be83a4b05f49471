# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows kept in S3: chunks while a run goes on, the master table at its end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from .._errors import FarmError, NotYetError
from .._files import TemporaryFile
from .._records.names import chunk_uri, chunks_folder, parquet_uri, table_uri
from .._records.page_counts import join_rows, uri_of_row
from .._records.page_counts_source import lines_of, open_counts
from .._s3.files import download_if_exists, has_content, put_file, upload
from .._s3.objects import if_exists, list_objects, look_at, put_bytes, read_bytes
from .._s3.parallel import read_each
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONTENT_TYPE = "text/csv; charset=utf-8"
_PARQUET_CONTENT_TYPE = "application/vnd.apache.parquet"
_NAME_DIGITS = 32
# Chunks read at a time at the start of a run; within boto3's default of ten connections.
_CHUNK_READERS = 8
# With 1,000 rows each they are some megabytes.
_CHUNKS_AHEAD = 32


class SavedRows:
    """What earlier runs left at ``output``."""

    def __init__(self, client: S3Client, output: S3Uri) -> None:
        self._client = client
        self._output = output
        self.master_uri = table_uri(output)

    def master(self) -> TemporaryFile | None:
        """Return a copy of the master table, ``None`` before the first run ended.

        Raises:
            FarmError: there is no room for it on this machine.
        """
        return download_if_exists(self._client, self.master_uri)

    def write_master(self, table: TemporaryFile) -> None:
        """Replace the master table."""
        upload(self._client, self.master_uri, table, _CONTENT_TYPE)

    def write_parquet(self, file: TemporaryFile, *, write: bool) -> bool:
        """Replace the table as Parquet where that is another; return whether it is. ``write`` is false to only tell.

        Raises:
            FarmError: there is no room for a copy of it on this machine.
        """
        uri = parquet_uri(self._output)
        saved = if_exists(lambda: look_at(self._client, uri))
        if saved is not None and has_content(self._client, uri, saved.etag, file):
            return False
        if write:
            put_file(self._client, uri, file, _PARQUET_CONTENT_TYPE)
        return True

    def write_chunk(self, lines: Iterable[bytes]) -> None:
        """Save encoded rows under a name that only equal rows share, so that no run overwrites another's."""
        table = join_rows(sorted(lines, key=uri_of_row))
        digest = hashlib.sha256(table).hexdigest()[:_NAME_DIGITS]
        put_bytes(self._client, chunk_uri(self._output, digest), table, _CONTENT_TYPE)

    def chunks(self) -> Iterator[Sequence[bytes]]:
        """Yield the encoded rows of every chunk that was ever written.

        Raises:
            FarmError: a chunk is malformed; the message names it.
        """
        chunks = (each.uri for each in list_objects(self._client, chunks_folder(self._output)))
        bodies = read_each(lambda uri: read_bytes(self._client, uri), chunks, _CHUNK_READERS, _CHUNKS_AHEAD)
        for uri, table in bodies:
            yield lines_of(table, str(uri))

    def table_at(self, location: str) -> BinaryIO:
        """Return the table at ``location``, an ``s3://`` address or a local path, as a local file.

        Raises:
            FarmError: it does not exist or there is no room for a copy of it on this machine.
        """
        try:
            return open_counts(self._client, location)
        except NotYetError as error:
            # No step of the farm writes this one: it is missing in check mode too.
            raise FarmError(f"Cannot resume from {location}: there is no such table.") from error
