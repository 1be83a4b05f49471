# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking pieces from a queue, one at a time, and ending them: each call is one step, and blocks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..._aws.errors import AwsError
from ..._errors import FarmError, NotYetError
from ..._queue.decision import HELD_SECONDS, Drop, Known, Wait, decide, growing
from ..._queue.message import PieceMessage
from ..._queue.sqs import HeldLongest, NotInFlight, Queue, Received
from ..._records.codec import UnreadableRecordError
from ..._records.document import Document
from ..._records.lease import Owner
from ..._records.manifest import manifest_etag, read_manifest
from ..._records.names import piece_in_work_uri, piece_lease_uri, queue_record_uri
from ..._records.queue_record import QueueRecord
from ..._s3.errors import S3Error
from ..._s3.objects import read_bytes_if_exists
from ..._s3.uri import S3Uri
from ..config import RunConfig
from ..watch.lease import Lease, is_held
from .in_work import WorkRecord
from .piece import PieceLost
from .queued_piece import QueuedPiece
from .selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOG = logging.getLogger(__name__)
# A message is kept from others for so long, and for as long again each time that its piece goes on.
VISIBILITY_SECONDS = 300
# A message whose piece could not be looked at comes again after that.
_FAILED_SECONDS = 30

Select = Callable[[Sequence[Document], Mapping[str, int]], Selection]
MakeLease = Callable[[S3Uri], Lease]


@dataclass(frozen=True)
class Take:
    """What came of asking the queue.

    Attributes:
        received: whether a message waited.
        piece: what is to be worked on of it; ``None`` for nothing.
    """

    received: bool
    piece: QueuedPiece | None = None


class PieceTaker:
    """One supervisor's hand in a queue.

    Args:
        client: of the S3 that has manifests and results.
        config: the supervisor's.
        owner: the supervisor, as it owns its number.
        queue: has the pieces.
        select: returns what has become of documents, and what is still to be done of them; see :func:`select`.
        make_lease: returns the lease of the owner with this address.
    """

    def __init__(
        self,
        client: S3Client,
        config: RunConfig,
        owner: Owner,
        queue: Queue,
        select: Select,
        make_lease: MakeLease | None = None,
    ) -> None:
        self._client = client
        self._results = config.results_uri
        self._manifests = S3Uri.parse(config.manifests)
        self._stage = config.stage
        self._redoes = bool(config.retry) or config.redo_stale
        self._owner = owner
        self._queue = queue
        self._select = select
        self._make_lease = make_lease or (lambda uri: Lease(client, uri, owner))

    def take(self, in_hand: Collection[QueuedPiece], wait_seconds: int) -> Take:
        """Ask the queue for a message, and take its piece where it is to be worked on.

        Args:
            in_hand: what was taken before and not ended.
            wait_seconds: for a message to come, above 0.

        Raises:
            TooManyInFlight: the queue gives out no more now.
            AwsError: it could not be asked.
            S3Error: S3 could not be; the message comes again soon.
        """
        received = self._queue.receive(wait_seconds, VISIBILITY_SECONDS)
        if received is None:
            return Take(received=False)
        try:
            return Take(received=True, piece=self._look_at(received, in_hand))
        except S3Error:
            self._put_off(received.receipt, growing(_FAILED_SECONDS, received.times))
            raise
        except (FarmError, PieceLost) as error:
            # Whoever gets it next may know better; after so many times nobody does, and the queue sets it aside.
            _LOG.warning("a message of the queue is left for later: %s", error)
            self._put_off(received.receipt, HELD_SECONDS)
            return Take(received=True)

    def extend(self, piece: QueuedPiece) -> None:
        """Keep the piece's message from others; a failure only shows in the log, as the lease keeps the piece."""
        if piece.is_at_limit:
            return
        try:
            self._queue.extend(piece.receipt, VISIBILITY_SECONDS)
        except HeldLongest:
            piece.is_at_limit = True
            _LOG.info("piece %d is kept by its lease alone from now on: it was 12 hours in work", piece.shard)
        except AwsError as error:
            _LOG.warning("%s", error)

    def is_void(self, piece: QueuedPiece) -> bool:
        """Whether the documents were cut anew since the piece was taken; a failure only shows in the log.

        Its documents are others' by now, whose leases are those of other pieces.
        """
        try:
            return manifest_etag(self._client, self._manifests, piece.shard) != piece.etag
        except NotYetError:
            return True
        except S3Error as error:
            _LOG.warning("%s", error)
            return False

    def finish(self, piece: QueuedPiece) -> None:
        """Have a piece gone from the queue whose documents all have their outcome; a failure only shows in the log."""
        piece.returned = True
        if piece.is_asked_of_others:
            # As of a supervisor that is about to be told: what was asked for would be lost with the message.
            _LOG.info("piece %d is left to those who are to process documents of it again", piece.shard)
            self._put_off(piece.receipt, HELD_SECONDS)
        else:
            self._delete(piece.receipt, f"piece {piece.shard} is finished")
        piece.lease.release()

    def give_back(self, piece: QueuedPiece) -> None:
        """Have others get the piece at once; a failure only shows in the log, and then they wait for some minutes."""
        piece.returned = True
        piece.lease.release()
        self._put_off(piece.receipt, 0)

    def _look_at(self, received: Received, in_hand: Collection[QueuedPiece]) -> QueuedPiece | None:
        message = PieceMessage.from_json(received.body, self._queue.url)
        if message.stage is not self._stage:
            raise FarmError(f"It is of stage {message.stage}, and this supervisor's is {self._stage}.")
        own = next((piece for piece in in_hand if piece.shard == message.piece), None)
        if own is not None and own.message == received.id and not own.lost:
            # Its time was over, and it came again: this receipt counts now.
            own.receipt = received.receipt
            own.is_at_limit = False
            return None
        decision = decide(message, self._known(message, is_own=own is not None), received.times)
        if isinstance(decision, Drop):
            self._delete(received.receipt, f"piece {message.piece} is void: {decision.reason}")
            return None
        if isinstance(decision, Wait):
            _LOG.info("piece %d has to wait: %s", message.piece, decision.reason)
            self._put_off(received.receipt, decision.seconds)
            return None
        return self._take(received, message)

    def _known(self, message: PieceMessage, *, is_own: bool) -> Known:
        try:
            etag = manifest_etag(self._client, self._manifests, message.piece)
        except NotYetError:
            etag = None
        lease = piece_lease_uri(self._results, message.piece, self._stage)
        held = is_own or is_held(self._client, lease, self._owner.token)
        return Known(self._generation(), etag, held)

    def _generation(self) -> int:
        uri = queue_record_uri(self._results, self._stage)
        body = read_bytes_if_exists(self._client, uri)
        try:
            return QueueRecord.from_json(body, str(uri)).generation if body is not None else 0
        except UnreadableRecordError as error:
            _LOG.warning("%s", error)
            return 0

    def _take(self, received: Received, message: PieceMessage) -> QueuedPiece | None:
        lease = self._make_lease(piece_lease_uri(self._results, message.piece, self._stage))
        lease.take()
        try:
            return self._open(received, message, lease)
        except (FarmError, PieceLost):
            lease.release()
            raise

    def _open(self, received: Received, message: PieceMessage, lease: Lease) -> QueuedPiece | None:
        uri = piece_in_work_uri(self._results, message.piece, self._stage)

        def require_piece() -> None:
            piece.require()

        record = WorkRecord(self._client, uri, require_piece)
        piece = QueuedPiece(
            message.piece,
            lease,
            received.id,
            received.receipt,
            message.etag,
            is_asked_of_others=bool(message.redo) and not self._redoes,
            record=record,
        )
        documents = read_manifest(self._client, self._manifests, message.piece)
        interruptions = record.open()
        selection = self._select(documents, interruptions)
        # That may have taken long.
        piece.require()
        if not selection.attempts:
            if selection.pending:
                _LOG.error("piece %d: %d documents can have no marker, see below", message.piece, selection.pending)
            record.close_now()
            self.finish(piece)
            return None
        piece.attempts = [replace(attempt, piece=piece) for attempt in selection.attempts]
        piece.open = len(piece.attempts)
        piece.suspects = sum(attempt.is_suspect for attempt in piece.attempts)
        _LOG.info("piece %d: %d documents, %d to be done", message.piece, len(documents), selection.pending)
        return piece

    def _delete(self, receipt: str, reason: str) -> None:
        try:
            self._queue.delete(receipt)
            _LOG.info("%s", reason)
        except AwsError as error:
            _LOG.warning("%s, and its message comes again: %s", reason, error)

    def _put_off(self, receipt: str, seconds: int) -> None:
        try:
            self._queue.extend(receipt, seconds)
        except NotInFlight:
            # It waits already, or is gone.
            return
        except AwsError as error:
            _LOG.warning("others get a message in %d s: %s", VISIBILITY_SECONDS, error)
