# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._status.documents import DocumentTable

_DONE, _FAILED = DocumentState.DONE, DocumentState.FAILED


def _at(second: int) -> datetime:
    return datetime(2026, 11, 24, 10, 0, second, tzinfo=UTC)


def _table(*names: str) -> DocumentTable:
    return DocumentTable((1, Document(f"s3://raw/{name}", 10, None)) for name in names)


def _state(table: DocumentTable) -> DocumentState | None:
    ((_shard, _pages, state),) = table.rows()
    return state


def test_every_document_is_pending_until_it_is_marked() -> None:
    table = _table("a.pdf", "b.pdf", "c.pdf")
    assert table.pending == 3
    table.mark("a.pdf", _DONE, _at(1))
    table.mark("b.pdf", _FAILED, _at(1))
    assert table.pending == 1


def test_rows_have_the_shard_and_the_pages_of_each_document() -> None:
    table = DocumentTable(
        [(1, Document("s3://raw/a.pdf", 0, 5)), (4_000_000_000, Document("s3://raw/b.pdf", 2**40, 5))]
    )
    table.mark("b.pdf", _DONE, _at(1))
    assert set(table.rows()) == {(1, 0, None), (4_000_000_000, 2**40, _DONE)}


@pytest.mark.parametrize(
    "markers", [[(_FAILED, 1), (_DONE, 2)], [(_DONE, 2), (_FAILED, 1)], [(_DONE, 1), (_FAILED, 1)]]
)
def test_the_later_of_two_markers_counts_and_success_of_two_as_old(markers: list[tuple[DocumentState, int]]) -> None:
    table = _table("a.pdf")
    for state, second in markers:
        table.mark("a.pdf", state, _at(second))
    assert _state(table) is _DONE
    assert table.failed() == {}


def test_a_failure_after_success_counts() -> None:
    table = _table("a.pdf")
    table.mark("a.pdf", _DONE, _at(1))
    table.mark("a.pdf", _FAILED, _at(2))
    assert _state(table) is _FAILED
    assert table.failed() == {"a.pdf": 1}


def test_a_marked_document_that_no_shard_lists_counts_once() -> None:
    table = _table("a.pdf")
    for state in (_DONE, _FAILED):
        table.mark("elsewhere.pdf", state, _at(1))
    assert (table.unlisted, table.pending) == (1, 1)


def test_done_documents_without_markdown_are_counted() -> None:
    table = _table("a.pdf", "b.pdf", "c.pdf")
    table.mark("a.pdf", _DONE, _at(1))
    table.mark("b.pdf", _DONE, _at(1))
    table.add_markdown("a.pdf")
    table.add_markdown("elsewhere.pdf")
    assert table.missing_markdown == 1


def test_a_document_listed_twice_is_counted_once_and_told() -> None:
    table = DocumentTable([(1, Document("s3://raw/a.pdf", 3, 1)), (2, Document("s3://other/a.pdf", 3, 1))])
    table.mark("a.pdf", _DONE, _at(1))
    assert (table.listed_twice, table.pending, len(list(table.rows()))) == (1, 0, 1)


@pytest.mark.parametrize("key", ["a/Έκθεση, 2.pdf", "", "a\udcff.pdf", "\ud800"])
def test_any_key_is_found(key: str) -> None:
    table = _table(key)
    table.mark(key, _DONE, _at(1))
    assert table.pending == 0


def test_a_document_takes_bytes_not_objects() -> None:
    documents = 20_000

    def listed() -> Iterator[tuple[int, Document]]:
        for number in range(documents):
            yield number % 4 + 1, Document(f"s3://raw/{'folder' * 20}/{number}.pdf", 10, 10)

    tracemalloc.start()
    try:
        table = DocumentTable(listed())
        for number in range(documents):
            table.mark(f"{'folder' * 20}/{number}.pdf", _DONE, _at(1))
        size, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.pending == 0
    assert size < 40 * documents
