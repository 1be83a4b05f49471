# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.balance import (
    Turns,
    imbalance,
    imbalance_lower_bound,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document

PAGES = st.one_of(st.lists(st.integers(0, 2000), max_size=60), st.lists(st.integers(0, 9), max_size=60))
WEIGHTS = st.one_of(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 3.0]), min_size=1, max_size=7),
    st.lists(st.sampled_from([0.0, 0.7]), min_size=1, max_size=7),
).filter(any)


def documents(pages: list[int]) -> list[Document]:
    return [Document(f"s3://raw/{number:03}.pdf", count, count) for number, count in enumerate(pages)]


def balance(chosen: list[Document], weights: list[float]) -> list[list[Document]]:
    """Deal the documents as a cut does."""
    shards: list[list[Document]] = [[] for _ in weights]
    turns = Turns(weights)
    for document in sorted(chosen, key=lambda each: (-each.pages, each.uri)):
        shards[turns.take(document.pages, 1)[0]].append(document)
    return shards


@given(PAGES, WEIGHTS)
def test_documents_of_equal_pages_may_be_taken_together_or_singly(pages: list[int], weights: list[float]) -> None:
    together, singly = Turns(weights), Turns(weights)
    for count, number in sorted(Counter(pages).items(), reverse=True):
        taken = [*together.take(count, number // 2), *together.take(count, number - number // 2)]
        assert taken == [singly.take(count, 1)[0] for _ in range(number)]


def loads(shards: list[list[Document]]) -> list[int]:
    return [sum(document.pages for document in shard) for shard in shards]


def greedy_loads(pages: list[int], weights: list[float]) -> list[int]:
    """Largest-first by its definition, a search through all shards for each document."""
    result = [0] * len(weights)
    live = [shard for shard, weight in enumerate(weights) if weight]
    for count in sorted(pages, reverse=True):
        result[min(live, key=lambda shard: (result[shard] + count) / weights[shard])] += count
    return result


@given(PAGES, WEIGHTS)
def test_each_document_is_in_exactly_one_shard(pages: list[int], weights: list[float]) -> None:
    dealt = [document for shard in balance(documents(pages), weights) for document in shard]
    assert sorted(dealt) == documents(pages)


@given(PAGES, WEIGHTS)
def test_the_loads_are_those_of_largest_first(pages: list[int], weights: list[float]) -> None:
    assert loads(balance(documents(pages), weights)) == greedy_loads(pages, weights)


@given(PAGES, WEIGHTS)
def test_no_shard_exceeds_the_bound_of_largest_first(pages: list[int], weights: list[float]) -> None:
    live = sum(1 for weight in weights if weight)
    bound = (sum(pages) + (live - 1) * max(pages, default=0)) / sum(weights)
    for load, weight in zip(loads(balance(documents(pages), weights)), weights, strict=True):
        assert load <= bound * weight * (1 + 1e-12)


@given(PAGES, WEIGHTS)
def test_a_shard_of_weight_zero_gets_nothing(pages: list[int], weights: list[float]) -> None:
    for shard, weight in zip(balance(documents(pages), weights), weights, strict=True):
        assert weight or not shard


@given(PAGES, WEIGHTS)
def test_the_lower_bound_is_never_above_what_was_reached(pages: list[int], weights: list[float]) -> None:
    reached = imbalance(loads(balance(documents(pages), weights)), weights)
    assert imbalance_lower_bound(sum(pages), max(pages, default=0), weights) * (1 + 1e-12) >= 1
    assert imbalance_lower_bound(sum(pages), max(pages, default=0), weights) <= reached * (1 + 1e-12)


def test_documents_of_unknown_pages_are_dealt_by_number_and_weight() -> None:
    shards = balance(documents([500, *[0] * 30]), [2.0, 1.0])
    assert [len([document for document in shard if not document.pages]) for shard in shards] == [20, 10]


def test_weights_are_the_ratio_of_the_loads() -> None:
    assert loads(balance(documents([10] * 400), [2.0, 1.0, 1.0])) == [2000, 1000, 1000]


@pytest.mark.parametrize(
    ("pages", "weights", "bound"),
    [
        ([1000, 1, 1], [1.0, 1.0], 1000 / 501),  # one giant document
        ([1] * 10, [1.0] * 4, 3 / 2.5),  # ten pages, four shards: one has three
        ([30, 10], [3.0, 1.0], 1.0),
        ([], [1.0], 1.0),
        ([0, 0], [1.0, 1.0], 1.0),
    ],
)
def test_the_lower_bound_knows_the_largest_document_and_whole_pages(
    pages: list[int], weights: list[float], bound: float
) -> None:
    assert imbalance_lower_bound(sum(pages), max(pages, default=0), weights) == pytest.approx(bound)
    assert imbalance(loads(balance(documents(pages), weights)), weights) == pytest.approx(bound)
