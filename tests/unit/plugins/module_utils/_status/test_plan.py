# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._status.plan import Prices, describe, make_plan, measure
from tests.support.progress import make_progress

_PRICES = Prices(per_hour=5.0, seconds_per_page=2.0, slots=4)
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
    assert measure([replace(_PROGRESS, pages_per_second=0.0), replace(_PROGRESS, updated_at=0.0)]) == (0.0, 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [((-1.0, 1.0, 1), "price_per_hour is -1"), ((1.0, 0.0, 1), "seconds_per_page is 0"), ((1.0, 1.0, 0), "slots is 0")],
)
def test_what_no_plan_can_be_made_of_is_refused(values: tuple[float, float, int], message: str) -> None:
    with pytest.raises(FarmError, match=message):
        Prices(*values)


def test_people_read_hours_dollars_and_what_they_rest_on() -> None:
    text = describe(make_plan({1: 7200, 2: 3600}, {1: 10, 2: 9}, {}, _PRICES), _PRICES)
    assert "10800 pages left, 1 h 0 min until the last shard is finished" in text
    assert "$10.00 for nodes at $5.00 an hour" in text
    assert "2 s a page and slot, assumed" in text
    measured = make_plan({1: 1000}, {1: 4}, {1: _PROGRESS}, _PRICES)
    assert "1 s a page and slot, measured over 200 pages; 4 slots a node" in describe(measured, _PRICES)
