# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import (
    Attempt,
    AttemptQueue,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.borrowed import Borrowed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.exclusive import Alone
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def piece(client: S3Client, bucket: S3Uri) -> Borrowed:
    return Borrowed(2, Lease(client, bucket.join("lease"), Owner("token", "node")), "name", "etag")


LONG, SHORT = Document("s3://b/long.pdf", 100, 1), Document("s3://b/short.pdf", 1, 1)
CRASH = DocumentFailure(FailureClass.CRASH, "gone")


def queue_of(*documents: Document, last: int = 2) -> AttemptQueue:
    return AttemptQueue([Attempt(document, last=last) for document in documents])


def test_documents_come_in_the_order_they_were_given() -> None:
    queue = queue_of(LONG, SHORT)
    assert queue.next == LONG
    assert [queue.claim().document, queue.claim().document] == [LONG, SHORT]
    assert queue.next is None
    with pytest.raises(IndexError):
        queue.claim()


def test_a_document_that_crashed_comes_again_behind_all_others_with_its_time_kept() -> None:
    queue = queue_of(LONG, SHORT)
    first = queue.claim()
    first.seconds = 3.5
    assert queue.retry(first, CRASH)
    assert queue.claim().document == SHORT
    again = queue.claim()
    assert (again.document, again.number, again.seconds, again.tried) == (LONG, 2, 3.5, True)


@pytest.mark.parametrize(("number", "last"), [(1, 1), (1, 2), (2, 2)])
def test_a_document_that_was_cut_short_comes_again_with_the_whole_time_and_no_attempt_is_lost(
    number: int, last: int
) -> None:
    queue = AttemptQueue([Attempt(LONG, number=number, last=last)])
    first = queue.claim()
    first.cut_short = True
    late = DocumentFailure(FailureClass.TIMEOUT, "not finished")
    assert queue.retry(first, late)
    again = queue.claim()
    assert (again.number, again.whole_time, again.own_worker, again.alone) == (number + 1, True, True, Alone.NO)
    assert (again.cut_short, again.tried) == (False, False)
    assert not queue.retry(again, late)


def test_a_document_that_was_cut_short_still_has_all_of_its_attempts() -> None:
    queue = queue_of(LONG)
    first = queue.claim()
    first.cut_short = True
    assert queue.retry(first, DocumentFailure(FailureClass.TIMEOUT, "not finished"))
    # Other slots had the memory.
    assert queue.retry(queue.claim(), DocumentFailure(FailureClass.OUT_OF_MEMORY, "all of it"))
    last = queue.claim()
    assert (last.alone, last.whole_time) == (Alone.ON_MACHINE, True)
    assert not queue.retry(last, CRASH)


def test_a_document_that_was_cut_short_is_not_lent() -> None:
    queue = queue_of(LONG, SHORT, SHORT)
    first = queue.claim()
    first.cut_short = True
    assert queue.retry(first, DocumentFailure(FailureClass.TIMEOUT, "not finished"))
    assert queue.lendable_pages == 2 * SHORT.pages
    assert [attempt.document for attempt in queue.lend(1000)] == [SHORT, SHORT]
    assert queue.claim().whole_time
    assert queue.lendable_pages == 0


NO_GPU_MEMORY = DocumentFailure(FailureClass.GPU_MEMORY, "CUDA out of memory")


@pytest.mark.parametrize(("number", "last"), [(1, 1), (1, 2), (2, 2)])
def test_a_document_whose_gpu_others_had_a_part_of_comes_again_with_all_of_it_and_no_attempt_is_lost(
    number: int, last: int
) -> None:
    queue = AttemptQueue([Attempt(LONG, number=number, last=last), Attempt(SHORT)])
    first = queue.claim()
    first.crowded = True
    assert queue.retry(first, NO_GPU_MEMORY)
    # Nobody else knows that it needs the GPU alone.
    assert [attempt.document for attempt in queue.lend(1000)] == [SHORT]
    again = queue.claim()
    assert (again.number, again.last, again.own_worker, again.alone) == (number + 1, last + 1, True, Alone.ON_GPU)
    assert (again.crowded, again.tried) == (False, False)
    # With less than all of it nobody can have it, however many attempts are left.
    assert not queue.retry(again, NO_GPU_MEMORY)


def test_a_document_that_had_its_gpu_to_itself_is_tried_once_more_in_a_worker_of_its_own_as_any_other() -> None:
    queue = queue_of(LONG, last=9)
    assert queue.retry(queue.claim(), NO_GPU_MEMORY)
    again = queue.claim()
    assert (again.tried, again.alone) == (True, Alone.ON_GPU)
    assert not queue.retry(again, NO_GPU_MEMORY)


def test_a_document_that_has_the_machine_to_itself_keeps_it_whatever_its_gpu_lacks() -> None:
    queue = AttemptQueue([Attempt(LONG, last=9, alone=Alone.ON_MACHINE, crowded=True)])
    assert queue.retry(queue.claim(), NO_GPU_MEMORY)
    assert queue.claim().alone is Alone.ON_MACHINE


def test_a_document_whose_slot_was_to_blame_for_its_time_is_not_cut_short_any_more() -> None:
    queue = queue_of(LONG)
    first = queue.claim()
    first.cut_short = True
    queue.put_back(first)
    gone = DocumentFailure(FailureClass.DOWNLOAD, "gone")
    assert not queue.retry(queue.claim(), gone)


def test_a_suspect_comes_when_all_others_have_their_outcome_and_one_at_a_time() -> None:
    suspects = [Attempt(LONG, number=3, last=3, interruptions=2), Attempt(LONG, number=3, last=3, interruptions=3)]
    queue = AttemptQueue([*suspects, Attempt(SHORT, last=2)])
    assert queue.open == 3
    short = queue.claim()
    assert queue.next is None
    assert queue.retry(short, CRASH)
    again = queue.claim()
    assert (again.document, queue.next) == (SHORT, None)
    queue.settle()
    assert queue.claim() is suspects[0]
    assert queue.next is None
    queue.put_back(suspects[0])
    assert queue.claim() is suspects[1]


def test_a_document_is_the_reason_once_its_supervisor_vanished_while_it_was_alone() -> None:
    assert [Attempt(LONG, interruptions=count).is_suspect for count in range(4)] == [False, False, True, True]
    assert [Attempt(LONG, interruptions=count).conviction is None for count in range(4)] == [True, True, True, False]
    failure = Attempt(LONG, interruptions=3).conviction
    assert failure is not None
    assert str(failure) == (
        "crash: its supervisor or machine ended 3 times while it was worked on, the last time alone"
    )


def test_a_document_that_is_put_back_comes_again_as_if_it_had_not_been_tried() -> None:
    queue = queue_of(LONG)
    first = queue.claim()
    queue.put_back(first)
    assert queue.open == 1
    assert queue.claim() is first
    assert not first.tried


@pytest.mark.parametrize(
    ("failure_class", "own_worker", "alone"),
    [
        (FailureClass.CRASH, True, Alone.NO),
        (FailureClass.TIMEOUT, True, Alone.NO),
        (FailureClass.GPU, True, Alone.NO),
        (FailureClass.OUT_OF_MEMORY, True, Alone.ON_MACHINE),
        (FailureClass.GPU_MEMORY, True, Alone.ON_GPU),
        (FailureClass.PIPELINE, False, Alone.NO),
    ],
)
def test_what_ended_a_worker_has_one_of_its_own_next_and_what_took_the_memory_has_the_machine(
    failure_class: FailureClass, own_worker: bool, alone: Alone
) -> None:
    queue = queue_of(LONG, last=3)
    assert queue.retry(queue.claim(), DocumentFailure(failure_class, "why"))
    second = queue.claim()
    assert (second.own_worker, second.alone) == (own_worker, alone)
    assert queue.retry(second, DocumentFailure(FailureClass.PIPELINE, "why"))
    third = queue.claim()
    assert (third.own_worker, third.alone) == (own_worker, alone)


def test_the_last_attempt_is_the_last() -> None:
    queue = queue_of(LONG)
    assert queue.retry(queue.claim(), CRASH)
    assert not queue.retry(queue.claim(), CRASH)


def test_a_final_failure_is_not_tried_again() -> None:
    queue = queue_of(LONG)
    assert not queue.retry(queue.claim(), DocumentFailure(FailureClass.ENCRYPTED, "locked"))


def test_a_document_is_open_until_it_is_settled() -> None:
    queue = queue_of(LONG, SHORT)
    attempt = queue.claim()
    assert queue.open == 2
    queue.retry(attempt, CRASH)
    assert queue.open == 2
    queue.claim()
    queue.settle()
    assert queue.open == 1


def pages_of(attempts: list[Attempt]) -> list[int]:
    return [attempt.document.pages for attempt in attempts]


def of_pages(*pages: int) -> AttemptQueue:
    return queue_of(*(Document(f"s3://b/{number}.pdf", count, 1) for number, count in enumerate(pages)))


def test_the_longest_are_lent_as_many_as_fit_and_never_the_last_one() -> None:
    queue = of_pages(50, 30, 20, 40, 10)
    assert queue.lendable_pages == 150
    assert pages_of(queue.lend(85)) == [50, 30]
    assert queue.lendable_pages == 70
    assert pages_of(queue.lend(1)) == [40]
    assert pages_of(queue.lend(1)) == [20]
    assert queue.lend(100) == []
    assert queue.claim().document.pages == 10
    assert (queue.lendable_pages, queue.is_drained) == (0, True)


def test_a_document_of_unknown_pages_counts_as_one() -> None:
    queue = of_pages(0, 0, 0)
    assert queue.lendable_pages == 3
    assert len(queue.lend(2)) == 2


def test_what_failed_here_or_is_a_suspect_or_anothers_is_not_lent(piece: Borrowed) -> None:
    attempts = [
        Attempt(LONG, number=2, last=3, tried=True),
        Attempt(LONG, number=3, last=3, tried=True, interruptions=2),
        Attempt(LONG, piece=piece),
        Attempt(SHORT),
    ]
    queue = AttemptQueue(attempts)
    assert queue.lendable_pages == 1
    assert queue.lend(1000) == [attempts[3]]


def test_what_is_added_comes_before_all_others_in_its_order() -> None:
    queue = of_pages(5)
    queue.add([Attempt(LONG), Attempt(SHORT), Attempt(LONG, number=3, last=3, tried=True, interruptions=2)])
    assert queue.lendable_pages == 106
    assert [queue.claim().document.pages for _number in range(3)] == [100, 1, 5]
    assert not queue.is_drained


def test_what_is_added_behind_all_others_comes_after_them() -> None:
    queue = of_pages(5)
    queue.add([Attempt(LONG), Attempt(SHORT)], behind=True)
    assert queue.waiting == 3
    assert [queue.claim().document.pages for _number in range(3)] == [5, 100, 1]
    assert queue.waiting == 0


def test_what_nobody_has_begun_can_be_withdrawn() -> None:
    queue = AttemptQueue([Attempt(LONG), Attempt(SHORT), Attempt(LONG, number=3, last=3, tried=True, interruptions=2)])
    begun = queue.claim()
    withdrawn = queue.withdraw(lambda attempt: attempt.document == LONG)
    assert [attempt.interruptions for attempt in withdrawn] == [2]
    assert begun not in withdrawn
    assert (queue.open, queue.lendable_pages) == (2, 1)


def test_pages_that_nobody_has_begun_are_counted_whatever_becomes_of_documents() -> None:
    queue = of_pages(5, 3, 2, 1)
    assert queue.pages == 11
    first = queue.claim()
    assert queue.pages == 6
    assert queue.retry(first, CRASH)
    assert queue.pages == 11
    queue.put_back(queue.claim())
    assert queue.pages == 11
    lent = queue.lend(2)
    assert [attempt.pages for attempt in lent] == [3]
    queue.withdraw(lambda attempt: attempt.document.pages == 1)
    queue.add([Attempt(LONG)])
    assert queue.pages == 107


def test_a_divided_document_is_open_until_each_of_its_ranges_has_its_outcome() -> None:
    queue = of_pages(5)
    queue.claim()
    queue.divide(3)
    for left in (2, 1, 0):
        queue.settle()
        assert queue.open == left


def test_a_range_comes_again_as_that_range_with_what_it_was_found_to_need_and_is_not_lent() -> None:
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
    queue = AttemptQueue([Attempt(LONG, last=2, ranges=ranges, part=(7, 8))])
    attempt = queue.claim()
    assert (attempt.pages, attempt.share, attempt.composes) == (2, 0.02, False)
    attempt.seconds = 3.0
    assert queue.retry(attempt, CRASH)
    assert (queue.lendable_pages, queue.pages) == (0, 2)
    again = queue.claim()
    assert (again.ranges, again.part, again.number, again.own_worker, again.seconds) == (ranges, (7, 8), 2, True, 3.0)
    assert not queue.retry(again, CRASH)
    queue.put_back(again)
    assert not Attempt(LONG, ranges=ranges, part=(9,)).can_be_lent


def test_nobody_needs_the_ranges_of_a_document_that_has_failed() -> None:
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
    attempt = Attempt(LONG, ranges=ranges, part=(7, 8))
    assert not attempt.is_void
    ranges.failed = True
    assert attempt.is_void
    assert not Attempt(LONG).is_void


def test_nobody_needs_the_ranges_of_a_document_that_was_taken_back_but_its_composition_ends_it(piece: Borrowed) -> None:
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
    attempt = Attempt(LONG, piece=piece, ranges=ranges, part=(7, 8))
    assert not attempt.is_void
    piece.lost = True
    assert attempt.is_void
    assert not Attempt(LONG, piece=piece, ranges=ranges).is_void
    assert not Attempt(LONG, piece=piece).is_void


def test_another_attempt_at_a_borrowed_document_is_of_the_same_piece(piece: Borrowed) -> None:
    queue = AttemptQueue([Attempt(LONG, last=2, piece=piece)])
    assert queue.retry(queue.claim(), CRASH)
    assert queue.claim().piece is piece
