# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._tuning.speed import Span, Speed, speed_of


def test_the_tail_in_which_workers_wait_is_left_out_and_what_goes_on_counts_by_its_part() -> None:
    # Two workers: one has 10 and 10 pages, the other a long document that goes on alone from 20 to 100.
    spans = [Span(0, 10, 10), Span(10, 20, 10), Span(0, 100, 100)]
    assert speed_of(spans) == Speed(40 / 20, 0, 20)


def test_a_gap_between_two_documents_of_a_worker_costs_speed() -> None:
    assert speed_of([Span(0, 10, 10), Span(15, 25, 10)]).pages_per_second == pytest.approx(20 / 25)


def test_one_document_has_its_own_speed_at_whatever_time() -> None:
    assert speed_of([Span(1_000_000, 1_000_004, 6)]) == Speed(1.5, 1_000_000, 1_000_004)


def test_twice_the_workers_that_each_go_on_as_fast_are_twice_as_fast() -> None:
    one = [Span(10 * number, 10 * number + 10, 10) for number in range(12)]
    two = [Span(10 * (number // 2), 10 * (number // 2) + 10, 10) for number in range(12)]
    assert speed_of(two).pages_per_second == pytest.approx(2 * speed_of(one).pages_per_second)
