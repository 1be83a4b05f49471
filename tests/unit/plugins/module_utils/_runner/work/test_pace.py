# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import Timings
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.pace import Pace

DOCUMENTS = [Document(f"s3://b/{number}.pdf", 10, None) for number in range(200)]


class Farm:
    """Slots of one supervisor, by a clock that stands still until it is told."""

    def __init__(self, slots: str = "01", timings: Timings | None = None) -> None:
        self.now = 1000.0
        self.slots = slots
        self.pace = Pace(slots, DOCUMENTS, timings, lambda: self.now)
        self.documents = iter(DOCUMENTS)

    def work(self, documents: int, seconds: float) -> None:
        """Have each slot process so many documents, each in so many seconds."""
        for _ in range(documents):
            batch = [(slot, next(self.documents)) for slot in self.slots]
            for slot, document in batch:
                self.pace.begin(slot, document)
            self.now += seconds
            for slot, document in batch:
                self.pace.end(slot)
                self.pace.settle(document, counts=True)


def test_the_time_left_is_that_of_the_documents_left_over_the_slots() -> None:
    farm = Farm()
    farm.work(20, 5.0)
    said = farm.pace.outlook()
    assert said.seconds is not None
    assert said.seconds == pytest.approx((200 - 40) * 5 / 2)
    assert said.least_seconds is not None
    assert said.most_seconds is not None
    assert said.least_seconds < said.seconds < said.most_seconds


def test_a_lost_slot_makes_the_time_left_longer_at_once() -> None:
    farm = Farm()
    farm.work(20, 5.0)
    farm.pace.drain("1")
    farm.pace.end("1")
    assert farm.pace.outlook().seconds == pytest.approx(160 * 5)
    farm.pace.drain("0")
    assert farm.pace.outlook().seconds is None


def test_what_is_in_work_has_part_of_its_time_behind_it() -> None:
    farm = Farm()
    farm.work(20, 5.0)
    before = farm.pace.outlook().seconds
    farm.pace.begin("0", next(farm.documents))
    farm.now += 3
    assert before is not None
    assert farm.pace.outlook().seconds == pytest.approx(before - 3 / 2)
    farm.now += 300
    assert farm.pace.outlook().seconds == pytest.approx(before - 5 / 2)


def test_the_last_document_takes_its_time_however_many_slots_wait_for_it() -> None:
    farm = Farm("0123")
    farm.work(49, 8.0)
    for slot in "012":
        document = next(farm.documents)
        farm.pace.begin(slot, document)
        farm.pace.end(slot)
        farm.pace.settle(document, counts=True)
    farm.pace.begin("3", next(farm.documents))
    farm.now += 2
    said = farm.pace.outlook()
    assert said.seconds == pytest.approx(6, rel=0.1)
    assert said.least_seconds is not None
    assert said.most_seconds is not None
    assert said.least_seconds < 6 < said.most_seconds


def test_waiting_between_documents_is_part_of_their_time_and_loading_the_models_is_not() -> None:
    farm = Farm("0")
    farm.work(1, 500.0)
    for _ in range(20):
        farm.now += 2
        farm.work(1, 3.0)
    assert farm.pace.timings.sizes[4].seconds == pytest.approx(20 * 5)


def test_all_attempts_of_a_document_are_its_time() -> None:
    farm = Farm("0")
    farm.work(1, 1.0)
    document = next(farm.documents)
    for seconds in (7.0, 4.0):
        farm.pace.begin("0", document)
        farm.now += seconds
        farm.pace.end("0")
    farm.pace.settle(document, counts=False)
    assert farm.pace.timings.sizes[4].seconds == 11
    assert farm.pace.timings.sizes[4].documents == 1


def test_the_rate_is_that_of_the_last_minutes() -> None:
    farm = Farm()
    farm.work(20, 1.0)
    assert farm.pace.outlook().pages_per_second == pytest.approx(20)
    farm.work(20, 40.0)
    assert farm.pace.outlook().pages_per_second == pytest.approx(0.5, rel=0.1)


def test_of_few_long_documents_the_rate_looks_back_further_than_minutes() -> None:
    farm = Farm()
    farm.work(30, 1000.0)
    assert farm.pace.outlook().pages_per_second == pytest.approx(20 / 1000, rel=0.05)
    farm.now += 100_000
    assert farm.pace.outlook().pages_per_second < 0.005


def test_pages_that_failed_are_time_and_no_rate() -> None:
    farm = Farm("0")
    farm.work(1, 1.0)
    before = farm.pace.outlook().pages_per_second
    document = next(farm.documents)
    farm.pace.begin("0", document)
    farm.now += 1
    farm.pace.end("0")
    farm.pace.settle(document, counts=False)
    assert farm.pace.outlook().pages_per_second == pytest.approx(before / 2)


def test_a_supervisor_goes_on_with_what_the_one_before_has_measured() -> None:
    farm = Farm()
    farm.work(20, 5.0)
    farm.pace.add_share(0.5)
    assert farm.pace.outlook().seconds is not None
    assert Farm().pace.outlook().seconds is None
    assert Farm(timings=farm.pace.timings).pace.outlook().seconds == pytest.approx(200 * 5 / 2)
    assert sum(farm.pace.timings.shares) == 1


def test_pages_of_a_document_that_is_divided_count_as_they_are_recognised_and_once() -> None:
    farm = Farm("0")
    farm.work(20, 10.0)
    document = next(farm.documents)
    before = farm.pace.outlook()
    assert before.seconds is not None
    farm.pace.begin("0", document, 0.5)
    farm.now += 5
    farm.pace.end("0")
    farm.pace.recognise(document, 5)
    assert farm.pace.recognised == 5
    half = farm.pace.outlook()
    assert half.seconds is not None
    assert half.seconds < before.seconds
    assert half.pages_per_second == pytest.approx(205 / 205)
    # No range has more pages than there are, whatever the manifest says.
    farm.pace.recognise(document, 9)
    farm.now += 5
    farm.pace.settle(document, counts=True)
    assert farm.pace.recognised == 0
    done = farm.pace.outlook()
    assert done.pages_per_second == pytest.approx(210 / 210)
    assert sum(farm.pace._pages) == 2000 - 210


def test_pages_that_were_recognised_for_nothing_are_no_rate_in_the_end() -> None:
    farm = Farm("0")
    document = next(farm.documents)
    farm.now += 10
    farm.pace.recognise(document, 5)
    assert farm.pace.outlook().pages_per_second == pytest.approx(0.5)
    farm.pace.settle(document, counts=False)
    assert farm.pace.outlook().pages_per_second == 0


def test_a_range_has_its_share_of_the_documents_time() -> None:
    farm = Farm("01")
    farm.work(50, 10.0)
    document = next(farm.documents)
    farm.pace.begin("0", document, 0.2)
    farm.now += 8.0
    # It was expected to take two seconds: the others of its pages are still to come.
    farm.pace.begin("1", document, 0.0)
    said = farm.pace.outlook()
    assert said.seconds is not None
    assert said.seconds == pytest.approx((100 * 10 - 2) / 2, rel=0.001)


def test_pages_that_were_recognised_for_nothing_long_ago_take_nothing_from_the_rate_of_others() -> None:
    farm = Farm("0")
    farm.work(1, 1.0)
    document = next(farm.documents)
    farm.pace.recognise(document, 8)
    farm.work(40, 60.0)
    before = farm.pace.outlook().pages_per_second
    assert before == pytest.approx(10 / 60, rel=0.1)
    farm.pace.recognise(document, 2)
    farm.pace.settle(document, counts=False)
    assert farm.pace.outlook().pages_per_second == pytest.approx(before)
