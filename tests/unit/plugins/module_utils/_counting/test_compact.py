# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._counting.compact import KnownCounts, TableInMaking
from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import ListedObject
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import TableSummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table

ROW = CountRow("s3://b/a.pdf", 1, "e", 3, "")


def test_a_row_is_found_by_its_version_once_and_has_the_listed_size() -> None:
    known = KnownCounts()
    known.add(ROW)
    assert known.pop(ListedObject(ROW.uri, 9, "another")) is None
    assert known.pop(ListedObject("s3://b/b.pdf", 9, ROW.etag)) is None
    assert known.pop(ListedObject(ROW.uri, 9, ROW.etag)) == ROW._replace(bytes=9)
    assert known.pop(ListedObject(ROW.uri, 9, ROW.etag)) is None


def test_the_end_of_a_uri_is_not_taken_for_the_start_of_an_etag() -> None:
    known = KnownCounts()
    known.add(CountRow("s3://b/a", 1, "bc", 3, ""))
    assert known.pop(ListedObject("s3://b/ab", 1, "c")) is None


def test_the_later_row_of_one_version_counts() -> None:
    known = KnownCounts()
    for row in (ROW, ROW._replace(pages=None, error="corrupt: x")):
        known.add(row)
    assert len(known) == 1
    assert known.pop(ListedObject(ROW.uri, 1, ROW.etag)) == ROW._replace(pages=None, error="corrupt: x")


@given(
    st.lists(
        st.builds(
            CountRow,
            uri=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda key: f"s3://b/{key}"),
            bytes=st.none() | st.integers(min_value=0),
            etag=st.just("e"),
            pages=st.none() | st.integers(min_value=1),
            error=st.sampled_from(["repaired: xref rebuilt", 'corrupt: "no", trailer']),
        ),
        unique_by=lambda row: row.uri,
    )
)
def test_rows_in_any_order_make_the_table_sorted_by_uri(rows: list[CountRow]) -> None:
    table = TableInMaking()
    for row in rows:
        table.add(row)
    assert table.encode() == write_table(sorted(rows, key=lambda row: row.uri))
    assert table.summary == TableSummary.of(rows)
