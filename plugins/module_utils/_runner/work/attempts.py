# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document comes next, and whether a failed one is tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..._pipelines.failures import DocumentFailure
from ..._records.document import Document
from ..._records.failure_classes import FailureClass, Retry
from .exclusive import Alone

if TYPE_CHECKING:
    from .piece import Piece
    from .ranges import Ranges

# How often a document may be in work when its supervisor vanishes, which a machine may do by itself: then it is
# tried alone and after all others, and if its supervisor vanishes once more, it is the reason.
MOST_INTERRUPTIONS = 2
_ALONE = {Retry.ALONE_ON_GPU: Alone.ON_GPU, Retry.ALONE: Alone.ON_MACHINE}


@dataclass(eq=False)
class Attempt:
    """A document, or a range of its pages, that somebody works on; each attempt is itself alone, whatever it says.

    Attributes:
        number: 1 for the first attempt ever.
        last: the number of the last one.
        seconds: time in workers so far, all attempts together.
        tried: it has failed before, so that another failure says nothing of other documents.
        interruptions: how often it was in work when a supervisor vanished.
        own_worker: the worker processes no other document, before or after.
        alone: besides, no other slot works meanwhile, on its GPU or at all: their memory is one for all of them.
        whole_time: it has all of the settings' time, whatever other documents took.
        cut_short: it ended at a time limit below that.
        crowded: it ran out of memory which others had a part of: its GPU's, or, for a range, the machine's.
        piece: that it is part of; ``None`` for a document of the supervisor's own shard.
        ranges: those of a document that is divided; ``None`` for one that is not.
        part: the pages of the range; empty for a document, also one that is to be composed of its ranges.
    """

    document: Document
    number: int = 1
    last: int = 1
    seconds: float = 0.0
    tried: bool = False
    interruptions: int = 0
    own_worker: bool = False
    alone: Alone = Alone.NO
    whole_time: bool = False
    cut_short: bool = False
    crowded: bool = False
    piece: Piece | None = None
    ranges: Ranges | None = None
    part: tuple[int, ...] = ()

    @property
    def pages(self) -> int:
        """The pages of the range or the document; 0 where unknown."""
        return len(self.part) or self.document.pages

    @property
    def composes(self) -> bool:
        """Whether all of its document is recognised, and it is to be composed."""
        return self.ranges is not None and not self.part

    @property
    def share(self) -> float:
        """Which share of the document's pages is to be recognised."""
        if self.ranges is None:
            return 1.0
        return min(1.0, len(self.part) / max(1, self.document.pages))

    @property
    def is_void(self) -> bool:
        """Whether it is a range that nobody needs any more: its document has failed by another, or was taken back."""
        return bool(self.part) and self.ranges is not None and (self.ranges.failed or self.is_taken_back)

    @property
    def is_taken_back(self) -> bool:
        """Whether it is part of a piece that is another's by now, so that nothing of it could be written."""
        return self.piece is not None and self.piece.lost

    @property
    def can_be_lent(self) -> bool:
        """Whether another node may do it as well.

        One that failed here, was cut short, is to be alone, or took its machine down, is to end here: others know
        nothing of that. So is one that is divided, whose ranges are on the disk.
        """
        is_new = not (self.tried or self.whole_time or self.alone)
        return self.piece is None and self.ranges is None and is_new

    @property
    def is_excused(self) -> bool:
        """Whether how it ended says nothing of the document: it had not its time, or not its GPU."""
        return self.cut_short or self.crowded

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
        self._claimed = 0
        self._lendable_pages = self._pages = 0
        self.add(list(attempts))

    @property
    def open(self) -> int:
        """Documents without an outcome, those in work included."""
        return len(self._waiting) + len(self._suspects) + self._claimed

    @property
    def pages(self) -> int:
        """Pages that nobody has begun."""
        return self._pages

    @property
    def waiting(self) -> int:
        """Documents that nobody has begun."""
        return len(self._waiting) + len(self._suspects)

    @property
    def is_drained(self) -> bool:
        """Whether every document has been begun."""
        return not self.waiting

    @property
    def lendable_pages(self) -> int:
        """Pages of the documents that may be lent; one of unknown pages is 1."""
        return self._lendable_pages

    def add(self, attempts: Sequence[Attempt], *, behind: bool = False) -> None:
        """Take in more documents, in their order; they come before all others, or ``behind`` them."""
        for attempt in attempts:
            self._append(attempt)
        if not behind:
            self._waiting.rotate(sum(not attempt.is_suspect for attempt in attempts))

    def lend(self, pages: int) -> list[Attempt]:
        """Give away the longest documents, so many pages or a little less; one at least, but never the last one."""
        lent: list[Attempt] = []
        if len(self._waiting) > 1:
            for attempt in sorted(self._waiting, key=_lendable_pages, reverse=True):
                if attempt.can_be_lent and (not lent or _lendable_pages(attempt) <= pages):
                    lent.append(attempt)
                    pages -= _lendable_pages(attempt)
        gone = set(lent)
        self._waiting = deque(attempt for attempt in self._waiting if attempt not in gone)
        self._forget(lent)
        return lent

    def withdraw(self, wanted: Callable[[Attempt], bool]) -> list[Attempt]:
        """Give away those of the documents that nobody has begun that are wanted, suspects too."""
        found = [attempt for attempt in (*self._waiting, *self._suspects) if wanted(attempt)]
        gone = set(found)
        self._waiting = deque(attempt for attempt in self._waiting if attempt not in gone)
        self._suspects = deque(attempt for attempt in self._suspects if attempt not in gone)
        self._forget(found)
        return found

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
        self._forget([attempt])
        self._claimed += 1
        return attempt

    def put_back(self, attempt: Attempt) -> None:
        """Have a claimed document done anew, as if it had not been tried."""
        self._claimed -= 1
        attempt.cut_short = attempt.crowded = False
        self._append(attempt)

    def divide(self, ranges: int) -> None:
        """Note that a claimed document is so many from now on, each of them claimed."""
        self._claimed += ranges - 1

    def settle(self) -> None:
        """Note that a claimed document has its outcome."""
        self._claimed -= 1

    def retry(self, attempt: Attempt, failure: DocumentFailure) -> bool:
        """Put a failed document back, unless the failure is final or it was the last attempt.

        One that was cut short comes again in any case, with the whole time and one attempt more, and so does one that
        others left too little of their GPU's memory, with all of that. Where that is not enough either, it is the last.
        """
        retry = failure.failure_class.meaning.retry
        is_late_again = attempt.whole_time and not attempt.tried and failure.failure_class is FailureClass.TIMEOUT
        is_short_again = retry is Retry.ALONE_ON_GPU and attempt.alone and not attempt.crowded
        is_final = retry is Retry.NEVER or attempt.number >= attempt.last or is_late_again or is_short_again
        if is_final and not attempt.is_excused:
            return False
        self._claimed -= 1
        self._append(
            replace(
                attempt,
                number=attempt.number + 1,
                last=attempt.last + attempt.is_excused,
                tried=attempt.tried or not attempt.is_excused,
                own_worker=attempt.own_worker or retry.in_own_worker,
                alone=max(attempt.alone, _ALONE.get(retry, Alone.NO)),
                whole_time=attempt.whole_time or attempt.cut_short,
                cut_short=False,
                crowded=False,
            )
        )
        return True

    def _append(self, attempt: Attempt) -> None:
        (self._suspects if attempt.is_suspect else self._waiting).append(attempt)
        self._lendable_pages += _lendable_pages(attempt)
        self._pages += attempt.pages

    def _forget(self, attempts: Sequence[Attempt]) -> None:
        """Count attempts no more that are not there any more."""
        self._lendable_pages -= sum(map(_lendable_pages, attempts))
        self._pages -= sum(attempt.pages for attempt in attempts)

    @property
    def _following(self) -> deque[Attempt]:
        """Where the next document is."""
        return self._waiting if self._waiting or self._claimed else self._suspects


def _lendable_pages(attempt: Attempt) -> int:
    return max(1, attempt.document.pages) if attempt.can_be_lent else 0
