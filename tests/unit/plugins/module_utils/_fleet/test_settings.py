# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.settings import (
    config_for,
    publish_settings,
    read_settings,
    slots_on,
    trial_config_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import FleetSettings, FleetStage
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import fleet_settings_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/farm-text"
_OPTIONS: dict[str, Any] = {
    "manifests": "s3://m/shards",
    "results": "s3://r/run",
    "workdir": "/mnt/data",
    "queue": _QUEUE,
    "pipeline": "pdftext",
    "slots": ["0", "1", "2", "3"],
    "max_attempts": 3,
    "help_others": True,
    "retry": ["timeout"],
}
_SETTINGS = FleetSettings(
    region="us-east-1",
    first_number=5,
    gpus=4,
    stages=(FleetStage(Stage.TEXT, _OPTIONS),),
    trial_manifests="s3://m/shards",
    lifetime={"budget": 90.0},
)


def _with(**options: Any) -> FleetSettings:
    return replace(_SETTINGS, stages=(FleetStage(Stage.TEXT, {**_OPTIONS, **options}),))


def _silent(_text: str) -> None:
    raise AssertionError("nothing was left to what was measured")


def test_a_supervisor_is_told_its_number_and_what_settings_say() -> None:
    config = config_for(_SETTINGS, _SETTINGS.stages[0], number=7, node="i-1", gpus=4, warn=_silent)
    assert (config.shard, config.node, config.queue, config.region) == (7, "i-1", _QUEUE, "us-east-1")
    assert (config.max_attempts, config.retry, config.slots) == (3, ("timeout",), ("0", "1", "2", "3"))
    # Whatever was asked of the inventory's nodes.
    assert config.interruption_notices
    assert not config.help_others
    assert config.endpoint_url is config.profile is None


def test_a_trial_has_the_same_pipeline_and_no_queue() -> None:
    trial = trial_config_for(_SETTINGS, _SETTINGS.stages[0], node="i-1", gpus=8, warn=_silent)
    assert (trial.queue, trial.max_attempts, trial.retry) == ("", 1, ())
    assert (trial.pipeline, trial.manifests, trial.node) == ("pdftext", "s3://m/shards", "i-1")
    assert len(trial.slots) == 8


@pytest.mark.parametrize(
    ("slots", "gpus", "found"),
    [
        (["0", "1", "2", "3"], 8, [str(number) for number in range(8)]),
        (["0", "1", "2", "3"], 1, ["0"]),
        # Some of them were chosen.
        (["0", "1"], 8, ["0", "1"]),
        # No GPU is used.
        (["0", "1", "2", "3"], 0, ["0", "1", "2", "3"]),
    ],
)
def test_a_node_of_another_size_uses_all_of_its_own_gpus(slots: list[str], gpus: int, found: list[str]) -> None:
    assert slots_on(slots, 4, gpus) == tuple(found)


@pytest.mark.server
def test_settings_are_written_once_and_read_by_nodes(client: S3Client, bucket: S3Uri) -> None:
    with pytest.raises(NotYetError, match=r"run playbooks/fleet.yml"):
        read_settings(client, bucket)
    told = publish_settings(client, bucket, _SETTINGS, check_mode=True)
    assert told["changed"]
    with pytest.raises(NotYetError):
        read_settings(client, bucket)
    written = publish_settings(client, bucket, _SETTINGS, check_mode=False)
    assert written == told
    assert read_settings(client, bucket) == _SETTINGS
    assert not publish_settings(client, bucket, _SETTINGS, check_mode=False)["changed"]
    changed = publish_settings(client, bucket, _with(max_attempts=4), check_mode=False)
    assert changed["changed"]
    assert changed["diff"]["before"] == written["diff"]["after"]


@pytest.mark.server
def test_what_a_supervisor_would_refuse_is_refused_before_a_node_is_paid_for(client: S3Client, bucket: S3Uri) -> None:
    with pytest.raises(FarmError, match="max_attempts is 0"):
        publish_settings(client, bucket, _with(max_attempts=0), check_mode=False)
    with pytest.raises(NotYetError):
        read_settings(client, bucket)


@pytest.mark.server
def test_settings_of_a_later_version_are_left_and_garbage_is_replaced(client: S3Client, bucket: S3Uri) -> None:
    uri = fleet_settings_uri(bucket)
    put_bytes(client, uri, b'{"schema": 99}', "application/json")
    with pytest.raises(LaterSchemaError):
        publish_settings(client, bucket, _SETTINGS, check_mode=False)
    assert read_bytes(client, uri) == b'{"schema": 99}'
    put_bytes(client, uri, b"?", "application/json")
    assert publish_settings(client, bucket, _SETTINGS, check_mode=False)["changed"]
