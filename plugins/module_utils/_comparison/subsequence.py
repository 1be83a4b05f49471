# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The longest common subsequence of two sequences, by a bit for each element of the first (Hyyrö, 2004).

The work is the product of both lengths over the 64 bits of a machine word, whatever is in them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence


def common_length(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Return how many elements both have in the same order, at most; takes the memory of one row of bits."""
    row = (1 << len(one)) - 1
    for each in _rows(one, other):
        row = each
    return len(one) - row.bit_count()


def common_places(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return where both have these elements, in their order; takes a bit for each two elements of both."""
    rows = [(1 << len(one)) - 1, *_rows(one, other)]
    places: list[tuple[int, int]] = []
    here, there = len(one), len(other)
    while here and there:
        if one[here - 1] == other[there - 1]:
            here, there = here - 1, there - 1
            places.append((here, there))
        elif rows[there] >> (here - 1) & 1:
            # Without this element of the first it is as long.
            here -= 1
        else:
            there -= 1
    return places[::-1]


def _rows(one: Sequence[Hashable], other: Sequence[Hashable]) -> Iterator[int]:
    """Yield a row for each element of ``other``: a bit is 0 where the subsequence grows by that element of ``one``."""
    places: dict[Hashable, int] = {}
    for index, element in enumerate(one):
        places[element] = places.get(element, 0) | 1 << index
    everything = (1 << len(one)) - 1
    row = everything
    for element in other:
        matches = row & places.get(element, 0)
        row = (row + matches | row - matches) & everything
        yield row
