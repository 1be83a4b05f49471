# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A completion marker: what became of one document, kept beside the results in S3.

A marker is written after the outputs it lists, so that it never promises what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._s3.objects import read_bytes, read_bytes_if_exists
from .._s3.uri import S3Uri
from .codec import RecordError, decode, encode
from .document import DocumentState
from .names import marker_uri, math_uri
from .quality import QualitySummary
from .stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Output:
    """One object that processing wrote; ``bytes`` is its size."""

    uri: str
    etag: str
    bytes: int


@dataclass(frozen=True)
class Formulas:
    """What stage ``math`` made of a document's formulas: how many it found, and how many of these it read."""

    found: int = 0
    read: int = 0


@dataclass(frozen=True)
class Marker:
    """What a marker says of one document.

    Attributes:
        uri: the input document.
        etag: the input's etag when it was read; another one now means the marker is stale.
        seconds: time in the worker, all attempts together, at this stage.
        gpu: what its worker had as ``CUDA_VISIBLE_DEVICES``.
        options_hash: hash of the pipeline's options; another one now means the marker is stale.
        failure_class: one word, as in ``timeout``; ``None`` for a done document. Stored as ``class``.
        message: what happened; ``None`` for a done document.
        finished_at: UTC, ISO 8601.
        log: where the end of the worker's log of the last attempt is, for a failed document.
        revision: of the pipeline; another one now means the marker is stale. Empty where it has none.
        retry: the request to retry under which the document was processed; empty for none.
        quality: of its text; ``None`` for a failed document, for output that is no text, and where an earlier version
            of the collection did not measure it.
        stage: that ended with this marker.
        open_pages: numbers of the pages that stage ``ocr`` is to recognise; empty where it is not to go on.
        weights: the digest of the list of weights that the pipeline loaded; empty where they were not pinned.
        open_formulas: how many formulas stage ``text`` has left for stage ``math``; 0 where that is not to go on.
        formulas: what stage ``math`` made of them; ``None`` before it has.
    """

    uri: str = ""
    etag: str = ""
    pages: int | None = None
    seconds: float = 0.0
    attempts: int = 0
    shard: int = 0
    node: str = ""
    gpu: str = ""
    pipeline: str = ""
    options_hash: str = ""
    outputs: tuple[Output, ...] = ()
    finished_at: str = ""
    failure_class: str | None = None
    message: str | None = None
    log: str | None = None
    revision: str = ""
    retry: str = ""
    quality: QualitySummary | None = None
    stage: str = Stage.TEXT.value
    open_pages: tuple[int, ...] = ()
    weights: str = ""
    open_formulas: int = 0
    formulas: Formulas | None = None

    @property
    def state(self) -> DocumentState:
        """Whether the document is done, failed or handed on."""
        if self.open_pages:
            return DocumentState.FORWARDED
        return DocumentState.DONE if self.failure_class is None else DocumentState.FAILED

    def to_json(self) -> bytes:
        """Return the marker's object body."""
        # Not asdict, which copies each value deeply: there is one a document.
        quality = vars(self.quality) if self.quality else None
        formulas = vars(self.formulas) if self.formulas else None
        outputs = [vars(output) for output in self.outputs]
        fields = vars(self) | {"outputs": outputs, "quality": quality, "formulas": formulas}
        fields["class"] = fields.pop("failure_class")
        return encode(fields)

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Marker:
        """Return the marker whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a marker", where, {"class": "failure_class"})


def read_marker_of_stage(
    client: S3Client, results: S3Uri, key: str, state: DocumentState, stage: Stage
) -> Marker | RecordError | None:
    """Return the marker by which a stage has ended a document, or why it cannot be understood.

    What stage ``ocr`` made of a document does not say what stage ``text`` made it from and by: what that has handed on
    does. ``None`` for a document that a later stage never had, and for one that was processed anew since stage ``math``
    had it, and has no formulas now.

    Args:
        client: of the S3 that has the results.
        results: their prefix.
        key: of the document.
        state: of the marker that counts.
        stage: whose marker is wanted.

    Raises:
        S3Error: it cannot be read.
    """
    if stage is Stage.MATH:
        found = read_marker_if_exists(client, math_uri(results, key)) if state is DocumentState.DONE else None
        return found if found is not None and _has_formulas(client, results, key) else None
    marker = read_marker(client, marker_uri(results, key, state))
    if not isinstance(marker, Marker) or marker.stage == stage:
        return marker
    return read_marker(client, marker_uri(results, key, DocumentState.FORWARDED)) if stage is Stage.TEXT else None


def _has_formulas(client: S3Client, results: S3Uri, key: str) -> bool:
    """Whether a document that is done had any for stage ``math`` when it was processed last."""
    done = read_marker(client, marker_uri(results, key, DocumentState.DONE))
    return not isinstance(done, Marker) or done.open_formulas > 0


def read_marker(client: S3Client, uri: S3Uri) -> Marker | RecordError:
    """Return the marker at this address, or why it cannot be understood.

    Raises:
        S3Error: it cannot be read.
    """
    return _parse(read_bytes(client, uri), uri)


def read_marker_if_exists(client: S3Client, uri: S3Uri) -> Marker | RecordError | None:
    """Return the same, or ``None`` where there is no object.

    Raises:
        S3Error: it cannot be read.
    """
    body = read_bytes_if_exists(client, uri)
    return None if body is None else _parse(body, uri)


def _parse(body: bytes, uri: S3Uri) -> Marker | RecordError:
    try:
        return Marker.from_json(body, str(uri))
    except RecordError as error:
        return error
