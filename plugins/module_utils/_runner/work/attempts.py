# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document comes next, and whether a failed one is tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ..._pipelines.failures import DocumentFailure
from ..._records.document import Document
from ..._records.failure_classes import Retry


@dataclass(eq=False)
class Attempt:
    """A document that somebody works on; each attempt is itself alone, whatever it says.

    Attributes:
        number: 1 for the first attempt ever.
        last: the number of the last one.
        seconds: time in workers so far, all attempts together.
        tried: it has failed before, so that another failure says nothing of other documents.
        own_worker: the worker processes no other document, before or after.
        alone: besides, no other slot works meanwhile: the machine's memory is one for all of them.
    """

    document: Document
    number: int = 1
    last: int = 1
    seconds: float = 0.0
    tried: bool = False
    own_worker: bool = False
    alone: bool = False


def longest_first(documents: Iterable[Document]) -> list[Document]:
    """Return the documents in the order that has the slots finish together: a long one at the end would not."""
    return sorted(documents, key=lambda document: (-document.pages, -(document.bytes or 0)))


class AttemptQueue:
    """The documents that are neither done nor failed, in the order to work on them.

    A document that failed goes behind all others: one that kills its worker is likely to do so again,
    and must not hold up the rest.
    """

    def __init__(self, attempts: Iterable[Attempt]) -> None:
        self._waiting = deque(attempts)
        self._claimed = 0

    @property
    def open(self) -> int:
        """Documents without an outcome, those in work included."""
        return len(self._waiting) + self._claimed

    @property
    def next(self) -> Document | None:
        """The document that :meth:`claim` would take, ``None`` where nothing waits."""
        return self._waiting[0].document if self._waiting else None

    def claim(self) -> Attempt:
        """Take the next document.

        Raises:
            IndexError: nothing is waiting.
        """
        attempt = self._waiting.popleft()
        self._claimed += 1
        return attempt

    def put_back(self, attempt: Attempt) -> None:
        """Have a claimed document done anew, as if it had not been tried."""
        self._claimed -= 1
        self._waiting.append(attempt)

    def settle(self) -> None:
        """Note that a claimed document has its outcome."""
        self._claimed -= 1

    def retry(self, attempt: Attempt, failure: DocumentFailure) -> bool:
        """Put a failed document back, unless the failure is final or it was the last attempt."""
        retry = failure.failure_class.meaning.retry
        if retry is Retry.NEVER or attempt.number >= attempt.last:
            return False
        self._claimed -= 1
        self._waiting.append(
            Attempt(
                attempt.document,
                attempt.number + 1,
                attempt.last,
                attempt.seconds,
                tried=True,
                own_worker=attempt.own_worker or retry.in_own_worker,
                alone=attempt.alone or retry is Retry.ALONE,
            )
        )
        return True
