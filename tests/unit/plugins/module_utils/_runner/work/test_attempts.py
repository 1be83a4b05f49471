# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import (
    Attempt,
    AttemptQueue,
)

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
    assert (again.number, again.whole_time, again.own_worker, again.alone) == (number + 1, True, True, False)
    assert (again.cut_short, again.tried) == (False, False)
    assert not queue.retry(again, late)


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
        (FailureClass.CRASH, True, False),
        (FailureClass.TIMEOUT, True, False),
        (FailureClass.GPU, True, False),
        (FailureClass.OUT_OF_MEMORY, True, True),
        (FailureClass.PIPELINE, False, False),
    ],
)
def test_what_ended_a_worker_has_one_of_its_own_next_and_what_took_the_memory_has_the_machine(
    failure_class: FailureClass, own_worker: bool, alone: bool
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
