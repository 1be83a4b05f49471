# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.pieces import (
    Search,
    Wish,
    pages_to_lend,
    search,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import Heartbeat
from tests.support.progress import make_progress

FULL = 1800.0


def says(shard: int, queued_pages: int, age: float = 5, **fields: Any) -> Heartbeat:
    return Heartbeat(make_progress(shard=shard, queued_pages=queued_pages, pages_per_second=1.0, **fields), age)


def look(*heartbeats: Heartbeat, excluded: tuple[int, ...] = ()) -> Search:
    return search({each.progress.shard: each for each in heartbeats}, 1, "pdftext", FULL, excluded)


def test_the_shard_with_the_most_time_left_is_asked_for_a_full_piece() -> None:
    slow = Heartbeat(make_progress(shard=3, queued_pages=19_000, pages_per_second=0.5), 1)
    assert look(says(1, 0), says(2, 20_000), slow) == Search(Wish(3, FULL), worthwhile=True)
    assert look(says(1, 0), says(2, 20_000), slow, excluded=(3,)).wish == Wish(2, FULL)


def test_of_two_alike_the_first_is_asked() -> None:
    assert look(says(1, 0), says(3, 9_000), says(2, 9_000)).wish == Wish(2, FULL)


def test_towards_the_end_a_piece_is_half_of_what_each_running_node_would_have_to_do() -> None:
    assert look(says(1, 0), says(2, 900), says(3, 300)).wish == Wish(2, 1200 / 3 / 2)
    # One that has not said so yet runs as well: it asks.
    assert look(says(2, 900), says(3, 300)).wish == Wish(2, 1200 / 3 / 2)


def test_a_piece_is_never_so_small_that_it_is_not_worth_the_asking() -> None:
    many = [says(number, 70) for number in range(2, 12)]
    assert look(says(1, 0), *many).wish == Wish(2, FULL / 30)
    assert look(says(1, 0), says(2, 59)) == Search(None, worthwhile=False)


@pytest.mark.parametrize(
    "silent",
    [
        says(2, 9_000, age=60),
        Heartbeat(make_progress(shard=2, queued_pages=9_000, state="stopped"), 1),
        Heartbeat(make_progress(shard=2, queued_pages=9_000, pipeline="glossapi"), 1),
        says(1, 9_000),
        says(2, 0),
    ],
)
def test_nobody_is_asked_who_would_not_answer(silent: Heartbeat) -> None:
    assert look(silent) == Search(None, worthwhile=False)


def test_one_whose_speed_is_not_known_yet_is_looked_at_later() -> None:
    new = Heartbeat(make_progress(shard=2, queued_pages=9_000, pages_per_second=0.0), 1)
    assert look(says(1, 0), new) == Search(None, worthwhile=True)
    assert look(says(1, 0), new, excluded=(2,)) == Search(None, worthwhile=False)


def test_no_more_than_half_of_what_is_left_is_lent() -> None:
    assert pages_to_lend(1000, 2.0, 60) == 120
    assert pages_to_lend(100, 2.0, 60) == 50
    assert pages_to_lend(1, 2.0, 60) == 0
    assert pages_to_lend(100, 0.0, 60) == 0
