# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Largest-first in numpy: all documents of one page count are handed out at once."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document


def histogram_loads(documents: Sequence[Document], weights: Sequence[float]) -> list[int]:
    """Return each shard's pages; the documents are ordered and given to shards as well, as ours are."""
    pages = np.fromiter((document.pages for document in documents), np.int64, len(documents))
    order = np.argsort(-pages, kind="stable")
    sizes, counts = np.unique(pages, return_counts=True)
    speeds = np.array(weights)
    loads = np.zeros(len(weights), np.int64)
    dealt = []
    for size, count in zip(sizes[::-1].tolist(), counts[::-1].tolist(), strict=True):
        numbers = _numbers(loads, speeds, size, count)
        shard = np.repeat(np.arange(len(numbers)), numbers)
        nth = np.arange(1, count + 1) - np.repeat(np.cumsum(numbers) - numbers, numbers)
        dealt.append(shard[np.argsort((loads[shard] + nth * size) / speeds[shard], kind="stable")])
        loads += numbers * size
    shards = np.concatenate(dealt)
    lists = [[documents[index] for index in order[shards == shard].tolist()] for shard in range(len(weights))]
    return [sum(document.pages for document in shard) for shard in lists]


def _numbers(loads: NDArray[np.int64], speeds: NDArray[np.float64], size: int, count: int) -> NDArray[np.int64]:
    """Return how many of ``count`` documents of ``size`` pages each shard gets."""
    by_time = np.argsort(loads / speeds)
    level = ((np.cumsum(loads[by_time]) + count * size) / np.cumsum(speeds[by_time])).min()
    numbers: NDArray[np.int64] = np.maximum(np.floor((level * speeds - loads) / size) - 1, 0).astype(np.int64)
    finish = [(float(time), shard) for shard, time in enumerate((loads + (numbers + 1) * size) / speeds)]
    heapq.heapify(finish)
    for _ in range(count - int(numbers.sum())):
        shard = finish[0][1]
        numbers[shard] += 1
        heapq.heapreplace(finish, (float((loads[shard] + (numbers[shard] + 1) * size) / speeds[shard]), shard))
    return numbers
