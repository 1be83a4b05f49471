# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    history_uri,
    node_record_uri,
    progress_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import NodeRecord, NodeRun
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import budget
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.budget import (
    MOST_FAILED_LOOKS,
    spent,
    wait_for_overspending,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.progress import make_progress

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
    put_bytes(client, history_uri(bucket, 12), points, "application/json")
    assert spent(client, bucket, 4.0) == pytest.approx(4.0 * (1 + 1.5))


def test_what_a_node_says_it_costs_counts_from_its_launch(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, HOUR, 2 * HOUR)
    node = NodeRecord(make_progress().node, "i-1", runs=(NodeRun(0.0, 3 * HOUR, 11.0),), storage_per_hour=0.5)
    put_bytes(client, node_record_uri(bucket, "i-1"), node.to_json(), "application/json")
    assert spent(client, bucket, 4.0) == pytest.approx(11.0 + 1.5)


def test_a_node_that_does_not_tell_its_costs_is_not_taken_for_free(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, node_record_uri(bucket, "i-1"), b"?", "application/json")
    with pytest.raises(FarmError, match="i-1"):
        spent(client, bucket, 4.0)


def test_a_budget_that_is_spent_is_a_reason_to_stop(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(client, bucket, 1, HOUR, 2 * HOUR)
    looks = Mock(side_effect=spent)
    monkeypatch.setattr(budget, "spent", looks)

    async def work() -> str:
        waiting = asyncio.create_task(wait_for_overspending(client, bucket, 9.0, 4.0, 0.02))
        # Two looks have ended.
        while looks.call_count < 3 and not waiting.done():
            await asyncio.sleep(0.01)
        assert not waiting.done()
        say(client, bucket, 1, HOUR, 4 * HOUR)
        return await asyncio.wait_for(waiting, 30)

    reason = asyncio.run(work())
    assert reason.startswith("The budget of $9.00 is spent: $12.00 by now.")


def test_a_later_versions_field_does_not_hide_what_was_spent(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, HOUR, 3 * HOUR)
    said = json.loads(read_bytes(client, progress_uri(bucket, 1))) | {"later": 1}
    put_bytes(client, progress_uri(bucket, 1), json.dumps(said).encode(), "application/json")
    assert spent(client, bucket, 4.0) == pytest.approx(8.0)


@pytest.mark.parametrize("body", [b"?", b"{}", b'{"schema": 2}'])
def test_what_does_not_tell_its_times_is_not_taken_for_nothing(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, progress_uri(bucket, 1), body, "application/json")
    with pytest.raises(FarmError, match="shard 1: "):
        spent(client, bucket, 4.0)


@pytest.mark.parametrize("body", [b"?", b'{"points": [[]]}'])
def test_a_history_that_does_not_tell_its_times_is_not_taken_for_none(
    client: S3Client, bucket: S3Uri, body: bytes
) -> None:
    say(client, bucket, 1, HOUR, 3 * HOUR)
    put_bytes(client, history_uri(bucket, 1), body, "application/json")
    with pytest.raises(FarmError, match="history"):
        spent(client, bucket, 4.0)


@pytest.mark.parametrize(
    "body", [b'{"started_at": 1, "updated_at": NaN}', b'{"started_at": 7200, "updated_at": 3600}', b'{"\\ud800": 1}']
)
def test_times_that_would_count_as_nothing_are_not_added_up(client: S3Client, bucket: S3Uri, body: bytes) -> None:
    put_bytes(client, progress_uri(bucket, 1), body, "application/json")
    with pytest.raises(FarmError, match="shard 1: "):
        spent(client, bucket, 4.0)


def test_a_history_whose_progress_is_gone_is_not_forgotten(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, history_uri(bucket, 1), history.to_json(History((Point(HOUR, 0),))), "application/json")
    with pytest.raises(FarmError, match="shard 1: "):
        spent(client, bucket, 4.0)


def test_the_earliest_point_of_a_history_counts(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, 3 * HOUR, 4 * HOUR)
    points = history.to_json(History((Point(2 * HOUR, 0), Point(HOUR, 0))))
    put_bytes(client, history_uri(bucket, 1), points, "application/json")
    assert spent(client, bucket, 4.0) == pytest.approx(12.0)


def test_a_budget_that_nobody_can_watch_is_a_reason_to_stop(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, progress_uri(bucket, 1), b"?", "application/json")
    reason = asyncio.run(asyncio.wait_for(wait_for_overspending(client, bucket, 9.0, 4.0, 0.001), 60))
    assert f"could not be read {MOST_FAILED_LOOKS} times in a row" in reason
    assert str(progress_uri(bucket, 1)) in reason


def test_looks_that_fail_now_and_then_are_no_reason(
    client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nine failures, then an answer, three times over; the last answer is that all is spent.
    failures: list[float | None] = [None] * (MOST_FAILED_LOOKS - 1)
    answers = iter([*failures, 1.0, *failures, 1.0, *failures, 9.0])

    def answer(*_arguments: object) -> float:
        found = next(answers)
        if found is None:
            raise FarmError("S3 is out of reach.")
        return found

    monkeypatch.setattr(budget, "spent", answer)
    reason = asyncio.run(asyncio.wait_for(wait_for_overspending(client, bucket, 9.0, 4.0, 0.001), 60))
    assert reason.startswith("The budget of $9.00 is spent")
