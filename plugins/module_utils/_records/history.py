# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shard has done over time, in an object that stays small for days.

``<results>/status/_progress/shard-<n>.history.json``, for the report. A new supervisor goes on with it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .._errors import FarmError
from .._s3.uri import S3Uri
from .markers import STATUS_FOLDER
from .progress import PROGRESS_FOLDER

# Enough for a line in a report; 30 KB.
MOST_POINTS = 288
# Upper ends, in seconds, of the classes that durations are counted in; the last class has no end.
DURATION_BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
NO_DURATIONS = (0,) * (len(DURATION_BOUNDS) + 1)


@dataclass(frozen=True)
class Point:
    """The shard at one time.

    Attributes:
        time: seconds since the epoch.
        pages_done: until then.
        utilization: of each GPU since the point before, in percent; ``None`` where it is not known.
    """

    time: float
    pages_done: int
    utilization: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class History:
    """A shard over time.

    Attributes:
        points: in order of their time.
        durations: documents done by their time in a worker: up to each of :data:`DURATION_BOUNDS`, then above all.
    """

    points: tuple[Point, ...] = ()
    durations: tuple[int, ...] = NO_DURATIONS


def duration_class(seconds: float) -> int:
    """Return the place among :attr:`History.durations` of a document that took so long."""
    return bisect_left(DURATION_BOUNDS, seconds)


def add(points: Sequence[Point], point: Point) -> tuple[Point, ...]:
    """Return the points with one more; half as many, twice as far apart, where they were :data:`MOST_POINTS`."""
    kept = tuple(points)
    if len(kept) >= MOST_POINTS:
        kept = tuple(_merge(*kept[number : number + 2]) for number in range(0, len(kept), 2))
    return (*kept, point)


def _merge(first: Point, second: Point | None = None) -> Point:
    if second is None:
        return first
    pairs = zip(first.utilization, second.utilization, strict=False)
    return Point(second.time, second.pages_done, tuple(mean_of_known(pair) for pair in pairs))


def mean_of_known(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values that are known, ``None`` where none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def to_json(history: History) -> bytes:
    """Return the object's content."""
    rows = [[round(point.time, 1), point.pages_done, list(point.utilization)] for point in history.points]
    fields = {
        "columns": ["time", "pages_done", "utilization"],
        "points": rows,
        "duration_bounds": DURATION_BOUNDS,
        "durations": history.durations,
    }
    return json.dumps(fields).encode() + b"\n"


def from_json(body: bytes, where: str) -> History:
    """Return the history whose object has the content ``body``.

    Raises:
        FarmError: it is no history; the message names ``where`` it was found.
    """
    try:
        fields = json.loads(body)
        points = tuple(
            Point(float(time), int(pages), tuple(utilization)) for time, pages, utilization in fields["points"]
        )
        # Another version counted otherwise, or not at all: the count begins anew.
        same = fields.get("duration_bounds") == list(DURATION_BOUNDS)
        durations = tuple(map(int, fields["durations"])) if same else NO_DURATIONS
        if len(durations) != len(NO_DURATIONS):
            raise ValueError("it has another number of durations")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FarmError(f"{where} is not a shard's history ({error}).") from error
    return History(points, durations)


def history_uri(results: S3Uri, shard: int) -> S3Uri:
    """Return where the supervisor of ``shard`` puts its history."""
    return results.join(STATUS_FOLDER, PROGRESS_FOLDER, f"shard-{shard}.history.json")
