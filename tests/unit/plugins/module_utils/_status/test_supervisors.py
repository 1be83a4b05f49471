# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    history_uri,
    progress_folder,
    progress_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import (
    find_supervisors,
    read_heartbeats,
    read_histories,
    read_progress,
)
from tests.support.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_each_shard_says_what_it_wrote_last_and_one_nobody_started_says_nothing(
    client: S3Client, bucket: S3Uri
) -> None:
    put_bytes(client, progress_uri(bucket, 1), make_progress(shard=1).to_json(), "application/json")
    put_bytes(client, history_uri(bucket, 1), history.to_json(History((Point(1.0, 2),))), "application/json")
    heartbeats = read_heartbeats(client, bucket, [1, 2])
    assert [(shard, each.progress) for shard, each in heartbeats.by_shard.items()] == [(1, make_progress(shard=1))]
    assert heartbeats.by_shard[1].age < 3600
    assert read_histories(client, bucket, [1, 2]).by_shard == {1: History((Point(1.0, 2),))}


def test_what_cannot_be_read_is_told_by_shard(client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, progress_uri(bucket, 1), b"?", "application/json")
    put_bytes(client, progress_uri(bucket, 2), make_progress(shard=2).to_json(), "application/json")
    readings = read_progress(client, bucket, [1, 2])
    assert list(readings.by_shard) == [2]
    (problem,) = readings.problems
    assert problem.startswith("shard 1: s3://")


def test_a_bucket_that_is_not_there_is_no_farm_without_supervisors(client: S3Client) -> None:
    with pytest.raises(S3Error, match="no-such-bucket"):
        read_progress(client, S3Uri("no-such-bucket"), [1])


def test_supervisors_are_found_by_what_they_have_said_at_the_stage(client: S3Client, bucket: S3Uri) -> None:
    for uri in (progress_uri(bucket, 12), progress_uri(bucket, 3), progress_uri(bucket, 4, Stage.OCR)):
        put_bytes(client, uri, make_progress().to_json(), "application/json")
    for uri in (history_uri(bucket, 5), progress_folder(bucket).join("piece-7.json")):
        put_bytes(client, uri, b"{}", "application/json")
    assert find_supervisors(client, bucket, Stage.TEXT) == (3, 12)
    assert find_supervisors(client, bucket, Stage.OCR) == (4,)
