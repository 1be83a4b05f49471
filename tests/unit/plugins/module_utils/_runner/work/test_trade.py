# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import LentDocument, Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import loan_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.trade import Trade
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.lending import Side

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


async def s3_is_away(*_arguments: object) -> NoReturn:
    raise S3Error("S3 is away", "InternalError")


class Trader:
    """A supervisor that lends and borrows, and has one slot."""

    def __init__(self, side: Side, look_seconds: float = 0.01) -> None:
        self.side = side
        self.trade = Trade(
            side.config, side.loans, side.loans.read_changed(), side.schedule, side.account, look_seconds=look_seconds
        )
        self.did: list[int] = []

    async def work(
        self, ended: dict[str, DocumentState], hold: asyncio.Event | None = None, begin: asyncio.Event | None = None
    ) -> None:
        """Do one document after the other; ``ended`` is the markers."""
        self.side.open(lambda: asyncio.get_running_loop().call_soon(self.side.arrive))
        trading = asyncio.create_task(self.trade.run())
        if begin is not None:
            await begin.wait()
        while (fetched := await self.side.schedule.next()) is not None:
            attempt = fetched.attempt
            if hold is not None:
                await hold.wait()
            self.did.append(attempt.document.pages)
            ended[key_of(attempt.document.uri)] = DocumentState.DONE
            if attempt.piece is None:
                self.side.account.add_done(attempt.document, 1.0)
            self.side.schedule.settle(attempt)
            self.trade.settle(attempt)
        self.trade.stop()
        await trading
        await self.trade.close()


def test_an_idle_node_does_a_part_and_both_end_when_everything_is_done(client: S3Client, bucket: S3Uri) -> None:
    owner, helper = Trader(Side(client, bucket, 1, [50, 40, 30, 20, 10])), Trader(Side(client, bucket, 2, []))
    ended: dict[str, DocumentState] = {}
    owner.side.ended = ended
    owner.side.works_at(10, 10)
    owner.side.report()

    async def work() -> None:
        hold = asyncio.Event()
        owning = asyncio.create_task(owner.work(ended, hold))
        helping = asyncio.create_task(helper.work(ended))
        async with asyncio.timeout(60):
            while not helper.did:
                await asyncio.sleep(0.01)
            hold.set()
            await owning
            # It heard of the last one before its own end was known.
            owner.side.report("finished")
            await helping

    asyncio.run(work())
    assert sorted(owner.did + helper.did) == [10, 20, 30, 40, 50]
    # The owner has begun the longest and has the next one on its disk.
    assert helper.did[0] == 30
    assert owner.side.account.pending == 0


def test_others_are_asked_when_the_last_document_has_ended_however_soon_after_a_look(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Side(client, bucket, 1, [50, 40, 30])
    owner.works_at(10, 10)
    owner.report()
    helper = Trader(Side(client, bucket, 2, [5]), look_seconds=3600)
    said: list[str] = []

    async def work() -> None:
        looked = asyncio.Event()
        look = helper.trade._helper.look

        async def looks(*, asks: bool) -> bool:
            found = await look(asks=asks)
            looked.set()
            if helper.trade._helper._request is not None:
                said.append(f"asked shard {helper.trade._helper._request.shard}")
                helper.side.schedule.stop()
            return found

        monkeypatch.setattr(helper.trade._helper, "look", looks)
        stop = helper.trade.stop

        def stops() -> None:
            said.append("no slot works any more")
            stop()

        monkeypatch.setattr(helper.trade, "stop", stops)
        await asyncio.wait_for(helper.work({}, begin=looked), 60)

    asyncio.run(work())
    assert helper.did == [5]
    assert said == ["asked shard 1", "no slot works any more"]


def test_its_first_heartbeat_says_what_may_be_lent(client: S3Client, bucket: S3Uri) -> None:
    owner = Trader(Side(client, bucket, 1, [50, 40, 30]))
    assert owner.side.account.progress("running").queued_pages == 120


def test_a_supervisor_ends_at_once_where_nobody_is_to_be_helped(client: S3Client, bucket: S3Uri) -> None:
    for helps in (True, False):
        trader = Trader(Side(client, bucket, 1, [2, 1], help_others=helps))
        asyncio.run(asyncio.wait_for(trader.work({}), 60))
        assert trader.did == [2, 1]


def test_a_stop_ends_it(client: S3Client, bucket: S3Uri) -> None:
    side = Side(client, bucket, 1, [2, 1])
    trader = Trader(side)

    async def work() -> None:
        trading = asyncio.create_task(trader.trade.run())
        await asyncio.sleep(0)
        side.schedule.stop()
        trader.trade.stop()
        await asyncio.wait_for(trading, 60)

    asyncio.run(work())


def test_an_s3_that_is_away_for_a_while_ends_nothing(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    trader = Trader(Side(client, bucket, 1, [2, 1]))
    failures = iter([S3Error("S3 is away", "InternalError")])
    changed = trader.side.loans.changed

    async def broken() -> object:
        for failure in failures:
            raise failure
        return await changed()

    monkeypatch.setattr(trader.side.loans, "changed", broken)
    asyncio.run(asyncio.wait_for(trader.work({}), 60))
    assert trader.did == [2, 1]
    assert "S3 is away" in caplog.text


def test_an_s3_that_stays_away_keeps_no_node_awake_that_would_only_help(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    trader = Trader(Side(client, bucket, 1, [2, 1], outage_seconds=0))
    monkeypatch.setattr(trader.side.loans, "changed", s3_is_away)
    asyncio.run(asyncio.wait_for(trader.work({}), 60))
    assert trader.did == [2, 1]


def test_an_s3_that_stays_away_ends_a_supervisor_that_waits_for_helpers_as_one_that_should_start_again(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Side(client, bucket, 1, [2], outage_seconds=0)
    document = LentDocument(side.documents[0].uri, 2, 1, 1, 1)
    put_bytes(
        client,
        loan_uri(side.config.results_uri, 1, 2),
        Loan("first", LoanState.LENT, documents=(document,)).to_json(),
        "application/json",
    )
    trader = Trader(side)
    monkeypatch.setattr(side.loans, "is_held", s3_is_away)
    with pytest.raises(S3Error):
        asyncio.run(asyncio.wait_for(trader.trade.run(), 60))


def test_a_guard_that_fails_is_no_outage(client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch) -> None:
    trader = Trader(Side(client, bucket, 1, [2, 1]))

    async def broken() -> NoReturn:
        raise ValueError("a fault of the program")

    monkeypatch.setattr(trader.side.loans, "changed", broken)
    with pytest.raises(ValueError, match="a fault of the program"):
        asyncio.run(trader.trade.run())


def test_a_command_that_uploads_itself_takes_no_part(client: S3Client, bucket: S3Uri) -> None:
    options = {"command": "convert {input} {output}"}
    side = Side(client, bucket, 2, [], pipeline="command", pipeline_options=options)
    other = Side(client, bucket, 1, [50, 40, 30], pipeline="command", pipeline_options=options)
    other.works_at(10, 10)
    other.report()
    asyncio.run(asyncio.wait_for(Trader(side).work({}), 60))
    assert other.loans.read_changed() == []
