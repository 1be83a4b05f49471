# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import SIZE_CLASSES, Timings, size_class
from ansible_collections.glossapi.farm.plugins.module_utils._status.forecast import (
    LEAST_DOCUMENTS,
    Left,
    Line,
    fit,
    forecast,
)


def measured(*documents: tuple[int, float]) -> Timings:
    timings = Timings()
    for pages, seconds in documents:
        timings = timings.with_document(pages, seconds)
    return timings


def left(*pages: int) -> list[Left]:
    found = [Left()] * SIZE_CLASSES
    for each in pages:
        before = found[size_class(each)]
        found[size_class(each)] = Left(before.documents + 1, before.pages + each)
    return found


def test_a_document_costs_something_by_itself_and_something_for_each_page() -> None:
    line = fit(measured(*[(pages, 2 + 0.5 * pages) for pages in (1, 10, 100, 1000)]).sizes)
    assert [line.document, line.page] == pytest.approx([2, 0.5])


@pytest.mark.parametrize(
    ("documents", "line"),
    [
        ([(10, 5.0), (10, 5.0)], Line(0, 0.5)),
        ([(10, 5.0), (100, 100.0)], Line(0, 0.75)),
        ([(1, 9.0), (100, 3.0)], Line(5.8, 0)),
        ([(0, 4.0), (0, 2.0)], Line(3.0, 0)),
    ],
)
def test_neither_part_is_below_nothing_and_one_size_has_a_cost_of_its_pages(
    documents: list[tuple[int, float]], line: Line
) -> None:
    found = fit(measured(*documents).sizes)
    assert [found.document, found.page] == pytest.approx([line.document, line.page], rel=0.3)
    assert min(found.document, found.page) >= 0


def test_the_time_left_is_that_of_what_is_left_and_not_of_what_was_done() -> None:
    timings = measured(*[(pages, 20 + 0.5 * pages) for pages in (4, 500, 600, 700)] * 2)
    found = forecast(timings, left(4, 4, 4))
    assert found is not None
    assert found.expected == pytest.approx(66, rel=0.02)


def test_a_size_whose_documents_take_longer_than_the_line_says_is_believed_the_more_of_them_there_are() -> None:
    usual = [(pages, float(pages)) for pages in (2, 500) for _ in range(200)]
    few, many = (forecast(measured(*usual, *[(20, 100.0)] * count), left(20)) for count in (2, 400))
    assert few is not None
    assert many is not None
    assert 20 < few.expected < 50
    assert many.expected == pytest.approx(100, rel=0.1)


def test_the_range_is_the_wider_the_more_documents_of_a_size_differ() -> None:
    even, uneven = (
        forecast(measured(*[(10, seconds) for seconds in times] * 20), left(10, 10)) for times in ((9, 11), (1, 19))
    )
    assert even is not None
    assert uneven is not None
    assert even.expected == pytest.approx(uneven.expected)
    assert even.error < uneven.error
    least, most = uneven.range()
    assert 0 <= least < uneven.expected < most


def test_nothing_is_told_of_few_documents() -> None:
    assert forecast(measured(*[(10, 1.0)] * (LEAST_DOCUMENTS - 1)), left(10)) is None
    assert forecast(measured(*[(10, 1.0)] * LEAST_DOCUMENTS), left(10)) is not None


def test_what_takes_no_time_at_all_leaves_none() -> None:
    found = forecast(measured(*[(10, 0.0)] * LEAST_DOCUMENTS), left(10))
    assert found is not None
    assert found.expected == 0
