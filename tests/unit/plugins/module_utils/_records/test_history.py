# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import (
    DURATION_BOUNDS,
    MOST_POINTS,
    NO_DURATIONS,
    History,
    Point,
    add,
    duration_class,
    from_json,
    to_json,
)


def filled(count: int) -> tuple[Point, ...]:
    points: tuple[Point, ...] = ()
    for number in range(count):
        points = add(points, Point(60.0 * number, number, (float(number % 2), None)))
    return points


@pytest.mark.parametrize("fields", [{}, {"duration_bounds": [1, 2], "durations": [3, 0, 1]}])
def test_what_another_version_counted_of_durations_is_left_and_the_rest_taken(fields: dict[str, Any]) -> None:
    body = json.dumps({"points": [[60.0, 4, []]], **fields}).encode()
    assert from_json(body, "here") == History((Point(60.0, 4),))


@pytest.mark.parametrize(("seconds", "place"), [(0.0, 0), (1.0, 0), (1.5, 1), (5000.0, 11), (5000.1, 12), (1e9, 12)])
def test_a_duration_is_counted_up_to_its_bound(seconds: float, place: int) -> None:
    assert duration_class(seconds) == place
    assert len(NO_DURATIONS) == len(DURATION_BOUNDS) + 1


@pytest.mark.slow
def test_a_history_of_months_stays_small_and_keeps_its_ends() -> None:
    points = filled(100_000)
    assert len(points) <= MOST_POINTS
    assert len(to_json(History(points))) < 30_000
    assert points[-1].pages_done == 99_999
    assert [point.pages_done for point in points] == sorted(point.pages_done for point in points)


def test_what_lies_between_two_kept_points_is_averaged() -> None:
    points = filled(MOST_POINTS + 1)
    assert len(points) == MOST_POINTS // 2 + 1
    # Of points 0 and 1, with 0 and 1 percent; a GPU that is not known stays so.
    assert points[0] == Point(60.0, 1, (0.5, None))


def test_a_gpu_that_was_not_known_for_a_while_is_averaged_over_the_rest() -> None:
    points = tuple(Point(number, number, (10.0 if number % 2 else None,)) for number in range(MOST_POINTS))
    assert add(points, Point(1000, 1000))[0].utilization == (10.0,)


def test_a_later_versions_column_is_left_out() -> None:
    body = json.dumps({"columns": ["time", "watts", "pages_done"], "points": [[60.0, 300.0, 4]]}).encode()
    assert from_json(body, "here") == History((Point(60.0, 4),))


@pytest.mark.parametrize("fields", [{"points": [["a", 2, []]]}, {"durations": ["a"] * len(NO_DURATIONS)}])
def test_what_is_no_history_is_refused_with_its_place(fields: dict[str, Any]) -> None:
    with pytest.raises(FarmError, match="s3://there is not a shard's history"):
        from_json(json.dumps(fields).encode(), "s3://there")
