# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._queue.enqueue import Enqueuing, Request
from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    manifest_uri,
    piece_in_work_uri,
    piece_lease_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.piece import PieceLost
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.taking import PieceTaker
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from tests.support.queue_model import RESULTS, SHARDS, Farm, Node


@pytest.fixture
def farm() -> Farm:
    """Two pieces, of two documents and of one, that are in the queue."""
    farm = Farm(3)
    farm.cut(2, backwards=False)
    enqueue(farm)
    return farm


def enqueue(farm: Farm, *, again: bool = False, redo: str = "") -> None:
    request = Request(Stage.TEXT, SHARDS, RESULTS, again, redo)
    Enqueuing(farm.s3, farm.queue, request, farm.sleep, farm.clock).run(check_mode=False)


def visible_in(farm: Farm) -> list[float]:
    """Return after how many seconds the messages wait, sorted."""
    return sorted(max(0.0, message.visible_at - farm.now) for message in farm.sqs.messages.values())


def taker(node: Node) -> PieceTaker:
    return node._taker


def in_work(farm: Farm, piece: int) -> InWork:
    return InWork.from_json(farm.s3.body(piece_in_work_uri(RESULTS, piece)), "what is in work")


def test_a_piece_is_taken_with_its_lease_and_its_documents(farm: Farm) -> None:
    node = Node(farm, 1)
    node.take()
    (piece,) = node.hand
    assert (piece.shard, piece.open, piece.suspects) == (1, 2, 0)
    assert [attempt.document for attempt in piece.attempts] == farm.pieces[1]
    assert {attempt.piece for attempt in piece.attempts} == {piece}
    assert farm.owner_of(1) == "token-1"
    assert in_work(farm, 1).open
    assert visible_in(farm) == [0, 300]


def test_an_empty_queue_gives_nothing(farm: Farm) -> None:
    farm.sqs.messages.clear()
    taken = taker(Node(farm, 1)).take((), 1)
    assert (taken.received, taken.piece) == (False, None)


def test_what_is_finished_is_deleted_and_its_lease_is_free(farm: Farm) -> None:
    node = Node(farm, 1)
    for step in (node.take, node.work, node.work, node.put_down):
        step()
    assert node.hand == []
    assert len(farm.sqs.messages) == 1
    assert not in_work(farm, 1).open
    assert Owner.from_json(farm.s3.body(piece_lease_uri(RESULTS, 1)), "the lease").released


def test_a_duplicate_of_a_finished_piece_is_deleted(farm: Farm) -> None:
    node = Node(farm, 1)
    body = next(iter(farm.sqs.messages.values())).body
    for step in (node.take, node.work, node.work, node.put_down):
        step()
    farm.sqs.messages.clear()
    farm.queue.send([body])
    node.take()
    assert node.hand == []
    assert farm.sqs.messages == {}


@pytest.mark.parametrize("how", ["enqueued anew", "cut anew"])
def test_a_void_message_is_deleted(farm: Farm, how: str) -> None:
    if how == "enqueued anew":
        old = dict(farm.sqs.messages)
        enqueue(farm, again=True)
        farm.sqs.messages = old
    else:
        farm.cut(1, backwards=True)
    node = Node(farm, 1)
    for _message in range(2):
        assert taker(node).take((), 1).received
    assert node.hand == []
    assert farm.sqs.messages == {}


def test_a_piece_that_another_has_comes_back_later(farm: Farm) -> None:
    one, two = Node(farm, 1), Node(farm, 2)
    one.take()
    for message in farm.sqs.messages.values():
        message.visible_at = farm.now
    taken = taker(two).take((), 1)
    assert (taken.received, taken.piece) == (True, None)
    # It was received twice.
    assert visible_in(farm) == [0, 360]


def test_a_piece_that_another_has_for_hours_is_not_set_aside_by_the_queue(farm: Farm) -> None:
    one, two = Node(farm, 1), Node(farm, 2)
    one.take()
    # Of the same piece there is another message, as after a request to fill the queue again.
    farm.sqs.messages = {"copy": replace(next(iter(farm.sqs.messages.values())), visible_at=farm.now, receives=0)}
    for _minute in range(8 * 60):
        one.heartbeat()
        two.take()
        farm.sleep(60)
    assert farm.sqs.dead == []
    assert two.hand == []


def test_its_own_message_that_comes_again_is_its_own_with_the_new_receipt(farm: Farm) -> None:
    node = Node(farm, 1)
    node.take()
    (piece,) = node.hand
    before = piece.receipt
    for message in farm.sqs.messages.values():
        message.visible_at = farm.now
    assert taker(node).take(node.hand, 1).piece is None
    assert piece.receipt != before
    # By the receipt that counts.
    for step in (node.work, node.work, node.put_down):
        step()
    assert len(farm.sqs.messages) == 1


def test_a_piece_that_was_lost_is_not_taken_while_something_of_it_is_in_work(farm: Farm) -> None:
    node = Node(farm, 1)
    node.take()
    node.hand[0].lost = True
    for message in farm.sqs.messages.values():
        message.visible_at = farm.now
    taken = taker(node).take(node.hand, 1)
    assert (taken.received, taken.piece) == (True, None)
    assert visible_in(farm)[-1] == 360


def test_a_node_that_slept_writes_nothing_of_its_piece(farm: Farm) -> None:
    one, two = Node(farm, 1), Node(farm, 2)
    one.take()
    farm.sleep(400)
    two.take()
    assert farm.owner_of(1) == "token-2"
    (piece,) = one.hand
    with pytest.raises(PieceLost):
        piece.require()
    one.work()
    assert farm.writes == []
    one.heartbeat()
    one.put_down()
    assert one.hand == []
    assert farm.owner_of(1) == "token-2"


def test_what_was_in_work_when_a_node_vanished_is_counted_by_the_next(farm: Farm) -> None:
    farm.killers = {farm.documents[0].uri}
    for number in range(3):
        node = Node(farm, number)
        node.do(node.take)
        piece = node.hand[0]
        attempt = next(each for each in piece.attempts if each.document == farm.documents[0])
        assert (attempt.interruptions, attempt.number, attempt.is_suspect) == (number, number + 1, number == 2)
        assert piece.suspects == (number == 2)
        if number:
            # It begins the other one before the suspect.
            node.do(node.work)
        node.do(node.work)
        farm.sleep(400)
    last = Node(farm, 3)
    last.take()
    assert last.hand[0].attempts[0].conviction is not None


def test_a_stop_gives_the_piece_to_others_at_once(farm: Farm) -> None:
    one, two = Node(farm, 1), Node(farm, 2)
    one.take()
    one.stop()
    assert visible_in(farm) == [0, 0]
    two.take()
    assert two.hand[0].shard == 1
    assert two.hand[0].attempts[0].interruptions == 0


def test_after_twelve_hours_the_lease_alone_keeps_the_piece(farm: Farm, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    node = Node(farm, 1)
    node.take()
    for _minute in range(12 * 60 + 10):
        farm.sleep(60)
        node.heartbeat()
    (piece,) = node.hand
    assert piece.is_at_limit
    assert sum("12 hours" in record.message for record in caplog.records) == 1
    assert farm.owner_of(1) == "token-1"
    # Somebody gets its message, and finds it held.
    other = Node(farm, 2)
    for _message in range(2):
        other.take()
    assert [each.shard for each in other.hand] == [2]
    # Once it has come to its own node, it is kept for another 12 hours.
    farm.sleep(400)
    node.heartbeat()
    node.take()
    assert not piece.is_at_limit
    node.heartbeat()
    assert visible_in(farm)[-1] == 300
    for step in (node.work, node.work, node.put_down):
        step()
    assert farm.is_marked(farm.documents[0])


@pytest.mark.parametrize(
    "body",
    [
        "somebody else's",
        json.dumps({"schema": 99}),
        PieceMessage(Stage.OCR, 1, "etag", 1).to_json(),
    ],
)
def test_what_is_no_piece_of_this_stage_is_left_to_others(farm: Farm, body: str) -> None:
    farm.sqs.messages.clear()
    farm.queue.send([body])
    taken = taker(Node(farm, 1)).take((), 1)
    assert (taken.received, taken.piece) == (True, None)
    assert visible_in(farm) == [180]


def test_a_message_whose_piece_could_not_be_looked_at_comes_again_soon(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_options: Any) -> None:
        raise S3Error("S3 is away", "InternalError")

    node = Node(farm, 1)
    monkeypatch.setattr(farm.s3, "head_object", away)
    with pytest.raises(S3Error):
        taker(node).take((), 1)
    assert visible_in(farm) == [0, 30]


def test_messages_outlive_an_outage_of_s3(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_options: Any) -> None:
        raise S3Error("S3 is away", "InternalError")

    with monkeypatch.context() as outage:
        outage.setattr(farm.s3, "head_object", away)
        for _look in range(60 * 60 // 5):
            with contextlib.suppress(S3Error):
                taker(Node(farm, 1)).take((), 1)
            farm.sleep(5)
    assert farm.sqs.dead == []
    assert len(farm.sqs.messages) == 2


def test_a_piece_that_was_cut_anew_is_void_in_the_hand_too(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(farm, 1)
    node.take()
    (piece,) = node.hand
    assert not taker(node).is_void(piece)
    farm.cut(1, backwards=True)
    with monkeypatch.context() as outage:

        def away(**_options: Any) -> None:
            raise S3Error("S3 is away", "InternalError")

        outage.setattr(farm.s3, "head_object", away)
        assert not taker(node).is_void(piece)
    assert taker(node).is_void(piece)
    del farm.s3._objects[manifest_uri(SHARDS, 1).key]
    assert taker(node).is_void(piece)


def finished(farm: Farm) -> None:
    node = Node(farm, 1)
    for step in (node.take, node.work, node.work, node.put_down, node.take, node.work, node.put_down):
        step()
    assert farm.is_finished
    assert farm.sqs.messages == {}


def test_a_piece_to_be_processed_again_is_left_to_who_was_asked_for_it(farm: Farm) -> None:
    finished(farm)
    enqueue(farm, redo="timeout x1")
    # It was started before, and is about to be started anew.
    node = Node(farm, 1)
    for _message in range(2):
        node.take()
    assert visible_in(farm) == [180, 180]
    farm.sleep(200)
    asked = Node(farm, 1, retry=("timeout",))
    for _message in range(2):
        asked.take()
    assert farm.sqs.messages == {}


def test_what_waits_of_such_a_piece_is_done_and_the_rest_is_left(farm: Farm) -> None:
    enqueue(farm, redo="timeout x1")
    node = Node(farm, 1)
    while not node.hand:
        node.take()
    for step in (node.work, node.work, node.put_down):
        step()
    assert farm.is_marked(farm.documents[0])
    assert visible_in(farm)[-1] == 180


def test_documents_that_can_have_no_marker_do_not_keep_a_piece_for_ever(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import selection

    node = Node(farm, 1)
    monkeypatch.setattr(selection, "can_be_marked", lambda _results, _key: False)
    monkeypatch.setattr(farm.sqs, "on_delete", lambda _body: None)
    assert taker(node).take((), 1).piece is None
    assert len(farm.sqs.messages) == 1
    assert farm.writes == []
