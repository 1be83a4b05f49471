# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.facts import Facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import marker_facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import (
    NO_SHARD,
    Account,
    Collection,
    FailedDocuments,
    Sums,
    take_account,
)
from tests.support.cuts import work_table

_DONE, _FAILED = DocumentState.DONE, DocumentState.FAILED
# One key begins with another, so that their markers and they are in unlike order.
_KEYS = ["a.pdf", "a.pdf-2.pdf", "a.pdf/b.pdf", "x/a.pdf", "θ.pdf", "ὕ.pdf"]
_MARKS = st.tuples(st.sampled_from([*_KEYS, "gone.pdf"]), st.sampled_from(DocumentState), st.integers(0, 3))


def _at(second: int) -> datetime:
    return datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC)


def account_of(
    pages: dict[str, int | None],
    shards: list[tuple[str, int]],
    marks: list[tuple[str, DocumentState, int]],
    markdown: list[str] | None = None,
) -> Account:
    rows = [
        CountRow(f"s3://raw/{key}", 1, "e", count, "" if count is not None else "corrupt: bad")
        for key, count in pages.items()
    ]
    collection = Collection(
        work_table(rows),
        Facts(4, [(key.encode(), struct.pack(">I", shard)) for key, shard in shards]),
        marker_facts((key, state, _at(second)) for key, state, second in marks),
    )
    texts = None if markdown is None else Facts(1, [(key.encode(), b"1") for key in markdown])
    return take_account(collection, texts)


@given(
    st.lists(st.sampled_from(_KEYS), unique=True),
    st.dictionaries(st.sampled_from(_KEYS), st.integers(1, 3)),
    st.lists(_MARKS, unique=True),
)
def test_every_document_of_the_table_is_done_failed_or_pending_and_counted_once(
    keys: list[str], shards: dict[str, int], marks: list[tuple[str, DocumentState, int]]
) -> None:
    pages = {key: number + 1 for number, key in enumerate(keys)}
    account = account_of(dict(pages), list(shards.items()), marks)

    steps = (_FAILED, DocumentState.FORWARDED, _DONE)
    latest: dict[str, tuple[int, int]] = {}
    for key, state, second in marks:
        latest[key] = max(latest.get(key, (-1, 0)), (second, steps.index(state)))
    expected: dict[tuple[int, DocumentState | None], list[int]] = {}
    for key, count in pages.items():
        ended = steps[latest[key][1]] if key in latest else None
        expected.setdefault((shards.get(key, NO_SHARD), ended), []).append(count)
    assert {which: (each.documents, each.pages) for which, each in account.sums.items()} == {
        which: (len(counts), sum(counts)) for which, counts in expected.items()
    }
    assert (account.listed, account.strangers) == (len(shards), len(shards.keys() - pages.keys()))
    assert account.unlisted == len(latest.keys() - pages.keys())
    assert sorted(account.failed) == sorted(
        (key, shards.get(key, NO_SHARD)) for key in pages if key in latest and steps[latest[key][1]] is _FAILED
    )


def test_what_stage_ocr_has_done_is_told_from_what_the_text_layer_gave() -> None:
    rows = [
        CountRow(f"s3://raw/{key}", 1, "e", pages, "")
        for key, pages in {"a": 1, "b": 2, "c": 4, "d": 8, "e": 16}.items()
    ]
    states = {"a": _DONE, "b": _DONE, "e": _DONE, "c": DocumentState.FORWARDED, "d": _FAILED}
    account = take_account(
        Collection(
            work_table(rows),
            Facts(4),
            marker_facts((key, state, _at(1)) for key, state in states.items()),
            Facts(9, [(key, struct.pack(">d?", 1.0, key == b"e")) for key in (b"b", b"c", b"d", b"e")]),
        )
    )
    assert account.recognised == Sums(1, 2)
    assert account.sums[NO_SHARD, DocumentState.FORWARDED] == Sums(1, 4)


def test_of_the_documents_that_are_done_those_are_told_on_whose_formulas_the_stage_may_have_failed() -> None:
    rows = [CountRow(f"s3://raw/{key}", 1, "e", 1, "") for key in "abcde"]
    states = {"a": _DONE, "b": _DONE, "c": _FAILED, "d": _DONE, "e": _DONE}
    done = _at(1).timestamp()
    ended = {"a": (done + 1, True), "b": (done, True), "c": (done + 1, True), "d": (done + 1, False)}
    account = take_account(
        Collection(
            work_table(rows),
            Facts(4, [(b"a", struct.pack(">I", 2))]),
            marker_facts((key, state, _at(1)) for key, state in states.items()),
            formulas=Facts(9, [(key.encode(), struct.pack(">d?", *fact)) for key, fact in ended.items()]),
        )
    )
    assert list(account.formulas_in_doubt) == [("a", 2)]
    assert account.formulas_ended == 2


def test_of_the_documents_that_are_done_those_whose_formulas_are_open_are_told_by_shard() -> None:
    rows = [CountRow(f"s3://raw/{key}", 1, "e", 1, "") for key in "abcde"]
    states = {"a": _DONE, "b": _DONE, "c": _FAILED, "e": _DONE}
    account = take_account(
        Collection(
            work_table(rows),
            Facts(4, [(key, struct.pack(">I", 2)) for key in (b"a", b"b", b"c", b"d")]),
            marker_facts((key, state, _at(1)) for key, state in states.items()),
            formulas=Facts(9, [(key, struct.pack(">d?", 1.0, key == b"b")) for key in (b"a", b"b", b"c", b"d", b"e")]),
        )
    )
    assert +account.open_formulas == {2: 1, NO_SHARD: 1}
    assert account.sums[2, _DONE] == Sums(2, 2)


@pytest.mark.parametrize("marks", [[(_FAILED, 1), (_DONE, 2)], [(_DONE, 2), (_FAILED, 1)], [(_DONE, 1), (_FAILED, 1)]])
def test_the_later_of_two_markers_counts_and_success_of_two_as_old(marks: list[tuple[DocumentState, int]]) -> None:
    account = account_of({"a.pdf": 3}, [("a.pdf", 1)], [("a.pdf", *mark) for mark in marks])
    assert list(account.sums) == [(1, _DONE)]


def test_done_documents_without_markdown_are_counted_where_somebody_looked() -> None:
    pages: dict[str, int | None] = {"a.pdf": 1, "b.pdf": 1, "c.pdf": 1}
    marks = [("a.pdf", _DONE, 1), ("b.pdf", _DONE, 1), ("c.pdf", _FAILED, 1)]
    assert account_of(pages, [], marks, ["a.pdf", "elsewhere.pdf"]).missing_markdown == 1
    assert account_of(pages, [], marks, []).missing_markdown == 2
    assert account_of(pages, [], marks).missing_markdown is None


def test_rows_that_are_no_work_are_skipped_by_reason_and_a_document_in_two_shards_is_told() -> None:
    account = account_of({"a.pdf": 1, "b.pdf": None}, [("a.pdf", 1), ("a.pdf", 2), ("b.pdf", 1)], [("b.pdf", _DONE, 1)])
    assert account.skipped == {"corrupt": 1}
    assert (account.listed, account.listed_twice, account.strangers, account.unlisted) == (3, 1, 1, 1)


def test_failed_documents_come_back_as_often_as_they_are_asked_for() -> None:
    failed = FailedDocuments()
    failed.add([("θ.pdf".encode(), struct.pack(">I", 7))])
    assert list(failed) == list(failed) == [("θ.pdf", 7)]
