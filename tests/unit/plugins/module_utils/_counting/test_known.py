# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import was_read
from ansible_collections.glossapi.farm.plugins.module_utils._counting.known import KnownCounts
from ansible_collections.glossapi.farm.plugins.module_utils._counting.sorting import RowSorter
from ansible_collections.glossapi.farm.plugins.module_utils._counting.table import SortedTable
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, encode_row
from tests.support.count_rows import rows

ROW = CountRow("s3://b/a.pdf", 1, "e", 3, "")
CORRUPT = ROW._replace(pages=None, error="corrupt: x")
DENIED = ROW._replace(pages=None, error="read_error: AccessDenied")


def table(*found: CountRow) -> SortedTable:
    sorter = RowSorter(bytes_in_memory=0)
    for row in found:
        sorter.add([encode_row(row)])
    return SortedTable.written(sorter.sorted())[1]


def test_a_row_is_found_by_its_version_and_has_the_listed_size() -> None:
    known = KnownCounts([table(ROW)])
    assert known.line_of(ROW.uri, 1, "another") is None
    assert known.line_of("s3://b/b.pdf", 1, ROW.etag) is None
    for size in (1, 9, None):
        assert known.line_of(ROW.uri, size, ROW.etag) == encode_row(ROW._replace(bytes=size))


def test_the_end_of_a_uri_is_not_taken_for_the_start_of_an_etag() -> None:
    known = KnownCounts([table(CountRow("s3://b/a", 1, "bc", 3, ""))])
    assert known.line_of("s3://b/ab", 1, "c") is None


def test_the_later_table_and_row_of_one_version_count() -> None:
    assert KnownCounts([table(ROW), table(CORRUPT)]).line_of(ROW.uri, 1, "e") == encode_row(CORRUPT)
    assert KnownCounts([table(CORRUPT), table(ROW)]).line_of(ROW.uri, 1, "e") == encode_row(ROW)
    assert KnownCounts([table(ROW, CORRUPT)]).line_of(ROW.uri, 1, "e") == encode_row(CORRUPT)
    assert KnownCounts([table(ROW, CORRUPT._replace(etag="e2"))]).line_of(ROW.uri, 1, "e") == encode_row(ROW)


def test_a_row_of_a_document_that_was_not_read_hides_no_other() -> None:
    assert KnownCounts([table(ROW), table(DENIED)]).line_of(ROW.uri, 1, "e") == encode_row(ROW)
    assert KnownCounts([table(ROW, DENIED)]).line_of(ROW.uri, 1, "e") == encode_row(ROW)
    assert KnownCounts([table(DENIED)]).line_of(ROW.uri, 1, "e") is None


def test_rows_are_counted() -> None:
    assert len(KnownCounts([])) == 0
    assert len(KnownCounts([table(ROW, CORRUPT), table(ROW)])) == 3


@given(st.lists(st.lists(rows(), max_size=6), max_size=3), st.none() | st.just(7))
def test_rows_are_found_as_in_a_dictionary(tables: list[list[CountRow]], size: int | None) -> None:
    known = KnownCounts([table(*found) for found in tables])
    expected = {(row.uri, row.etag): row for found in tables for row in found if was_read(row)}
    for uri, etag in {(row.uri, row.etag) for found in tables for row in found} | {("s3://b/none", "e")}:
        row = expected.get((uri, etag))
        assert known.line_of(uri, size, etag) == (None if row is None else encode_row(row._replace(bytes=size)))
