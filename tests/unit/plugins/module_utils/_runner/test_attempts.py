# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.attempts import AttemptQueue
from ansible_collections.glossapi.farm.plugins.module_utils._runner.failures import DocumentFailure, FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document

LONG, SHORT = Document("s3://b/long.pdf", 100, 1), Document("s3://b/short.pdf", 1, 1)
CRASH = DocumentFailure(FailureClass.CRASH, "gone")


def test_documents_come_in_the_manifests_order() -> None:
    queue = AttemptQueue([LONG, SHORT], 2)
    assert [queue.claim().document, queue.claim().document] == [LONG, SHORT]
    with pytest.raises(IndexError):
        queue.claim()


def test_a_document_that_crashed_comes_again_behind_all_others_with_its_time_kept() -> None:
    queue = AttemptQueue([LONG, SHORT], 2)
    first = queue.claim()
    first.seconds = 3.5
    assert queue.retry(first, CRASH)
    assert queue.claim().document == SHORT
    again = queue.claim()
    assert (again.document, again.number, again.seconds) == (LONG, 2, 3.5)


def test_the_last_attempt_is_the_last() -> None:
    queue = AttemptQueue([LONG], 2)
    assert queue.retry(queue.claim(), CRASH)
    assert not queue.retry(queue.claim(), CRASH)


def test_a_final_failure_is_not_tried_again() -> None:
    queue = AttemptQueue([LONG], 2)
    assert not queue.retry(queue.claim(), DocumentFailure(FailureClass.ENCRYPTED, "locked"))


def test_a_document_is_open_until_it_is_settled() -> None:
    queue = AttemptQueue([LONG, SHORT], 2)
    attempt = queue.claim()
    assert (queue.waiting, queue.open) == (1, 2)
    queue.retry(attempt, CRASH)
    assert (queue.waiting, queue.open) == (2, 2)
    queue.claim()
    queue.settle()
    assert (queue.waiting, queue.open) == (1, 1)
