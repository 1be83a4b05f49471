# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import history_uri, marker_uri, progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import MAX_ATTEMPTS, Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error, describe
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status import info, reconnecting
from ansible_collections.glossapi.farm.plugins.module_utils._status.info import LOG, farm_info
from ansible_collections.glossapi.farm.plugins.modules import shard_info
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server
from tests.support.cuts import put_cut
from tests.support.markers import make_marker
from tests.support.progress import make_progress
from tests.support.queued import queued_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PARAMETERS: dict[str, Any] = {name: option.get("default") for name, option in shard_info.ARGUMENTS.items()}
_RUNNING = make_progress(
    started_at=1.0,
    updated_at=2.0,
    documents=2,
    pages=20,
    done=1,
    pages_done=10,
    failed=0,
    pages_failed=0,
    pages_per_second=0.1,
    outlook=Outlook(0.5, 3600.0, 1800.0, 7200.0),
)


@pytest.fixture
def parameters(client: S3Client, bucket: S3Uri) -> dict[str, Any]:
    """Options for one shard of two documents of ten pages, of which the first is done."""
    documents = [Document(f"s3://raw/{name}.pdf", 10, 5) for name in "ab"]
    locked = CountRow("s3://raw/locked.pdf", 5, "etag", None, "encrypted: needs a password")
    put_cut(client, bucket.join("m"), {1: documents}, locked)
    put_bytes(client, marker_uri(bucket.join("r"), "a.pdf", DocumentState.DONE), b"{}", "application/json")
    return _PARAMETERS | {"manifests": str(bucket.join("m")), "results": str(bucket.join("r"))}


def _report_progress(client: S3Client, bucket: S3Uri, progress: Progress) -> None:
    put_bytes(client, progress_uri(bucket.join("r"), progress.shard), progress.to_json(), "application/json")


def test_a_shard_nobody_started_has_no_node_and_the_farm_no_time_left_to_tell(
    connection: Connection, parameters: dict[str, Any]
) -> None:
    values = farm_info(connection, parameters)
    assert (values["shards"][0]["state"], values["shards"][0]["node"]) == ("not started", None)
    assert values["eta_seconds"] is None
    assert values["reconciliation"]["pending"] == 1
    assert values["skipped_by_reason"] == {"encrypted": 1}


def test_what_a_supervisor_says_is_told_with_the_time_left(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    _report_progress(client, bucket, _RUNNING)
    values = farm_info(connection, parameters)
    (shard,) = values["shards"]
    assert (shard["state"], shard["node"]) == ("running", "OpenArchive-Shard-1")
    assert (values["rate"], values["pages_per_second"]) == (0.5, 0.5)
    # It was said so long ago by the clock of S3, which runs on.
    assert values["eta_seconds"] == pytest.approx(3600 - shard["seconds_since_update"])
    assert datetime.fromisoformat(values["finish"]["earliest"]) < datetime.fromisoformat(values["finish"]["latest"])


def test_waiting_ends_with_the_reason_and_the_account(
    connection: Connection,
    client: S3Client,
    bucket: S3Uri,
    parameters: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, LOG.name)
    _report_progress(client, bucket, replace(_RUNNING, state="failed", message="the disk is full"))
    values = farm_info(connection, parameters | {"wait": True, "silent_after": 0, "poll_interval": 0})
    assert values["waited"] == "shard 1: failed with 1 pending the disk is full"
    assert values["reconciliation"]["pending"] == 1
    assert "1 of 2 documents done, 0 failed, 1 pending" in caplog.text


def test_an_outage_of_s3_is_waited_out_and_told_where_waiting_was_asked_for(
    connection: Connection,
    client: S3Client,
    bucket: S3Uri,
    parameters: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    s3_server: S3Server,
) -> None:
    caplog.set_level(logging.INFO, LOG.name)
    monkeypatch.setattr(reconnecting, "_FIRST_PAUSE_SECONDS", 0.0)
    put_bytes(client, marker_uri(bucket.join("r"), "b.pdf", DocumentState.DONE), b"{}", "application/json")
    with FaultProxy(s3_server.endpoint_url) as proxy, patch("time.sleep"):
        away = replace(connection, endpoint_url=proxy.endpoint_url)
        # After the cut's summary, until a request was given up four times.
        proxy.rules = [Rule(Fault.SLOW_DOWN, skip=1, times=4 * MAX_ATTEMPTS)]
        values = farm_info(away, parameters | {"wait": True})
        assert (values["waited"], values["reconciliation"]["pending"]) == ("", 0)
        assert caplog.text.count("waiting until S3 answers again") == 1
        assert caplog.text.count("S3 answers again after") == 1
        proxy.rules = [Rule(Fault.SLOW_DOWN, skip=1)]
        with pytest.raises(S3Error):
            farm_info(away, parameters)


def test_with_nothing_pending_waiting_ends_at_once(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    put_bytes(client, marker_uri(bucket.join("r"), "b.pdf", DocumentState.DONE), b"{}", "application/json")
    values = farm_info(connection, parameters | {"wait": True, "verify_outputs": True})
    assert values["waited"] == ""
    assert values["reconciliation"]["missing_outputs"] == 2


def test_documents_whose_options_or_input_changed_are_counted_on_request(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    marker = make_marker(options_hash="another", etag="")
    put_cut(client, bucket.join("m"), {1: [Document(str(bucket.join("raw", f"{name}.pdf")), 10, 5) for name in "ab"]})
    assert farm_info(connection, parameters)["shards"][0]["stale"] is None
    key = bucket.join("raw", "a.pdf").key
    put_bytes(client, marker_uri(bucket.join("r"), key, DocumentState.DONE), marker.to_json(), "application/json")
    values = farm_info(connection, parameters | {"find_stale": True})
    assert values["shards"][0]["stale"] == {"options": 1}
    assert "stale: 1 for another options" in values["report"]


def test_stale_documents_are_looked_for_with_new_credentials_once_the_old_ones_have_expired(
    connection: Connection,
    client: S3Client,
    bucket: S3Uri,
    parameters: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_bytes(client, marker_uri(bucket.join("r"), "b.pdf", DocumentState.DONE), b"{}", "application/json")
    monkeypatch.setattr(reconnecting, "_FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(Connection, "can_renew", lambda _self: True)
    inputs: list[S3Client] = []

    def expired_once(_client: S3Client, of_inputs: S3Client, *_others: object) -> dict[int, Any]:
        inputs.append(of_inputs)
        if len(inputs) == 1:
            raise describe("ExpiredToken", "no", "list s3://raw")
        return {}

    monkeypatch.setattr(info, "find_stale", expired_once)
    farm_info(connection, parameters | {"wait": True, "find_stale": True})
    first, second = inputs
    assert first is not second


def test_a_price_gives_costs(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    assert farm_info(connection, parameters)["costs"] is None
    _report_progress(client, bucket, replace(_RUNNING, effort=Effort(3600.0, 10)))
    values = farm_info(connection, parameters | {"price_per_hour": 5.0})
    assert values["costs"] == {
        "node_seconds": 3600.0,
        "usd": 5.0,
        "usd_per_1000_pages": 500.0,
        "storage_usd": 0.0,
    }
    assert "spent: $5.00 for 1.00 node hours, $500.00 a 1,000 pages" in values["report"]


def test_hours_count_from_a_shards_first_start(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    _report_progress(client, bucket, replace(_RUNNING, started_at=7000.0, updated_at=7200.0))
    points = history.to_json(history.History((history.Point(0.0, 0), history.Point(3600.0, 5))))
    put_bytes(client, history_uri(bucket.join("r"), 1), points, "application/json")
    assert farm_info(connection, parameters | {"price_per_hour": 5.0})["costs"]["node_seconds"] == 7200.0


def test_a_node_that_says_nothing_is_silent_by_the_clock_of_s3(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    _report_progress(client, bucket, _RUNNING)
    (shard,) = farm_info(connection, parameters)["shards"]
    # The node's own clock, of 1970 here, does not matter.
    assert (shard["silent"], 0 <= shard["seconds_since_update"] < time.time() / 2) == (False, True)
    values = farm_info(connection, parameters | {"silent_after": -1})
    assert values["shards"][0]["silent"] is True
    assert "shard 1: no heartbeat from OpenArchive-Shard-1" in values["report"]


def test_a_cut_that_does_not_say_its_table_is_to_be_cut_again(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    put_cut(client, bucket.join("m"), {1: []}, counts="")
    with pytest.raises(FarmError, match=r"does not say which table .* cut the shards again"):
        farm_info(connection, parameters)


def test_waiting_is_for_the_shards_documents_alone(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    later = CountRow("s3://raw/b.pdf", 5, "etag", 10, "")
    put_cut(client, bucket.join("m"), {1: [Document("s3://raw/a.pdf", 10, 5)]}, later)
    values = farm_info(connection, parameters | {"wait": True})
    assert (values["waited"], values["reconciliation"]["pending"], values["no_shard"]["pending"]) == ("", 1, 1)


def test_for_supervisors_that_take_pieces_is_waited_whoever_they_are(
    connection: Connection, client: S3Client, bucket: S3Uri, parameters: dict[str, Any]
) -> None:
    documents = [Document(f"s3://raw/{name}.pdf", 10, 5) for name in "ab"]
    put_cut(client, bucket.join("m"), {1: documents[:1], 2: documents[1:]}, piece_pages=10)
    waiting = parameters | {"wait": True, "silent_after": 0, "poll_interval": 0}
    assert farm_info(connection, waiting)["waited"] == "no supervisor has reported: was any started?"
    _report_progress(client, bucket, queued_progress(8, state="stopped", message="for the spot notice"))
    values = farm_info(connection, waiting)
    assert values["waited"] == "shard 8: stopped with 0 pending for the spot notice"
    assert (values["waiting"], values["pieces"]["finished"], values["pieces"]["number"]) == (1, 1, 2)
