# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._status.plan import (
    Pace,
    Prices,
    describe,
    even_plan,
    make_plan,
    measure,
)
from tests.support.progress import make_progress

_PRICES = Prices(per_hour=5.0, seconds_per_page=2.0, gpus=4)
_PROGRESS = make_progress()


def test_without_a_measurement_the_assumed_time_counts() -> None:
    plan = make_plan({1: 7200, 2: 3600}, {1: 10, 2: 9}, {}, _PRICES)
    assert [shard.hours for shard in plan.shards] == [1.0, 0.5]
    assert (plan.pages, plan.hours, plan.seconds_per_page, plan.measured_pages) == (10800, 1.0, 2.0, 0)
    # Both nodes are paid until the longest shard is finished.
    assert plan.dollars == 10.0
    assert plan.skew == pytest.approx(1.0 / 0.75)


def test_what_supervisors_measured_counts_more_than_what_was_assumed() -> None:
    # Two slots, 200 pages in 100 seconds: each slot takes a second for a page.
    plan = make_plan({1: 1000, 2: 7200}, {1: 4, 2: 9}, {1: _PROGRESS}, _PRICES)
    assert (plan.seconds_per_page, plan.measured_pages) == (1.0, 200)
    # Of shard 1, 200 pages are done and 100 failed.
    assert [shard.pages for shard in plan.shards] == [700, 7200]
    assert plan.hours == 0.5


def test_supervisors_of_another_cut_say_nothing_of_what_is_left() -> None:
    assert make_plan({1: 1000}, {1: 5}, {1: _PROGRESS}, _PRICES).pages == 1000


def test_a_shard_with_nothing_left_costs_nothing() -> None:
    plan = make_plan({1: 7200, 2: 0}, {1: 4, 2: 0}, {}, _PRICES)
    assert plan.dollars == 5.0
    assert plan.skew == 1.0
    nothing = make_plan({1: 0}, {1: 0}, {}, _PRICES)
    assert (nothing.hours, nothing.dollars, nothing.skew) == (0.0, 0.0, 1.0)


def test_supervisors_that_have_done_nothing_measure_nothing() -> None:
    idle = replace(_PROGRESS, pages_per_second=0.0)
    set_back = replace(_PROGRESS, started_at=100.25, slots={"0": ""})
    of_no_slot = replace(_PROGRESS, slots={})
    hardly_begun = replace(_PROGRESS, pages_per_second=0.004)
    for progress in (idle, set_back, of_no_slot, hardly_begun):
        assert measure([progress]) is None
    assert measure([idle, _PROGRESS, set_back]) == measure([_PROGRESS]) == Pace(1.0, 200, (1,))


def test_the_time_of_a_page_is_that_of_a_slot_since_its_supervisor_started() -> None:
    slow = replace(_PROGRESS, started_at=50.0, pages_per_second=0.5, slots={"0": ""})
    assert measure([slow]) == Pace(2.0, 25, (1,))
    just_begun = replace(_PROGRESS, started_at=99.5, pages_per_second=1.2, slots={"0": ""})
    assert measure([just_begun]) == Pace(0.5 / 0.6, 1, (1,))


def test_workers_that_share_a_gpu_have_its_time_together_and_the_plan_says_how_many_they_were() -> None:
    # 200 pages in 100 seconds on two GPUs; on one of them one worker as before.
    shared = replace(_PROGRESS, slots=dict.fromkeys(("0:1", "1:1", "0:2", "1:2"), ""))
    assert measure([shared]) == Pace(1.0, 200, (2,))
    assert measure([shared, _PROGRESS]) == Pace(1.0, 400, (1, 2))
    plan = make_plan({1: 7200}, {1: 4}, {2: shared}, _PRICES)
    # As before: what two workers reach on a GPU is in the seconds of a page, and is not counted a second time.
    assert (plan.hours, plan.measured_workers) == (0.5, (2,))
    assert "measured over 200 pages with 2 workers on it; 4 a node" in describe(plan, _PRICES)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((-0.25, 1.0, 1), "price_per_hour is -0.25: it must be 0 or more."),
        ((1.0, 0.0, 1), "seconds_per_page is 0.0: it must be above 0."),
        ((1.0, 1.0, 0), "slots is 0: it must be at least 1."),
    ],
)
def test_what_no_plan_can_be_made_of_is_refused(values: tuple[float, float, int], message: str) -> None:
    with pytest.raises(FarmError) as raised:
        Prices(*values)
    assert str(raised.value) == message


def test_a_machine_of_ones_own_has_a_plan() -> None:
    assert make_plan({1: 3600}, {1: 1}, {}, Prices(per_hour=0.0, seconds_per_page=0.5, gpus=1)).hours == 0.5


def test_people_read_an_assumed_plan() -> None:
    prices = Prices(per_hour=5.672, seconds_per_page=1.2345, gpus=4)
    plan = make_plan({2: 3700, 1: 123456, 10: 0}, {}, {}, prices)
    assert describe(plan, prices).splitlines() == [
        "shard   pages  hours",
        "    1  123456  10.58",
        "    2    3700   0.32",
        "   10       0   0.00",
        "",
        "127156 pages left, 10 h 35 min until the last shard is finished",
        "$120.06 for nodes at $5.67 an hour, without storage and requests",
        "skew 1.942 (the longest shard's time over the mean)",
        (
            "1.23 s a page and GPU, or worker without one, assumed with all its workers: nothing was measured yet, a "
            "trial run of a few documents tells; 4 a node"
        ),
    ]


def test_people_read_a_measured_plan() -> None:
    text = describe(make_plan({1: 1000}, {1: 4}, {1: _PROGRESS}, _PRICES), _PRICES)
    assert text.splitlines() == [
        "shard  pages  hours",
        "    1    700   0.05",
        "",
        "700 pages left, 2 min 55 s until the last shard is finished",
        "$0.243 for nodes at $5.00 an hour, without storage and requests",
        "skew 1.000 (the longest shard's time over the mean)",
        "1 s a page and GPU, or worker without one, measured over 200 pages; 4 a node",
    ]


def test_nodes_that_take_pieces_have_equal_parts() -> None:
    plan = even_plan(7201, [2, 1], {}, _PRICES)
    assert [(each.shard, each.pages) for each in plan.shards] == [(1, 3601), (2, 3600)]
    assert plan.pages == 7201
