# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.messages import (
    Orders,
    Phase,
    State,
    encode,
    state_from_message,
    state_to_message,
)


def test_orders_are_what_they_were_after_a_command_line() -> None:
    orders = Orders(command=("serve", "{port}"), health="/up", start_seconds=1, folder="/f", master=1, misses=2)
    assert Orders.from_json(orders.to_json()) == orders


@pytest.mark.parametrize("phase", Phase)
def test_a_state_is_what_it_was_after_a_socket(phase: Phase) -> None:
    state = State(phase, 3, 4711, "γιατί")
    assert state_from_message(json.loads(encode(state_to_message(state)))) == state


def test_a_line_of_the_log_is_no_state() -> None:
    assert state_from_message({"log": "x"}) is None
