# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._queue.dead_letters import DeadLetters, read_dead_letters
from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from tests.support.emulated_account import Account
from tests.support.queues import make_queue


def test_what_is_set_aside_is_counted_and_its_pieces_are_named(empty_account: Account) -> None:
    queue = make_queue(empty_account.connection)
    assert read_dead_letters(queue) == DeadLetters()
    dead = queue.dead_letters()
    assert dead is not None
    message = PieceMessage(Stage.TEXT, 7, "etag", 1)
    dead.send([message.to_json(), message.to_json(), "somebody else's"])
    assert read_dead_letters(queue) == DeadLetters(3, frozenset({7}))


def test_a_queue_that_sets_nothing_aside_has_nothing(empty_account: Account) -> None:
    client = empty_account.client("sqs")
    queue = Queue(client, client.create_queue(QueueName="alone")["QueueUrl"])
    assert read_dead_letters(queue) == DeadLetters()
