# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lending to other nodes and borrowing from them, as long as there is something to begin anywhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from ..._pipelines.registry import kind_of
from ..._s3.errors import S3Error
from ..config import RunConfig
from .account import Account
from .attempts import Attempt
from .helper import Helper
from .lender import Lender
from .loans import Found, Loans
from .schedule import Schedule

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 5.0
# Returning what was borrowed must not keep a supervisor that should stop.
_LAST_SECONDS = 10.0


class Trade:
    """One supervisor's part in it.

    Also where helping is turned off it leaves alone what was lent before, until that comes back.

    Args:
        config: the supervisor's.
        loans: in S3.
        outstanding: what earlier supervisors of the shard have lent.
        schedule: not yet open.
        account: of the shard.
        require_shard: see :class:`Lender`.
        look_seconds: between two looks at S3.
    """

    def __init__(
        self,
        config: RunConfig,
        loans: Loans,
        outstanding: Iterable[Found],
        schedule: Schedule,
        account: Account,
        require_shard: Callable[[], None] | None = None,
        *,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._helps = config.help_others and not kind_of(config.pipeline).uploads_itself(config.pipeline_options)
        self._schedule = schedule
        self._account = account
        self._look_seconds = look_seconds
        self._lender = Lender(loans, schedule, account, require_shard)
        self._helper = Helper(config, loans, schedule)
        self._ended = asyncio.Event()
        self._outage_seconds = config.outage_seconds
        # By the loop's clock; ``None`` where the last look succeeded.
        self._failing_since: float | None = None
        self._lender.adopt(outstanding)
        # Before the first heartbeat, or idle nodes read of it that there is nothing to wait for, and end.
        self._note()
        schedule.expect_more(expected=True)

    def settle(self, attempt: Attempt) -> None:
        """Note that a document has its outcome, or is another's by now."""
        if attempt.piece is not None:
            attempt.piece.open -= 1
        if self._schedule.is_drained:
            self._ended.set()

    def stop(self) -> None:
        """Lend and borrow nothing any more, as the schedule has stopped."""
        self._ended.set()

    async def run(self) -> None:
        """Go on until nothing is left to begin, here or for others, or the schedule stops.

        Raises:
            S3Error: all that is left is with helpers, and S3 has failed for as long as it may.
            FarmError: the shard is not this supervisor's any more, or a later version has lent of it.
        """
        while not self._schedule.is_stopping:
            self._ended.clear()
            # Before the look: only one that found nothing left to begin here has asked the others.
            was_drained = self._schedule.is_drained
            more = await self._look()
            has_asked = was_drained or not self._helps
            # Until then slots that find nothing wait, however short the last document is.
            self._schedule.expect_more(expected=more or not has_asked)
            if has_asked and not more:
                return
            try:
                async with asyncio.timeout(self._look_seconds):
                    await self._ended.wait()
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Return what was borrowed."""
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await self._helper.close()
        except TimeoutError:
            _LOG.warning("what was borrowed is not given back: S3 does not answer")

    async def _look(self) -> bool:
        try:
            await self._lender.look(lends=self._helps)
            worthwhile = await self._helper.look(asks=self._helps)
        except S3Error as error:
            _LOG.warning("%s", error)
            if not self._is_outage() or self._schedule.has_open:
                return True
            if self._lender.is_waiting:
                raise
            # Nothing is left but to help, and that is not to keep a node awake.
            return False
        finally:
            self._note()
        self._failing_since = None
        return worthwhile or self._lender.is_waiting

    def _note(self) -> None:
        queued = self._schedule.lendable_pages if self._helps else 0
        self._account.note_trade(queued, self._lender.lent, self._helper.shards)

    def _is_outage(self) -> bool:
        """Note that a look has failed; return whether they have for as long as S3 may fail."""
        now = asyncio.get_running_loop().time()
        if self._failing_since is None:
            self._failing_since = now
        return now - self._failing_since >= self._outage_seconds
