# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm in memory for the protocol of its queue: S3, SQS and a clock, and nodes that can vanish at every request."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import to_csv
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    manifest_uri,
    marker_uri,
    piece_lease_uri,
    queue_record_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.queue_record import QueueRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Transfer
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.piece import PieceLost
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.queued_piece import QueuedPiece
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import select
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.taking import PieceTaker
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from benchmarks.farm.simulated import MemoryS3
from tests.support.config import a_config

_Result = TypeVar("_Result")
BUCKET = S3Uri("farm")
SHARDS, RESULTS = BUCKET.join("shards"), BUCKET.join("results")
QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/farm-text"
# After so many receives SQS sets a message aside; a model that never did would hide that pieces then are sent anew.
MOST_RECEIVES = 20


class Vanished(BaseException):
    """The node is gone in the middle of whatever it did."""


class Fuse:
    """Ends whoever uses it after so many requests."""

    def __init__(self) -> None:
        self.left: int | None = None

    def burn(self) -> None:
        """Count a request."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Vanished


class _Body(BytesIO):
    def iter_chunks(self, _size: int) -> list[bytes]:
        return [self.read()]


class ModelS3(MemoryS3):
    """The S3 of the model, with what a queue needs besides."""

    def __init__(self, clock: Callable[[], float], fuse: Fuse) -> None:
        super().__init__(clock)
        self._fuse = fuse

    def put_object(self, **options: Any) -> dict[str, str]:
        """Keep an object; the reply may be lost with the node."""
        self._fuse.burn()
        answer = super().put_object(**options)
        self._fuse.burn()
        return answer

    def get_object(self, **options: Any) -> dict[str, Any]:
        """Return an object."""
        self._fuse.burn()
        answer = super().get_object(**options)
        body = answer["Body"].getvalue()
        return answer | {"Body": _Body(body), "ContentLength": len(body)}

    def head_object(self, **options: Any) -> dict[str, Any]:
        """Return what is known of an object."""
        return {name: value for name, value in self.get_object(**options).items() if name != "Body"}

    def list_objects_v2(self, **options: Any) -> dict[str, Any]:
        """Return what lies directly below a prefix."""
        self._fuse.burn()
        (page,) = super().paginate(**options)
        prefix = options["Prefix"]
        direct = [item for item in page["Contents"] if "/" not in item["Key"].removeprefix(prefix)]
        below = {
            prefix + item["Key"].removeprefix(prefix).partition("/")[0] + "/"
            for item in page["Contents"]
            if "/" in item["Key"].removeprefix(prefix)
        }
        return {
            "IsTruncated": False,
            "Contents": direct,
            "CommonPrefixes": [{"Prefix": each} for each in sorted(below)],
        }

    def body(self, uri: S3Uri) -> bytes | None:
        """Return an object without counting a request."""
        found = self._objects.get(uri.key)
        return found[0] if found else None


@dataclass
class _Message:
    body: str
    visible_at: float
    receipt: str = ""
    receives: int = 0
    received_at: float = 0.0


@dataclass
class ModelSqs:
    """A standard queue: messages come again when their time is over, in any order, and now and then though it is not.

    Attributes:
        on_delete: called with the body of what is deleted.
        choose: returns which of so many that wait is given out.
    """

    clock: Callable[[], float]
    fuse: Fuse
    on_delete: Callable[[str], None]
    choose: Callable[[int], int] = lambda _count: 0
    messages: dict[str, _Message] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def send_message_batch(self, **options: Any) -> dict[str, Any]:
        """Take messages; the reply may be lost with who sends."""
        self.fuse.burn()
        for entry in options["Entries"]:
            self.messages[str(next(self._ids))] = _Message(entry["MessageBody"], self.clock())
        self.fuse.burn()
        return {}

    def receive_message(self, **options: Any) -> dict[str, Any]:
        """Give out one message."""
        self.fuse.burn()
        waiting = [name for name, each in self.messages.items() if each.visible_at <= self.clock()]
        for name in [name for name in waiting if self.messages[name].receives >= MOST_RECEIVES]:
            self.dead.append(self.messages.pop(name).body)
            waiting.remove(name)
        if not waiting:
            return {}
        name = waiting[self.choose(len(waiting)) % len(waiting)]
        message = self.messages[name]
        message.receives += 1
        message.receipt = f"{name}/{message.receives}"
        message.received_at = self.clock()
        message.visible_at = self.clock() + options["VisibilityTimeout"]
        answer = {
            "MessageId": name,
            "ReceiptHandle": message.receipt,
            "Body": message.body,
            "Attributes": {"ApproximateReceiveCount": str(message.receives)},
        }
        self.fuse.burn()
        return {"Messages": [answer]}

    def change_message_visibility(self, **options: Any) -> None:
        """Keep a message from others, for 12 hours at most."""
        self.fuse.burn()
        message = self._held(options["ReceiptHandle"])
        visible_at = self.clock() + options["VisibilityTimeout"]
        if visible_at > message.received_at + 12 * 3600:
            raise _error("InvalidParameterValue", "Total VisibilityTimeout is beyond the limit [43200 seconds]")
        message.visible_at = visible_at

    def delete_message(self, **options: Any) -> None:
        """Delete a message; by a receipt that is not its last one nothing goes, and nothing is told."""
        self.fuse.burn()
        name = options["ReceiptHandle"].partition("/")[0]
        message = self.messages.get(name)
        if message is not None and message.receipt == options["ReceiptHandle"]:
            self.on_delete(self.messages.pop(name).body)
        self.fuse.burn()

    def get_queue_attributes(self, **options: Any) -> dict[str, Any]:
        """Return how many messages there are."""
        self.fuse.burn()
        if "RedrivePolicy" in options["AttributeNames"]:
            return {}
        in_flight = sum(each.visible_at > self.clock() for each in self.messages.values())
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(len(self.messages) - in_flight),
                "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            }
        }

    def _held(self, receipt: str) -> _Message:
        message = self.messages.get(receipt.partition("/")[0])
        if message is None or message.receipt != receipt or message.visible_at <= self.clock():
            raise _error("AWS.SimpleQueueService.MessageNotInflight", "")
        return message


class _Directly:
    """Runs a transfer where it is asked for, once."""

    async def run(self, work: Callable[[], _Result], _kind: Transfer) -> _Result:
        return work()


class Farm:
    """The farm, its cut, and what must never happen.

    Args:
        documents: how many there are.
        killers: the numbers of those that take their node down.
    """

    def __init__(self, documents: int, killers: frozenset[int] = frozenset()) -> None:
        self.now = 0.0
        self.fuse = Fuse()
        self.s3: Any = ModelS3(self.clock, self.fuse)
        self.sqs = ModelSqs(self.clock, self.fuse, self._deleted)
        self.queue = Queue(self.sqs, QUEUE_URL)
        self.documents = [Document(f"s3://raw/{number}.pdf", 1, 1) for number in range(documents)]
        self.killers = {self.documents[number].uri for number in killers}
        self.pieces: dict[int, list[Document]] = {}
        # Who has written a marker.
        self.writes: list[tuple[str, str]] = []

    def clock(self) -> float:
        """Return the seconds since the beginning."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Have time go on."""
        self.now += seconds

    def cut(self, documents_in_piece: int, *, backwards: bool) -> None:
        """Cut all documents anew."""
        documents = self.documents[::-1] if backwards else self.documents
        starts = range(0, len(documents), documents_in_piece)
        pieces = {number: documents[start : start + documents_in_piece] for number, start in enumerate(starts, start=1)}
        for number in self.pieces.keys() | pieces.keys():
            self._put(manifest_uri(SHARDS, number), to_csv(pieces.get(number, [])))
        summary = Summary(tuple(ShardSummary(number, documents=len(each)) for number, each in pieces.items()))
        self._put(SHARDS.join(SUMMARY_NAME), summary.to_json([]))
        self.pieces = pieces

    def is_marked(self, document: Document) -> bool:
        """Whether a document has its outcome."""
        key = key_of(document.uri)
        return any(
            self.s3.body(marker_uri(RESULTS, key, state)) is not None
            for state in (DocumentState.DONE, DocumentState.FAILED)
        )

    @property
    def is_finished(self) -> bool:
        """Whether every document has its outcome."""
        return all(map(self.is_marked, self.documents))

    def owner_of(self, piece: int) -> str:
        """Return whose lease a piece has."""
        body = self.s3.body(piece_lease_uri(RESULTS, piece))
        return Owner.from_json(body, "the lease").token if body else ""

    def require_valid(self, piece: QueuedPiece) -> None:
        """Check that a piece that a node begins is one, by a message that nobody has made void."""
        generation, etag = self._valid(piece.shard)
        message = json.loads(self.sqs.messages[piece.message].body)
        assert (message["generation"], message["etag"]) == (generation, etag), "a node works on what is void"

    def is_queued(self, piece: int) -> bool:
        """Whether a message of the piece, which nobody has made void, is in the queue."""
        bodies = (json.loads(message.body) for message in self.sqs.messages.values())
        valid = (piece, *self._valid(piece))
        return any((body["piece"], body["generation"], body["etag"]) == valid for body in bodies)

    def mark(self, document: Document, state: DocumentState, piece: QueuedPiece, token: str) -> None:
        """Write a document's marker, as a node does that has just been told that the piece is its own."""
        assert self.owner_of(piece.shard) == token, "a node has written what is another's"
        self._put(marker_uri(RESULTS, key_of(document.uri), state), b"{}")
        self.writes.append((document.uri, token))

    def _put(self, uri: S3Uri, body: bytes) -> None:
        left, self.fuse.left = self.fuse.left, None
        self.s3.put_object(Bucket=uri.bucket, Key=uri.key, Body=body)
        self.fuse.left = left

    def _deleted(self, body: str) -> None:
        """Check that no unfinished piece has lost its message, unless that is void."""
        message = json.loads(body)
        generation, etag = self._valid(message["piece"])
        is_void = message["generation"] < generation or message["etag"] != etag
        assert is_void or all(map(self.is_marked, self.pieces[message["piece"]])), "a message is gone too early"

    def _valid(self, piece: int) -> tuple[int, str]:
        """Return the generation and the etag of the messages of a piece that are not void."""
        record = self.s3.body(queue_record_uri(RESULTS, Stage.TEXT))
        generation = QueueRecord.from_json(record, "the record").generation if record else 0
        return generation, self.s3._objects[manifest_uri(SHARDS, piece).key][1]


class Node:
    """A node of the farm; what it has in hand goes when it vanishes.

    Args:
        farm: which.
        number: of its supervisor.
        settings: of it, where they are not the usual ones.
    """

    def __init__(self, farm: Farm, number: int, **settings: Any) -> None:
        self._farm = farm
        self.token = f"token-{number}"
        self.hand: list[QueuedPiece] = []
        config = a_config(manifests=str(SHARDS), results=str(RESULTS), pipeline="pdftext", max_attempts=1, **settings)
        owner = Owner(self.token, f"node-{number}")
        self._taker = PieceTaker(
            farm.s3,
            config,
            owner,
            farm.queue,
            lambda documents, interruptions: select(farm.s3, farm.s3, config, documents, interruptions),
            lambda uri: Lease(farm.s3, uri, owner, clock=farm.clock, sleep=farm.sleep),
        )

    def do(self, step: Callable[[], None]) -> None:
        """Do a step, in which it may vanish; then it starts again with nothing."""
        try:
            step()
        except Vanished:
            self.hand = []
        self._farm.fuse.left = None

    def take(self) -> None:
        """Ask the queue for a piece."""
        asked_at = self._farm.now
        taken = self._taker.take(self.hand, 1)
        assert self._farm.now == asked_at, "a node waits for what another has, and could take something else meanwhile"
        if taken.piece is not None:
            self._farm.require_valid(taken.piece)
            self.hand.append(taken.piece)

    def work(self) -> None:
        """Begin the next document of what was taken first, and end it."""
        piece = next((piece for piece in self.hand if piece.attempts), None)
        if piece is None:
            return
        # As the schedule has it: what may be a killer comes last.
        attempt = min(piece.attempts, key=lambda attempt: attempt.is_suspect)
        piece.attempts.remove(attempt)
        with contextlib.suppress(PieceLost):
            self._process(piece, attempt)
        piece.settle(attempt)

    def _process(self, piece: QueuedPiece, attempt: Attempt) -> None:
        uri = attempt.document.uri
        state = DocumentState.FAILED
        if attempt.conviction is None:
            _run(piece.record.begin(_Directly(), uri, careful=True))  # type: ignore[arg-type]
            if uri in self._farm.killers:
                raise Vanished
            piece.record.end(uri)
            state = DocumentState.DONE
        piece.require()
        self._farm.mark(attempt.document, state, piece, self.token)
        piece.record.settle(uri)

    def heartbeat(self) -> None:
        """Keep what it has."""
        for piece in self.hand:
            try:
                piece.lease.renew()
            except ShardTaken:
                piece.lost = True
            self._taker.extend(piece)
            if self._taker.is_void(piece):
                piece.lost = True

    def put_down(self) -> None:
        """End what is done, and forget what was lost."""
        for piece in list(self.hand):
            if piece.lost:
                self.hand.remove(piece)
                piece.lease.release()
            elif not piece.open:
                self.hand.remove(piece)
                self._close(piece, self._taker.finish)

    def stop(self) -> None:
        """Give everything back, as at SIGTERM."""
        while self.hand:
            piece = self.hand.pop()
            if not piece.lost:
                self._close(piece, self._taker.give_back if piece.open else self._taker.finish)

    def _close(self, piece: QueuedPiece, end: Callable[[QueuedPiece], None]) -> None:
        try:
            _run(piece.record.close(_Directly()))  # type: ignore[arg-type]
        except PieceLost:
            return
        end(piece)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing."""
    asyncio.run(work)


def _error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "a request")
