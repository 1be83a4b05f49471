# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue
from ansible_collections.glossapi.farm.plugins.module_utils._queue.status import queue_status
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.emulated_account import Account
from tests.support.queues import cut_farm, make_queue, mark_as

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def queue(empty_account: Account) -> Queue:
    return make_queue(empty_account.connection)


def status(client: S3Client, bucket: S3Uri, queue: Queue) -> dict[str, Any]:
    return queue_status(client, queue, bucket.join("shards"), bucket.join("results"), Stage.TEXT)


def set_aside(queue: Queue, *pieces: int) -> None:
    dead = queue.dead_letters()
    assert dead is not None
    dead.send([PieceMessage(Stage.TEXT, piece, "etag", 1).to_json() for piece in pieces])


def test_a_queue_tells_what_waits_and_what_is_in_work(client: S3Client, bucket: S3Uri, queue: Queue) -> None:
    queue.send(["1", "2", "3"])
    queue.receive(0, 300)
    found = status(client, bucket, queue)
    assert (found["visible"], found["in_flight"], found["dead"], found["dead_pieces"]) == (2, 1, 0, [])
    assert found["lines"] == ["farm-text: 2 pieces wait, 1 in work."]


def test_pieces_that_nobody_could_end_are_named_with_the_way_on(client: S3Client, bucket: S3Uri, queue: Queue) -> None:
    cut_farm(client, bucket, {1: ["a.pdf"], 2: ["b.pdf"], 3: ["c.pdf"]})
    mark_as(client, bucket, "b.pdf", DocumentState.DONE)
    # One is finished since, and one is of another cut.
    set_aside(queue, 3, 2, 1, 99)
    found = status(client, bucket, queue)
    assert (found["dead"], found["dead_pieces"]) == (4, [1, 3])
    assert "farm-text-dead: 4 messages that nobody could end, of unfinished pieces 1, 3" in found["lines"][1]
    assert "enqueue_again=true" in found["lines"][1]


@pytest.mark.parametrize("is_cut", [False, True])
def test_what_is_finished_asks_for_nothing(client: S3Client, bucket: S3Uri, queue: Queue, is_cut: bool) -> None:
    if is_cut:
        cut_farm(client, bucket, {1: ["a.pdf"]})
        mark_as(client, bucket, "a.pdf", DocumentState.DONE)
    set_aside(queue, 1)
    found = status(client, bucket, queue)
    assert (found["dead"], found["dead_pieces"]) == (1, [])
    assert found["lines"][1].endswith("what they are of is finished, or was cut anew.")
