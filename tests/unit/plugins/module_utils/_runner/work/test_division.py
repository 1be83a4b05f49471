# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import heapq
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.division import composition, divide, split
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.exclusive import Alone
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.handed_on import HandedOn
from tests.support.markers import make_marker

SLOTS = 8


def fetched(pages: int, **fields: Any) -> Fetched:
    # Of a book whose every second page is to be recognised.
    open_pages = tuple(range(1, 2 * pages, 2))
    attempt = Attempt(Document("s3://b/a.pdf", pages, 4000), last=2, **fields)
    handed_on = HandedOn(make_marker(open_pages=open_pages), Path("layer"))
    return Fetched(attempt, Path("f"), Path("f/a.pdf"), "etag", 4000, handed_on)


def parts_of(pages: int, pages_left: int = 0, slots: int = SLOTS, least: int = 50, **fields: Any) -> list[Fetched]:
    return divide(fetched(pages, **fields), least=least, slots=slots, pages_left=pages_left)


def test_each_open_page_is_in_one_range() -> None:
    parts = parts_of(1234)
    assert tuple(page for part in parts for page in part.attempt.part) == tuple(range(1, 2468, 2))
    assert [part.attempt.pages for part in parts] == sorted((part.attempt.pages for part in parts), reverse=True)
    assert {part.attempt.pages % 50 for part in parts[:-1]} == {0}


def test_ranges_are_attempts_of_one_document_each_with_a_folder_of_its_own() -> None:
    parts = parts_of(400, number=2, seconds=7.0, tried=True, whole_time=True)
    (ranges,) = {part.attempt.ranges for part in parts}
    assert ranges is not None
    assert (ranges.open, ranges.number, ranges.last, ranges.tried, ranges.seconds) == (len(parts), 2, 2, True, 7.0)
    assert len({part.work for part in parts}) == len(parts)
    assert {part.folder for part in parts} == {Path("f")}
    assert {part.attempt.seconds for part in parts} == {0.0}
    assert all(part.attempt.whole_time for part in parts)
    # Of the disk's room they take once what the document does.
    assert sum(part.bytes for part in parts) <= 4000
    assert sum(part.attempt.share for part in parts) == pytest.approx(1)


def test_it_is_divided_where_it_is_more_than_half_of_what_each_slot_has_left() -> None:
    # With this document 16 times its pages are left.
    assert not parts_of(4000, pages_left=15 * 4000)
    assert parts_of(4000, pages_left=15 * 4000 - 1)
    assert parts_of(51)


@pytest.mark.parametrize("fields", [{"own_worker": True}, {"alone": Alone.ON_GPU}, {"interruptions": 2}])
def test_what_is_to_be_by_itself_stays_whole(fields: dict[str, Any]) -> None:
    assert not parts_of(4000, **fields)


def test_nothing_is_divided_for_one_slot_or_below_a_range_or_where_the_pipeline_takes_whole_documents() -> None:
    assert not parts_of(4000, slots=1)
    assert not parts_of(50)
    assert not parts_of(4000, least=0)
    assert not divide(replace(fetched(4000), handed_on=None), least=50, slots=8, pages_left=0)


@pytest.mark.parametrize("slots", [2, 8, 32])
@pytest.mark.parametrize("pages", [51, 700, 4000, 9999])
def test_slots_that_take_one_range_after_the_other_end_within_a_smallest_one(pages: int, slots: int) -> None:
    ends = [0] * slots
    for part in split(range(pages), least=50, slots=slots):
        heapq.heapreplace(ends, ends[0] + len(part))
    assert max(ends) <= pages / slots + 50


def test_what_is_composed_has_the_attempts_and_the_time_of_all_ranges() -> None:
    parts = parts_of(400)
    ranges = parts[0].attempt.ranges
    assert ranges is not None
    ranges.count(is_excused=False)
    for _part in parts:
        ranges.end(2.0)
    whole = composition(parts[3], ranges)
    assert (whole.attempt.part, whole.attempt.composes, whole.attempt.share) == ((), True, 0.0)
    assert (whole.attempt.number, whole.attempt.last, whole.attempt.tried) == (2, 2, True)
    assert whole.attempt.seconds == 2.0 * len(parts)
    assert whole.work == Path("f/work")
    assert not divide(whole, least=50, slots=8, pages_left=0)
