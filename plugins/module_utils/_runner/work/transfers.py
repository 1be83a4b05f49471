# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents from S3 and results to S3; run in threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..._pipelines.failures import DocumentFailure
from ..._records.failure_classes import FailureClass
from ..._records.markers import Output
from ..._s3.connection import MAX_ATTEMPTS
from ..._s3.errors import MissingError, S3Error
from ..._s3.objects import look_at, retry_pause, s3_errors
from ..._s3.owned import put_owned
from ..._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Download:
    """A document on the disk: the etag of what was read, without quotes, and its size."""

    etag: str
    bytes: int


class Cancelled(Exception):  # noqa: N818 - it is a wish, not an error
    """The supervisor does not want the transfer any more."""


class Transfers:
    """Downloads and uploads; thread-safe.

    Args:
        client: of the S3 that takes the results.
        inputs: of the S3 that has the documents.
    """

    def __init__(self, client: S3Client, inputs: S3Client) -> None:
        self._client = client
        self._inputs = inputs
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Let downloads end soon, with :class:`Cancelled`."""
        self._cancelled.set()

    def check(self) -> None:
        """Return where downloads are wanted.

        Raises:
            Cancelled: they are not, any more.
        """
        if self._cancelled.is_set():
            raise Cancelled

    def can_read(self, uri: S3Uri) -> bool:
        """Whether S3 serves this document."""
        try:
            look_at(self._inputs, uri)
        except S3Error as error:
            _LOG.warning("%s", error)
            return False
        return True

    def download(self, uri: S3Uri, path: Path) -> Download:
        """Write the object to ``path``, whole.

        botocore retries a request but not a body that breaks while it is read; this does.

        Raises:
            DocumentFailure: there is no such object.
            S3Error: it could not be read after retries.
            OSError: the disk is full, for example.
        """
        from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError

        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                with s3_errors(f"read {uri}"):
                    try:
                        return self._download(uri, path)
                    except (HTTPClientError, IncompleteReadError, ResponseStreamingError):
                        if attempt == MAX_ATTEMPTS:
                            raise
            except MissingError as error:
                if error.code == "NoSuchBucket":
                    raise
                raise DocumentFailure(FailureClass.DOWNLOAD, str(error)) from error
            self._cancelled.wait(retry_pause(attempt))
        raise AssertionError("the last attempt returns or raises")

    def _download(self, uri: S3Uri, path: Path) -> Download:
        from botocore.exceptions import IncompleteReadError

        response = self._inputs.get_object(Bucket=uri.bucket, Key=uri.key)
        expected, written = response["ContentLength"], 0
        with path.open("wb") as file:
            for block in response["Body"].iter_chunks(_BLOCK_BYTES):
                self.check()
                file.write(block)
                written += len(block)
        if written != expected:
            raise IncompleteReadError(actual_bytes=written, expected_bytes=expected)
        return Download(response["ETag"].strip('"'), written)

    def upload(self, path: Path, uri: S3Uri, content_type: str, require_ownership: Callable[[], None]) -> Output:
        """Write the file to ``uri`` and return what is there now, see :func:`put_owned`.

        Raises:
            S3Error: it could not be written after retries.
            OSError: the file cannot be read.
        """
        etag = put_owned(self._client, uri, path, content_type, require_ownership)
        return Output(str(uri), etag, path.stat().st_size)
