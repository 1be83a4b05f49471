# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting into a queue what is not finished, and not in it already."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .._errors import FarmError, NotYetError
from .._records.codec import UnreadableRecordError
from .._records.names import SUMMARY_NAME, manifest_uri, manifests_prefix, queue_record_uri
from .._records.queue_record import QueueRecord
from .._records.stage import Stage
from .._records.summary import Summary
from .._s3.objects import if_exists, list_objects, put_if_unchanged, read_version
from .._s3.uri import S3Uri
from .dead_letters import read_dead_letters
from .message import PieceMessage
from .sqs import Depth, Queue
from .waiting import waiting_pieces

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# Sent between two writes of the record: each shows others that this goes on.
_CHUNK = 1000
# Whoever has written nothing for so long while sending is taken for dead.
_SILENT_SECONDS = 60.0
_LOOK_SECONDS = 2.0
# SQS counts late. Of a queue that seems to be empty the second look decides.
_COUNT_SECONDS = 20.0
_LOST = "it is empty, and pieces that were in it are not finished"


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        stage: whose cut it is.
        manifests: prefix of the cut.
        results: prefix of the results.
        again: fill the queue from the beginning.
        redo: what tells a request to process finished documents again, with which all pieces are sent once; empty for
            none.
    """

    stage: Stage
    manifests: S3Uri
    results: S3Uri
    again: bool = False
    redo: str = ""


@dataclass(frozen=True)
class Enqueued:
    """What came of it.

    Attributes:
        before: what the record said.
        after: what it says now, or would.
        pieces: of the cut, that have documents.
        finished: of these, the ones of which no document waits for the stage.
        sent: pieces that were put in now, or would be.
        reason: why the queue is filled from the beginning; empty where it is not.
        depth: of the queue, before.
        dead: messages that nobody could end.
        dead_pieces: the unfinished pieces among the first of them.
    """

    before: QueueRecord
    after: QueueRecord
    pieces: int
    finished: int
    sent: int
    reason: str
    depth: Depth
    dead: int
    dead_pieces: tuple[int, ...]


@dataclass(frozen=True)
class _Cut:
    etag: str
    # By piece; without documents there is none.
    etags: Mapping[int, str]
    waiting: frozenset[int]


class Enqueuing:
    """One run of it.

    Args:
        client: of the S3 that has manifests and results; see :func:`waiting_pieces`.
        queue: takes the pieces.
        request: what is asked for.
        sleep: pauses for so many seconds.
        now: seconds since the epoch.
    """

    def __init__(
        self,
        client: S3Client,
        queue: Queue,
        request: Request,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._queue = queue
        self._request = request
        self._uri = queue_record_uri(request.results, request.stage)
        self._sleep = sleep
        self._now = now

    def run(self, *, check_mode: bool) -> Enqueued:
        """Put in what is missing, or only tell it.

        Raises:
            NotYetError: there is no cut.
            FarmError: somebody else put pieces in at the same time, or a later version of the collection did.
            AwsError: the queue could not be asked.
            S3Error: S3 could not be read or written.
        """
        before, record_etag = self._read_record()
        cut = self._read_cut()
        depth = self._queue.depth()
        reason = self._reason(before, cut, depth)
        if reason == _LOST:
            # What was in work at the first look is finished, perhaps.
            cut = self._read_cut()
        record = QueueRecord(before.generation + 1, cut.etag, redo=self._request.redo) if reason else before
        wanted = cut.etags.keys() if self._is_redone(record) else cut.waiting
        missing = sorted(wanted - set(record.sent))
        dead = read_dead_letters(self._queue)
        after = before
        if missing:
            after = replace(record, sent=tuple(sorted({*record.sent, *missing})), sending=(), at=self._now())
            if not check_mode:
                self._send(record, record_etag, missing, cut)
        finished = len(cut.etags) - len(cut.waiting)
        reason = reason if missing else ""
        return Enqueued(
            before,
            after,
            pieces=len(cut.etags),
            finished=finished,
            sent=len(missing),
            reason=reason,
            depth=depth,
            dead=dead.messages,
            dead_pieces=tuple(sorted(cut.waiting & dead.pieces)),
        )

    def _reason(self, record: QueueRecord, cut: _Cut, depth: Depth) -> str:
        """Return why the queue is to be filled from the beginning, empty where it is not."""
        redo = self._request.redo
        if record.cut != cut.etag:
            return "the documents were cut anew" if record.cut else "it was never filled"
        if self._request.again:
            return "it was asked for"
        if redo and redo != record.redo:
            return f"finished documents are to be processed again: {redo}"
        if cut.waiting.intersection(record.sent) and depth.is_empty and self._is_empty():
            return _LOST
        return ""

    def _is_redone(self, record: QueueRecord) -> bool:
        """Whether all pieces are sent; also where an earlier run of the same request was cut off between."""
        return bool(self._request.redo) and record.redo == self._request.redo

    def _is_empty(self) -> bool:
        self._sleep(_COUNT_SECONDS)
        return self._queue.depth().is_empty and not self._queue.has_waiting()

    def _read_cut(self) -> _Cut:
        request = self._request
        where = request.manifests.join(SUMMARY_NAME)
        version = if_exists(lambda: read_version(self._client, where))
        if version is None:
            raise NotYetError(f"There is no summary at {where}: cut the pieces first (shard_manifest).")
        summary = Summary.from_json(version.body, str(where))
        listed = {item.uri: item.etag for item in list_objects(self._client, manifests_prefix(request.manifests))}
        etags = {}
        for each in summary.shards:
            uri = manifest_uri(request.manifests, each.shard)
            if each.documents:
                if uri not in listed:
                    raise NotYetError(f"Piece {each.shard} has no manifest at {uri}: cut the pieces first.")
                etags[each.shard] = listed[uri]
        waiting = waiting_pieces(self._client, request.manifests, request.results, summary, request.stage)
        return _Cut(version.etag, etags, frozenset(waiting))

    def _read_record(self) -> tuple[QueueRecord, str | None]:
        """Return the record and its etag, once nobody else is sending."""
        seen: str | None = None
        while True:
            version = if_exists(lambda: read_version(self._client, self._uri))
            if version is None:
                return QueueRecord(), None
            try:
                record = QueueRecord.from_json(version.body, str(self._uri))
            except UnreadableRecordError as error:
                _LOG.warning("%s", error)
                return QueueRecord(), version.etag
            if not record.sending or version.age >= _SILENT_SECONDS:
                return record, version.etag
            if version.etag != seen:
                _LOG.info("waiting: somebody else puts pieces into the queue")
            seen = version.etag
            self._sleep(min(_LOOK_SECONDS, _SILENT_SECONDS - version.age))

    def _send(self, record: QueueRecord, etag: str | None, missing: list[int], cut: _Cut) -> None:
        """Say what is sent, then send it: what is cut off between is sent once more, and never less."""
        redo = record.redo if self._is_redone(record) else ""
        for start in range(0, len(missing), _CHUNK):
            chunk = missing[start : start + _CHUNK]
            etag = self._write(replace(record, sending=tuple(chunk), at=self._now()), etag)
            messages = (
                PieceMessage(self._request.stage, piece, cut.etags[piece], record.generation, redo) for piece in chunk
            )
            self._queue.send([message.to_json() for message in messages])
            record = replace(record, sent=tuple(sorted({*record.sent, *chunk})))
        self._write(replace(record, sending=(), at=self._now()), etag)

    def _write(self, record: QueueRecord, etag: str | None) -> str:
        body = record.to_json()
        written = put_if_unchanged(self._client, self._uri, body, etag)
        if written is not None:
            return written
        version = if_exists(lambda: read_version(self._client, self._uri))
        # Its own: the reply to the write was lost, and the client wrote again.
        if version is not None and version.body == body:
            return version.etag
        raise FarmError(
            f"Somebody else puts pieces into the queue {self._queue.url} at the same time (by {self._uri}): run this "
            "again when that has ended."
        )
