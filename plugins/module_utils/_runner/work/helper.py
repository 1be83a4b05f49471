# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor with nothing left does for other shards: borrows pieces of them, and returns these."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from uuid import uuid4

from ..._errors import FarmError
from ..._records.codec import LaterSchemaError
from ..._records.document import Document
from ..._records.loan import Loan, LoanState
from ..config import RunConfig
from ..watch.lease import ShardTaken
from .attempts import Attempt
from .borrowed import Borrowed
from .loans import Loans
from .pieces import is_alive, search
from .schedule import Schedule

_LOG = logging.getLogger(__name__)
_SECONDS_PER_MINUTE = 60.0


class Helper:
    """Borrows pieces for a schedule that has nothing left to begin, one after the other.

    Args:
        config: the supervisor's.
        loans: in S3.
        schedule: gets the documents.
    """

    def __init__(self, config: RunConfig, loans: Loans, schedule: Schedule) -> None:
        self._config = config
        self._loans = loans
        self._schedule = schedule
        # What was asked for, and not answered yet.
        self._request: Borrowed | None = None
        self._keeping: dict[Borrowed, asyncio.Task[None]] = {}
        self._borrowed: list[Borrowed] = []
        self._refused: set[int] = set()

    @property
    def shards(self) -> tuple[int, ...]:
        """Those that pieces were borrowed of."""
        return tuple(piece.shard for piece in self._borrowed)

    async def look(self, *, asks: bool) -> bool:
        """Return what is finished, take what was lent, ask for more; return whether there may be something later.

        Raises:
            S3Error: S3 could not be read or written; the next look goes on.
        """
        for piece in list(self._borrowed):
            if piece.lost:
                piece.open -= len(self._schedule.withdraw(lambda attempt, piece=piece: _is_whole(attempt, piece)))  # type: ignore[misc]
            # Of one that was lost, too: until then the same documents must not come here again.
            if not piece.open:
                await self._give_back(piece)
        worthwhile = False
        if self._request is not None:
            await self._hear(self._request)
        elif asks and self._schedule.is_drained:
            worthwhile = await self._seek()
        return worthwhile or self._request is not None or bool(self._borrowed)

    async def close(self) -> None:
        """Return everything, finished or not; a failure only shows in the log, and the leases end by themselves."""
        if self._request is not None:
            self._borrowed.append(self._request)
            self._request = None
        for piece in list(self._borrowed):
            try:
                await self._give_back(piece)
            except FarmError as error:
                _LOG.warning("shard %d has to wait until the loan's lease ends: %s", piece.shard, error)

    async def _seek(self) -> bool:
        found = search(
            await self._loans.heartbeats(),
            self._config.shard,
            self._config.pipeline,
            self._config.piece_minutes * _SECONDS_PER_MINUTE,
            self._refused.union(self.shards),
        )
        if found.wish is None:
            return found.worthwhile
        shard = found.wish.shard
        try:
            lease = await self._loans.take(shard)
            before = await self._loans.read(shard)
        except (ShardTaken, LaterSchemaError) as error:
            _LOG.warning("%s", error)
            self._refused.add(shard)
            return True
        loan = Loan(uuid4().hex, LoanState.ASKED, self._config.node, self._loans.terms, found.wish.seconds)
        etag = await self._loans.write(shard, loan, before.etag if before else None)
        if etag is None:
            await self._loans.release(lease)
            return True
        piece = Borrowed(shard, lease, loan.name, etag)
        self._keeping[piece] = asyncio.create_task(_keep(piece))
        self._request = piece
        return True

    async def _hear(self, piece: Borrowed) -> None:
        try:
            found = await self._loans.read(piece.shard)
        except LaterSchemaError as error:
            # What it has lent, if anything, it takes back when the lease is released.
            _LOG.warning("%s", error)
            found = None
        if found is not None and found.loan.name != piece.name:
            found = None
        if found is not None and found.loan.state is LoanState.ASKED and await self._may_answer(piece.shard):
            return
        self._request = None
        # Without anything open it is given back at the next look.
        self._borrowed.append(piece)
        if found is None or found.loan.state is not LoanState.LENT:
            self._refused.add(piece.shard)
            return
        piece.etag = found.etag
        attempts = [
            Attempt(Document(each.uri, each.pages, each.bytes), each.number, each.last, piece=piece)
            for each in found.loan.documents
        ]
        piece.open = len(attempts)
        _LOG.info("shard %d has lent %d documents", piece.shard, len(attempts))
        self._schedule.add(attempts)

    async def _may_answer(self, shard: int) -> bool:
        said = (await self._loans.heartbeats()).get(shard)
        return said is not None and is_alive(said) and said.progress.queued_pages > 0

    async def _give_back(self, piece: Borrowed) -> None:
        piece.returned = True
        if not piece.lost:
            # Where the lender has taken it back meanwhile, nothing is written.
            await self._loans.write(piece.shard, Loan(piece.name, LoanState.RETURNED, self._config.node), piece.etag)
        self._borrowed.remove(piece)
        keeping = self._keeping.pop(piece)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        if not piece.lost:
            await self._loans.release(piece.lease)


def _is_whole(attempt: Attempt, piece: Borrowed) -> bool:
    """Whether a document of the piece is not divided: one that is, is in work."""
    return attempt.piece is piece and attempt.ranges is None


async def _keep(piece: Borrowed) -> None:
    try:
        await piece.lease.keep()
    except FarmError as lost:
        _LOG.warning("the documents of shard %d were taken back: %s", piece.shard, lost)
        piece.lost = True
