# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import cut
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow

ROW_VALUES = st.lists(st.tuples(st.none() | st.integers(0, 500), st.booleans()), max_size=40)


def table(values: list[tuple[int | None, bool]]) -> list[CountRow]:
    """Rows of all kinds; ``True`` repeats a row."""
    rows = []
    for number, (pages, twice) in enumerate(values):
        row = CountRow(f"s3://raw/{number}.pdf", number, "etag", pages, "" if pages is not None else "corrupt: bad")
        rows += [row, row] if twice else [row]
    return rows


@given(ROW_VALUES, st.integers(1, 5), st.none() | st.integers(1, 6), st.booleans(), st.randoms(use_true_random=False))
def test_every_row_is_in_one_shard_or_skipped_for_a_reason_in_any_order(
    values: list[tuple[int | None, bool]], shards: int, limit: int | None, skip_errors: bool, chance: random.Random
) -> None:
    rows = table(values)
    options = CutOptions((1.0,) * shards, skip_errors=skip_errors, limit_per_shard=limit)
    finished = {f"{number}.pdf" for number in range(0, len(values), 5)}

    manifest = cut(rows, options, finished)

    uris = [document.uri for shard in manifest.shards for document in shard]
    assert len(uris) == len(set(uris)) == manifest.summary.totals.documents
    assert set(uris) <= {row.uri for row in rows}
    assert len(uris) + sum(manifest.summary.skipped.values()) == len(rows) == manifest.summary.totals.rows
    assert all(limit is None or len(shard) <= limit for shard in manifest.shards)
    chance.shuffle(rows)
    assert cut(rows, options, finished) == manifest


def test_a_trial_run_keeps_typical_documents_of_the_same_shards() -> None:
    rows = table([(pages, False) for pages in range(1, 101)])
    whole = cut(rows, CutOptions((1.0, 1.0)))
    trial = cut(rows, CutOptions((1.0, 1.0), limit_per_shard=5))

    assert trial.summary.skipped == {"over_limit": 90}
    for kept, shard in zip(trial.shards, whole.shards, strict=True):
        assert len(kept) == 5
        assert set(kept) < set(shard)
        assert 40 <= sum(document.pages for document in kept) / 5 <= 60
