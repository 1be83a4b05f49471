# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.wanted import Wanted, fleet_name

_WANTED = Wanted(
    project="farm",
    weights={"g5.12xlarge": 4, "g5.48xlarge": 8},
    max_nodes=10,
    on_demand_nodes=0,
    spot=True,
    subnets=("subnet-1",),
    queues=("farm-text",),
    pieces_per_node=2,
    idle_seconds=3600,
)


@pytest.mark.parametrize(
    ("pieces", "capacity"), [(0, 0), (1, 4), (2, 4), (3, 8), (19, 40), (20, 40), (21, 40), (100_000, 40)]
)
def test_there_are_whole_nodes_for_what_waits_up_to_the_most(pieces: int, capacity: int) -> None:
    assert _WANTED.capacity_for(pieces) == capacity


def test_the_capacity_counts_by_the_preferred_type() -> None:
    assert (_WANTED.name, _WANTED.node_weight, _WANTED.max_capacity) == (fleet_name("farm"), 4, 40)


def test_what_auto_scaling_cannot_do_is_refused() -> None:
    with pytest.raises(FarmError, match="max_nodes is 0"):
        replace(_WANTED, max_nodes=0)
    with pytest.raises(FarmError, match="on_demand_nodes 11"):
        replace(_WANTED, on_demand_nodes=11)
    with pytest.raises(FarmError, match="needs queues"):
        replace(_WANTED, queues=())
    with pytest.raises(FarmError, match="1 or more pieces"):
        replace(_WANTED, pieces_per_node=0)
    with pytest.raises(FarmError, match="has 0 types"):
        replace(_WANTED, weights={})
    with pytest.raises(FarmError, match="has 41 types"):
        replace(_WANTED, weights={f"g5.{size}xlarge": 1 for size in range(41)})
