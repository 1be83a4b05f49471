# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

from ansible_collections.glossapi.farm.plugins.module_utils._counting import totals
from ansible_collections.glossapi.farm.plugins.module_utils._counting.totals import Progress, TableSummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from tests.support.clock import ClockOf


def test_a_repaired_document_counts_with_its_pages_and_is_no_error() -> None:
    rows = [
        CountRow("a", 1, "e", 3, ""),
        CountRow("b", 1, "e", 4, "repaired: xref"),
        CountRow("c", 1, "e", None, "corrupt: x"),
    ]
    assert TableSummary.of(rows) == TableSummary(documents=3, pages=7, errors=1)


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
