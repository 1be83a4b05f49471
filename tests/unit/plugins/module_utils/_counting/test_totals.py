# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting import totals
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import (
    Progress,
    TableSummary,
    check_documents,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.clock import ClockOf

_SOURCE = S3Uri("raw", "theses/")


def test_a_repaired_document_counts_with_its_pages_and_is_no_error() -> None:
    rows = [
        CountRow("a", 1, "e", 3, ""),
        CountRow("b", 1, "e", 4, "repaired: xref"),
        CountRow("c", 1, "e", None, "corrupt: x"),
    ]
    assert TableSummary.of(rows) == TableSummary(documents=3, pages=7, errors=1)


def _table(documents: int) -> TableSummary:
    return TableSummary(documents, pages=10 * documents, errors=0)


@pytest.mark.parametrize("before", [None, _table(0)])
@pytest.mark.parametrize("confirmed", [False, True])
def test_no_document_at_all_is_an_error_whatever_is_confirmed(before: TableSummary | None, confirmed: bool) -> None:
    with pytest.raises(FarmError, match=r"no document below s3://raw/theses/.* ends in \.pdf"):
        check_documents(_SOURCE, 0, before, confirmed=confirmed)


@pytest.mark.parametrize("listed", [0, 49])
def test_fewer_than_half_of_what_the_table_has_must_be_confirmed(listed: int) -> None:
    with pytest.raises(FarmError, match=rf"^{listed} documents .* has 100: .* -e farm_confirm_fewer=true\.$"):
        check_documents(_SOURCE, listed, _table(100), confirmed=False)
    check_documents(_SOURCE, listed, _table(100), confirmed=True)


@pytest.mark.parametrize(("listed", "before"), [(1, None), (50, _table(100)), (101, _table(100)), (1, _table(0))])
def test_half_or_more_need_no_confirmation(listed: int, before: TableSummary | None) -> None:
    check_documents(_SOURCE, listed, before, confirmed=False)


def test_the_progress_line_says_where_the_run_is_whatever_time_of_day_it_is(clock_of: ClockOf) -> None:
    progress = Progress(
        listed=5000,
        known=100,
        counted=1200,
        errors=14,
        requests=2700,
        bytes_read=4_040_000,
        started=clock_of(totals).now - 100,
    )
    assert progress.line() == (
        "counted 1200 of 5000 listed, 100 known, 14 errors, 12/s, 2700 requests, 4.0 MB read, 100 s"
    )


def test_a_run_begins_by_the_clock_that_nobody_sets() -> None:
    before = time.monotonic()
    assert before <= Progress().started <= time.monotonic()
