# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import LentDocument, Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import lease as lease_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.lender import Lender
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.lending import Side

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Pair:
    """A lender, and what a helper does by hand."""

    def __init__(self, client: S3Client, bucket: S3Uri) -> None:
        self.side, self.other = Side(client, bucket, 1, [50, 40, 30, 20, 10]), Side(client, bucket, 2, [])
        # A page a second.
        self.side.works_at(10, 10)
        self.lender = Lender(self.side.loans, self.side.schedule, self.side.account)

    async def ask(self, name: str = "first", **fields: object) -> Lease:
        lease = await self.other.loans.take(1)
        before = await self.other.loans.read(1)
        loan = Loan(name, LoanState.ASKED, "node-2", self.other.loans.terms, 60.0)
        written = await self.other.loans.write(1, replace(loan, **fields), before.etag if before else None)  # type: ignore[arg-type]
        assert written is not None
        return lease

    async def loan(self) -> Loan:
        found = await self.other.loans.read(1)
        assert found is not None
        return found.loan

    async def give_back(self) -> None:
        found = await self.other.loans.read(1)
        assert found is not None
        assert await self.other.loans.write(1, Loan(found.loan.name, LoanState.RETURNED), found.etag)


@pytest.fixture
def pair(client: S3Client, bucket: S3Uri) -> Pair:
    return Pair(client, bucket)


def test_a_piece_is_lent_longest_first_and_what_its_helper_has_done_is_counted_when_it_comes_back(pair: Pair) -> None:
    async def work() -> None:
        lease = await pair.ask()
        await pair.lender.look(lends=True)
        loan = await pair.loan()
        assert loan.state is LoanState.LENT
        assert loan.documents == (
            LentDocument("s3://raw/50.pdf", 50, 1, 1, 2),
            LentDocument("s3://raw/10.pdf", 10, 1, 1, 2),
        )
        assert (pair.lender.lent, pair.lender.is_waiting) == (2, True)
        await pair.lender.look(lends=True)
        assert pair.lender.is_waiting
        pair.side.ended["50.pdf"] = DocumentState.DONE
        await pair.give_back()
        await pair.other.loans.release(lease)
        await pair.lender.look(lends=True)

    asyncio.run(work())
    assert not pair.lender.is_waiting
    assert pair.side.account.progress("running").pages_done == 50
    assert pair.side.queued() == [10, 40, 30, 20]


@pytest.mark.parametrize("reason", ["terms", "off", "no speed", "no helper"])
def test_who_cannot_be_helped_says_no(pair: Pair, reason: str) -> None:
    async def work() -> None:
        lease = await pair.ask(**({"terms": "others"} if reason == "terms" else {}))
        if reason == "no speed":
            pair.lender = Lender(
                pair.side.loans, pair.side.schedule, Side(pair.side.client, pair.side.config.results_uri, 1, []).account
            )
        if reason == "no helper":
            await pair.other.loans.release(lease)
        await pair.lender.look(lends=reason != "off")
        assert (await pair.loan()).state is LoanState.REFUSED

    asyncio.run(work())
    assert not pair.lender.is_waiting
    assert pair.side.queued() == [50, 40, 30, 20, 10]


def test_a_request_that_was_withdrawn_meanwhile_lends_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        await pair.ask()
        answer = pair.side.loans.answer

        async def late(*arguments: object) -> str | None:
            await pair.give_back()
            return await answer(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(pair.side.loans, "answer", late)
        await pair.lender.look(lends=True)
        assert (await pair.loan()).state is LoanState.RETURNED

    asyncio.run(work())
    assert not pair.lender.is_waiting
    assert pair.side.queued() == [50, 10, 40, 30, 20]


@pytest.mark.parametrize("arrives", [True, False])
def test_whether_a_write_that_failed_has_lent_is_found_out(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, *, arrives: bool
) -> None:
    async def work() -> None:
        await pair.ask()
        replace_loan = pair.side.loans._replace

        def broken(*arguments: object) -> NoReturn:
            if arrives:
                replace_loan(*arguments)  # type: ignore[arg-type]
            raise S3Error("broken", "InternalError")

        with monkeypatch.context() as patch:
            patch.setattr(pair.side.loans, "_replace", broken)
            with pytest.raises(S3Error):
                await pair.lender.look(lends=True)
        assert pair.lender.lent == 2
        await pair.lender.look(lends=True)
        assert (await pair.loan()).state is LoanState.LENT

    asyncio.run(work())
    assert pair.lender.lent == 2
    assert pair.side.queued() == [40, 30, 20]


def test_a_shard_that_is_anothers_lends_nothing(pair: Pair) -> None:
    def taken() -> NoReturn:
        raise ShardTaken("node-9 works on this shard")

    lender = Lender(pair.side.loans, pair.side.schedule, pair.side.account, taken)

    async def work() -> None:
        await pair.ask()
        with pytest.raises(ShardTaken):
            await lender.look(lends=True)
        assert (await pair.loan()).state is LoanState.ASKED

    asyncio.run(work())


def test_a_piece_whose_helper_shows_no_heartbeat_is_taken_back_and_the_helper_can_write_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        lease = await pair.ask()
        await pair.lender.look(lends=True)
        pair.side.ended["10.pdf"] = DocumentState.FAILED
        monkeypatch.setattr(lease_module, "_SECONDS", 0.0)
        monkeypatch.setattr(Lease.__init__, "__kwdefaults__", dict(Lease.__init__.__kwdefaults__ or {}, seconds=0.0))
        await pair.lender.look(lends=True)
        with pytest.raises(ShardTaken):
            lease.renew()
        assert (await pair.loan()).state is LoanState.RETURNED

    asyncio.run(work())
    assert not pair.lender.is_waiting
    assert pair.side.account.progress("running").failed == 1
    assert pair.side.queued() == [50, 40, 30, 20]


def test_a_helper_that_asks_anew_has_given_back_what_it_had(pair: Pair) -> None:
    async def work() -> None:
        await pair.ask()
        await pair.lender.look(lends=True)
        await pair.ask("second")
        await pair.lender.look(lends=True)
        loan = await pair.loan()
        assert (loan.name, loan.state) == ("second", LoanState.LENT)
        assert [document.pages for document in loan.documents] == [50, 10]

    asyncio.run(work())
    assert pair.side.queued() == [40, 30, 20]


def test_the_next_supervisor_leaves_alone_what_was_lent_also_where_it_lends_nothing_itself(
    pair: Pair, client: S3Client, bucket: S3Uri
) -> None:
    async def lend() -> None:
        await pair.ask()
        await pair.lender.look(lends=True)

    asyncio.run(lend())
    after = Side(client, bucket, 1, [50, 40, 30, 20, 10])
    lender = Lender(after.loans, after.schedule, after.account)
    lender.adopt(after.loans.read_changed())
    assert lender.lent == 2

    async def come_back() -> None:
        await lender.look(lends=False)
        assert lender.lent == 2
        after.ended["50.pdf"] = after.ended["10.pdf"] = DocumentState.DONE
        await pair.give_back()
        await lender.look(lends=False)

    asyncio.run(come_back())
    assert not lender.is_waiting
    assert after.queued() == [40, 30, 20]
    assert after.account.pending == 3


def test_a_range_of_a_document_that_seems_to_be_lent_too_is_in_work_and_not_taken_from_its_ranges(
    pair: Pair, client: S3Client, bucket: S3Uri
) -> None:
    async def lend() -> None:
        await pair.ask()
        await pair.lender.look(lends=True)

    asyncio.run(lend())
    after = Side(client, bucket, 1, [])
    ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
    lent = pair.side.documents[0]
    after.schedule.add([Attempt(lent, ranges=ranges, part=(1, 2)), Attempt(lent, ranges=ranges, part=(3, 4))])
    lender = Lender(after.loans, after.schedule, after.account)
    lender.adopt(after.loans.read_changed())
    assert lender.lent == 0
    assert after.queued() == [50, 50]


def test_documents_that_another_cut_took_away_are_not_waited_for(pair: Pair, client: S3Client, bucket: S3Uri) -> None:
    async def lend() -> None:
        await pair.ask()
        await pair.lender.look(lends=True)

    asyncio.run(lend())
    after = Side(client, bucket, 1, [40, 30])
    lender = Lender(after.loans, after.schedule, after.account)
    lender.adopt(after.loans.read_changed())
    assert not lender.is_waiting

    async def come_back() -> None:
        await pair.give_back()
        await lender.look(lends=True)

    asyncio.run(come_back())
    assert after.queued() == [40, 30]
