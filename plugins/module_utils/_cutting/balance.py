# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Largest-first (LPT) balance of documents over shards of unlike speed, and how good it is.

A shard's load is its pages. The time it takes is its load over its weight, so the manifest is as
good as its slowest shard. Largest-first hands the documents out by falling page count, each to the
shard that would finish it first. With ``N`` shards, no shard takes longer than
``(total + (N - 1) * largest) / sum(weights)`` (Graham 1969; the same argument holds with weights).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from math import floor


class Turns:
    """Say which shard gets the next document, where documents come by falling page count.

    Ties go to the lower shard, so the result depends on nothing but the order. Documents of 0 (unknown) pages add no
    load, so they are dealt by their number, in proportion to the weights: otherwise one shard would get them all.

    Args:
        weights: relative speed of each shard, 0 for one that gets nothing; one at least is above 0.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        self._weights = weights
        self._live = [shard for shard, weight in enumerate(weights) if weight]
        self._are_equal = len({weights[shard] for shard in self._live}) == 1
        self._loads = [0] * len(weights)
        self._numbers = [0] * len(weights)

    def take(self, pages: int, count: int) -> list[int]:
        """Return the shards, from 0, that the next ``count`` documents of so many pages go to."""
        step, loads = (pages, self._loads) if pages else (1, self._numbers)
        taken: list[int] = []
        while len(taken) < count and not self._is_level(step, loads):
            few = len(self._live) if self._are_equal else count
            taken += islice(_turns(step, self._weights, loads), min(few, count - len(taken)))
        rounds, rest = divmod(count - len(taken), len(self._live))
        # Each of these gets one before any gets a second, and then they are as far apart as before.
        order = sorted(self._live, key=lambda shard: (loads[shard], shard))
        for place, shard in enumerate(order):
            loads[shard] += step * (rounds + (place < rest))
        return [*taken, *(order * rounds), *order[:rest]]

    def _is_level(self, step: int, loads: Sequence[int]) -> bool:
        live = [loads[shard] for shard in self._live]
        return self._are_equal and max(live) - min(live) < step


def imbalance(loads: Sequence[int], weights: Sequence[float]) -> float:
    """Return the slowest shard's time over the time all would take if pages could be dealt singly.

    Args:
        loads: pages of each shard; 0 for shards of weight 0.
        weights: relative speed of each shard.

    Returns:
        1.0 or more; 1.0 where there are no pages.
    """
    total = sum(loads)
    if not total:
        return 1.0
    slowest = max(load / weight for load, weight in zip(loads, weights, strict=True) if weight)
    return slowest * sum(weights) / total


def imbalance_lower_bound(total: int, largest: int, weights: Sequence[float]) -> float:
    """Return an imbalance that no assignment of the same documents can be below.

    Some shard must take the largest document, and a page cannot be split between shards.

    Args:
        total: pages of all documents.
        largest: pages of the largest document.
        weights: relative speed of each shard.
    """
    if not total:
        return 1.0
    pages_per_weight = total / sum(weights)
    loads = [floor(pages_per_weight * weight) for weight in weights]
    single_pages = _turns(1, weights, loads)
    for _ in range(total - sum(loads)):
        next(single_pages)
    return max(imbalance(loads, weights), largest / max(weights) / pages_per_weight)


def _turns(pages: int, weights: Sequence[float], loads: list[int]) -> Iterator[int]:
    """Yield which shard gets the next document of ``pages`` pages, for ever, adding it to ``loads``."""
    finish = [
        ((load + pages) / weight, shard)
        for shard, (load, weight) in enumerate(zip(loads, weights, strict=True))
        if weight
    ]
    heapq.heapify(finish)
    while True:
        shard = finish[0][1]
        loads[shard] += pages
        heapq.heapreplace(finish, ((loads[shard] + pages) / weights[shard], shard))
        yield shard
