# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a shard has done over time, in an object that stays small for days.

``<results>/status/_progress/shard-<n>.history.json``, for the report. A new supervisor goes on with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.markers import STATUS_FOLDER
from ansible_collections.glossapi.farm.plugins.module_utils._status.progress import PROGRESS_FOLDER

# Enough for a line in a report; 30 KB.
MOST_POINTS = 288


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
    return Point(second.time, second.pages_done, tuple(_mean(*pair) for pair in pairs))


def _mean(first: float | None, second: float | None) -> float | None:
    known = [value for value in (first, second) if value is not None]
    return sum(known) / len(known) if known else None


def to_json(points: Sequence[Point]) -> bytes:
    """Return the object's content."""
    rows = [[round(point.time, 1), point.pages_done, list(point.utilization)] for point in points]
    return json.dumps({"columns": ["time", "pages_done", "utilization"], "points": rows}).encode() + b"\n"


def from_json(body: bytes, where: str) -> tuple[Point, ...]:
    """Return the points whose object has the content ``body``.

    Raises:
        FarmError: it is no history; the message names ``where`` it was found.
    """
    try:
        return tuple(
            Point(float(time), int(pages), tuple(utilization))
            for time, pages, utilization in json.loads(body)["points"]
        )
    except (ValueError, TypeError, KeyError) as error:
        raise FarmError(f"{where} is not a shard's history ({error}).") from error


def history_uri(results: S3Uri, shard: int) -> S3Uri:
    """Return where the supervisor of ``shard`` puts its history."""
    return results.join(STATUS_FOLDER, PROGRESS_FOLDER, f"shard-{shard}.history.json")
