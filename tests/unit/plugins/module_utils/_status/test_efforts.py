# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import UNKNOWN_TIME
from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import history_uri, progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.efforts import effort_of, read_efforts
from tests.support.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def say(client: S3Client, results: S3Uri, shard: int, effort: Effort, stage: Stage = Stage.TEXT) -> None:
    body = make_progress(shard=shard, effort=effort).to_json()
    put_bytes(client, progress_uri(results, shard, stage), body, "application/json")


def test_the_sums_of_a_shard_are_the_newer_ones_and_no_clock_matters() -> None:
    progress = make_progress(started_at=10.0, updated_at=9_999_999.0, effort=Effort(100.0, 7))
    assert effort_of(progress, None) == Effort(100.0, 7)
    # Written once a minute, and by a supervisor that has started since.
    assert effort_of(progress, History(effort=Effort(60.0, 5))) == Effort(100.0, 7)
    assert effort_of(make_progress(effort=Effort(50.0, 7)), History(effort=Effort(60.0, 5))) == Effort(60.0, 7)
    assert effort_of(None, History(effort=Effort(60.0, 5))) == Effort(60.0, 5)


def test_what_an_earlier_version_wrote_counts_from_the_first_start() -> None:
    progress = make_progress(started_at=100.0, updated_at=160.0, pages_done=7)
    assert effort_of(progress, None) == Effort(60.0, 7)
    assert effort_of(progress, History((Point(40.0, 0), Point(200.0, 1)))) == Effort(120.0, 7)


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        ({"started_at": UNKNOWN_TIME}, ()),
        ({"started_at": 100.0, "updated_at": UNKNOWN_TIME}, ()),
        ({"started_at": 100.0, "updated_at": 50.0}, ()),
        ({"started_at": 100.0, "updated_at": 160.0}, (Point(UNKNOWN_TIME, 1),)),
        ({"effort": Effort(-1.0, 3)}, ()),
    ],
)
def test_a_shard_that_does_not_say_how_long_it_worked_has_no_effort(
    fields: dict[str, object], points: tuple[Point, ...]
) -> None:
    assert effort_of(make_progress(**fields), History(points)) is None


def test_a_shard_that_was_never_started_has_none() -> None:
    assert effort_of(None, None) is None
    assert effort_of(None, History()) is None


def test_shards_of_earlier_cuts_and_of_every_stage_are_in_the_sum(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, Effort(10.0, 1))
    say(client, bucket, 12, Effort(20.0, 2))
    say(client, bucket, 1, Effort(40.0, 4), Stage.OCR)
    body = history.to_json(History(effort=Effort(100.0, 10)))
    put_bytes(client, history_uri(bucket, 3), body, "application/json")
    efforts = read_efforts(client, bucket)
    assert (efforts.total, efforts.problems) == (Effort(170.0, 17), ())


def test_the_time_is_the_nodes_that_had_the_shard_last(client: S3Client, bucket: S3Uri) -> None:
    for shard, node, stage in ((1, "one", Stage.TEXT), (1, "one", Stage.OCR), (2, "two", Stage.TEXT)):
        body = make_progress(shard=shard, node=node, effort=Effort(10.0 * shard, 1)).to_json()
        put_bytes(client, progress_uri(bucket, shard, stage), body, "application/json")
    put_bytes(client, history_uri(bucket, 3), history.to_json(History(effort=Effort(5.0, 1))), "application/json")
    assert read_efforts(client, bucket).seconds_by_node == {"one": 20.0, "two": 20.0, "": 5.0}


def test_what_cannot_be_read_is_told_and_not_in_the_sum(client: S3Client, bucket: S3Uri) -> None:
    say(client, bucket, 1, Effort(10.0, 1))
    put_bytes(client, progress_uri(bucket, 2), b"?", "application/json")
    put_bytes(client, progress_uri(bucket, 3), b"{}", "application/json")
    efforts = read_efforts(client, bucket)
    assert efforts.total == Effort(10.0, 1)
    assert [problem.split(":")[0] for problem in efforts.problems] == ["shard 2", "shard 3"]
