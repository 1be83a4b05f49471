# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._aws.metadata import Instance
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime import telling
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.decision import Ending
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.settings import Settings
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.telling import (
    Told,
    add_time,
    is_finished,
    spot_price,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import node_record_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import ENDED, RUNNING, NodeRun
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config
from tests.support.progress import make_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HOUR = 3600.0
ON_DEMAND = Instance("i-1", "g5.12xlarge", "us-east-1a", 0.0, is_spot=False)
SPOT = replace(ON_DEMAND, is_spot=True)


class Ec2:
    """Answers with one spot price, or with none."""

    def __init__(self, *prices: str) -> None:
        self._prices = prices
        self.asked: dict[str, Any] = {}

    def describe_spot_price_history(self, **request: Any) -> dict[str, Any]:
        self.asked = request
        return {"SpotPriceHistory": [{"SpotPrice": price} for price in self._prices]}


def test_time_is_counted_at_its_price_and_a_pause_is_not() -> None:
    first = add_time((), 0.0, HOUR, 6.0)
    assert first == (NodeRun(0.0, HOUR, 6.0),)
    second = add_time(first, 0.0, 2 * HOUR, 2.0)
    assert second == (NodeRun(0.0, 2 * HOUR, 8.0),)
    # Stopped for two days, and started again.
    assert add_time(second, 50 * HOUR, 51 * HOUR, 6.0) == (*second, NodeRun(50 * HOUR, 51 * HOUR, 6.0))


def test_what_was_counted_is_not_counted_again_when_a_reboot_looks_like_a_start() -> None:
    runs = (NodeRun(0.0, HOUR, 6.0),)
    assert add_time(runs, HOUR - 100, 2 * HOUR, 6.0) == (*runs, NodeRun(HOUR, 2 * HOUR, 6.0))


def test_a_clock_that_was_set_back_takes_nothing_back() -> None:
    runs = (NodeRun(0.0, HOUR, 6.0),)
    assert add_time(runs, 0.0, HOUR / 2, 6.0) == runs


def test_a_node_says_what_it_costs_and_that_it_ends(
    settings: Settings, connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    told = Told(replace(settings, results=str(bucket)), ON_DEMAND, connection, 0.0)
    record = told.tell(HOUR, None, is_held=True)
    assert (record.node, record.instance_id, record.state, record.is_held) == (settings.node, "i-1", RUNNING, True)
    assert told.spent() == pytest.approx(6.5)
    ended = told.tell(2 * HOUR, Ending("idle", "nothing"), is_held=False)
    assert (ended.state, ended.cause, ended.message, ended.usd) == (ENDED, "idle", "nothing", 12.0)
    assert read_bytes(client, node_record_uri(bucket, "i-1")) == ended.to_json()
    again = Told(replace(settings, results=str(bucket)), ON_DEMAND, connection, 50 * HOUR)
    resumed = again.tell(51 * HOUR, None, is_held=False)
    assert (resumed.state, resumed.cause, resumed.usd) == (RUNNING, "", 18.0)


def test_what_cannot_be_read_is_left_as_it_is(
    settings: Settings, connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    put_bytes(client, node_record_uri(bucket, "i-1"), b'{"schema": 2}', "application/json")
    told = Told(replace(settings, results=str(bucket)), ON_DEMAND, connection, 0.0)
    with pytest.raises(FarmError, match="later version"):
        told.tell(HOUR, None, is_held=False)
    assert read_bytes(client, node_record_uri(bucket, "i-1")) == b'{"schema": 2}'


@pytest.mark.parametrize(("prices", "usd"), [(("2.5", "9"), 2.5), ((), 6.0)])
def test_a_spot_node_costs_what_ec2_says_and_the_known_price_where_it_says_none(
    settings: Settings,
    connection: Connection,
    bucket: S3Uri,
    monkeypatch: pytest.MonkeyPatch,
    prices: tuple[str, ...],
    usd: float,
) -> None:
    monkeypatch.setattr(telling, "service_client", lambda *_arguments, **_options: Ec2(*prices))
    told = Told(replace(settings, results=str(bucket)), SPOT, connection, 0.0)
    assert told.tell(HOUR, None, is_held=False).usd == usd


def test_a_spot_price_that_nobody_tells_stays_the_last_one(
    settings: Settings, connection: Connection, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(replace(settings, results=str(bucket)), SPOT, connection, 0.0)
    monkeypatch.setattr(telling, "service_client", lambda *_arguments, **_options: Ec2("2.5"))
    told.tell(HOUR, None, is_held=False)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AwsError("You may not.", "UnauthorizedOperation")

    monkeypatch.setattr(telling, "service_client", refuse)
    assert told.tell(2 * HOUR, None, is_held=False).usd == 5.0


def test_ec2_is_asked_for_the_price_of_this_type_in_this_zone_now() -> None:
    ec2 = Ec2("1.25")
    assert spot_price(ec2, SPOT) == 1.25
    assert (ec2.asked["InstanceTypes"], ec2.asked["AvailabilityZone"]) == (["g5.12xlarge"], "us-east-1a")


def _supervisor(workdir: Path, shard: int, state: str, pipeline: str) -> None:
    layout = Layout(workdir, shard)
    layout.create()
    a_config(shard=shard, pipeline=pipeline).save(layout.config)
    layout.progress.write_bytes(make_progress(shard=shard, state=state).to_json())


def test_a_node_is_finished_when_all_its_shards_are_at_the_last_stage(tmp_path: Path) -> None:
    assert not is_finished(tmp_path, "text")
    _supervisor(tmp_path, 1, "finished", "pdftext")
    assert is_finished(tmp_path, "text")
    assert not is_finished(tmp_path, "ocr")
    _supervisor(tmp_path, 2, "stopped", "pdftext")
    assert not is_finished(tmp_path, "text")


def test_a_node_whose_files_cannot_be_read_is_not_finished(tmp_path: Path) -> None:
    _supervisor(tmp_path, 1, "finished", "pdftext")
    Layout(tmp_path, 1).progress.write_bytes(b"?")
    assert not is_finished(tmp_path, "text")
