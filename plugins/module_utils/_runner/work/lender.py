# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a supervisor lends of its shard to idle nodes, and what it takes back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial

from ..._records.document import Document
from ..._records.loan import LentDocument, Loan, LoanState
from ..watch.lease import ShardTaken
from .account import Account
from .attempts import Attempt
from .loans import Found, Loans
from .pieces import pages_to_lend
from .schedule import Schedule

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Lent:
    name: str
    documents: tuple[Document, ...]


class Lender:
    """Answers those who ask for documents of a shard.

    A document is taken from the schedule first and lent then, so that it is never in both. What was lent comes back
    when the helper says so or asks for more, or once its lease has ended; what it has not finished is then done here.

    Args:
        loans: in S3.
        schedule: has the documents.
        account: counts those that helpers have finished.
        require_shard: called before documents are lent; raises where the shard is not this supervisor's any more.
    """

    def __init__(
        self,
        loans: Loans,
        schedule: Schedule,
        account: Account,
        require_shard: Callable[[], None] | None = None,
    ) -> None:
        self._loans = loans
        self._schedule = schedule
        self._account = account
        self._require_shard = require_shard
        self._latest: dict[int, Found] = {}
        self._lent: dict[int, _Lent] = {}

    @property
    def lent(self) -> int:
        """Documents that are with helpers."""
        return sum(len(each.documents) for each in self._lent.values())

    @property
    def is_waiting(self) -> bool:
        """Whether any document is with a helper; one of an earlier cut is nothing to wait for."""
        return self.lent > 0

    def adopt(self, loans: Iterable[Found]) -> None:
        """Leave alone what an earlier supervisor of the shard has lent."""
        for found in loans:
            self._latest[found.helper] = found
            if found.loan.state is LoanState.LENT:
                uris = {document.uri for document in found.loan.documents}
                attempts = self._schedule.withdraw(partial(_is_one_of, uris))
                self._note(found, attempts)
                _LOG.info("%d documents are with %s", len(attempts), found.loan.node)

    async def look(self, *, lends: bool) -> None:
        """See what has become of what was lent, and lend more where somebody asks.

        Raises:
            S3Error: S3 could not be read or written; the next look goes on.
            FarmError: the shard is not this supervisor's any more.
        """
        # First: a helper returns what it has, and gives its lease back then.
        gone = {helper for helper in self._lent if not await self._loans.is_held(helper)}
        self._latest.update((found.helper, found) for found in await self._loans.changed())
        for helper, found in list(self._latest.items()):
            is_lent = found.loan.state is LoanState.LENT
            lent = self._lent.get(helper)
            if lent is None and is_lent:
                self.adopt([found])
            elif lent is not None and not (is_lent and found.loan.name == lent.name):
                await self._take_in(found)
            elif lent is not None and helper in gone:
                await self._take_back(found)
            if found.loan.state is LoanState.ASKED:
                await self._answer(found, lends=lends)

    async def _take_back(self, found: Found) -> None:
        """Have the piece of a helper that is gone, so that it writes nothing of it should it come back."""
        try:
            lease = await self._loans.take_back(found.helper)
        except ShardTaken:
            return
        _LOG.warning("%s is gone: what it has not finished is done here", found.loan.node)
        if await self._write(found, replace(found.loan, state=LoanState.RETURNED, documents=())):
            await self._take_in(found)
        await self._loans.release(lease)

    async def _take_in(self, found: Found) -> None:
        documents = self._lent[found.helper].documents
        selection = await self._loans.select(documents)
        del self._lent[found.helper]
        self._account.add_lent(documents, selection.finished)
        self._schedule.add(selection.attempts)
        _LOG.info("%s has done %d of %d documents", found.loan.node, len(selection.finished), len(documents))

    async def _answer(self, found: Found, *, lends: bool) -> None:
        attempts: list[Attempt] = []
        if lends and found.loan.terms == self._loans.terms and await self._loans.is_held(found.helper):
            pages = pages_to_lend(self._schedule.lendable_pages, self._account.pages_per_second, found.loan.seconds)
            attempts = self._schedule.lend(pages) if pages else []
        if not attempts:
            await self._write(found, replace(found.loan, state=LoanState.REFUSED))
            return
        # Where the write fails, the next look finds out whether it has.
        self._note(found, attempts)
        if self._require_shard is not None:
            self._require_shard()
        documents = tuple(LentDocument(*attempt.document, attempt.number, attempt.last) for attempt in attempts)
        if await self._write(found, replace(found.loan, state=LoanState.LENT, documents=documents)):
            _LOG.info("lent %s %d documents", found.loan.node, len(documents))
            return
        del self._lent[found.helper]
        self._schedule.add(attempts)

    def _note(self, found: Found, attempts: Iterable[Attempt]) -> None:
        self._lent[found.helper] = _Lent(found.loan.name, tuple(attempt.document for attempt in attempts))

    async def _write(self, found: Found, loan: Loan) -> bool:
        etag = await self._loans.answer(found, loan)
        if etag is None:
            return False
        self._latest[found.helper] = Found(found.helper, loan, etag)
        return True


def _is_one_of(uris: Collection[str], attempt: Attempt) -> bool:
    # One that is divided is in work.
    return attempt.ranges is None and attempt.document.uri in uris
