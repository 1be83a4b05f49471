# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import (
    MEMORY,
    NO_SHARES,
    SHARE_BOUNDS,
    SIZE_CLASSES,
    Timings,
    size_class,
)


@pytest.mark.parametrize(("pages", "place"), [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (1 << 20, 15)])
def test_each_size_class_has_twice_the_pages_of_the_one_before(pages: int, place: int) -> None:
    assert size_class(pages) == place < SIZE_CLASSES


def test_documents_are_summed_up_by_their_size() -> None:
    timings = Timings().with_document(10, 3.0).with_document(12, 4.0).with_document(100, 50.0)
    assert timings.sizes[4].documents == 2
    assert (timings.sizes[4].pages, timings.sizes[4].seconds, timings.sizes[4].squares) == (22, 7.0, 25.0)
    assert sum(each.documents for each in timings.sizes) == 3


def test_older_documents_count_for_less_the_more_have_come_since() -> None:
    timings = Timings()
    for _ in range(MEMORY):
        timings = timings.with_document(10, 1.0).with_share(0.5)
    for _ in range(MEMORY):
        timings = timings.with_document(10, 9.0).with_share(0.1)
    assert sum(each.documents for each in timings.sizes) <= MEMORY
    assert 6.3 < timings.sizes[4].seconds / timings.sizes[4].documents < 9
    assert sum(timings.shares) <= MEMORY


def test_a_share_is_counted_under_the_bound_above_it() -> None:
    shares = Timings().with_share(1.0).with_share(1.01).with_share(0.0).shares
    assert (shares[0], shares[-2], shares[-1], sum(shares)) == (1, 1, 1, 3)
    assert SHARE_BOUNDS[-1] == 1


def test_what_was_measured_otherwise_or_counted_by_other_classes_says_nothing() -> None:
    timings = Timings("this").with_share(0.5)
    assert timings.on("this") is timings
    assert timings.on("that") == Timings("that")
    assert Timings("this", shares=(1.0,)).on("this").shares == NO_SHARES
