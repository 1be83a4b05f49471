# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from random import Random

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import in_order, longest_first


def documents(count: int) -> list[Document]:
    found = [Document(f"s3://b/{pages}.pdf", pages, None) for pages in range(1, count + 1)]
    Random(1).shuffle(found)
    return found


def test_the_longest_comes_first_and_of_as_many_pages_the_largest() -> None:
    long, short = Document("s3://b/long.pdf", 100, 1), Document("s3://b/short.pdf", 1, 1)
    large, unknown = Document("s3://b/large.pdf", 1, 9), Document("s3://b/unknown.pdf", 0, None)
    assert longest_first([unknown, short, long, large]) == [long, large, short, unknown]


@pytest.mark.parametrize("count", [0, 1, 32, 33, 34, 35, 36, 100, 1000])
def test_each_document_comes_once(count: int) -> None:
    assert sorted(each.pages for each in in_order(documents(count))) == list(range(1, count + 1))


def test_the_longest_of_all_do_not_wait_and_then_every_fourth_one_is_long() -> None:
    order = [each.pages for each in in_order(documents(1000))]
    assert order[:32] == list(range(1000, 968, -1))
    long = order[32:432:4]
    assert long == sorted(long, reverse=True)
    assert min(long) > 750


def test_the_others_between_are_of_all_lengths_from_early_on() -> None:
    samples = [each.pages for each in in_order(documents(1000))][33:97]
    for tenth in range(0, 960, 96):
        assert any(tenth < pages <= tenth + 96 for pages in samples), tenth


def test_the_second_half_is_longest_first() -> None:
    last = [each.pages for each in in_order(documents(1000))][-484:]
    assert last == sorted(last, reverse=True)
