# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stage ``text`` has left of a document for the stages after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..._pipelines.failures import DocumentFailure
from ..._pipelines.task import Task
from ..._records.codec import RecordError
from ..._records.document import DocumentState, key_of
from ..._records.failure_classes import FailureClass
from ..._records.markers import Marker, read_marker
from ..._records.names import json_uri, marker_uri, output_folder, pages_uri
from ..._records.stage import Stage
from ..._s3.errors import MissingError
from ..._s3.objects import read_bytes
from ..._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class HandedOn:
    """The marker of stage ``text``, and a local file for a stage after it.

    Attributes:
        file: with the text layer, for stage ``ocr``; with docling's document, for stage ``math``.
        stage: that it is for.
    """

    marker: Marker
    file: Path
    stage: Stage = Stage.OCR

    def with_it(self, task: Task) -> Task:
        """Return the task of a document that goes on with it."""
        if self.stage is Stage.MATH:
            return replace(task, document=self.file)
        return replace(task, layer=self.file, open_pages=self.marker.open_pages)


class HandedOnReader:
    """Reads it, for any document of a farm; thread-safe.

    Args:
        client: of the S3 that has the results.
        results: their prefix.
        stage: that goes on with it.
    """

    def __init__(self, client: S3Client, results: S3Uri, stage: Stage) -> None:
        self._client = client
        self._results = results
        self._stage = stage

    def read(self, uri: str, file: Path) -> HandedOn:
        """Return what there is of the document ``uri``, written to the local file.

        Raises:
            DocumentFailure: it is not there, cannot be understood, or is of a document without formulas.
            S3Error: it could not be read after retries.
            OSError: the disk is full, for example.
        """
        key = key_of(uri)
        is_math = self._stage is Stage.MATH
        state, name = (DocumentState.DONE, json_uri) if is_math else (DocumentState.FORWARDED, pages_uri)
        try:
            marker = read_marker(self._client, marker_uri(self._results, key, state))
            if isinstance(marker, RecordError):
                raise DocumentFailure(FailureClass.DOWNLOAD, str(marker)) from marker
            if is_math and not marker.open_formulas:
                raise DocumentFailure(FailureClass.CHANGED, "it was processed anew, and has no formulas to read now")
            file.write_bytes(read_bytes(self._client, name(output_folder(self._results, marker.shard), key)))
        except MissingError as error:
            if error.code == "NoSuchBucket":
                raise
            raise DocumentFailure(
                FailureClass.DOWNLOAD, f"what stage text has left of it is gone: {error} Process it again from there."
            ) from error
        return HandedOn(marker, file, self._stage)
