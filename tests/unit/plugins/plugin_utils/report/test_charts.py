# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.plugin_utils.report.charts import (
    HEIGHT,
    WIDTH,
    Part,
    polyline,
    round_up,
    stack,
    thinned,
    total_rate,
)

STEPS = 120


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (1.1, 2), (2.1, 2.5), (26, 50), (51, 100), (100, 100), (0.03, 0.05)]
)
def test_a_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert round_up(value) == pytest.approx(top)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_a_scale_holds_its_value_and_does_not_waste_half_of_the_chart(value: float) -> None:
    assert value <= round_up(value) * (1 + 1e-9)
    assert round_up(value) <= 2.5 * value


def test_a_line_goes_from_corner_to_corner() -> None:
    assert polyline([(10, 0), (20, 5)], 10, 20, 5) == f"M0.0 {HEIGHT}L{WIDTH} 0.0"


def test_a_line_has_a_gap_where_nothing_is_known() -> None:
    path = polyline([(0, 1), (1, None), (2, 1), (3, 1)], 0, 3, 1)
    assert re.findall("[ML]", path) == ["M", "M", "L"]


def test_a_line_of_one_moment_is_drawn() -> None:
    assert polyline([(5, 1)], 5, 5, 2) == f"M0.0 {HEIGHT / 2}"


def test_parts_of_a_bar_lie_beside_each_other() -> None:
    assert stack({"done": 1, "failed": 0, "pending": 2}, 4) == [
        Part("done", 0.0, WIDTH / 4),
        Part("failed", WIDTH / 4, 0.0),
        Part("pending", WIDTH / 4, WIDTH / 2),
    ]
    assert stack({"done": 0}, 0) == [Part("done", 0.0, 0.0)]


def test_the_rate_of_all_is_the_sum_of_each() -> None:
    steady = [(0.0, 0.0), (1200.0, 2400.0)]
    late = [(600.0, 0.0), (1200.0, 600.0)]
    rates = total_rate([steady, late, []], STEPS)
    assert len(rates) == STEPS
    assert rates[0] == pytest.approx((5.0, 2.0))
    assert rates[-1] == pytest.approx((1195.0, 3.0))


def test_a_counter_that_falls_has_stood_still() -> None:
    rates = [rate for _time, rate in total_rate([[(0.0, 0.0), (60.0, 60.0), (120.0, 0.0), (180.0, 60.0)]], STEPS)]
    assert min(rates) == pytest.approx(0.0)
    assert sum(rates) * 180 / STEPS == pytest.approx(120.0)


def test_a_counter_of_one_moment_has_not_told_how_it_grew() -> None:
    steady = [(0.0, 0.0), (60.0, 60.0)]
    assert total_rate([steady, [(3600.0, 500.0)]], STEPS) == total_rate([steady], STEPS)


@pytest.mark.parametrize("counters", [[], [[]], [[(1.0, 5.0)]], [[(1.0, 5.0)], [(9.0, 7.0)]]])
def test_without_two_moments_there_is_no_rate(counters: list[list[tuple[float, float]]]) -> None:
    assert total_rate(counters, STEPS) == []


def test_many_points_become_few_that_have_the_mean_of_what_is_known() -> None:
    points = [(0.0, 1.0), (1.0, 3.0), (2.0, None), (3.0, 5.0), (4.0, None)]
    assert thinned(points, 3) == [(1.0, 2.0), (3.0, 5.0), (4.0, None)]
    assert thinned(points, 5) == points
    assert thinned([], 5) == []


@pytest.mark.slow
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 1000)), min_size=1, max_size=20),
        min_size=1,
        max_size=4,
    )
)
def test_the_rate_over_all_time_is_all_that_was_done(counters: list[list[tuple[int, int]]]) -> None:
    rising = []
    for counter in counters:
        times = sorted({time for time, _grown in counter})
        values = [sum(grown for _time, grown in counter[: number + 1]) for number in range(len(times))]
        rising.append(list(zip(map(float, times), map(float, values), strict=True)))
    rates = total_rate(rising, STEPS)
    rising = [counter for counter in rising if len(counter) > 1]
    if rates:
        span = max(counter[-1][0] for counter in rising) - min(counter[0][0] for counter in rising)
        done = sum(counter[-1][1] - counter[0][1] for counter in rising)
        assert sum(rate for _time, rate in rates) * span / STEPS == pytest.approx(done, abs=1e-6 * max(1.0, done))
