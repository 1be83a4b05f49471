# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program begins and ends with; a node at work is in tests/integration/test_fleet_node.py."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._aws.metadata import LEAVING
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet import main as module
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.main import (
    EXIT_RESTART,
    EXIT_UNFIT,
    Farm,
    Node,
    count_gpus,
    have_token,
    main,
    this_instance,
)
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.settings import publish_settings
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import (
    FleetNode,
    FleetSettings,
    FleetStage,
    NodeState,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import fleet_node_uri, fleet_settings_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.imds import ImdsServer
from emulators.s3 import ACCESS_KEY, SECRET_KEY
from tests.support.emulated_account import Account
from tests.support.queues import make_queue

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


@pytest.fixture
def imds(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImdsServer]:
    with ImdsServer() as server:
        server.identify(
            {
                "instanceId": "i-1",
                "instanceType": "g5.12xlarge",
                "availabilityZone": "us-east-1a",
                "pendingTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.endpoint_url)
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
        yield server


@pytest.fixture
def aws(account: Account, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account that has everything but S3, which is another's, as the node's environment tells it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(account.connection.endpoint_url))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", str(connection.endpoint_url))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    return account


@pytest.fixture
def told(tmp_path: Path, bucket: S3Uri) -> Path:
    """What user data has written."""
    path = tmp_path / "fleet.json"
    path.write_text(json.dumps({"project": "farm", "region": "us-east-1", "results": str(bucket)}))
    return path


def _said(client: S3Client, bucket: S3Uri) -> FleetNode:
    uri = fleet_node_uri(bucket, "i-1")
    return FleetNode.from_json(read_bytes(client, uri), str(uri))


def _run(told: Path) -> int:
    return main([str(told), str(told.parent / "work"), str(told.parent)])


def _node(told: Path) -> Node:
    metadata, instance = this_instance()
    return Node(Farm.load(told), instance, metadata, told.parent)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"project": "p", "region": "r", "results": "no address"}'])
def test_what_user_data_did_not_write_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fleet.json"
    path.write_text(text)
    with pytest.raises(FarmError, match=r"fleet\.json is not what user data of the fleet writes|no address"):
        Farm.load(path)


def test_a_node_is_told_that_it_is_on_trial(told: Path) -> None:
    assert not Farm.load(told).trial
    told.write_text(json.dumps({**json.loads(told.read_text()), "trial": True}))
    assert Farm.load(told).trial


def test_a_machine_that_is_no_instance_says_so(monkeypatch: pytest.MonkeyPatch, told: Path) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(FarmError, match="turned off"):
        this_instance()
    assert _run(told) == EXIT_RESTART


@pytest.mark.usefixtures("aws", "imds")
def test_a_node_without_settings_says_what_to_run(told: Path, client: S3Client, bucket: S3Uri) -> None:
    assert _run(told) == EXIT_RESTART
    said = _said(client, bucket)
    assert said.state is NodeState.UNFIT
    assert "run playbooks/fleet.yml" in said.message


@pytest.mark.usefixtures("aws", "imds")
def test_settings_of_a_later_version_ask_for_another_image(told: Path, client: S3Client, bucket: S3Uri) -> None:
    put_bytes(client, fleet_settings_uri(bucket), b'{"schema": 99}', "application/json")
    assert _run(told) == EXIT_RESTART
    assert "a later version of the collection" in _said(client, bucket).message


@pytest.mark.usefixtures("imds")
def test_a_node_without_the_farms_gpus_is_not_fit(
    aws: Account, told: Path, client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "is_installed", lambda: False)
    queue = make_queue(aws.connection)
    queue.send(["a piece"])
    options = {
        "manifests": str(bucket.join("shards")),
        "results": str(bucket),
        "workdir": str(told.parent / "work"),
        "queue": queue.url,
        "slots": ["0", "1", "2", "3"],
    }
    settings = FleetSettings(
        "us-east-1", 5, 4, (FleetStage(Stage.TEXT, options),), str(bucket), lifetime={"budget": 9.0}
    )
    publish_settings(client, bucket, settings, check_mode=False)
    assert _run(told) == EXIT_UNFIT
    said = _said(client, bucket)
    assert said.state is NodeState.UNFIT
    assert "The farm's nodes have 4 GPUs, and nvidia-smi lists none here" in said.message
    # The timer ends it, by what it is told now, under its own name.
    assert json.loads((told.parent / "lifetime.json").read_text()) == {"budget": 9.0, "node": "i-1"}


@pytest.mark.usefixtures("aws", "imds")
def test_s3_out_of_reach_has_systemd_try_again(told: Path) -> None:
    told.write_text(json.dumps({"project": "farm", "region": "us-east-1", "results": "s3://no-such-bucket/r"}))
    assert _run(told) == EXIT_RESTART


def test_a_node_that_its_group_does_not_end_completes_no_hook(aws: Account, imds: ImdsServer, told: Path) -> None:
    node = _node(told)
    before = len(aws.calls())
    node.leave()
    assert node.notice() == ""
    imds.interrupt("terminate", "2026-11-24T12:00:00Z")
    assert "EC2 will terminate" in node.notice()
    node.leave()
    assert len(aws.calls()) == before


@pytest.mark.usefixtures("aws")
def test_a_node_that_its_group_ends_says_that_nothing_is_in_work(
    imds: ImdsServer, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def complete(_client: object, group: str, instance_id: str) -> bool:
        asked.append((group, instance_id))
        return True

    monkeypatch.setattr(module, "complete_hook", complete)
    imds.decide(LEAVING)
    node = _node(told)
    assert node.notice() == "Auto Scaling ends this instance"
    node.leave()
    assert asked == [("farm-fleet", "i-1")]

    def refuse(_client: object, _group: str, _instance_id: str) -> bool:
        raise AwsError("it is refused", "AccessDenied")

    # The group goes on by itself, later.
    monkeypatch.setattr(module, "complete_hook", refuse)
    node.leave()


def test_the_token_is_written_once_for_its_user_alone(aws: Account, tmp_path: Path) -> None:
    aws.client("secretsmanager").create_secret(Name="farm/token", SecretString="hf_secret")
    path = tmp_path / "hf_token"
    have_token(aws.connection, "farm/token", path)
    assert path.read_text() == "hf_secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.stat().st_ino
    have_token(aws.connection, "farm/token", path)
    assert path.stat().st_ino == before


def test_a_machine_without_nvidias_tools_has_no_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert count_gpus() == 0
    program = tmp_path / "nvidia-smi"
    program.write_text('#!/bin/sh\necho "0, GPU-1, 00000000:00:1B.0, 0, 0, 23028, 30"\n')
    program.chmod(0o755)
    assert count_gpus() == 1
    program.write_text("#!/bin/sh\nexit 9\n")
    assert count_gpus() == 0
