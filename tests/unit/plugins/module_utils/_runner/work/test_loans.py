# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import loan_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.loans import terms_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config
from tests.support.lending import Side

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ASKED = Loan("name", LoanState.ASKED, "node-2")


@pytest.fixture
def sides(client: S3Client, bucket: S3Uri) -> tuple[Side, Side]:
    return Side(client, bucket, 1, [3, 2, 1]), Side(client, bucket, 2, [])


def test_a_request_is_read_once_and_again_when_it_has_changed(sides: tuple[Side, Side]) -> None:
    lender, helper = (side.loans for side in sides)

    async def work() -> None:
        assert await lender.changed() == []
        assert await helper.read(1) is None
        etag = await helper.write(1, ASKED, None)
        (found,) = await lender.changed()
        assert (found.helper, found.loan, found.etag) == (2, ASKED, etag)
        assert await lender.changed() == []
        assert await lender.answer(found, replace(ASKED, state=LoanState.REFUSED)) is not None
        # What it has written itself is no news.
        assert await lender.changed() == []
        mine = await helper.read(1)
        assert mine is not None
        assert mine.loan.state is LoanState.REFUSED

    asyncio.run(work())


def test_a_loan_that_is_another_by_now_is_not_written(sides: tuple[Side, Side]) -> None:
    lender, helper = (side.loans for side in sides)

    async def work() -> None:
        etag = await helper.write(1, ASKED, None)
        (found,) = await lender.changed()
        assert await helper.write(1, replace(ASKED, name="second"), etag) is not None
        assert await lender.answer(found, replace(ASKED, state=LoanState.LENT)) is None
        # Written again after a lost reply.
        assert await helper.write(1, replace(ASKED, name="second"), etag) is not None
        assert await helper.write(1, ASKED, None) is None

    asyncio.run(work())


def test_a_loan_is_told_the_next_time_where_the_reading_of_another_failed(
    sides: tuple[Side, Side], client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    lender, helper = (side.loans for side in sides)
    third = Side(client, bucket, 3, []).loans
    read = lender._read

    def broken(uri: S3Uri, of: int) -> object:
        if of == 3:
            raise S3Error("broken", "InternalError")
        return read(uri, of)

    async def work() -> None:
        await helper.write(1, ASKED, None)
        await third.write(1, ASKED, None)
        with monkeypatch.context() as patch:
            patch.setattr(lender, "_read", broken)
            with pytest.raises(S3Error):
                await lender.changed()
        assert [found.helper for found in await lender.changed()] == [2, 3]

    asyncio.run(work())


def test_a_lease_is_taken_by_the_helper_and_by_the_lender_when_it_was_given_back(sides: tuple[Side, Side]) -> None:
    lender, helper = (side.loans for side in sides)

    async def work() -> None:
        assert not await lender.is_held(2)
        lease = await helper.take(1)
        assert await lender.is_held(2)
        await helper.release(lease)
        assert not await lender.is_held(2)
        await lender.take_back(2)
        with pytest.raises(ShardTaken):
            lease.renew()

    asyncio.run(work())


def test_what_is_no_loan_lends_nothing_and_what_a_later_version_wrote_stops_everything(
    sides: tuple[Side, Side], client: S3Client
) -> None:
    uri = loan_uri(sides[0].config.results_uri, 1, 2)
    put_bytes(client, uri, b"?", "application/json")
    (found,) = sides[0].loans.read_changed()
    assert found.loan == Loan()
    put_bytes(client, uri, b'{"schema": 99}', "application/json")
    with pytest.raises(LaterSchemaError):
        sides[0].loans.read_changed()


def test_all_supervisors_of_the_stage_are_heard(sides: tuple[Side, Side]) -> None:
    for side in sides:
        side.report()
    heard = asyncio.run(sides[1].loans.heartbeats())
    assert {shard: each.progress.queued_pages for shard, each in heard.items()} == {1: 6, 2: 0}


@pytest.mark.parametrize(
    "fields", [{"pipeline": "pdftext"}, {"pipeline_options": {"a": 1}}, {"retry": ("gpu",)}, {"ocr_follows": True}]
)
def test_only_the_same_options_are_the_same_terms(fields: dict[str, object]) -> None:
    config = a_config(pipeline="glossapi")
    assert terms_of(config) == terms_of(replace(config, shard=2, node="other", slots=("7",)))
    assert terms_of(config) != terms_of(replace(config, **fields))  # type: ignore[arg-type]
