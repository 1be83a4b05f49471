# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._lifetime import main
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.main import EXIT_BROKEN, EXIT_END, within
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.settings import Settings
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import node_record_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import ENDED, RUNNING, NodeRecord
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.imds import ImdsServer
from tests.support.emulated_account import Account

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

HOUR = 3600.0


class Node:
    """A node's timer, on an emulated instance that EC2 has started two hours ago."""

    def __init__(self, folder: Path, settings: Settings, imds: ImdsServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self._file = folder / "lifetime.json"
        self._proc = folder / "proc"
        self._proc.mkdir()
        launched = time.time() - 2 * HOUR
        (self._proc / "stat").write_text(f"btime {launched + 20:.0f}\n")
        imds.identify(
            {
                "instanceId": "i-1",
                "instanceType": "g5.12xlarge",
                "availabilityZone": "us-east-1a",
                "pendingTime": datetime.fromtimestamp(launched, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        programs = folder / "bin"
        programs.mkdir()
        (programs / "systemctl").write_text("#!/bin/sh\n")
        (programs / "systemctl").chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:{os.defpath}")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.endpoint_url)
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
        monkeypatch.setattr(main, "_PROC", self._proc)

    def quiet_for(self, seconds: float) -> None:
        then = time.time() - seconds
        Path(self.settings.mark).touch()
        os.utime(self.settings.mark, (then, then))

    def tick(self) -> int:
        self._file.write_text(json.dumps(asdict(self.settings)))
        return main.main([str(self._file)])

    def stat_is_gone(self) -> None:
        (self._proc / "stat").unlink()


@pytest.fixture
def imds() -> Iterator[ImdsServer]:
    with ImdsServer() as server:
        yield server


@pytest.fixture
def node(
    tmp_path: Path,
    settings: Settings,
    imds: ImdsServer,
    connection: Connection,
    bucket: S3Uri,
    monkeypatch: pytest.MonkeyPatch,
) -> Node:
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(connection.endpoint_url))
    return Node(tmp_path, replace(settings, results=str(bucket)), imds, monkeypatch)


def put_alarms(account: Account, *names: str) -> None:
    for name in names:
        account.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            MetricName="m",
            Namespace="n",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            ComparisonOperator="LessThanThreshold",
            Threshold=1.0,
        )


def alarms(account: Account) -> list[str]:
    return sorted(each["AlarmName"] for each in account.client("cloudwatch").describe_alarms()["MetricAlarms"])


def said(client: S3Client, bucket: S3Uri) -> NodeRecord:
    uri = node_record_uri(bucket, "i-1")
    return NodeRecord.from_json(read_bytes(client, uri), str(uri))


def test_a_node_that_works_goes_on_and_says_what_it_costs_since_its_launch(
    node: Node, client: S3Client, bucket: S3Uri
) -> None:
    assert node.tick() == 0
    record = said(client, bucket)
    assert record.state == RUNNING
    assert record.usd == pytest.approx(12.0, rel=0.05)
    assert record.storage_usd == pytest.approx(1.0, rel=0.05)


def test_an_idle_node_ends_and_has_said_so(node: Node, client: S3Client, bucket: S3Uri) -> None:
    node.quiet_for(59 * 60)
    assert node.tick() == 0
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    record = said(client, bucket)
    assert (record.state, record.cause) == (ENDED, "idle")
    assert record.usd == pytest.approx(12.0, rel=0.05)


def test_what_a_node_was_told_later_counts_once_it_is_there(node: Node, tmp_path: Path) -> None:
    node.quiet_for(61 * 60)
    newer = tmp_path / "newer.json"
    node.tick()
    assert main.main([str(tmp_path / "lifetime.json"), str(newer)]) == EXIT_END
    newer.write_text(json.dumps(asdict(replace(node.settings, idle_minutes=0.0))))
    assert main.main([str(tmp_path / "lifetime.json"), str(newer)]) == 0


def test_a_held_node_goes_on_and_says_that_it_is_held(node: Node, client: S3Client, bucket: S3Uri) -> None:
    node.quiet_for(10 * HOUR)
    Path(node.settings.hold).touch()
    assert node.tick() == 0
    assert said(client, bucket).is_held


def test_a_node_that_has_run_for_its_lifetime_ends_at_work(node: Node, client: S3Client, bucket: S3Uri) -> None:
    node.settings = replace(node.settings, lifetime_hours=1.9)
    assert node.tick() == EXIT_END
    assert said(client, bucket).cause == "lifetime"


def test_a_budget_that_all_nodes_have_spent_together_ends_each(node: Node, client: S3Client, bucket: S3Uri) -> None:
    node.settings = replace(node.settings, budget=20.0)
    assert node.tick() == 0
    other = replace(said(client, bucket), node="OpenArchive-Shard-2", instance_id="i-2")
    put_bytes(client, node_record_uri(bucket, "i-2"), other.to_json(), "application/json")
    assert node.tick() == EXIT_END
    assert said(client, bucket).cause == "budget"


def test_a_node_without_its_environment_ends_when_it_idles(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, f"{main.__package__}.telling", None)
    node.quiet_for(59 * 60)
    assert node.tick() == 0
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert "nothing is said in S3" in caplog.text


def test_a_node_that_cannot_write_ends_when_it_idles(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    node.settings = replace(node.settings, results="s3://no-such-bucket-of-the-farm/run")
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert "no-such-bucket-of-the-farm" in caplog.text


def test_a_machine_that_is_no_instance_ends_when_it_idles(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert "S3" not in caplog.text


def test_a_machine_whose_instance_nobody_knows_says_nothing(node: Node, imds: ImdsServer) -> None:
    imds.identify({"instanceId": "i-1"})
    assert node.tick() == 0


def test_a_kernel_that_does_not_tell_its_start_keeps_no_node_alive(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    node.stat_is_gone()
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert "nothing is said in S3" in caplog.text


def test_a_node_that_ends_itself_is_not_told_as_silent(
    node: Node, empty_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", empty_account.server.endpoint_url)
    put_alarms(empty_account, "silent", "disk")
    node.settings = replace(node.settings, alarm="silent")
    node.quiet_for(59 * 60)
    assert node.tick() == 0
    assert alarms(empty_account) == ["disk", "silent"]
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert alarms(empty_account) == ["disk"]


@pytest.mark.parametrize("without_environment", [False, True])
def test_an_alarm_that_cannot_be_removed_keeps_no_node_alive(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, without_environment: bool
) -> None:
    if without_environment:
        monkeypatch.setitem(sys.modules, f"{main.__package__}.alarm", None)
    # Nobody listens there.
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:9")
    node.settings = replace(node.settings, alarm="silent")
    node.quiet_for(61 * 60)
    assert node.tick() == EXIT_END
    assert "will tell that this node is silent" in caplog.text
    assert "Traceback" not in caplog.text


def test_settings_that_cannot_be_read_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert main.main([str(tmp_path / "missing.json")]) == EXIT_BROKEN
    assert "--tags node_lifetime" in caplog.text


def test_what_does_not_answer_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    forever = threading.Event()
    try:
        assert within(0.01, forever.wait) is None
    finally:
        forever.set()
    assert "has not answered" in caplog.text


def test_what_fails_in_any_way_is_told_and_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    assert within(60, lambda: 1 // 0) is None
    assert "ZeroDivisionError" in caplog.text
    assert within(60, lambda: 7) == 7


def test_all_that_a_node_s_own_python_runs_is_python_3_9() -> None:
    library = Path(main.__file__).parents[1]
    own = ["decision", "machine", "main", "settings"]
    for path in [*(library / f"_lifetime/{name}.py" for name in own), library / "_aws/metadata.py"]:
        ast.parse(path.read_text(), str(path), feature_version=(3, 9))


def test_a_node_whose_group_ends_it_ends_at_work(node: Node, imds: ImdsServer, client: S3Client, bucket: S3Uri) -> None:
    imds.decide("InService")
    assert node.tick() == 0
    imds.decide("Terminated")
    assert node.tick() == EXIT_END
    assert said(client, bucket).cause == "fleet"


@pytest.mark.parametrize(("settings_of", "launch_no_more"), [({"lifetime_hours": 1.0}, False), ({"budget": 1.0}, True)])
def test_a_node_that_ends_itself_leaves_its_group(
    node: Node,
    imds: ImdsServer,
    monkeypatch: pytest.MonkeyPatch,
    settings_of: dict[str, Any],
    launch_no_more: bool,
) -> None:
    left: list[tuple[str, bool]] = []

    def leave(_connection: Connection, instance_id: str, *, launch_no_more: bool) -> None:
        left.append((instance_id, launch_no_more))

    monkeypatch.setattr(f"{main.__package__}.group.leave_group", leave)
    node.settings = replace(node.settings, **settings_of)
    assert node.tick() == EXIT_END
    assert left == []
    imds.decide("InService")
    assert node.tick() == EXIT_END
    assert left == [("i-1", launch_no_more)]
