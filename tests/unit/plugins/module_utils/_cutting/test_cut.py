# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import Manifest, cut
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.facts import Facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from tests.support.cuts import finished, shards_of, work_table

ROW_VALUES = st.lists(st.tuples(st.none() | st.integers(0, 500), st.booleans()), max_size=40)


def cut_rows(rows: list[CountRow], options: CutOptions, done: Facts | None = None) -> Manifest:
    return cut(work_table(rows, options.rules), options, done)


def table(values: list[tuple[int | None, bool]]) -> list[CountRow]:
    """Rows of all kinds; ``True`` repeats a row."""
    rows = []
    for number, (pages, twice) in enumerate(values):
        row = CountRow(f"s3://raw/{number}.pdf", number, "etag", pages, "" if pages is not None else "corrupt: bad")
        rows += [row, row] if twice else [row]
    return rows


@pytest.mark.slow
@given(ROW_VALUES, st.integers(1, 5), st.none() | st.integers(1, 6), st.booleans(), st.randoms(use_true_random=False))
def test_every_row_is_in_one_shard_or_skipped_for_a_reason_in_any_order(
    values: list[tuple[int | None, bool]], shards: int, limit: int | None, skip_errors: bool, chance: random.Random
) -> None:
    rows = table(values)
    options = CutOptions((1.0,) * shards, skip_errors=skip_errors, limit_per_shard=limit)
    done = finished({f"{number}.pdf": DocumentState.DONE for number in range(0, len(values), 5)})

    manifest = cut_rows(rows, options, done)

    listed = shards_of(manifest)
    uris = [document.uri for shard in listed for document in shard]
    assert len(uris) == len(set(uris)) == manifest.summary.totals.documents
    assert set(uris) <= {row.uri for row in rows}
    assert len(uris) + sum(manifest.summary.skipped.values()) == len(rows) == manifest.summary.totals.rows
    assert all(limit is None or len(shard) <= limit for shard in listed)
    for shard in listed:
        assert shard == sorted(shard, key=lambda document: (-document.pages, document.uri))
    chance.shuffle(rows)
    again = cut_rows(rows, options, done)
    assert (shards_of(again), again.summary) == (listed, manifest.summary)


@given(ROW_VALUES, st.integers(1, 400), st.randoms(use_true_random=False))
def test_every_document_is_in_one_piece_and_in_the_same_one_in_any_order(
    values: list[tuple[int | None, bool]], piece_pages: int, chance: random.Random
) -> None:
    rows = table(values)
    options = CutOptions(skip_errors=False, keep_failed=True, piece_pages=piece_pages)
    failed = {f"{number}.pdf" for number in range(0, len(values), 3)}
    done = finished(dict.fromkeys(failed, DocumentState.FAILED))

    manifest = cut_rows(rows, options, done)

    listed = shards_of(manifest)
    documents = [document for piece in listed for document in piece]
    assert len(documents) == len({document.uri for document in documents}) == manifest.summary.totals.documents
    assert len(documents) + sum(manifest.summary.skipped.values()) == len(rows)
    assert all(listed) or not documents
    for piece in listed:
        assert len(piece) <= 1 or sum(max(1, document.pages) for document in piece) <= piece_pages
        assert len({document.uri.removeprefix("s3://raw/") in failed for document in piece}) <= 1
    # Those that had failed are in the last ones, and the others are longest first over all pieces.
    order = [
        (document.uri.removeprefix("s3://raw/") in failed, -document.pages, document.uri) for document in documents
    ]
    assert order == sorted(order)
    assert (manifest.summary.piece_pages, manifest.summary.imbalance) == (piece_pages, None)
    chance.shuffle(rows)
    again = cut_rows(rows, options, done)
    assert (shards_of(again), again.summary) == (listed, manifest.summary)


def test_thousands_of_pieces_are_few_open_files() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    manifest = cut_rows(table([(1, False)] * 3000), CutOptions(piece_pages=1))
    assert len(manifest.shards) == 3000
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 100


def test_a_cut_without_a_document_is_one_empty_piece() -> None:
    assert shards_of(cut_rows([], CutOptions(piece_pages=5))) == [[]]


def test_a_trial_run_keeps_typical_documents_of_the_same_shards() -> None:
    rows = table([(pages, False) for pages in range(1, 101)])
    whole = cut_rows(rows, CutOptions((1.0, 1.0)))
    trial = cut_rows(rows, CutOptions((1.0, 1.0), limit_per_shard=5))

    assert trial.summary.skipped == {"over_limit": 90}
    for kept, shard in zip(shards_of(trial), shards_of(whole), strict=True):
        assert len(kept) == 5
        assert set(kept) < set(shard)
        assert 40 <= sum(document.pages for document in kept) / 5 <= 60


def test_what_is_done_or_failed_is_left_out_by_its_key() -> None:
    states = finished({"0.pdf": DocumentState.DONE, "1.pdf": DocumentState.FAILED, "9.pdf": DocumentState.DONE})
    manifest = cut_rows(table([(5, False)] * 3), CutOptions((1.0,)), states)
    assert [document.uri for document in shards_of(manifest)[0]] == ["s3://raw/2.pdf"]
    assert manifest.summary.skipped == {"finished": 2}


def test_failed_documents_that_are_kept_are_dealt_apart_and_every_shard_is_longest_first() -> None:
    rows = table([(pages, False) for pages in range(1, 41)])
    states = {f"{number}.pdf": DocumentState.FAILED for number in range(0, 40, 2)}
    manifest = cut_rows(
        rows, CutOptions((1.0, 1.0), keep_failed=True), finished({**states, "1.pdf": DocumentState.DONE})
    )
    assert manifest.summary.skipped == {"finished": 1}
    assert (manifest.summary.failed_documents, manifest.summary.failed_pages) == (20, sum(range(1, 41, 2)))
    for shard in shards_of(manifest):
        assert shard == sorted(shard, key=lambda document: (-document.pages, document.uri))
        failed = [document.pages for document in shard if document.uri.removeprefix("s3://raw/") in states]
        assert (len(failed), abs(sum(failed) - 200) <= 1) == (10, True)
        pending = sum(document.pages for document in shard) - sum(failed)
        assert abs(pending - (sum(range(2, 41, 2)) - 2) / 2) <= 2
