# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from itertools import pairwise, product

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.subsequence import common_length, common_places

TEXTS = ["".join(letters) for length in range(5) for letters in product("ab", repeat=length)]


def longest(one: str, other: str) -> int:
    """Return the length of the longest common subsequence, as its definition has it."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + longest(one[1:], other[1:])
    return max(longest(one[1:], other), longest(one, other[1:]))


def test_its_length_is_exact() -> None:
    for one, other in product(TEXTS, TEXTS):
        assert common_length(one, other) == longest(one, other)


def test_its_places_have_the_same_in_both_and_are_in_order_and_as_many_as_there_can_be() -> None:
    for one, other in product(TEXTS, TEXTS):
        places = common_places(one, other)
        assert len(places) == longest(one, other)
        assert all(one[here] == other[there] for here, there in places)
        assert all(
            here < next_here and there < next_there for (here, there), (next_here, next_there) in pairwise(places)
        )


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ("to fos", "to nero", [(0, 0), (1, 1), (2, 2), (4, 6)]),
        ("abc", "xyz", []),
    ],
)
def test_places_are_counted_from_0(one: str, other: str, places: list[tuple[int, int]]) -> None:
    assert common_places(one, other) == places
