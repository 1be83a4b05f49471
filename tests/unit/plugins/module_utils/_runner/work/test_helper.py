# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import loan_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.helper import Helper
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.lender import Lender
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.piece import PieceLost
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.lending import Side

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Pair:
    """A helper with nothing left, and a lender that has told of itself."""

    def __init__(self, client: S3Client, bucket: S3Uri) -> None:
        self.side, self.other = Side(client, bucket, 2, []), Side(client, bucket, 1, [50, 40, 30, 20, 10])
        self.other.works_at(10, 10)
        self.other.report()
        self.helper = Helper(self.side.config, self.side.loans, self.side.schedule)
        self.lender = Lender(self.other.loans, self.other.schedule, self.other.account)

    async def loan(self) -> Loan:
        found = await self.side.loans.read(1)
        assert found is not None
        return found.loan

    async def borrow(self) -> list[Attempt]:
        """Return what was borrowed, which nobody has begun."""
        assert await self.helper.look(asks=True)
        await self.lender.look(lends=True)
        assert await self.helper.look(asks=True)
        attempts = self.side.schedule.withdraw(lambda _attempt: True)
        self.side.schedule.add(attempts)
        return attempts


@pytest.fixture
def pair(client: S3Client, bucket: S3Uri) -> Pair:
    return Pair(client, bucket)


def test_a_piece_is_asked_for_and_given_back_when_every_document_has_its_outcome(pair: Pair) -> None:
    async def work() -> None:
        attempts = await pair.borrow()
        # Of 150 s of work two nodes have 75 each, of which half.
        assert [(each.document.pages, each.number, each.last) for each in attempts] == [(50, 1, 2)]
        pieces = {attempt.piece for attempt in attempts}
        assert len(pieces) == 1
        (piece,) = pieces
        assert piece is not None
        assert (piece.shard, piece.open, pair.helper.shards) == (1, len(attempts), (1,))
        assert await pair.other.loans.is_held(2)
        pair.side.schedule.withdraw(lambda _attempt: True)
        piece.open = 0
        await pair.helper.look(asks=False)
        assert (await pair.loan()).state is LoanState.RETURNED
        assert not await pair.other.loans.is_held(2)
        assert pair.helper.shards == ()

    asyncio.run(work())


def test_nothing_is_asked_for_while_something_is_left_to_begin_or_where_it_is_turned_off(pair: Pair) -> None:
    async def work() -> None:
        assert not await pair.helper.look(asks=False)
        pair.side.schedule.add([Attempt(pair.other.documents[0])])
        assert not await pair.helper.look(asks=True)
        assert await pair.side.loans.read(1) is None

    asyncio.run(work())


def test_a_shard_that_says_no_is_not_asked_again(pair: Pair) -> None:
    async def work() -> None:
        assert await pair.helper.look(asks=True)
        assert await pair.helper.look(asks=True)
        await pair.lender.look(lends=False)
        await pair.helper.look(asks=True)
        assert not await pair.helper.look(asks=True)
        assert (await pair.loan()).state is LoanState.REFUSED
        assert not await pair.other.loans.is_held(2)

    asyncio.run(work())


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_a_shard_that_has_ended_or_has_nothing_left_is_not_waited_for_and_lends_nothing_later(
    pair: Pair, state: str
) -> None:
    async def work() -> None:
        assert await pair.helper.look(asks=True)
        if state == "running":
            pair.other.queued()
        pair.other.report(state)
        await pair.helper.look(asks=True)
        assert not await pair.helper.look(asks=True)
        assert (await pair.loan()).state is LoanState.RETURNED
        await pair.lender.look(lends=True)
        assert not pair.lender.is_waiting

    asyncio.run(work())


def test_a_loan_that_another_has_is_left_to_it(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    async def taken(_shard: int) -> NoReturn:
        raise ShardTaken("node-9 works on this shard")

    monkeypatch.setattr(pair.side.loans, "take", taken)

    async def work() -> None:
        assert await pair.helper.look(asks=True)
        assert not await pair.helper.look(asks=True)
        assert await pair.side.loans.read(1) is None

    asyncio.run(work())


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_loan_that_a_later_version_wrote_is_left_alone_and_ends_nobody(
    pair: Pair, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    uri = loan_uri(pair.side.config.results_uri, 1, 2)

    async def work() -> None:
        if when == "after":
            assert await pair.helper.look(asks=True)
        put_bytes(pair.side.client, uri, b'{"schema": 99}', "application/json")
        assert await pair.helper.look(asks=True)
        assert not await pair.helper.look(asks=True)

    asyncio.run(work())
    assert "later version" in caplog.text
    assert read_bytes(pair.side.client, uri) == b'{"schema": 99}'


def test_a_piece_that_was_taken_back_is_forgotten_and_nothing_is_written_of_it(pair: Pair) -> None:
    async def work() -> None:
        attempts = await pair.borrow()
        piece = attempts[0].piece
        assert piece is not None
        piece.lost = True
        piece.open += 1
        await pair.helper.look(asks=False)
        assert pair.side.queued() == []
        # One that is in work may end, but no other of the shard is begun before.
        assert 1 in pair.helper.shards
        piece.open -= 1
        await pair.helper.look(asks=False)
        assert 1 not in pair.helper.shards
        assert (await pair.loan()).state is LoanState.LENT

    asyncio.run(work())


def test_a_range_of_a_document_of_such_a_piece_is_in_work(pair: Pair) -> None:
    async def work() -> None:
        (attempt, *_others) = await pair.borrow()
        piece = attempt.piece
        assert piece is not None
        ranges = Ranges(2, number=1, last=2, tried=False, seconds=0.0)
        pair.side.schedule.withdraw(lambda _attempt: True)
        pair.side.schedule.add([replace(attempt, ranges=ranges, part=(1, 2))])
        piece.lost = True
        await pair.helper.look(asks=False)
        assert piece.open == 1
        assert len(pair.side.schedule.withdraw(lambda _attempt: True)) == 1

    asyncio.run(work())


def test_a_heartbeat_that_finds_the_piece_taken_back_says_so(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    async def keep(_lease: Lease) -> NoReturn:
        raise ShardTaken("node-1 works on this shard")

    monkeypatch.setattr(Lease, "keep", keep)

    async def work() -> None:
        (attempt, *_others) = await pair.borrow()
        assert attempt.piece is not None
        assert attempt.piece.lost

    asyncio.run(work())


def test_the_end_gives_back_what_is_not_finished_and_withdraws_what_was_asked(pair: Pair) -> None:
    async def borrowed() -> None:
        (attempt, *_others) = await pair.borrow()
        await pair.helper.close()
        assert attempt.piece is not None
        # By a thread that was left behind.
        with pytest.raises(PieceLost):
            attempt.piece.require()
        assert (await pair.loan()).state is LoanState.RETURNED

    asyncio.run(borrowed())

    async def asked() -> None:
        helper = Helper(pair.side.config, pair.side.loans, pair.side.schedule)
        pair.side.queued()
        await pair.lender.look(lends=False)
        pair.other.report()
        assert await helper.look(asks=True)
        assert (await pair.loan()).state is LoanState.ASKED
        await helper.close()
        assert (await pair.loan()).state is LoanState.RETURNED
        assert not await pair.other.loans.is_held(2)

    asyncio.run(asked())


def test_an_end_without_s3_is_an_end(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_arguments: object) -> NoReturn:
        raise S3Error("S3 is away", "InternalError")

    async def work() -> None:
        await pair.borrow()
        monkeypatch.setattr(pair.side.loans, "write", broken)
        await pair.helper.close()

    asyncio.run(work())
    assert "shard 1 has to wait until the loan's lease ends: S3 is away" in caplog.text
