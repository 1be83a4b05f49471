# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.sample import sample
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow


def a_row(number: int, pages: int | None, error: str = "") -> CountRow:
    return CountRow(f"s3://raw/{number}.pdf", 1000, "etag", pages, error)


ROWS = [a_row(number, 1 + number % 100) for number in range(5000)]


def test_the_same_documents_come_whatever_the_order_of_the_table() -> None:
    shuffled = random.Random(3).sample(ROWS, len(ROWS))
    assert sample(shuffled, 10) == sample(ROWS, 10)


def test_lengths_are_spread_as_those_of_all_documents_and_the_shortest_come_first() -> None:
    pages = [row.pages or 0 for row in sample(ROWS, 10)]
    assert pages == sorted(pages)
    assert all(abs(found - wanted) < 15 for found, wanted in zip(pages, range(5, 100, 10), strict=True))


def test_a_table_that_has_grown_a_little_has_most_of_them_again() -> None:
    grown = [*ROWS, *(a_row(number, 1 + number % 100) for number in range(5000, 5050))]
    assert len(set(sample(grown, 10)) & set(sample(ROWS, 10))) >= 5


def test_what_is_too_long_cannot_be_read_or_has_no_page_is_not_drawn() -> None:
    odd = [a_row(1, None, "corrupt: no trailer"), a_row(2, 0), a_row(3, 7, "repaired: tail"), a_row(4, 9), a_row(5, 3)]
    assert [row.pages for row in sample(odd, 10, most_pages=8)] == [3]
    assert [row.pages for row in sample(odd, 10)] == [3, 9]


def test_a_table_of_fewer_documents_gives_all_and_an_empty_one_none() -> None:
    assert set(sample(ROWS[:7], 10)) == set(ROWS[:7])
    assert sample([], 10) == []


def test_a_key_that_is_no_utf_8_can_be_drawn() -> None:
    row = CountRow("s3://raw/\udcff.pdf", 1, "etag", 2, "")
    assert sample([row], 1) == [row]
