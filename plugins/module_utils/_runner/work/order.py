# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which a shard's documents are worked on.

The longest come first: one at the end would have one slot work while the others wait. In the first half most are a
sample of all the others, since nobody could tell from long documents alone how long the short ones will take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..._records.document import Document

# More than a node has slots: the longest of all must not wait.
_LONGEST = 32
_SAMPLES_FOR_EACH_LONG = 3


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Return the documents in the order to work on them."""
    ordered = longest_first(documents)
    head, rest = ordered[:_LONGEST], ordered[_LONGEST:]
    taken = [False] * len(rest)
    longest, samples = iter(range(len(rest))), _spread_ranks(len(rest))
    order: list[Document] = []
    while len(order) < len(rest):
        is_sample = len(order) < len(rest) / 2 and len(order) % (_SAMPLES_FOR_EACH_LONG + 1)
        rank = next(rank for rank in (samples if is_sample else longest) if not taken[rank])
        taken[rank] = True
        order.append(rest[rank])
    return [*head, *order]


def longest_first(documents: Iterable[Document]) -> list[Document]:
    """Return the documents by their pages, and of as many pages the largest first."""
    return sorted(documents, key=lambda document: (-document.pages, -(document.bytes or 0)))


def _spread_ranks(count: int) -> Iterator[int]:
    """Yield the numbers below ``count``, the first ones spread evenly, however many: by their bits in reverse."""
    bits = max(count - 1, 0).bit_length()
    for number in range(1 << bits):
        rank = int(f"{number:0{bits}b}"[::-1], 2) if bits else 0
        if rank < count:
            yield rank
