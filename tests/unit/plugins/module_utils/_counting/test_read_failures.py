# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting.read_failures import ReadFailures
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow

GOOD = CountRow("s3://b/a.pdf", 1, "e", 3, "")
CORRUPT = CountRow("s3://b/b.pdf", 1, "e", None, "corrupt: no trailer")
DENIED = CountRow("s3://b/c.pdf", 1, "e", None, "read_error: Cannot read s3://b/c.pdf: access is denied")


def notes_until_it_stops(failures: ReadFailures) -> int:
    for number in range(1, 10_000):
        try:
            failures.note(DENIED)
        except FarmError:
            return number
    raise AssertionError("it never stopped")


@pytest.mark.parametrize("error", ["archived: restore it", "changed: x", "gone: x"])
def test_an_object_that_is_not_what_was_listed_is_neither_a_failure_nor_a_proof_that_others_can_be_read(
    error: str,
) -> None:
    failures = ReadFailures()
    for _ in range(300):
        failures.note(GOOD._replace(pages=None, error=error))
    failures.check_end()
    assert notes_until_it_stops(failures) == 20


def test_the_reason_is_told_in_more_words_than_the_row_has() -> None:
    failures = ReadFailures()
    failures.note(DENIED, "the policy must allow it")
    with pytest.raises(FarmError, match="the policy must allow it"):
        failures.check_end()


def test_a_run_that_begins_with_nothing_but_failures_stops_soon_and_says_why() -> None:
    failures = ReadFailures()
    for _ in range(19):
        failures.note(DENIED)
    with pytest.raises(FarmError, match=r"All of the first 20 documents could not be read.*access is denied"):
        failures.note(DENIED)


@pytest.mark.parametrize("row", [GOOD, CORRUPT])
def test_one_document_that_can_be_read_gives_the_others_time(row: CountRow) -> None:
    failures = ReadFailures()
    failures.note(row)
    assert notes_until_it_stops(failures) > 100


def test_only_failures_in_a_row_count() -> None:
    failures = ReadFailures()
    for _ in range(1000):
        failures.note(DENIED)
        failures.note(GOOD)
    failures.check_end()


def test_a_run_over_few_documents_fails_where_none_could_be_read() -> None:
    failures = ReadFailures()
    failures.check_end()
    failures.note(DENIED)
    with pytest.raises(FarmError, match="There are no others"):
        failures.check_end()
