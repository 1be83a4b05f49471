# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion markers: which documents are done or failed, kept beside the results in S3.

``<results>/status/<key of the document>.done`` or ``.failed``, each a small JSON object. A marker is
written after the outputs it lists, so that it never promises what is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from .._errors import FarmError
from .._s3.objects import S3Object, list_objects
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STATUS_FOLDER = "status"


class DocumentState(Enum):
    """How a document ended; its value is the marker's suffix. One without a marker is pending."""

    DONE = "done"
    FAILED = "failed"


_STATES = {state.value: state for state in DocumentState}


@dataclass(frozen=True)
class Output:
    """One object that processing wrote; ``bytes`` is its size."""

    uri: str
    etag: str
    bytes: int


@dataclass(frozen=True)
class Marker:
    """What a marker says of one document.

    Attributes:
        uri: the input document.
        etag: the input's etag when it was read; another one now means the marker is stale.
        seconds: time in the worker, all attempts together.
        gpu: the slot it ran on.
        options_hash: hash of the pipeline's options; another one now means the marker is stale.
        failure_class: one word, as in ``timeout``; ``None`` for a done document.
        message: what happened; ``None`` for a done document.
        finished_at: UTC, ISO 8601.
        log: where the end of the worker's log of the last attempt is, for a failed document.
        revision: of the pipeline; another one now means the marker is stale. Empty where it has none.
        retry: the request to retry under which the document was processed; empty for none.
    """

    uri: str
    etag: str
    pages: int | None
    seconds: float
    attempts: int
    shard: int
    node: str
    gpu: str
    pipeline: str
    options_hash: str
    outputs: tuple[Output, ...]
    finished_at: str
    failure_class: str | None = None
    message: str | None = None
    log: str | None = None
    revision: str = ""
    retry: str = ""

    @property
    def state(self) -> DocumentState:
        """Whether the document is done or failed."""
        return DocumentState.DONE if self.failure_class is None else DocumentState.FAILED

    def to_json(self) -> bytes:
        """Return the marker's object body."""
        # Neither asdict, which copies each value deeply, nor indented, which is not done in C: there is one a document.
        fields = vars(self) | {"outputs": [vars(output) for output in self.outputs]}
        fields["class"] = fields.pop("failure_class")
        return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Marker:
        """Return the marker whose object body is ``body``.

        Raises:
            FarmError: it is not a marker; the message names ``where`` it was found.
        """
        try:
            fields: dict[str, Any] = json.loads(body)
            fields["failure_class"] = fields.pop("class")
            fields["outputs"] = tuple(Output(**output) for output in fields["outputs"])
            return cls(**fields)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise FarmError(f"{where} is not a marker ({error}): delete it, and the document is done again.") from error


def status_prefix(results: S3Uri) -> S3Uri:
    """Return the prefix below which all markers of ``results`` are."""
    return results.join(STATUS_FOLDER, "")


def marker_uri(results: S3Uri, key: str, state: DocumentState) -> S3Uri:
    """Return the address of the marker of the document with this key."""
    return results.join(STATUS_FOLDER, f"{key}.{state.value}")


def marked_documents(objects: Iterable[S3Object], prefix: S3Uri) -> Iterator[tuple[str, DocumentState, datetime]]:
    """Yield the document's key, its state and when it was marked, for each marker among listed objects.

    Nothing is ever deleted, so a document that failed and was done later comes twice: the later marker
    counts, and ``done`` where they are equally old (see :func:`latest_states`).
    """
    for item in objects:
        key, _dot, suffix = item.uri.key.removeprefix(prefix.key).rpartition(".")
        state = _STATES.get(suffix)
        if state is not None:
            yield key, state, item.modified


def latest_states(objects: Iterable[S3Object], prefix: S3Uri) -> dict[str, DocumentState]:
    """Return how each document below a status prefix ended, by the document's key."""
    latest: dict[str, tuple[datetime, bool]] = {}
    for key, state, modified in marked_documents(objects, prefix):
        found = (modified, state is DocumentState.DONE)
        latest[key] = max(found, latest.get(key, found))
    return {key: DocumentState.DONE if done else DocumentState.FAILED for key, (_when, done) in latest.items()}


def read_states(client: S3Client, prefix: S3Uri) -> Mapping[str, DocumentState]:
    """Return how each document below the status prefix ended, by the document's key.

    Takes one listing and reads no marker.

    Raises:
        S3Error: the listing failed.
    """
    folder = prefix.join("")
    return latest_states(list_objects(client, folder), folder)
