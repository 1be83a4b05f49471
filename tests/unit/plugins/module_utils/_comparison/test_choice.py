# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._comparison.choice import (
    Candidate,
    first_candidates,
    order_of_pages,
    pages_of_each,
)


def candidates(*names: str, is_open: bool = False) -> list[Candidate]:
    return [Candidate(f"s3://raw/{name}", name, 3, is_open) for name in names]


def test_what_waits_for_ocr_comes_first_and_the_same_ones_whatever_their_order() -> None:
    names = [f"{number}.pdf" for number in range(50)]
    documents = [*candidates(*names[:40]), *candidates(*names[40:], is_open=True)]
    chosen = first_candidates(documents, 15)
    assert chosen == first_candidates(reversed(documents), 15)
    assert [each.is_open for each in chosen] == [True] * 10 + [False] * 5
    # As no list of names would have them.
    assert [each.key for each in chosen] != sorted(each.key for each in chosen)
    assert first_candidates(documents, 100)[:15] == chosen


def test_a_document_whose_pages_nobody_knows_is_none() -> None:
    assert first_candidates([Candidate("s3://raw/a", "a", 0, True)], 3) == []


def test_names_that_are_no_utf8_have_a_place_too() -> None:
    assert len(first_candidates(candidates("a\udcff", "b"), 3)) == 2


def test_few_pages_are_taken_of_each_document() -> None:
    assert [pages_of_each(documents, 24) for documents in (100, 24, 23, 12, 5, 1)] == [1, 1, 2, 2, 5, 24]


def test_pages_of_a_document_have_an_order_of_its_own() -> None:
    one, other = (order_of_pages(key, range(1, 21)) for key in ("a", "b"))
    assert one != other
    assert sorted(one) == sorted(other) == list(range(1, 21))
    assert one == order_of_pages("a", range(20, 0, -1))
