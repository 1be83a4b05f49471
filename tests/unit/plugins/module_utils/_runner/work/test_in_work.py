# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import in_work_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import ShardTaken
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import in_work
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.in_work import WorkRecord
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Backoff, Outage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from tests.support.shards import TestShard

A, B = "s3://b/a.pdf", "s3://b/b.pdf"


def written(shard: TestShard, number: int = 1) -> InWork:
    uri = in_work_uri(shard.config.results_uri, number)
    return InWork.from_json(read_bytes(shard.client, uri), str(uri))


def leave(shard: TestShard, record: InWork, number: int = 1) -> None:
    put_bytes(shard.client, in_work_uri(shard.config.results_uri, number), record.to_json(), "application/json")


def record_of(shard: TestShard, client: Any = None) -> WorkRecord:
    return WorkRecord.of_shard(client or shard.client, shard.config.results_uri, 1, Stage.TEXT)


def run(work: Callable[[Backoff], Awaitable[None]], outage_seconds: float = 0) -> None:
    async def main() -> None:
        with ThreadPoolExecutor(2) as threads:
            await work(Backoff(threads, outage_seconds))

    asyncio.run(main())


class Deaf:
    """An S3 that takes nothing any more."""

    def put_object(self, **_options: Any) -> Any:
        from botocore.exceptions import ClientError

        raise ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, "PutObject")


def test_a_first_supervisor_finds_nothing_and_says_that_it_works(shard: TestShard) -> None:
    assert record_of(shard).open() == {}
    assert written(shard) == InWork(open=True)


def test_what_was_in_work_when_the_one_before_vanished_was_interrupted_and_stays_so(shard: TestShard) -> None:
    leave(shard, InWork(True, (A,), {A: 1, B: 2}))
    assert record_of(shard).open() == {A: 2, B: 2}
    # This one vanishes too, before it has begun anything.
    assert written(shard) == InWork(True, (), {A: 2, B: 2})
    assert record_of(shard).open() == {A: 2, B: 2}


def test_a_supervisor_that_ended_in_order_has_interrupted_nothing(shard: TestShard) -> None:
    record = record_of(shard)
    record.open()

    async def work(backoff: Backoff) -> None:
        await record.begin(backoff, A, careful=True)
        await record.close(backoff)

    run(work)
    assert written(shard) == InWork()
    assert record_of(shard).open() == {}


def test_what_another_shards_node_was_lost_with_is_known_to_whoever_has_it_now(shard: TestShard) -> None:
    leave(shard, InWork(True, (A,), {B: 1}), number=2)
    leave(shard, InWork(False, (B,), {A: 1}), number=13)
    assert record_of(shard).open() == {A: 2, B: 1}
    assert written(shard).interruptions == {}
    assert written(shard, 2) == InWork(True, (A,), {B: 1})


def test_where_the_one_before_vanished_a_document_is_recorded_before_it_begins(shard: TestShard) -> None:
    leave(shard, InWork(open=True))
    record = record_of(shard)
    record.open()

    async def work(backoff: Backoff) -> None:
        await record.begin(backoff, A, careful=False)
        assert written(shard).documents == (A,)

    run(work)


def test_elsewhere_nobody_waits_for_the_record_and_it_comes_soon(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_work, "_PAUSE_SECONDS", 0.01)
    record = record_of(shard)
    record.open()

    async def until_written(expected: InWork) -> None:
        async with asyncio.timeout(300):
            while written(shard) != expected:
                await asyncio.sleep(0.01)

    async def work(backoff: Backoff) -> None:
        await record.begin(backoff, A, careful=False)
        assert written(shard) == InWork(open=True)
        keeping = asyncio.create_task(record.keep(backoff))
        await until_written(InWork(True, (A,)))
        await record.begin(backoff, B, careful=False)
        record.end(A)
        await until_written(InWork(True, (B,)))
        keeping.cancel()

    run(work)


def test_a_document_with_an_outcome_was_not_interrupted(shard: TestShard) -> None:
    leave(shard, InWork(False, (), {A: 2, B: 1}))
    record = record_of(shard)
    record.open()
    record.settle(A)
    run(record.close)
    assert written(shard) == InWork(interruptions={B: 1})


def test_a_record_that_must_be_and_cannot_be_written_keeps_the_document_from_beginning(shard: TestShard) -> None:
    record = record_of(shard, Deaf())

    async def work(backoff: Backoff) -> None:
        with pytest.raises(Outage):
            await record.begin(backoff, A, careful=True)
        # The end comes all the same.
        await record.close(backoff)

    run(work)


def test_nothing_is_recorded_of_a_shard_that_is_anothers(shard: TestShard) -> None:
    def refuse() -> None:
        raise ShardTaken("node-2 works on this shard")

    with pytest.raises(ShardTaken):
        WorkRecord.of_shard(shard.client, shard.config.results_uri, 1, Stage.TEXT, refuse).open()
    uri = in_work_uri(shard.config.results_uri, 1, Stage.TEXT)
    with pytest.raises(FarmError):
        read_bytes(shard.client, uri)


@pytest.mark.parametrize("body", [b"", b"?", b'{"documents": 3}'])
def test_a_record_that_is_none_says_that_somebody_may_have_vanished(shard: TestShard, body: bytes) -> None:
    put_bytes(shard.client, in_work_uri(shard.config.results_uri, 1, Stage.TEXT), body, "application/json")
    record = record_of(shard)
    assert record.open() == {}

    async def work(backoff: Backoff) -> None:
        await record.begin(backoff, A, careful=False)
        assert written(shard).documents == (A,)

    run(work)


def test_what_a_later_version_says_of_another_shard_holds_up_nothing(shard: TestShard) -> None:
    put_bytes(shard.client, in_work_uri(shard.config.results_uri, 2), b'{"schema": 2}', "application/json")
    assert record_of(shard).open() == {}


def test_a_later_versions_record_is_left_to_it(shard: TestShard) -> None:
    put_bytes(shard.client, in_work_uri(shard.config.results_uri, 1, Stage.TEXT), b'{"schema": 2}', "application/json")
    with pytest.raises(LaterSchemaError):
        record_of(shard).open()


def test_a_document_that_several_slots_have_is_interrupted_once(shard: TestShard) -> None:
    record = record_of(shard)
    record.open()

    async def work(backoff: Backoff) -> None:
        for _slot in range(3):
            await record.begin(backoff, A, careful=False)
        record.end(A)
        await record.begin(backoff, B, careful=True)

    run(work)
    assert written(shard).documents == (A, B)
    assert record_of(shard).open() == {A: 1, B: 1}
