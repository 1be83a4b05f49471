# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import (
    LaterSchemaError,
    UnreadableRecordError,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage

MESSAGE = PieceMessage(Stage.OCR, 12, "etag", 3)


def test_a_message_is_read_as_it_was_sent() -> None:
    assert json.loads(MESSAGE.to_json()) == {
        "schema": 1,
        "stage": "ocr",
        "piece": 12,
        "etag": "etag",
        "generation": 3,
        "redo": "",
    }
    assert PieceMessage.from_json(MESSAGE.to_json(), "the queue") == MESSAGE


@pytest.mark.parametrize("body", ["", "hello", "{}", '{"stage": "text", "piece": 1, "etag": "a"}'])
def test_something_else_is_no_message(body: str) -> None:
    with pytest.raises(UnreadableRecordError, match="the queue is not the message of a piece"):
        PieceMessage.from_json(body, "the queue")


def test_a_later_versions_message_is_left_to_it() -> None:
    later = json.dumps(json.loads(MESSAGE.to_json()) | {"schema": 2})
    with pytest.raises(LaterSchemaError):
        PieceMessage.from_json(later, "the queue")
