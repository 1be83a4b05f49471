# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._queue.decision import (
    Decision,
    Drop,
    Known,
    Wait,
    Work,
    decide,
)
from ansible_collections.glossapi.farm.plugins.module_utils._queue.message import PieceMessage
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage

MESSAGE = PieceMessage(Stage.TEXT, 7, "etag", 3)


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (Known(3, "etag", is_held=False), Work),
        # What was known of the queue is lost; markers tell what is to be done.
        (Known(0, "etag", is_held=False), Work),
        (Known(4, "etag", is_held=False), Drop),
        (Known(3, "other", is_held=False), Drop),
        (Known(3, None, is_held=False), Drop),
        (Known(3, "etag", is_held=True), Wait),
        # Void whoever works on what it was.
        (Known(4, "etag", is_held=True), Drop),
    ],
)
def test_a_message_is_dropped_only_where_it_is_void(known: Known, kind: type[Decision]) -> None:
    assert isinstance(decide(MESSAGE, known), kind)


def test_a_piece_that_another_node_has_comes_back_when_its_lease_may_have_ended() -> None:
    decision = decide(MESSAGE, Known(3, "etag", is_held=True))
    assert isinstance(decision, Wait)
    assert decision.seconds > 60
