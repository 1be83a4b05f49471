# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    node_record_uri,
    progress_uri,
    shards_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import ENDED, NodeRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary, Totals
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.overview import OverviewReader, ShardGlance
from tests.support.progress import make_progress
from tests.support.queued import queued_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def cut(client: S3Client, farm: S3Uri, shards: int, stage: Stage = Stage.TEXT) -> None:
    summary = Summary(tuple(ShardSummary(number, pages=1000) for number in range(1, shards + 1)))
    uri = shards_folder(farm, stage).join(SUMMARY_NAME)
    put_bytes(client, uri, summary.to_json([]), "application/json")


def say(client: S3Client, farm: S3Uri, shard: int, stage: Stage = Stage.TEXT, **fields: Any) -> None:
    body = make_progress(shard=shard, **fields).to_json()
    put_bytes(client, progress_uri(farm, shard, stage), body, "application/json")


def reader(client: S3Client, farm: S3Uri, *, price: float | None = None, silent: float = 300.0) -> OverviewReader:
    return OverviewReader(client, farm, farm, price_per_hour=price, silent_seconds=silent)


def test_each_stage_that_has_a_cut_is_told_and_a_new_cut_as_soon_as_it_is_there(
    client: S3Client, bucket: S3Uri
) -> None:
    looks = reader(client, bucket)
    with pytest.raises(NotYetError, match="cut the shards first"):
        looks.read()
    cut(client, bucket, 2)
    say(client, bucket, 1)
    (text,) = looks.read().stages
    assert text.share == pytest.approx(300 / 2000)
    assert text.line.startswith("2 of 4 documents done, 1 failed, 1 pending; 200 of 1000 pages")
    assert text.shards == (ShardGlance(1, "running", 0.3, 2.0), ShardGlance(2, "not started", 0.0, 0.0))
    cut(client, bucket, 1, Stage.OCR)
    assert [each.stage for each in looks.read().stages] == [Stage.TEXT, Stage.OCR]


def test_what_was_handed_on_is_ended_and_a_shard_without_pages_has_nothing_to_do(
    client: S3Client, bucket: S3Uri
) -> None:
    cut(client, bucket, 2)
    say(client, bucket, 1, state="finished", pages_forwarded=700, forwarded=1, pending=0)
    say(client, bucket, 2, state="finished", documents=0, pages=0, done=0, pages_done=0, failed=0, pages_failed=0)
    (text,) = looks = reader(client, bucket).read().stages
    assert [each.share for each in text.shards] == [1.0, 1.0]
    assert [each.is_finished for each in looks] == [True]


def test_silent_and_broken_shards_ail_and_have_no_rate(client: S3Client, bucket: S3Uri) -> None:
    cut(client, bucket, 2)
    say(client, bucket, 1)
    say(client, bucket, 2, state="broken", message="too many are unreadable")
    found = reader(client, bucket, silent=-1.0).read()
    assert [(each.state, each.rate, each.is_ill) for each in found.stages[0].shards] == [
        ("silent", 0.0, True),
        ("broken", 0.0, True),
    ]
    silent, broken = found.attention
    assert silent.startswith("stage text, shard 1: no heartbeat from OpenArchive-Shard-1")
    assert broken == "stage text, shard 2: OpenArchive-Shard-1 has stopped: too many are unreadable"


def test_costs_are_told_where_a_price_is_known_and_read_once_a_minute(client: S3Client, bucket: S3Uri) -> None:
    cut(client, bucket, 1)
    say(client, bucket, 1, effort=Effort(3600.0, 1000))
    assert reader(client, bucket).read().costs is None
    times = iter([10.0, 69.0, 70.0])
    looks = OverviewReader(client, bucket, bucket, price_per_hour=5.0, silent_seconds=300.0, clock=lambda: next(times))
    spent = []
    for hours in (1, 2, 3):
        say(client, bucket, 1, effort=Effort(3600.0 * hours, 1000))
        found = looks.read().costs
        spent.append(found and found.usd)
    assert spent == [5.0, 5.0, 15.0]


def test_a_node_that_has_ended_itself_wants_attention_whatever_a_price(client: S3Client, bucket: S3Uri) -> None:
    cut(client, bucket, 1)
    ended = NodeRecord("OpenArchive-Shard-1", "i-1", state=ENDED, cause="idle", message="nothing worked on it")
    put_bytes(client, node_record_uri(bucket, "i-1"), ended.to_json(), "application/json")
    found = reader(client, bucket).read()
    assert found.attention == ("OpenArchive-Shard-1 has ended itself (idle): nothing worked on it",)


def test_what_cannot_be_read_wants_attention(client: S3Client, bucket: S3Uri) -> None:
    cut(client, bucket, 1)
    put_bytes(client, progress_uri(bucket, 1), b"?", "application/json")
    found = reader(client, bucket).read()
    assert found.stages[0].shards == (ShardGlance(1, "not started", 0.0, 0.0),)
    assert found.attention[0].startswith("stage text, shard 1: s3://")


def test_of_pieces_the_supervisors_are_told_with_what_they_have_ended(client: S3Client, bucket: S3Uri) -> None:
    pieces = tuple(ShardSummary(number, pages=1000) for number in (1, 2, 3))
    summary = Summary(pieces, Totals(pages=3000), piece_pages=1000)
    uri = shards_folder(bucket).join(SUMMARY_NAME)
    put_bytes(client, uri, summary.to_json([]), "application/json")
    (text,) = reader(client, bucket).read().stages
    assert (text.shards, text.share, text.is_finished) == ((), 0.0, False)
    body = queued_progress(12).to_json()
    put_bytes(client, progress_uri(bucket, 12), body, "application/json")
    (text,) = reader(client, bucket).read().stages
    assert text.shards == (ShardGlance(12, "running", 0.4, 2.0),)
    assert text.share == pytest.approx(0.4)
    (text,) = reader(client, bucket, silent=-1.0).read().stages
    assert [each.state for each in text.shards] == ["silent"]
