# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document comes next, and whether a failed one is tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ..._pipelines.failures import DocumentFailure
from ..._records.document import Document
from ..._records.failure_classes import FailureClass, Retry

# How often a document may be in work when its supervisor vanishes, which a machine may do by itself: then it is
# tried alone and after all others, and if its supervisor vanishes once more, it is the reason.
MOST_INTERRUPTIONS = 2


@dataclass(eq=False)
class Attempt:
    """A document that somebody works on; each attempt is itself alone, whatever it says.

    Attributes:
        number: 1 for the first attempt ever.
        last: the number of the last one.
        seconds: time in workers so far, all attempts together.
        tried: it has failed before, so that another failure says nothing of other documents.
        again: it was done, failed or handed on before.
        interruptions: how often it was in work when a supervisor vanished.
        own_worker: the worker processes no other document, before or after.
        alone: besides, no other slot works meanwhile: the machine's memory is one for all of them.
        whole_time: it has all of the settings' time, whatever other documents took.
        cut_short: it ended at a time limit below that.
    """

    document: Document
    number: int = 1
    last: int = 1
    seconds: float = 0.0
    tried: bool = False
    again: bool = False
    interruptions: int = 0
    own_worker: bool = False
    alone: bool = False
    whole_time: bool = False
    cut_short: bool = False

    @property
    def is_suspect(self) -> bool:
        """Whether the document may be what took its supervisors down."""
        return self.interruptions >= MOST_INTERRUPTIONS

    @property
    def conviction(self) -> DocumentFailure | None:
        """The failure of a document that was alone when its supervisor vanished; ``None`` for others."""
        if self.interruptions <= MOST_INTERRUPTIONS:
            return None
        return DocumentFailure(
            FailureClass.CRASH,
            f"its supervisor or machine ended {self.interruptions} times while it was worked on, the last time alone",
        )


class AttemptQueue:
    """The documents that are neither done nor failed, in the order to work on them.

    A document that failed goes behind all others: one that kills its worker is likely to do so again,
    and must not hold up the rest. One that may have taken its supervisors down comes when all others have their
    outcome.
    """

    def __init__(self, attempts: Iterable[Attempt]) -> None:
        self._waiting: deque[Attempt] = deque()
        self._suspects: deque[Attempt] = deque()
        for attempt in attempts:
            (self._suspects if attempt.is_suspect else self._waiting).append(attempt)
        self._claimed = 0

    @property
    def open(self) -> int:
        """Documents without an outcome, those in work included."""
        return len(self._waiting) + len(self._suspects) + self._claimed

    @property
    def next(self) -> Document | None:
        """The document that :meth:`claim` would take, ``None`` where nothing is to be begun now."""
        following = self._following
        return following[0].document if following else None

    def claim(self) -> Attempt:
        """Take the next document.

        Raises:
            IndexError: nothing is to be begun now.
        """
        attempt = self._following.popleft()
        self._claimed += 1
        return attempt

    def put_back(self, attempt: Attempt) -> None:
        """Have a claimed document done anew, as if it had not been tried."""
        self._claimed -= 1
        (self._suspects if attempt.is_suspect else self._waiting).append(attempt)

    def settle(self) -> None:
        """Note that a claimed document has its outcome."""
        self._claimed -= 1

    def retry(self, attempt: Attempt, failure: DocumentFailure) -> bool:
        """Put a failed document back, unless the failure is final or it was the last attempt.

        One that was cut short comes again in any case, with the whole time.
        """
        retry = failure.failure_class.meaning.retry
        if not attempt.cut_short and (retry is Retry.NEVER or attempt.number >= attempt.last):
            return False
        self._claimed -= 1
        self._waiting.append(
            Attempt(
                attempt.document,
                attempt.number + 1,
                max(attempt.last, attempt.number + 1),
                attempt.seconds,
                tried=attempt.tried or not attempt.cut_short,
                again=attempt.again,
                interruptions=attempt.interruptions,
                own_worker=attempt.own_worker or retry.in_own_worker,
                alone=attempt.alone or retry is Retry.ALONE,
                whole_time=attempt.whole_time or attempt.cut_short,
            )
        )
        return True

    @property
    def _following(self) -> deque[Attempt]:
        """Where the next document is."""
        return self._waiting if self._waiting or self._claimed else self._suspects
