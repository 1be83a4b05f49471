# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.filling import Filling


def filled(pages: list[int], piece_pages: int) -> list[int]:
    filling = Filling(piece_pages)
    return [shard for each in pages for shard in filling.take(each, 1)]


def test_a_longer_document_is_alone_and_the_others_fill_one_shard_after_the_other() -> None:
    assert filled([25, 10, 6, 5, 4, 1, 0, 0], 10) == [0, 1, 2, 3, 3, 3, 4, 4]


@given(st.lists(st.integers(0, 30)), st.integers(1, 20))
def test_no_shard_of_several_documents_is_too_long_and_no_two_neighbours_would_fit_into_one(
    pages: list[int], piece_pages: int
) -> None:
    pages.sort(reverse=True)
    shards = filled(pages, piece_pages)
    loads: dict[int, list[int]] = {}
    for each, shard in zip(pages, shards, strict=True):
        loads.setdefault(shard, []).append(max(1, each))
    assert list(loads) == list(range(len(loads)))
    assert all(len(load) == 1 or sum(load) <= piece_pages for load in loads.values())
    assert all(sum(loads[shard]) + loads[shard + 1][0] > piece_pages for shard in range(len(loads) - 1))


def test_what_is_to_begin_a_shard_does_so_once() -> None:
    filling = Filling(10)
    filling.begin()
    first = filling.take(3, 1)
    filling.begin()
    filling.begin()
    assert (first, filling.take(3, 4)) == ([0], [1, 1, 1, 2])
