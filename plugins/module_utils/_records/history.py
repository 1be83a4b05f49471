# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shard has done over time, in an object that stays small for days.

For the report. A new supervisor goes on with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from .codec import UNKNOWN_TIME, convert, decode, encode
from .effort import Effort
from .timings import Timings

# Enough for a line in a report; 30 KB.
MOST_POINTS = 288
# Upper ends, in seconds, of the classes that durations are counted in; the last class has no end.
DURATION_BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
NO_TIMINGS = Timings()
NO_DURATIONS = (0,) * (len(DURATION_BOUNDS) + 1)


@dataclass(frozen=True)
class Point:
    """The shard at one time.

    Attributes:
        time: seconds since the epoch.
        pages_done: until then.
        utilization: of each GPU since the point before, in percent; ``None`` where it is not known.
    """

    time: float = UNKNOWN_TIME
    pages_done: int = 0
    utilization: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class History:
    """A shard over time.

    Attributes:
        points: in order of their time.
        durations: documents done by their time in a worker: up to each of :data:`DURATION_BOUNDS`, then above all.
        effort: see :class:`Progress`; it is here too, since that may be lost.
        timings: how long its documents took.
    """

    points: tuple[Point, ...] = ()
    durations: tuple[int, ...] = NO_DURATIONS
    effort: Effort | None = None
    timings: Timings = NO_TIMINGS


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


@dataclass(frozen=True)
class _Stored:
    """A history as it is stored, with a row for each point.

    Attributes:
        columns: names what the rows have.
        duration_bounds: by which ``durations`` was counted.
    """

    columns: tuple[str, ...] = tuple(field.name for field in fields(Point))
    points: tuple[tuple[Any, ...], ...] = ()
    duration_bounds: tuple[int, ...] = ()
    durations: tuple[int, ...] = ()
    effort: Effort | None = None
    timings: Timings = NO_TIMINGS


def to_json(history: History) -> bytes:
    """Return the object's content."""
    points = tuple((round(point.time, 1), point.pages_done, point.utilization) for point in history.points)
    stored = _Stored(points=points, duration_bounds=DURATION_BOUNDS, durations=history.durations)
    effort = asdict(history.effort) if history.effort else None
    return encode(vars(stored) | {"effort": effort, "timings": asdict(history.timings)})


def from_json(body: bytes, where: str) -> History:
    """Return the history whose object has the content ``body``, found at ``where``.

    Durations that were counted by other bounds are left out.

    Raises:
        FarmError: see :func:`decode`.
    """
    name = "a shard's history"
    stored = decode(body, _Stored, name, where)
    rows = [dict(zip(stored.columns, row, strict=False)) for row in stored.points]
    is_same = stored.duration_bounds == DURATION_BOUNDS and len(stored.durations) == len(NO_DURATIONS)
    points = convert(rows, tuple[Point, ...], name, where)
    return History(points, stored.durations if is_same else NO_DURATIONS, stored.effort, stored.timings)
