# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of the fleet that find all in S3 that they need: the program of the image, real supervisors, and a queue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._aws.metadata import LEAVING
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.program import fleet_program
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.settings import publish_settings
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import (
    FleetNode,
    FleetSettings,
    FleetStage,
    NodeState,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import fleet_node_uri, lease_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import if_exists, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import find_supervisors
from emulators.imds import ImdsServer
from emulators.s3 import ACCESS_KEY, SECRET_KEY
from tests.support.emulated_account import Account
from tests.support.queues import cut_pieces, make_queue, send
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server

_FIRST = 5
_HANG_SECONDS = 300.0
# Reads what a PDF has, as the page whose text is known; all other documents have a text of their own.
_READS_PDFS = """
import pypdfium2
if pathlib.Path(source).read_bytes().startswith(b"%PDF"):
    with pypdfium2.PdfDocument(source) as document:
        pathlib.Path(work, "out.md").write_text(document[0].get_textpage().get_text_range())
    raise SystemExit
"""


class FleetNodes:
    """Machines that an Auto Scaling group has launched from the image, each with a metadata service of its own."""

    def __init__(self, folder: Path, bucket: S3Uri, environment: dict[str, str]) -> None:
        self._folder = folder
        self._bucket = bucket
        self._environment = environment
        self._stack = ExitStack()
        self._program = folder / "fleet.zip"
        self._program.write_bytes(fleet_program())

    def launch(self, name: str, **told: object) -> Machine:
        """Launch one, whose user data tells this beside the farm."""
        home = self._folder / name
        home.mkdir()
        imds = self._stack.enter_context(ImdsServer())
        imds.identify(
            {
                "instanceId": name,
                "instanceType": "c7i.large",
                "availabilityZone": "us-east-1a",
                "pendingTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        farm = {"project": "farm", "region": "us-east-1", "results": str(self._bucket.join("results")), **told}
        (home / "fleet.json").write_text(json.dumps(farm))
        log = (home / "log").open("w")
        self._stack.callback(log.close)
        process = subprocess.Popen(
            [sys.executable, "-I", str(self._program), *map(str, (home / "fleet.json", home / "work", home))],
            env={**self._environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT": imds.endpoint_url},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        machine = Machine(name, imds, process, home / "log")
        self._stack.callback(machine.end)
        return machine

    def close(self) -> None:
        """End all of them."""
        self._stack.close()


class Machine:
    """One of them."""

    def __init__(self, name: str, imds: ImdsServer, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.imds = imds
        self.process = process
        self.log = log

    def leave(self) -> int:
        """Have its group end it; return the status that the program ends with."""
        self.imds.decide(LEAVING)
        return self.process.wait(_HANG_SECONDS)

    def end(self) -> None:
        """End it, as at the end of a test that has failed."""
        if self.process.poll() is None:
            self.imds.decide(LEAVING)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> TestShard:
    return make_shard(client, bucket, connection, tmp_path).with_script(before=_READS_PDFS)


@pytest.fixture
def queue(empty_account: Account) -> Queue:
    return make_queue(empty_account.connection)


@pytest.fixture
def nodes(tmp_path: Path, bucket: S3Uri, connection: Connection, empty_account: Account) -> Iterator[FleetNodes]:
    folder = tmp_path / "nodes"
    folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": str(empty_account.connection.endpoint_url),
        "AWS_ENDPOINT_URL_S3": str(connection.endpoint_url),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }
    nodes = FleetNodes(folder, bucket, environment)
    yield nodes
    nodes.close()


def _publish(shard: TestShard, queue: Queue, workdir: str) -> None:
    options = {
        "manifests": shard.config.manifests,
        "results": str(shard.bucket.join("results")),
        "workdir": workdir,
        "queue": queue.url,
        "pipeline": shard.config.pipeline,
        "pipeline_options": shard.config.pipeline_options,
        "slots": ["0"],
    }
    stages = (FleetStage(Stage.TEXT, options),)
    settings = FleetSettings("us-east-1", _FIRST, 0, stages, shard.config.manifests, lifetime={"budget": 1.0})
    publish_settings(shard.client, shard.bucket.join("results"), settings, check_mode=False)


def _said(shard: TestShard, name: str) -> FleetNode | None:
    uri = fleet_node_uri(shard.bucket.join("results"), name)
    body = if_exists(lambda: read_bytes(shard.client, uri))
    return FleetNode.from_json(body, str(uri)) if body else None


def _wait(condition: Callable[[], bool], machine: Machine) -> None:
    deadline = time.monotonic() + _HANG_SECONDS
    while not condition():
        assert time.monotonic() < deadline, machine.log.read_text()
        assert machine.process.poll() is None, machine.log.read_text()
        time.sleep(0.5)


def test_a_node_works_without_a_controller_until_its_group_ends_it(
    shard: TestShard, queue: Queue, nodes: FleetNodes, tmp_path: Path
) -> None:
    pieces = {number: {f"{number}-{document}.pdf": 1 for document in range(4)} for number in (1, 2)}
    cut_pieces(shard, pieces)
    send(queue, shard, *pieces)
    _publish(shard, queue, str(tmp_path / "nodes" / "i-1" / "work"))
    machine = nodes.launch("i-1")
    _wait(lambda: len(shard.states()) == 8, machine)
    assert set(shard.states().values()) == {DocumentState.DONE}
    assert shard.marker("1-0.pdf", DocumentState.DONE).node == "i-1"
    said = _said(shard, "i-1")
    assert said is not None
    assert (said.state, said.stage, said.number) == (NodeState.WORKING, "text", _FIRST)
    results = shard.bucket.join("results")
    assert find_supervisors(shard.client, results, Stage.TEXT) == (_FIRST,)
    assert json.loads((tmp_path / "nodes" / "i-1" / "lifetime.json").read_text()) == {"budget": 1.0, "node": "i-1"}

    assert machine.leave() == 0
    # moto has no hooks that wait, and answers with something else than AWS does.
    assert "may wait until its hook's time is over" in machine.log.read_text()
    lease = lease_uri(results, _FIRST)
    assert Owner.from_json(read_bytes(shard.client, lease), str(lease)).released
    last = _said(shard, "i-1")
    assert last is not None
    assert last.state is NodeState.LEAVING


def test_a_node_on_trial_shows_that_it_can_work_and_claims_nothing(
    shard: TestShard, queue: Queue, nodes: FleetNodes, tmp_path: Path
) -> None:
    cut_pieces(shard, {1: {"a.pdf": 1}})
    _publish(shard, queue, str(tmp_path / "nodes" / "i-2" / "work"))
    machine = nodes.launch("i-2", trial=True)
    assert machine.process.wait(_HANG_SECONDS) == 0, machine.log.read_text()
    said = _said(shard, "i-2")
    assert said is not None
    assert said.state is NodeState.FIT
    assert shard.states() == {}
    assert find_supervisors(shard.client, shard.bucket.join("results"), Stage.TEXT) == ()
