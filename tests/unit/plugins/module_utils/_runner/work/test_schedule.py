# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt, AttemptQueue
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.handed_on import HandedOn
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.schedule import Ahead, Schedule
from tests.support.markers import make_marker

CRASH = DocumentFailure(FailureClass.CRASH, "gone")


def fetched_of(attempt: Attempt) -> Fetched:
    return Fetched(attempt, Path("folder"), Path("input"), "etag", attempt.document.bytes or 0)


class Bench:
    """A schedule over documents named by their pages, whose downloads end when they are told to."""

    def __init__(self, pages: list[int], ahead: Ahead, slots: int, size: int | None = 10) -> None:
        attempts = [Attempt(Document(f"s3://b/{count}.pdf", count, size), last=2) for count in pages]
        self.schedule = Schedule(AttemptQueue(attempts), ahead, slots)
        self.fetching: dict[int, Attempt] = {}
        self.schedule.open(self._fetch)

    def _fetch(self, attempt: Attempt) -> None:
        self.fetching[attempt.document.pages] = attempt

    def arrive(self, pages: int) -> None:
        self.schedule.fetched(fetched_of(self.fetching.pop(pages)))

    async def wants(self) -> asyncio.Task[Fetched | None]:
        task = asyncio.create_task(self.schedule.next())
        await asyncio.sleep(0)
        return task


async def pages_of(task: asyncio.Task[Fetched | None]) -> int | None:
    fetched = await asyncio.wait_for(task, 5)
    return fetched.attempt.document.pages if fetched else None


def run(work: Callable[[], object]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


def test_at_the_start_each_slot_gets_one_of_the_longest_however_fast_the_others_come() -> None:
    async def work() -> None:
        bench = Bench([90, 80, 3, 2, 1], Ahead(4, 1000), 2)
        assert not bench.fetching
        first, second = await bench.wants(), await bench.wants()
        assert set(bench.fetching) == {90, 80}
        bench.arrive(80)
        bench.arrive(90)
        assert {await pages_of(first), await pages_of(second)} == {90, 80}
        assert set(bench.fetching) == {3, 2, 1}

    run(work)


def test_a_slot_gets_the_longest_of_what_is_there_and_does_not_wait_for_a_longer_one() -> None:
    async def work() -> None:
        bench = Bench([9, 8, 7, 6], Ahead(3, 1000), 1)
        first = await bench.wants()
        bench.arrive(9)
        assert await pages_of(first) == 9
        bench.arrive(6)
        bench.arrive(7)
        assert await pages_of(await bench.wants()) == 7
        assert await pages_of(await bench.wants()) == 6

    run(work)


def test_no_more_documents_wait_than_the_number_or_the_bytes_allow() -> None:
    async def work() -> None:
        for ahead, expected in ((Ahead(2, 1000), 2), (Ahead(8, 35), 3), (Ahead(100, 1000), 8)):
            bench = Bench(list(range(20, 0, -1)), ahead, 1)
            first = await bench.wants()
            bench.arrive(20)
            await first
            assert len(bench.fetching) == expected

    run(work)


def test_a_document_larger_than_the_disk_may_take_comes_when_a_slot_waits_for_it() -> None:
    async def work() -> None:
        bench = Bench([9, 8], Ahead(8, 5), 1)
        first = await bench.wants()
        bench.arrive(9)
        await first
        assert not bench.fetching
        second = await bench.wants()
        bench.arrive(8)
        assert await pages_of(second) == 8

    run(work)


def test_a_document_of_unknown_size_counts_as_an_even_share() -> None:
    async def work() -> None:
        bench = Bench([9, 8, 7, 6, 5], Ahead(2, 100), 1, size=None)
        first = await bench.wants()
        bench.arrive(9)
        await first
        assert set(bench.fetching) == {8, 7}

    run(work)


def test_slots_are_sent_home_when_all_is_settled_and_not_before() -> None:
    async def work() -> None:
        bench = Bench([9], Ahead(8, 1000), 2)
        first, second = await bench.wants(), await bench.wants()
        attempt = bench.fetching[9]
        bench.arrive(9)
        assert await pages_of(first) == 9
        assert bench.schedule.retry(attempt, CRASH)
        assert not second.done()
        again = bench.fetching[9]
        bench.arrive(9)
        assert await pages_of(second) == 9
        third = await bench.wants()
        assert not bench.schedule.retry(again, CRASH)
        bench.schedule.settle(again)
        assert await pages_of(third) is None

    run(work)


def test_a_drained_slots_document_goes_to_another_before_shorter_ones_without_counting_as_an_attempt() -> None:
    async def work() -> None:
        bench = Bench([9, 8, 7], Ahead(8, 1000), 2)
        first, second = await bench.wants(), await bench.wants()
        bench.arrive(9)
        bench.arrive(8)
        taken = await first
        await second
        bench.arrive(7)
        assert taken is not None
        bench.schedule.drain_slot(taken)
        assert bench.schedule.slots == 1
        again = await (await bench.wants())
        assert again is not None
        assert (again.attempt.document.pages, again.attempt.number) == (9, 1)

    run(work)


def test_a_document_that_is_put_back_is_fetched_anew_and_keeps_the_slots_waiting() -> None:
    async def work() -> None:
        bench = Bench([5], Ahead(4, 1000), 1)
        first = await bench.wants()
        bench.arrive(5)
        attempt = (await first).attempt  # type: ignore[union-attr]
        bench.schedule.put_back(attempt)
        again = await bench.wants()
        assert bench.fetching == {5: attempt}
        bench.arrive(5)
        assert await pages_of(again) == 5

    run(work)


def test_a_slot_that_is_drained_before_its_first_document_does_not_hold_up_the_downloads() -> None:
    async def work() -> None:
        bench = Bench(list(range(9, 0, -1)), Ahead(4, 1000), 2)
        first, second = await bench.wants(), await bench.wants()
        bench.arrive(9)
        taken = await first
        assert taken is not None
        bench.schedule.drain_slot(taken)
        await second
        bench.arrive(8)
        assert len(bench.fetching) == 3

    run(work)


def test_after_a_stop_nothing_is_begun() -> None:
    async def work() -> None:
        bench = Bench([9, 8], Ahead(8, 1000), 1)
        first = await bench.wants()
        bench.schedule.stop()
        assert await pages_of(first) is None
        bench.arrive(9)
        assert not bench.fetching
        assert await pages_of(await bench.wants()) is None

    run(work)


def test_a_slot_that_finds_nothing_waits_while_more_may_come() -> None:
    async def work() -> None:
        bench = Bench([3], Ahead(4, 1000), 1)
        bench.schedule.expect_more(expected=True)
        first = await bench.wants()
        bench.arrive(3)
        attempt = (await first).attempt  # type: ignore[union-attr]
        assert bench.schedule.is_drained
        bench.schedule.settle(attempt)
        second = await bench.wants()
        assert not second.done()
        bench.schedule.add([Attempt(Document("s3://b/2.pdf", 2, 10), last=2)])
        assert not bench.schedule.is_drained or bench.fetching
        bench.arrive(2)
        bench.schedule.settle((await second).attempt)  # type: ignore[union-attr]
        third = await bench.wants()
        bench.schedule.expect_more(expected=False)
        assert await pages_of(third) is None

    run(work)


def test_what_is_lent_is_not_fetched_and_a_stop_lends_nothing() -> None:
    async def work() -> None:
        bench = Bench([9, 5, 3, 2], Ahead(1, 1000), 1)
        await bench.wants()
        assert set(bench.fetching) == {9}
        assert bench.schedule.lendable_pages == 10
        assert [attempt.document.pages for attempt in bench.schedule.lend(7)] == [5, 2]
        bench.schedule.stop()
        assert (bench.schedule.lend(7), bench.schedule.lendable_pages, bench.schedule.is_drained) == ([], 0, True)
        assert bench.schedule.is_stopping

    run(work)


def ocr_of(attempt: Attempt) -> Fetched:
    numbers = tuple(range(1, attempt.document.pages + 1))
    return replace(fetched_of(attempt), handed_on=HandedOn(make_marker(open_pages=numbers), Path("layer")))


class OcrBench(Bench):
    """Likewise at stage ``ocr``, where ranges have two pages or a multiple."""

    def __init__(self, pages: list[int], slots: int) -> None:
        attempts = [Attempt(Document(f"s3://b/{count}.pdf", count, 10), last=2) for count in pages]
        self.schedule = Schedule(AttemptQueue(attempts), Ahead(4, 1000), slots, range_pages=2)
        self.fetching = {}
        self.schedule.open(self._fetch)

    def arrive(self, pages: int) -> None:
        self.schedule.fetched(ocr_of(self.fetching.pop(pages)))

    async def gets(self) -> Attempt:
        fetched = await asyncio.wait_for(self.schedule.next(), 5)
        assert fetched is not None
        return fetched.attempt


def test_a_long_document_is_divided_among_the_slots_and_composed_when_its_last_range_is_there() -> None:
    async def work() -> None:
        bench = OcrBench([8, 1], 2)
        first, second = await bench.wants(), await bench.wants()
        bench.arrive(8)
        begun = [each.attempt for each in (await first, await second) if each is not None]
        # The next document does not come between.
        bench.arrive(1)
        begun += [await bench.gets() for _number in range(3)]
        assert [attempt.part for attempt in begun] == [(1, 2), (3, 4), (5, 6), (7, 8), ()]
        *begun, short = begun
        ranges = begun[0].ranges
        assert ranges is not None
        for attempt in begun[:-1]:
            ranges.end(1.0)
            bench.schedule.settle(attempt)
        ranges.end(1.0)
        bench.schedule.compose(begun[-1], ranges)
        whole = await bench.gets()
        assert (whole.composes, whole.seconds) == (True, 4.0)
        bench.schedule.settle(whole)
        assert (short.document.pages, short.ranges) == (1, None)
        assert bench.schedule.has_open
        bench.schedule.settle(short)
        assert await pages_of(await bench.wants()) is None
        assert not bench.schedule.has_open

    run(work)


def test_a_document_that_is_not_longer_than_its_share_stays_whole() -> None:
    async def work() -> None:
        bench = OcrBench([8, 7, 7, 7, 7], 2)
        first = await bench.wants()
        bench.arrive(8)
        fetched = await first
        assert fetched is not None
        assert (fetched.attempt.ranges, fetched.attempt.pages) == (None, 8)

    run(work)


def test_a_range_that_comes_again_is_fetched_by_nobody_and_waits_behind_the_others() -> None:
    async def work() -> None:
        bench = OcrBench([8], 2)
        first = await bench.wants()
        bench.arrive(8)
        fetched = await first
        assert fetched is not None
        assert not bench.schedule.is_drained
        assert bench.schedule.retry(fetched.attempt, CRASH)
        others = [await bench.gets() for _number in range(3)]
        again = await bench.gets()
        assert (again.part, again.number) == (fetched.attempt.part, 2)
        assert fetched.attempt.part not in [attempt.part for attempt in others]
        assert bench.fetching == {}
        assert bench.schedule.is_drained
        # A slot that is lost with one leaves it to the others.
        bench.schedule.drain_slot(ocr_of(again))
        assert await bench.gets() is again

    run(work)
