# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents of a shard a supervisor works on: the pending ones, and those that are asked for again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING

from ..._pipelines.registry import kind_of
from ..._records.codec import RecordError
from ..._records.document import Document, DocumentState, key_of
from ..._records.failure_classes import FailureClass
from ..._records.finished import read_finished_of, unfinished
from ..._records.markers import Marker, read_marker_of_stage
from ..._records.math import read_open_of
from ..._records.names import can_be_marked
from ..._records.stage import Stage
from ..._records.stale import Expected, stale_reason
from ..._records.waiting import waits
from ..._s3.objects import list_objects
from ..._s3.uri import S3Uri
from ..config import RunConfig
from .attempts import MOST_INTERRUPTIONS, Attempt
from .exclusive import Alone
from .order import in_order

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Markers are read one by one, so many at once; the pool of the client must be as large.
READERS = 16


@dataclass(frozen=True)
class Selection:
    """What is to be done of a shard.

    Attributes:
        attempts: in the order to work on them.
        finished: the state of every other document that this stage has ended, by key.
        pending: documents without a state that counts, those that cannot be marked included.
        retried: failed documents among them.
        stale: documents among them whose markers are stale.
    """

    attempts: list[Attempt]
    finished: dict[str, DocumentState]
    pending: int
    retried: int
    stale: int


def select(
    client: S3Client,
    inputs: S3Client,
    config: RunConfig,
    documents: Sequence[Document],
    interruptions: Mapping[str, int] | None = None,
) -> Selection:
    """Return what is to be done.

    Takes one listing of the markers; for ``retry`` one read for each failed document, for ``redo_stale`` one
    for each finished document and a listing of the inputs.

    Args:
        client: of the S3 that has the results.
        inputs: of the S3 that has the documents.
        config: what is asked for.
        documents: of the shard.
        interruptions: how often each was in work when a supervisor vanished, by uri; one that never was may be absent.

    Raises:
        S3Error: S3 could not be read.
    """
    stage = config.stage
    states = read_finished_of(client, config.results_uri, documents)
    opened = read_open_of(client, config.results_uri, documents) if stage is Stage.MATH else set()
    # What does not wait for the stage is none of its business, whatever was cut before.
    ended = {
        key: states.get(key, DocumentState.DONE)
        for key in (key_of(document.uri) for document in documents)
        if not waits(stage, states.get(key), has_open_formulas=key in opened)
    }
    # A document whose formulas could not be read is done all the same.
    state_of_failed = DocumentState.DONE if stage is Stage.MATH else DocumentState.FAILED
    wanted = {
        key: state for key, state in states.items() if key in ended and (config.redo_stale or state is state_of_failed)
    }
    retried: dict[str, Marker] = {}
    stale: dict[str, Marker] = {}
    if config.retry or config.redo_stale:
        markers = _read_markers(client, config, wanted)
        retried = {key: marker for key, marker in markers.items() if is_to_be_retried(marker, config)}
        if config.redo_stale:
            expected = _expected(inputs, config, documents)
            stale = {key: marker for key, marker in markers.items() if stale_reason(marker, expected[key])}
    again = retried | stale
    finished = {key: state for key, state in ended.items() if key not in again}
    pending = unfinished(documents, finished)
    attempts = [
        _attempt(
            document, again.get(key_of(document.uri)), config.max_attempts, (interruptions or {}).get(document.uri, 0)
        )
        for document in in_order(pending)
        if can_be_marked(config.results_uri, key_of(document.uri))
    ]
    return Selection(attempts, finished, len(pending), len(retried), len(stale))


def is_to_be_retried(marker: Marker, config: RunConfig) -> bool:
    """Whether a request to retry is for this failure, and did not lead to it: so it ends, however often it is made."""
    return (
        marker.state is DocumentState.FAILED
        and marker.failure_class in config.retry
        and marker.retry != config.retry_name
    )


def _attempt(document: Document, marker: Marker | None, attempts: int, interruptions: int) -> Attempt:
    before = marker.attempts if marker else 0
    number = before + min(interruptions, MOST_INTERRUPTIONS) + 1
    is_suspect = interruptions >= MOST_INTERRUPTIONS
    return Attempt(
        document,
        number=number,
        last=number if is_suspect else max(number, before + attempts),
        tried=interruptions > 0 or (marker is not None and marker.state is DocumentState.FAILED),
        interruptions=interruptions,
        own_worker=is_suspect,
        alone=Alone.ON_MACHINE if is_suspect else Alone.NO,
        whole_time=marker is not None and marker.failure_class == FailureClass.TIMEOUT.value,
    )


def _read_markers(client: S3Client, config: RunConfig, states: Mapping[str, DocumentState]) -> dict[str, Marker]:
    """Return the stage's own markers by key; one that cannot be understood asks for nothing."""
    results, stage = config.results_uri, config.stage

    def read(key: str) -> Marker | RecordError | None:
        return read_marker_of_stage(client, results, key, states[key], stage)

    markers = {}
    with ThreadPoolExecutor(READERS) as readers:
        for key, found in zip(states, readers.map(read, states), strict=True):
            if isinstance(found, Marker):
                markers[key] = found
            elif found is not None:
                _LOG.warning("%s The document stays %s.", found, states[key].value)
    return markers


def _expected(inputs: S3Client, config: RunConfig, documents: Sequence[Document]) -> dict[str, Expected]:
    kind = kind_of(config.pipeline)
    digest, revision = kind.options_hash(config.pipeline_options), kind.revision(config.pipeline_options)
    etags = _etags(inputs, [S3Uri.parse(document.uri) for document in documents])
    return {
        key_of(document.uri): Expected(etags.get(S3Uri.parse(document.uri)), config.pipeline, digest, revision)
        for document in documents
    }


def _etags(inputs: S3Client, uris: Sequence[S3Uri]) -> dict[S3Uri, str]:
    wanted = {uri for uri in uris if uri.can_exist}
    found = {}
    for bucket in {uri.bucket for uri in wanted}:
        prefix = commonprefix([uri.key for uri in wanted if uri.bucket == bucket])  # noqa: RUF071 - S3's prefixes are such
        for item in list_objects(inputs, S3Uri(bucket, prefix)):
            if item.uri in wanted:
                found[item.uri] = item.etag
    return found
