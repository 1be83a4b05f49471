# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._records.work import WorkRules, WorkTable
from tests.support.count_rows import rows
from tests.support.cuts import documents_of, work_table

RULES = WorkRules()
GOOD = CountRow("s3://raw/good.pdf", 10, "etag", 5, "")
LOCKED = CountRow("s3://raw/locked.pdf", 10, "etag", None, "encrypted: needs a password")
REPAIRED = CountRow("s3://raw/repaired.pdf", 10, "etag", 7, "repaired: its page tree is broken")


class Selection(NamedTuple):
    documents: list[Document]
    skipped: Counter[str]


def select(found: list[CountRow], rules: WorkRules) -> Selection:
    table = work_table(found, rules)
    documents = documents_of(work for batch in table.batches() for work in batch)
    return Selection(documents, table.skipped)


def test_documents_without_pages_are_left_out_by_class_and_repaired_ones_used() -> None:
    selection = select([REPAIRED, LOCKED, GOOD], RULES)
    assert [document.uri for document in selection.documents] == [GOOD.uri, REPAIRED.uri]
    assert selection.skipped == {"encrypted": 1}


def test_documents_without_pages_count_as_none_where_errors_are_not_skipped() -> None:
    selection = select([LOCKED], WorkRules(skip_errors=False))
    assert selection.documents == [Document(LOCKED.uri, 0, 10)]
    assert not selection.skipped


def test_only_known_counts_can_be_too_short() -> None:
    selection = select([GOOD, LOCKED], WorkRules(skip_errors=False, min_pages=6))
    assert [document.uri for document in selection.documents] == [LOCKED.uri]
    assert selection.skipped == {"too_short": 1}


def test_equal_rows_count_once() -> None:
    selection = select([GOOD, REPAIRED, GOOD, GOOD], RULES)
    assert len(selection.documents) == 2
    assert selection.skipped == {"duplicate": 2}


@pytest.mark.parametrize("other", [GOOD._replace(pages=6), GOOD._replace(etag="new"), GOOD._replace(bytes=None)])
def test_contradicting_rows_are_refused(other: CountRow) -> None:
    with pytest.raises(FarmError, match=r"contradicting rows for 's3://raw/good\.pdf'"):
        select([GOOD, REPAIRED, other], RULES)


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("s3://raw/a\nb.pdf", "line_break"),
        ("s3://raw/a.pdf\r", "line_break"),
        ("s3://raw/a\u2028b", "line_break"),
        ("s3://raw/a\udcff.pdf", "not_utf8"),
    ],
)
def test_a_uri_that_cannot_be_a_line_is_left_out(uri: str, reason: str) -> None:
    assert select([GOOD._replace(uri=uri)], RULES).skipped == {reason: 1}


def test_documents_of_several_buckets_are_welcome_unless_they_would_share_results() -> None:
    elsewhere = GOOD._replace(uri="s3://other/else.pdf")
    assert len(select([GOOD, elsewhere], RULES).documents) == 2
    with pytest.raises(FarmError, match="have the same key"):
        select([GOOD, REPAIRED, GOOD._replace(uri="s3://other/good.pdf")], RULES)


@pytest.mark.parametrize("uri", ["raw/a.pdf", "s3://raw", "/data/a.pdf"])
def test_what_is_no_address_is_refused(uri: str) -> None:
    with pytest.raises(FarmError, match="which is not the"):
        select([GOOD._replace(uri=uri)], RULES)


@pytest.mark.slow
@given(st.lists(rows(), unique_by=lambda row: row.uri))
def test_a_table_in_order_is_read_as_one_that_must_be_sorted(found: list[CountRow]) -> None:
    found.sort(key=lambda row: row.uri.encode("utf-8", "surrogateescape"))
    table, sorted_first = work_table(found, RULES), work_table(found[::-1], RULES)
    one, other = (list(each) for each in (table.batches(), sorted_first.batches()))
    assert [work for batch in one for work in batch] == [work for batch in other for work in batch]
    assert table.skipped == sorted_first.skipped
    assert len([work for batch in one for work in batch]) + sum(table.skipped.values()) == len(found)


def test_a_malformed_row_is_named_with_its_line() -> None:
    table = work_table([GOOD])
    body = table._table().read() + b"s3://raw/late.pdf,1,e,many,\n"
    broken = WorkTable(lambda: io.BytesIO(body), "counts.csv", RULES)
    with pytest.raises(FarmError, match=r"counts\.csv: .*line 3.*'many'"):
        list(broken.batches())
