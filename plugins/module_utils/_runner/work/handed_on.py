# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stage ``text`` has left of a document for stage ``ocr``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..._pipelines.failures import DocumentFailure
from ..._records.codec import RecordError
from ..._records.document import DocumentState, key_of
from ..._records.failure_classes import FailureClass
from ..._records.markers import Marker, read_marker
from ..._records.names import marker_uri, output_folder, pages_uri
from ..._s3.errors import MissingError
from ..._s3.objects import read_bytes
from ..._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class HandedOn:
    """The marker of stage ``text``, and a local file with the text layer."""

    marker: Marker
    layer: Path


class HandedOnReader:
    """Reads it, for any document of a farm; thread-safe.

    Args:
        client: of the S3 that has the results.
        results: their prefix.
    """

    def __init__(self, client: S3Client, results: S3Uri) -> None:
        self._client = client
        self._results = results

    def read(self, uri: str, layer: Path) -> HandedOn:
        """Return what there is of the document ``uri``, its text layer written to the file ``layer``.

        Raises:
            DocumentFailure: it is not there, or cannot be understood.
            S3Error: it could not be read after retries.
            OSError: the disk is full, for example.
        """
        key = key_of(uri)
        try:
            marker = read_marker(self._client, marker_uri(self._results, key, DocumentState.FORWARDED))
            if isinstance(marker, RecordError):
                raise DocumentFailure(FailureClass.DOWNLOAD, str(marker)) from marker
            layer.write_bytes(read_bytes(self._client, pages_uri(output_folder(self._results, marker.shard), key)))
        except MissingError as error:
            if error.code == "NoSuchBucket":
                raise
            raise DocumentFailure(
                FailureClass.DOWNLOAD, f"what stage text has left of it is gone: {error} Process it again from there."
            ) from error
        return HandedOn(marker, layer)
