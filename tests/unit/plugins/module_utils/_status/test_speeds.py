# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._status.speeds import shard_weights
from tests.support.progress import make_progress


def said(shard: int, pages_per_second: float, drained: dict[str, str] | None = None) -> Progress:
    return make_progress(shard=shard, state="stopped", pages_per_second=pages_per_second, drained=drained or {})


def test_a_shard_weighs_what_its_node_does_in_a_second_and_a_lost_one_nothing() -> None:
    progress = {1: said(1, 4.0), 2: said(2, 1.0), 3: said(3, 8.0)}
    assert shard_weights(3, [1, 2], progress) == [4.0, 1.0, 0.0]


def test_the_last_minutes_count_where_a_supervisor_has_told_them() -> None:
    progress = {
        1: replace(said(1, 4.0), outlook=Outlook(3.0)),
        2: replace(said(2, 4.0), outlook=Outlook(0.0)),
    }
    assert shard_weights(2, [1, 2], progress) == [3.0, 4.0]


def test_a_node_that_was_not_measured_is_taken_for_the_mean_of_the_live_ones() -> None:
    progress = {1: said(1, 4.0), 2: said(2, 2.0), 3: said(3, 0.0), 4: said(4, 99.0)}
    assert shard_weights(5, [1, 2, 3, 5], progress) == [4.0, 2.0, 3.0, 0.0, 3.0]


def test_where_nothing_was_measured_all_weigh_the_same() -> None:
    assert shard_weights(3, [1, 3], {}) == [1.0, 0.0, 1.0]
    assert shard_weights(2, [1], {2: said(2, 5.0)}) == [1.0, 0.0]


def test_a_node_without_a_slot_left_gets_nothing() -> None:
    progress = {1: said(1, 4.0, {"0": "Xid 79", "1": "Xid 79"}), 2: said(2, 4.0, {"0": "Xid 79"})}
    assert shard_weights(2, [1, 2], progress) == [0.0, 4.0]


@pytest.mark.parametrize("live", [[], [1]])
def test_no_node_that_could_work_is_an_error(live: list[int]) -> None:
    with pytest.raises(FarmError, match="No node is left"):
        shard_weights(2, live, {1: said(1, 4.0, {"0": "Xid 79", "1": "Xid 79"})})


def test_a_node_of_a_shard_that_is_none_is_an_error() -> None:
    with pytest.raises(FarmError, match="live has 3, but the shards are 1 to 2"):
        shard_weights(2, [1, 3], {})
