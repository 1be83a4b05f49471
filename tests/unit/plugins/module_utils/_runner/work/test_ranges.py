# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges


def test_each_failure_of_a_range_is_an_attempt_of_the_document_and_an_excused_one_has_another_follow() -> None:
    ranges = Ranges(3, number=1, last=2, tried=False, seconds=0.0)
    ranges.count(is_excused=True)
    assert (ranges.number, ranges.last, ranges.tried) == (2, 3, False)
    ranges.count(is_excused=False)
    assert (ranges.number, ranges.last, ranges.tried) == (3, 3, True)
    ranges.count(is_excused=True)
    assert (ranges.number, ranges.last, ranges.tried) == (4, 4, True)


def test_the_last_range_says_so_and_all_their_time_is_the_documents() -> None:
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=5.0)
    assert not ranges.end(10.0)
    assert ranges.end(20.0)
    assert ranges.seconds == 35.0


def test_ranges_that_run_out_of_the_machines_memory_beside_others_are_one_attempt() -> None:
    ranges = Ranges(3, number=1, last=2, tried=False, seconds=0.0)
    assert [ranges.is_crowded_again() for _range in range(3)] == [False, True, True]
