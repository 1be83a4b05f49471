# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document is fetched and which is processed when; changes nothing but itself.

At the start each slot gets one of the first documents, which are the longest, however fast the others arrive; after
that, enough documents wait on the disk for no slot to wait for S3. A document that is too long for one slot is divided
when its turn comes, and its ranges are handed out like documents.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..._pipelines.failures import DocumentFailure
from .attempts import Attempt, AttemptQueue
from .division import composition, divide
from .fetcher import Fetched
from .ranges import Ranges

# More at once would not be faster: a few connections fill a network card.
MAX_DOWNLOADS = 8


@dataclass(frozen=True)
class Ahead:
    """What may be on the disk or on its way there before a slot wants it.

    Attributes:
        documents: how many.
        bytes: how much in all.
    """

    documents: int
    bytes: int

    def expected_bytes(self, size: int | None) -> int:
        """Return the bytes to count for a document; where they are unknown, its even share."""
        return self.bytes // self.documents if size is None else size


class Schedule:
    """Brings documents and slots together.

    Args:
        queue: what is to be done.
        ahead: how much to fetch ahead.
        slots: how many there are.
        range_pages: see :func:`divide`; 0 where documents are not divided.
    """

    def __init__(self, queue: AttemptQueue, ahead: Ahead, slots: int, range_pages: int = 0) -> None:
        self._range_pages = range_pages
        self._queue = queue
        self._ahead = ahead
        self._slots = slots
        self._started = 0
        self._fetching: dict[Attempt, int] = {}
        # By their turns: of a document, and of a range within it.
        self._fetched: dict[tuple[int, int], Fetched] = {}
        self._turns: dict[Attempt, tuple[int, int]] = {}
        # Of the documents that are divided: any of the ranges.
        self._divided: dict[Ranges, Fetched] = {}
        self._next_turn = 0
        self._idle: list[asyncio.Future[Fetched | None]] = []
        self._stopping = False
        self._more_may_come = False
        self._fetch: Callable[[Attempt], None] | None = None

    @property
    def slots(self) -> int:
        """Slots that have not been drained."""
        return self._slots

    @property
    def is_drained(self) -> bool:
        """Whether nothing is left to begin."""
        has_ranges = any(each.attempt.part for each in self._fetched.values())
        return self._stopping or (self._queue.is_drained and not has_ranges)

    @property
    def has_open(self) -> bool:
        """Whether any document is without an outcome, those in work included."""
        return self._queue.open > 0

    @property
    def waiting(self) -> int:
        """Documents, and ranges of such, that no slot has begun, on their way to the disk or there as well."""
        return self._queue.waiting + len(self._fetching) + len(self._fetched)

    @property
    def is_stopping(self) -> bool:
        """Whether nothing is begun any more."""
        return self._stopping

    @property
    def lendable_pages(self) -> int:
        """Pages of documents that nobody has begun and that may be lent."""
        return 0 if self._stopping else self._queue.lendable_pages

    def expect_more(self, *, expected: bool) -> None:
        """Have slots that find nothing wait for :meth:`add`, or end."""
        self._more_may_come = expected
        self._advance()

    def add(self, attempts: Sequence[Attempt], *, behind: bool = False) -> None:
        """Take in more documents, see :meth:`AttemptQueue.add`."""
        self._queue.add(attempts, behind=behind)
        self._advance()

    def lend(self, pages: int) -> list[Attempt]:
        """Give documents away, see :meth:`AttemptQueue.lend`."""
        return [] if self._stopping else self._queue.lend(pages)

    def withdraw(self, wanted: Callable[[Attempt], bool]) -> list[Attempt]:
        """Give away documents that nobody has begun, see :meth:`AttemptQueue.withdraw`."""
        return self._queue.withdraw(wanted)

    def open(self, fetch: Callable[[Attempt], None]) -> None:
        """Begin; ``fetch`` starts a download and returns, and :meth:`fetched` or :meth:`not_fetched` follows."""
        self._fetch = fetch
        self._advance()

    def stop(self) -> None:
        """Begin nothing any more; what is begun may end."""
        self._stopping = True
        self._advance()

    def fetched(self, fetched: Fetched) -> None:
        """Note that a document is on the disk."""
        self.not_fetched(fetched.attempt)
        self._fetched[self._turns[fetched.attempt]] = fetched
        self._advance()

    def not_fetched(self, attempt: Attempt) -> None:
        """Note that its download has ended otherwise."""
        del self._fetching[attempt]

    async def next(self) -> Fetched | None:
        """Return the next document for a slot once there is one, ``None`` when there will be none."""
        wish: asyncio.Future[Fetched | None] = asyncio.get_running_loop().create_future()
        self._idle.append(wish)
        self._advance()
        return await wish

    def compose(self, attempt: Attempt, ranges: Ranges) -> None:
        """Have a document composed, in the place of the last of its ranges that has its outcome."""
        fetched = composition(self._divided[ranges], ranges)
        turn = self._turns.pop(attempt)
        self._turns[fetched.attempt] = turn
        self._fetched[turn] = fetched
        self._advance()

    def settle(self, attempt: Attempt) -> None:
        """Note that a document or a range has its outcome."""
        self._turns.pop(attempt, None)
        if attempt.ranges is not None and not attempt.ranges.open:
            self._divided.pop(attempt.ranges)
        self._queue.settle()
        self._advance()

    def retry(self, attempt: Attempt, failure: DocumentFailure) -> bool:
        """Put a failed document back, see :meth:`AttemptQueue.retry`."""
        if not self._queue.retry(attempt, failure):
            return False
        self._turns.pop(attempt, None)
        self._advance()
        return True

    def put_back(self, attempt: Attempt) -> None:
        """Have a document done anew, as if it had not been tried."""
        self._turns.pop(attempt, None)
        self._queue.put_back(attempt)
        self._advance()

    def drain_slot(self, fetched: Fetched) -> None:
        """Do with one slot less, and have the others process its document."""
        self._slots -= 1
        self._fetched[self._turns[fetched.attempt]] = fetched
        self._advance()

    def _hand_out(self) -> None:
        self._idle = [wish for wish in self._idle if not wish.done()]
        while self._idle and (self._fetched or self._is_over()):
            wish = self._idle.pop(0)
            if self._is_over():
                wish.set_result(None)
            else:
                self._started += 1
                wish.set_result(self._take())

    def _advance(self) -> None:
        self._hand_out()
        while self._fetch is not None and self._has_room():
            attempt = self._queue.claim()
            self._turns[attempt] = turn = (self._next_turn, 0)
            self._next_turn += 1
            if attempt.ranges is not None:
                # On the disk already.
                self._fetched[turn] = replace(self._divided[attempt.ranges], attempt=attempt)
                self._hand_out()
                continue
            self._fetching[attempt] = self._ahead.expected_bytes(attempt.document.bytes)
            self._fetch(attempt)

    def _take(self) -> Fetched:
        """Return what comes next, or the first of its ranges."""
        fetched = self._fetched.pop(min(self._fetched))
        others = [each.attempt for each in self._fetched.values()] + list(self._fetching)
        ranges = divide(
            fetched,
            least=self._range_pages,
            slots=self._slots,
            pages_left=self._queue.pages + sum(attempt.pages for attempt in others),
        )
        if not ranges:
            return fetched
        self._queue.divide(len(ranges))
        turn, _place = self._turns.pop(fetched.attempt)
        for place, each in enumerate(ranges):
            if each.attempt.ranges is not None:
                self._divided[each.attempt.ranges] = each
            self._turns[each.attempt] = (turn, place)
            self._fetched[turn, place] = each
        return self._fetched.pop((turn, 0))

    def _is_over(self) -> bool:
        return self._stopping or not (self._queue.open or self._more_may_come)

    def _has_room(self) -> bool:
        document = self._queue.next
        if self._stopping or document is None or len(self._fetching) >= MAX_DOWNLOADS:
            return False
        ahead = len(self._fetching) + len(self._fetched)
        # A slot that has nothing to do must not wait for disk space.
        if ahead < len(self._idle):
            return True
        if self._started < self._slots or ahead >= self._ahead.documents:
            return False
        size = sum(self._fetching.values()) + sum(each.bytes for each in self._fetched.values())
        return size + self._ahead.expected_bytes(document.bytes) <= self._ahead.bytes
