# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from functools import reduce
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import (
    MOST_WORST,
    Scored,
    ShardQuality,
)


def _measured(key: str, score: float) -> ShardQuality:
    return ShardQuality.of(key, QualitySummary("good", score, {"layer": 2, "ocr": 1}, {"good": 2, "blank": 1}))


def test_documents_add_up_with_the_lowest_scores_first() -> None:
    shard = _measured("b.pdf", 0.75) + _measured("a.pdf", 0.5)
    assert shard == ShardQuality(
        2,
        1.25,
        {"layer": 4, "ocr": 2},
        {"good": 4, "blank": 2},
        (Scored("a.pdf", 0.5), Scored("b.pdf", 0.75)),
    )


def test_a_document_that_was_done_again_is_named_with_its_later_score() -> None:
    shard = _measured("a.pdf", 0.5) + _measured("b.pdf", 0.75) + _measured("a.pdf", 0.875)
    assert shard.worst == (Scored("b.pdf", 0.75), Scored("a.pdf", 0.875))


@given(st.lists(st.floats(0, 1), max_size=3 * MOST_WORST))
def test_of_any_number_of_documents_those_are_named_that_a_sort_of_all_would_put_first(scores: list[float]) -> None:
    documents = [Scored(f"{number:03}.pdf", score) for number, score in enumerate(scores)]
    shard = reduce(add, (_measured(each.key, each.score) for each in documents), ShardQuality())
    assert list(shard.worst) == sorted(documents, key=lambda each: (each.score, each.key))[:MOST_WORST]


def test_it_stays_small() -> None:
    longest = "k" * 1000
    shard = reduce(add, (_measured(f"{longest}{number}", 0.5) for number in range(1000)), ShardQuality())
    assert len(shard.to_json()) < 40_000
