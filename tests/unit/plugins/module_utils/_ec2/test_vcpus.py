# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.nodes import Node
from ansible_collections.glossapi.farm.plugins.module_utils._ec2.vcpus import counted_for

_NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _node(state: str, minutes_ago: float | None = None) -> Node:
    ended_at = None if minutes_ago is None else _NOW - timedelta(minutes=minutes_ago)
    return Node("i-1", 1, state, "t3.micro", "z", "ami-1", spot=False, tags={}, root=None, ended_at=ended_at)


@pytest.mark.parametrize(
    ("node", "seconds"),
    [
        (_node("stopping", 30), 600.0),
        (_node("shutting-down"), 600.0),
        (_node("stopped", 4), 360.0),
        (_node("stopped", 11), 0.0),
        # It shut itself down, nobody knows when.
        (_node("stopped"), 0.0),
        (_node("terminated", 4), 360.0),
        (_node("terminated", 30), 0.0),
        (_node("terminated"), 600.0),
        # It was started since.
        (_node("running", 4), 0.0),
    ],
)
def test_vcpus_may_be_counted_for_minutes_after_the_end(node: Node, seconds: float) -> None:
    assert counted_for([node], _NOW, 600) == seconds


def test_the_last_to_end_decides_and_without_any_nothing_is_waited_for() -> None:
    assert counted_for([_node("stopped", 9), _node("stopped", 1), _node("running")], _NOW, 600) == 540
    assert counted_for([], _NOW, 600) == 0
