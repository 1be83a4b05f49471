# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.backlog import Backlog, read_backlog
from tests.support.emulated_account import Account


def test_pieces_are_counted_by_whether_somebody_has_them(empty_account: Account) -> None:
    sqs = empty_account.client("sqs")
    url = sqs.create_queue(QueueName="farm-text")["QueueUrl"]
    for piece in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(piece))
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)
    assert read_backlog(sqs, ["farm-text"]) == [Backlog("farm-text", 3, 1)]


def test_a_queue_that_is_not_there_is_told(empty_account: Account) -> None:
    with pytest.raises(NotYetError, match="There is no queue farm-ocr"):
        read_backlog(empty_account.client("sqs"), ["farm-ocr"])
