# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._queue import enqueue as module
from ansible_collections.glossapi.farm.plugins.module_utils._queue.enqueue import Enqueued, Enqueuing, Request
from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Depth, Queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import queue_record_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.queue_record import QueueRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.emulated_account import Account
from tests.support.queues import cut_farm, make_queue, mark_as

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PIECES = {1: ["a.pdf", "b.pdf"], 2: ["c.pdf"], 3: ["d.pdf"], 4: []}


@pytest.fixture
def queue(empty_account: Account) -> Queue:
    return make_queue(empty_account.connection)


@pytest.fixture
def request_(client: S3Client, bucket: S3Uri) -> Request:
    cut_farm(client, bucket, PIECES)
    return Request(Stage.TEXT, bucket.join("shards"), bucket.join("results"))


def enqueue(client: S3Client, queue: Queue, request: Request, *, check_mode: bool = False) -> Enqueued:
    return Enqueuing(client, queue, request, sleep=lambda _seconds: None, now=lambda: 5.0).run(check_mode=check_mode)


def record(client: S3Client, bucket: S3Uri) -> QueueRecord:
    uri = queue_record_uri(bucket.join("results"), Stage.TEXT)
    return QueueRecord.from_json(read_bytes(client, uri), str(uri))


def leave(client: S3Client, bucket: S3Uri, left: QueueRecord) -> None:
    put_bytes(client, queue_record_uri(bucket.join("results"), Stage.TEXT), left.to_json(), "application/json")


class Failing:
    """A queue that takes so many batches of messages, and then no more."""

    def __init__(self, queue: Queue, after: int) -> None:
        self._send = queue.send
        self._left = after

    def send(self, bodies: Sequence[str]) -> None:
        if self._left == 0:
            raise AwsError("SQS is away", "ServiceUnavailable")
        self._left -= 1
        self._send(bodies)


def messages(queue: Queue) -> list[PieceMessage]:
    """Take all that wait; sorted."""

    def received() -> Iterator[PieceMessage]:
        while found := queue.receive(0, 300):
            queue.delete(found.receipt)
            yield PieceMessage.from_json(found.body, queue.url)

    return sorted(received(), key=lambda message: (message.generation, message.piece))


def test_what_is_not_finished_is_sent_once(client: S3Client, bucket: S3Uri, queue: Queue, request_: Request) -> None:
    mark_as(client, bucket, "c.pdf", DocumentState.FAILED)
    found = enqueue(client, queue, request_)
    assert (found.pieces, found.finished, found.sent, found.reason) == (3, 1, 2, "it was never filled")
    again = enqueue(client, queue, request_)
    assert (again.sent, again.reason, again.depth.visible, again.before) == (0, "", 2, again.after)
    said = messages(queue)
    assert [(each.stage, each.piece, each.generation) for each in said] == [(Stage.TEXT, 1, 1), (Stage.TEXT, 3, 1)]
    assert len({each.etag for each in said}) == 2
    assert record(client, bucket) == found.after


def test_check_mode_only_tells(client: S3Client, queue: Queue, request_: Request) -> None:
    found = enqueue(client, queue, request_, check_mode=True)
    assert (found.sent, found.before, found.after.sent) == (3, QueueRecord(), (1, 2, 3))
    assert queue.depth().is_empty
    assert enqueue(client, queue, request_).sent == 3


def test_a_piece_that_waits_again_is_sent_beside_the_others(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    mark_as(client, bucket, "c.pdf", DocumentState.DONE)
    enqueue(client, queue, request_)
    leave(client, bucket, replace(record(client, bucket), sent=(1,)))
    found = enqueue(client, queue, request_)
    assert (found.sent, found.reason, found.after.generation, found.after.sent) == (1, "", 1, (1, 3))


def test_a_purged_queue_is_filled_again_with_what_is_not_finished(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    enqueue(client, queue, request_)
    assert len(messages(queue)) == 3
    mark_as(client, bucket, "c.pdf", DocumentState.DONE)
    found = enqueue(client, queue, request_)
    assert (found.sent, found.after.generation, found.reason) == (
        2,
        2,
        "it is empty, and pieces that were in it are not finished",
    )
    assert [(each.piece, each.generation) for each in messages(queue)] == [(1, 2), (3, 2)]


def test_what_is_finished_during_the_second_look_was_not_lost(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    enqueue(client, queue, request_)
    messages(queue)

    def finish(_seconds: float) -> None:
        for key in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
            mark_as(client, bucket, key, DocumentState.DONE)

    found = Enqueuing(client, queue, request_, sleep=finish).run(check_mode=False)
    assert (found.sent, found.finished, found.after.generation) == (0, 3, 1)


def test_a_message_in_work_is_not_lost(client: S3Client, bucket: S3Uri, queue: Queue, request_: Request) -> None:
    for key in ("c.pdf", "d.pdf"):
        mark_as(client, bucket, key, DocumentState.DONE)
    enqueue(client, queue, request_)
    assert queue.receive(0, 300) is not None
    found = enqueue(client, queue, request_)
    assert (found.sent, found.depth.in_flight) == (0, 1)


def test_another_cut_makes_older_messages_void(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    enqueue(client, queue, request_)
    cut_farm(client, bucket, {1: ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]})
    found = enqueue(client, queue, request_)
    assert (found.sent, found.reason, found.after.sent) == (1, "the documents were cut anew", (1,))
    assert [(each.piece, each.generation) for each in messages(queue)] == [(1, 1), (2, 1), (3, 1), (1, 2)]


def test_it_is_filled_from_the_beginning_where_that_is_asked_for(
    client: S3Client, queue: Queue, request_: Request
) -> None:
    enqueue(client, queue, request_)
    found = enqueue(client, queue, replace(request_, again=True))
    assert (found.sent, found.reason, found.after.generation) == (3, "it was asked for", 2)


def test_a_request_to_process_finished_documents_again_sends_all_pieces_once(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    for key in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        mark_as(client, bucket, key, DocumentState.FAILED)
    assert enqueue(client, queue, request_).sent == 0
    asked = replace(request_, redo="timeout x3")
    assert enqueue(client, queue, asked).sent == 3
    # Who was not asked must be able to tell.
    assert {message.redo for message in messages(queue)} == {"timeout x3"}
    assert enqueue(client, queue, asked).sent == 0
    assert enqueue(client, queue, request_).sent == 0
    assert enqueue(client, queue, replace(request_, redo="crash x1")).sent == 3


def test_a_request_to_process_finished_documents_again_that_was_cut_off_goes_on(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        mark_as(client, bucket, key, DocumentState.FAILED)
    monkeypatch.setattr(module, "_CHUNK", 1)
    asked = replace(request_, redo="timeout x3")
    with monkeypatch.context() as outage:
        outage.setattr(Queue, "send", Failing(queue, after=1).send)
        with pytest.raises(AwsError):
            enqueue(client, queue, asked)
    assert [message.piece for message in messages(queue)] == [1]
    # It is not known whether the second one was sent.
    monkeypatch.setattr(module, "_SILENT_SECONDS", 0)
    assert enqueue(client, queue, asked).sent == 2
    assert [message.piece for message in messages(queue)] == [2, 3]


def test_a_piece_that_waits_by_itself_later_is_asked_of_anybody(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    enqueue(client, queue, replace(request_, redo="timeout x3"))
    # As if it had been finished at that time, and waited since.
    leave(client, bucket, replace(record(client, bucket), sent=(1, 2)))
    assert enqueue(client, queue, request_).sent == 1
    assert [message.redo for message in messages(queue) if message.piece == 3] == ["timeout x3", ""]


def test_what_a_vanished_one_may_have_sent_is_sent_again(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(_queue: Queue, _bodies: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_CHUNK", 2)
    with monkeypatch.context() as patched:
        patched.setattr(Queue, "send", vanish)
        with pytest.raises(KeyboardInterrupt):
            enqueue(client, queue, request_)
    assert record(client, bucket).sending == (1, 2)
    monkeypatch.setattr(module, "_SILENT_SECONDS", 0.0)
    found = enqueue(client, queue, request_)
    assert (found.sent, found.reason, found.after.generation) == (3, "", 1)
    assert [each.piece for each in messages(queue)] == [1, 2, 3]


def test_one_that_is_at_it_is_waited_for(client: S3Client, bucket: S3Uri, queue: Queue, request_: Request) -> None:
    enqueue(client, queue, request_)
    whole = record(client, bucket)
    leave(client, bucket, replace(whole, sending=(3,), sent=(1, 2)))
    paused: list[float] = []

    def end(seconds: float) -> None:
        paused.append(seconds)
        leave(client, bucket, whole)

    assert Enqueuing(client, queue, request_, sleep=end).run(check_mode=False).sent == 0
    assert len(paused) == 1


def test_of_two_at_the_same_time_one_sends(client: S3Client, queue: Queue, request_: Request) -> None:
    class Slow(Queue):
        def depth(self) -> Depth:
            enqueue(client, queue, request_)
            return super().depth()

    with pytest.raises(FarmError, match="Somebody else puts pieces into the queue"):
        enqueue(client, Slow(queue._client, queue.url), request_)
    assert [each.piece for each in messages(queue)] == [1, 2, 3]


def test_an_unfinished_piece_that_nobody_could_end_is_named(
    client: S3Client, bucket: S3Uri, empty_account: Account, request_: Request
) -> None:
    queue = make_queue(empty_account.connection, most_receives=1)
    enqueue(client, queue, request_)
    queue.send(["somebody else's"])
    for _ in range(4):
        found = queue.receive(0, 300)
        assert found is not None
        queue.extend(found.receipt, 0)
    assert queue.receive(0, 300) is None
    mark_as(client, bucket, "c.pdf", DocumentState.DONE)
    told = enqueue(client, queue, request_)
    assert (told.dead, told.dead_pieces) == (4, (1, 3))
    # It is tried again, as the queue beside it has it no longer.
    assert (told.sent, told.after.generation) == (2, 2)


def test_without_a_cut_nothing_is_sent(client: S3Client, bucket: S3Uri, queue: Queue) -> None:
    request = Request(Stage.OCR, bucket.join("ocr", "shards"), bucket.join("results"))
    with pytest.raises(NotYetError, match="cut the pieces first"):
        enqueue(client, queue, request)


def test_a_record_that_is_none_is_written_anew(
    client: S3Client, bucket: S3Uri, queue: Queue, request_: Request
) -> None:
    put_bytes(client, queue_record_uri(bucket.join("results"), Stage.TEXT), b"?", "application/json")
    assert enqueue(client, queue, request_).sent == 3
    assert record(client, bucket).sent == (1, 2, 3)
