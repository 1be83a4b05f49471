# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The geometry of charts: what a template draws as it is, in a box of :data:`WIDTH` by :data:`HEIGHT`."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._records.history import mean_of_known

WIDTH = 600.0
HEIGHT = 160.0
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Part:
    """A part of a bar, as high as the box.

    Attributes:
        kind: what it stands for; the style has its colour.
        x: its left end; likewise ``width``, in the units of the box.
    """

    kind: str
    x: float
    width: float


def round_up(value: float) -> float:
    """Return the next number above that people read easily: 1, 2, 2.5 or 5 times a power of ten.

    Args:
        value: 0 or more; 0 gives 1, as a scale must not be empty.
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND if step * power >= value * (1 - 1e-12))


def polyline(points: Sequence[tuple[float, float | None]], start: float, end: float, top: float) -> str:
    """Return the path of a line, with a gap where a value is not known.

    Args:
        points: places from ``start`` to ``end``, in their order, and the value at each, from 0 to ``top``.
        start: the place that is drawn leftmost.
        end: the place that is drawn rightmost.
        top: the value that is drawn highest.
    """
    span = end - start or 1.0
    path = []
    pen_down = False
    for place, value in points:
        if value is not None:
            x, y = (place - start) / span * WIDTH, HEIGHT - value / top * HEIGHT
            path.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        pen_down = value is not None
    return "".join(path)


def stack(parts: Mapping[str, float], whole: float) -> list[Part]:
    """Return the parts of a bar beside each other, as wide as their share of ``whole``, by their kind."""
    stacked, x = [], 0.0
    for kind, part in parts.items():
        width = part / whole * WIDTH if whole else 0.0
        stacked.append(Part(kind, round(x, 2), round(width, 2)))
        x += width
    return stacked


def total_rate(counters: Sequence[Sequence[tuple[float, float]]], steps: int) -> list[tuple[float, float]]:
    """Return how fast all counters together grew, a second, at the middle of each of so many steps.

    Between two points a counter is taken to grow evenly. One that fell, as that of a shard that was cut anew, is
    taken to have stood still. One with a single point has not told how it grew, and is left out.

    Args:
        counters: times in seconds and the counter's value at each, in their order.
        steps: from the first time of all to the last.
    """
    counters = [counter for counter in counters if len(counter) > 1]
    times = [time for counter in counters for time, _value in counter]
    if not times or min(times) == max(times):
        return []
    start, step = min(times), (max(times) - min(times)) / steps
    edges = [start + number * step for number in range(steps + 1)]
    growth = [0.0] * steps
    for counter in map(_never_falling, counters):
        values = [_at(counter, edge) for edge in edges]
        for number in range(steps):
            growth[number] += values[number + 1] - values[number]
    return [(edge + step / 2, grown / step) for edge, grown in zip(edges, growth, strict=False)]


def thinned(points: Sequence[tuple[float, float | None]], most: int) -> list[tuple[float, float | None]]:
    """Return at most so many points, each the mean of as many as there are for one, of those that are known."""
    size = math.ceil(len(points) / most) or 1
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [(group[-1][0], mean_of_known(value for _place, value in group)) for group in groups]


def _never_falling(counter: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    rising, height, before = [], 0.0, counter[0][1]
    for time, value in counter:
        height += max(0.0, value - before)
        before = value
        rising.append((time, height))
    return rising


def _at(counter: Sequence[tuple[float, float]], time: float) -> float:
    """Return the counter's value at a time; before its first point and after its last it stands still."""
    after = bisect_right(counter, time, key=lambda point: point[0])
    if after in (0, len(counter)):
        return counter[min(after, len(counter) - 1)][1]
    (start, low), (end, high) = counter[after - 1], counter[after]
    return low + (high - low) * (time - start) / (end - start)
