# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.budget import spent, wait_for_overspending
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HOUR = 3600.0


def say(client: S3Client, results: S3Uri, shard: int, started_at: float, updated_at: float) -> None:
    said = make_progress(shard=shard, started_at=started_at, updated_at=updated_at)
    put_bytes(client, progress_uri(results, shard), said.to_json(), "application/json")


def test_all_shards_count_from_their_first_supervisor_on(client: S3Client, bucket: S3Uri) -> None:
    assert spent(client, bucket, 5.0) == 0
    say(client, bucket, 1, HOUR, 2 * HOUR)
    say(client, bucket, 12, HOUR, 1.5 * HOUR)
    points = history.to_json(History((Point(0.0, 0, ()),)))
    put_bytes(client, history.history_uri(bucket, 12), points, "application/json")
    assert spent(client, bucket, 4.0) == pytest.approx(4.0 * (1 + 1.5))


def test_a_budget_that_is_spent_is_a_reason_to_stop(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, 0, HOUR)

    async def work() -> str:
        waiting = asyncio.create_task(wait_for_overspending(client, bucket, 9.0, 4.0, 0.02))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        say(client, bucket, 1, 0, 3 * HOUR)
        return await asyncio.wait_for(waiting, 30)

    reason = asyncio.run(work())
    assert reason.startswith("The budget of $9.00 is spent: $12.00 by now.")
