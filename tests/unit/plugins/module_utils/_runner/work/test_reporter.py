# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    history_uri,
    progress_uri,
    shard_quality_uri,
    supervisor_log_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import Scored, ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.reporter import Reporter
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import (
    put_bytes,
    read_bytes,
    read_bytes_if_exists,
)
from tests.support.shards import TestShard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOCUMENT = Document("s3://b/a.pdf", 3, 1)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def reporter_of(shard: TestShard, account: Account, executor: ThreadPoolExecutor) -> Reporter:
    Layout(Path(shard.config.workdir), shard.config.shard).create()
    return Reporter(shard.config, shard.client, account, executor)


def progress_file(shard: TestShard) -> Progress:
    path = Layout(Path(shard.config.workdir), shard.config.shard).progress
    return Progress.from_json(path.read_bytes(), str(path))


def test_the_last_report_is_in_the_file_and_in_s3(shard: TestShard, executor: ThreadPoolExecutor) -> None:
    account = Account(shard.config, [DOCUMENT], {})
    account.add_done(DOCUMENT, 4.0)
    said = asyncio.run(reporter_of(shard, account, executor).report("finished", "all"))
    uri = progress_uri(shard.config.results_uri, shard.config.shard)
    assert said == progress_file(shard) == Progress.from_json(read_bytes(shard.client, uri), str(uri))
    assert (said.state, said.message, said.pending, said.pages_done) == ("finished", "all", 0, 3)


def test_it_says_that_it_runs_until_it_is_cancelled(shard: TestShard, executor: ThreadPoolExecutor) -> None:
    async def run_for_a_while() -> None:
        task = asyncio.create_task(reporter_of(shard, Account(shard.config, [], {}), executor).run())
        path = Layout(Path(shard.config.workdir), shard.config.shard).progress
        async with asyncio.timeout(30):
            while not path.exists():
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run_for_a_while())
    assert progress_file(shard).state == "running"


def test_a_new_supervisor_goes_on_with_the_shards_history(shard: TestShard, executor: ThreadPoolExecutor) -> None:
    uri = history_uri(shard.config.results_uri, shard.config.shard)
    account = Account(shard.config, [DOCUMENT], {})
    before = time.time()
    asyncio.run(reporter_of(shard, account, executor).report("stopped"))
    account.add_done(DOCUMENT, 4.0)
    account.pace.add_share(0.5)
    asyncio.run(reporter_of(shard, account, executor).report("finished"))
    found = history.from_json(read_bytes(shard.client, uri), str(uri))
    assert [point.pages_done for point in found.points] == [0, 3]
    # They are stored in tenths of a second.
    assert round(before, 1) <= found.points[0].time <= found.points[1].time <= round(time.time(), 1)
    assert found.durations[history.duration_class(4.0)] == 1
    assert found.timings == account.pace.timings
    another = Account(shard.config, [DOCUMENT], {})
    another.add_done(DOCUMENT, 5.0)
    asyncio.run(reporter_of(shard, another, executor).report("finished"))
    assert sum(history.from_json(read_bytes(shard.client, uri), str(uri)).durations) == 2


def test_the_history_of_who_takes_pieces_has_their_pages(shard: TestShard, executor: ThreadPoolExecutor) -> None:
    config = replace(shard.config, queue="https://sqs.us-east-1.amazonaws.com/123456789012/farm-text")
    account = Account(config, [], {})
    account.add_helped(DOCUMENT, 4.0, DocumentState.DONE)
    Layout(Path(config.workdir), config.shard).create()
    asyncio.run(Reporter(config, shard.client, account, executor).report("stopped"))
    uri = history_uri(config.results_uri, config.shard)
    assert [point.pages_done for point in history.from_json(read_bytes(shard.client, uri), str(uri)).points] == [3]


def test_what_is_done_in_the_first_minute_has_its_beginning_in_the_history(
    shard: TestShard, executor: ThreadPoolExecutor
) -> None:
    account = Account(shard.config, [DOCUMENT], {})
    reporter = reporter_of(shard, account, executor)
    uri = history_uri(shard.config.results_uri, shard.config.shard)

    async def work() -> None:
        running = asyncio.create_task(reporter.run())
        async with asyncio.timeout(60):
            while not read_bytes_if_exists(shard.client, uri):
                await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        account.add_done(DOCUMENT, 4.0)
        await reporter.report("finished")

    asyncio.run(work())
    found = history.from_json(read_bytes(shard.client, uri), str(uri))
    assert [point.pages_done for point in found.points] == [0, 3]


def test_a_new_supervisor_goes_on_with_what_the_shards_text_is_worth(
    shard: TestShard, executor: ThreadPoolExecutor
) -> None:
    uri = shard_quality_uri(shard.config.results_uri, shard.config.shard)
    for score in (0.5, 0.75):
        account = Account(shard.config, [DOCUMENT], {})
        account.add_done(DOCUMENT, 1.0, QualitySummary("good", score, {"layer": 3}, {"good": 3}))
        asyncio.run(reporter_of(shard, account, executor).report("stopped"))
    found = ShardQuality.from_json(read_bytes(shard.client, uri), str(uri))
    assert found == ShardQuality(2, 1.25, {"layer": 6}, {"good": 6}, (Scored("a.pdf", 0.75),))


def test_what_a_later_version_wrote_of_the_text_is_left_as_it_is(
    shard: TestShard, executor: ThreadPoolExecutor
) -> None:
    uri = shard_quality_uri(shard.config.results_uri, shard.config.shard)
    put_bytes(shard.client, uri, b'{"schema": 2}', "application/json")
    asyncio.run(reporter_of(shard, Account(shard.config, [DOCUMENT], {}), executor).report("finished"))
    assert read_bytes(shard.client, uri) == b'{"schema": 2}'


@pytest.mark.parametrize("body", [b"broken", b'{"schema": 2}'])
def test_a_history_that_cannot_be_read_is_not_lost_as_the_budget_goes_by_it(
    shard: TestShard, executor: ThreadPoolExecutor, body: bytes
) -> None:
    uri = history_uri(shard.config.results_uri, shard.config.shard)
    put_bytes(shard.client, uri, body, "application/json")
    asyncio.run(reporter_of(shard, Account(shard.config, [DOCUMENT], {}), executor).report("finished"))
    assert read_bytes(shard.client, uri) == body


def test_the_end_of_the_log_outlives_the_machine_and_has_no_secret(
    shard: TestShard, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden/key")
    reporter = reporter_of(shard, Account(shard.config, [], {}), executor)
    log = Layout(Path(shard.config.workdir), shard.config.shard).log
    log.write_bytes(b"the beginning" + b"\n" * 2_000_000 + b"key=hidden/key, the end")
    asyncio.run(reporter.report("stopped", "EC2 will terminate this spot instance"))
    body = read_bytes(shard.client, supervisor_log_uri(shard.config.results_uri, shard.config.shard))
    assert body.endswith(b"key=***, the end")
    assert len(body) < 1_100_000


def test_other_users_may_read_the_metrics_and_no_more(shard: TestShard, executor: ThreadPoolExecutor) -> None:
    asyncio.run(reporter_of(shard, Account(shard.config, [], {}), executor).report("finished"))
    layout = Layout(Path(shard.config.workdir), shard.config.shard)
    assert b'glossapi_farm_supervisor_state{shard="1",stage="text",state="finished"} 1.0' in layout.metrics.read_bytes()
    assert layout.metrics.stat().st_mode & 0o777 == 0o644
    assert layout.metrics.parent.stat().st_mode & 0o777 == 0o755
    assert layout.progress.stat().st_mode & 0o777 == 0o600


def test_progress_that_s3_will_not_take_stops_nothing(
    shard: TestShard, executor: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    class Client:
        def put_object(self, **_options: Any) -> None:
            raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": "no"}}, "PutObject")

        get_object = put_object

    account = Account(shard.config, [DOCUMENT], {})
    broken = replace(shard, client=cast("S3Client", Client()))
    said = asyncio.run(reporter_of(broken, account, executor).report("failed", "why"))
    assert progress_file(shard) == said
    assert "the bucket does not exist" in caplog.text
