# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Working off a queue: a piece after the other, the next one before the slots have nothing to begin."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from ..._aws.errors import AwsError
from ..._errors import FarmError
from ..._queue.sqs import QueueGone, TooManyInFlight
from ..._s3.errors import S3Error
from ..config import RunConfig
from .account import Account
from .attempts import Attempt
from .outage import Backoff
from .piece import PieceLost
from .queued_piece import QueuedPiece
from .schedule import Schedule
from .taking import VISIBILITY_SECONDS, PieceTaker, Take

_LOG = logging.getLogger(__name__)
# Threads that it needs: asking the queue must keep nobody from ending a piece.
THREADS = 4
# For a message to come. A stop waits for the answer, as a piece may be in it.
_POLL_SECONDS = 5
_IDLE_SECONDS = 60.0
_EXTEND_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 60.0
# Giving back must not keep a supervisor that should stop.
_LAST_SECONDS = 10.0

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Pace:
    """How often the queue is asked, and for how long.

    Attributes:
        poll_seconds: see :meth:`PieceTaker.take`.
        idle_seconds: nobody works on once no message has waited for so long.
        extend_seconds: between two times that a piece's message is kept from others.
    """

    poll_seconds: int = _POLL_SECONDS
    idle_seconds: float = _IDLE_SECONDS
    extend_seconds: float = _EXTEND_SECONDS

    def after_vanishing(self) -> Pace:
        """Return that of a supervisor whose predecessor has vanished: its message comes again after its time."""
        return Pace(self.poll_seconds, self.idle_seconds + VISIBILITY_SECONDS, self.extend_seconds)


class QueuedWork:
    """One supervisor's work from a queue.

    A document that may have taken its supervisors down is to be alone, so that no other piece is taken meanwhile.

    Args:
        config: the supervisor's.
        taker: takes the pieces.
        schedule: gets the documents; not yet open.
        account: of the supervisor.
        backoff: for what is in work.
        executor: of :data:`THREADS`; nobody must wait for them at the end.
        pace: of asking.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        config: RunConfig,
        taker: PieceTaker,
        schedule: Schedule,
        account: Account,
        backoff: Backoff,
        executor: Executor,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prefetch = config.prefetch
        self._outage_seconds = config.outage_seconds
        self._taker = taker
        self._schedule = schedule
        self._account = account
        self._backoff = backoff
        self._executor = executor
        self._pace = pace or Pace()
        self._clock = clock
        self._hand: dict[QueuedPiece, list[asyncio.Task[None]]] = {}
        self._asking: asyncio.Future[Take] | None = None
        self._changed = asyncio.Event()
        # By the clock; ``None`` where the last answer was a message.
        self._empty_since: float | None = None
        self._failing_since: float | None = None
        self._pause = 1.0
        schedule.expect_more(expected=True)

    def settle(self, attempt: Attempt) -> None:
        """Note that a document has its outcome, or is another's by now."""
        if isinstance(attempt.piece, QueuedPiece):
            attempt.piece.settle(attempt)
        self._changed.set()

    def stop(self) -> None:
        """Take nothing any more, as the schedule has stopped."""
        self._changed.set()

    async def run(self) -> None:
        """Go on until no message has waited for a while and every piece is ended, or the schedule stops.

        Raises:
            FarmError: neither queue nor S3 have answered for as long as they may, or there is no such queue.
        """
        while not self._schedule.is_stopping:
            self._changed.clear()
            await self._put_down()
            if self._is_over():
                break
            if self._asking is None and self._has_room():
                pieces = tuple(self._hand)
                self._asking = self._in_thread(lambda: self._taker.take(pieces, self._pace.poll_seconds))  # noqa: B023
            await self._wait_for_change()
            if self._asking is not None and self._asking.done():
                asking, self._asking = self._asking, None
                await self._hear(asking)
        self._schedule.expect_more(expected=False)

    async def close(self) -> None:
        """Give back the pieces in hand, and the one that the queue may just have given."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                if self._asking is not None:
                    await asyncio.wait({self._asking})
                    with suppress(FarmError):
                        taken = self._asking.result()
                        if taken.piece is not None:
                            self._hand[taken.piece] = []
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await asyncio.gather(*(self._end(piece) for piece in list(self._hand)))
        except TimeoutError:
            _LOG.warning("others get what is not finished in some minutes: neither queue nor S3 answer")

    def _is_over(self) -> bool:
        if self._hand or self._asking is not None or self._empty_since is None:
            return False
        return self._clock() - self._empty_since >= self._pace.idle_seconds

    def _has_room(self) -> bool:
        has_suspects = any(piece.suspects for piece in self._hand)
        return not has_suspects and self._schedule.waiting < self._prefetch

    async def _wait_for_change(self) -> None:
        changed = asyncio.ensure_future(self._changed.wait())
        waited_for: set[asyncio.Future[Any]] = {changed} if self._asking is None else {changed, self._asking}
        try:
            # Also for leases that end, of which nobody tells.
            await asyncio.wait(waited_for, timeout=self._pace.poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    async def _hear(self, asking: asyncio.Future[Take]) -> None:
        try:
            taken = asking.result()
        except TooManyInFlight as error:
            _LOG.warning("%s", error)
            self._empty_since = None
            await self._rest()
            return
        except (AwsError, S3Error) as error:
            _LOG.warning("%s", error)
            # What waits now nobody knows.
            self._empty_since = None
            self._failing_since = self._failing_since if self._failing_since is not None else self._clock()
            is_hopeless = isinstance(error, QueueGone) or self._clock() - self._failing_since >= self._outage_seconds
            if is_hopeless and not self._hand:
                raise
            await self._rest()
            return
        self._failing_since, self._pause = None, 1.0
        if taken.received:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = self._clock()
        if taken.piece is not None:
            self._begin(taken.piece)

    async def _rest(self) -> None:
        """Pause before the queue is asked again; pieces end meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause):
                while not self._schedule.is_stopping:
                    self._changed.clear()
                    await self._changed.wait()
                    await self._put_down()
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)

    def _begin(self, piece: QueuedPiece) -> None:
        self._hand[piece] = [
            asyncio.create_task(self._keep_lease(piece)),
            asyncio.create_task(self._keep_message(piece)),
            asyncio.create_task(self._keep_record(piece)),
        ]
        self._note()
        # What was taken before is to end first, or it would wait for ever.
        self._schedule.add(piece.attempts, behind=True)

    async def _put_down(self) -> None:
        """End the pieces of which nothing is open here any more."""
        for piece in list(self._hand):
            if piece.lost:
                withdrawn = self._schedule.withdraw(lambda attempt, piece=piece: _is_whole(attempt, piece))  # type: ignore[misc]
                for attempt in withdrawn:
                    piece.settle(attempt)
            if not piece.open:
                await self._end(piece)

    async def _end(self, piece: QueuedPiece) -> None:
        tasks = self._hand.pop(piece)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._note()
        if piece.lost:
            # Where it is another's already, nothing comes of it.
            await self._in_thread(piece.lease.release)
            return
        with suppress(PieceLost):
            await piece.record.close(self._backoff)
            if piece.open:
                await self._in_thread(lambda: self._taker.give_back(piece))
            else:
                await self._in_thread(lambda: self._taker.finish(piece))

    async def _keep_lease(self, piece: QueuedPiece) -> None:
        try:
            await piece.lease.keep()
        except FarmError as lost:
            _LOG.warning("piece %d is another's by now: %s", piece.shard, lost)
            piece.lost = True
            self._changed.set()

    async def _keep_message(self, piece: QueuedPiece) -> None:
        while True:
            # At once, too: taking it may have lasted.
            await self._in_thread(lambda: self._taker.extend(piece))
            if await self._in_thread(lambda: self._taker.is_void(piece)):
                _LOG.warning("piece %d is given up: the documents were cut anew", piece.shard)
                piece.lost = True
                self._changed.set()
                return
            await asyncio.sleep(self._pace.extend_seconds)

    async def _keep_record(self, piece: QueuedPiece) -> None:
        # That the piece is lost is told by its lease.
        with suppress(PieceLost):
            await piece.record.keep(self._backoff)

    def _note(self) -> None:
        self._account.note_trade(0, 0, tuple(piece.shard for piece in self._hand))

    def _in_thread(self, work: Callable[[], _Result]) -> asyncio.Future[_Result]:
        return asyncio.get_running_loop().run_in_executor(self._executor, work)


def _is_whole(attempt: Attempt, piece: QueuedPiece) -> bool:
    """Whether a document of the piece is not divided: one that is, is in work."""
    return attempt.piece is piece and attempt.ranges is None
