# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes that take pieces from a queue, as real processes that are killed, and a queue that answers badly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import kill_owned, owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._queue.enqueue import Enqueuing, Request
from ansible_collections.glossapi.farm.plugins.module_utils._queue.sqs import Queue, queue_client
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import taking
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.queued_work import Pace
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import ACCESS_KEY, SECRET_KEY
from tests.support import quick_supervisor
from tests.support.emulated_account import Account
from tests.support.queues import cut_pieces, in_work_of, make_queue, send, supervise
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PIECES = {1: {"a.pdf": 9, "b.pdf": 8, "c.pdf": 7}, 2: {"d.pdf": 6}}
# Notes each beginning, and waits with the document that is called so for a file.
SCRIPT = """
import time
home = pathlib.Path(work).parents[4]
with open(home / "begun", "a") as file:
    file.write(name + " " + pathlib.Path(work).parents[3].name + "\\n")
while name == "b" and not (home / "go").exists():
    time.sleep(0.02)
"""
# Kills the supervisor that its lock names.
KILLER = """
import signal, time
with open(pathlib.Path(work).parents[4] / "begun", "a") as file:
    file.write(name + "\\n")
if name == "b":
    # By then it is known that it is in work.
    time.sleep(3)
    os.kill(int(pathlib.Path(work).parents[3].joinpath("state", "shard_1.lock").read_text()), signal.SIGKILL)
    time.sleep(600)
"""


class Node:
    """A machine of the farm; its supervisors are this machine's processes."""

    def __init__(self, shard: TestShard, number: int) -> None:
        workdir = Path(shard.config.workdir).parent / f"node-{number}"
        self.config = replace(shard.config, shard=number, node=f"node-{number}", workdir=str(workdir), slots=("0",))
        self.layout = Layout.of(self.config)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, root: Path) -> None:
        """Start its supervisor."""
        self.layout.create()
        self.config.save(self.layout.config)
        path = os.pathsep.join([str(root), str(root / ".ansible" / "collections")])
        environment = os.environ | {"PYTHONPATH": path, "AWS_ENDPOINT_URL": str(self.config.endpoint_url)}
        environment |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
        command = [sys.executable, "-m", quick_supervisor.__name__, str(self.layout.config)]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """Have it vanish."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        kill_owned(owner_name(self.layout.workdir, self.layout.shard))

    def wait(self) -> int:
        """Return the status that its supervisor ended with."""
        assert self.process is not None
        return self.process.wait(180)

    def progress(self) -> Progress:
        return Progress.from_json(self.layout.progress.read_bytes(), "the progress")


@pytest.fixture
def queue(empty_account: Account) -> Queue:
    return make_queue(empty_account.connection)


@pytest.fixture
def farm(client: S3Client, bucket: S3Uri, connection: Connection, queue: Queue, tmp_path: Path) -> TestShard:
    """Two pieces that are in a queue."""
    shard = make_shard(client, bucket, connection, tmp_path)
    shard = replace(shard, config=replace(shard.config, queue=queue.url, prefetch=1))
    cut_pieces(shard, PIECES)
    send(queue, shard, *PIECES)
    return shard


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    """What a test starts; nothing of it is left."""
    started: list[Node] = []
    yield started
    for node in started:
        node.kill()
        assert owned_by(owner_name(node.layout.workdir, node.layout.shard)) == []


def begun(farm: TestShard) -> list[str]:
    notes = Path(farm.config.workdir).parent / "begun"
    return notes.read_text().splitlines() if notes.exists() else []


def test_a_node_that_is_killed_leaves_its_piece_to_another_which_does_what_is_missing(
    farm: TestShard, nodes: list[Node], queue: Queue, repository: Path
) -> None:
    working = farm.with_script(SCRIPT)
    nodes += [Node(working, 1), Node(working, 2)]
    nodes[0].start(repository)
    until(lambda: any(line.startswith("b ") for line in begun(working)))
    until(lambda: in_work_of(working, 1).documents == (str(working.bucket.join("b.pdf")),))
    nodes[0].kill()
    (Path(working.config.workdir).parent / "go").touch()
    nodes[1].start(repository)
    # It may have ended before the killed one's message came again; then another start goes on, as always.
    for _start in range(4):
        assert nodes[1].wait() == 0
        if len(working.states()) == 4:
            break
        nodes[1].start(repository)
    assert working.states() == dict.fromkeys(["a.pdf", "b.pdf", "c.pdf", "d.pdf"], DocumentState.DONE)
    assert [line for line in begun(working) if line.startswith("a ")] == ["a node-1"]
    assert working.marker("a.pdf", DocumentState.DONE).node == "node-1"
    done = working.marker("b.pdf", DocumentState.DONE)
    assert (done.node, done.attempts, done.shard) == ("node-2", 2, 1)
    assert queue.depth().is_empty
    assert nodes[1].progress().state == "finished"


def test_a_document_that_kills_its_node_three_times_fails_as_a_crash_and_all_others_are_done(
    farm: TestShard, nodes: list[Node], queue: Queue, repository: Path
) -> None:
    deadly = farm.with_script(KILLER)
    nodes.append(Node(deadly, 1))
    for _start in range(8):
        nodes[0].start(repository)
        if nodes[0].wait() == 0 and len(deadly.states()) == 4:
            break
        nodes[0].kill()
    states = deadly.states()
    assert states.pop("b.pdf") is DocumentState.FAILED
    assert states == dict.fromkeys(["a.pdf", "c.pdf", "d.pdf"], DocumentState.DONE)
    marker = deadly.marker("b.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("crash", 3)
    assert begun(deadly).count("b") == 3
    assert queue.depth().is_empty


def test_a_node_that_is_stopped_gives_its_piece_back_at_once(
    farm: TestShard, nodes: list[Node], queue: Queue, repository: Path
) -> None:
    working = farm.with_script(SCRIPT)
    nodes.append(Node(working, 1))
    nodes[0].start(repository)
    until(lambda: any(line.startswith("b ") for line in begun(working)))
    assert nodes[0].process is not None
    nodes[0].process.terminate()
    assert nodes[0].wait() == 0
    assert nodes[0].progress().state == "stopped"
    depth = queue.depth()
    assert (depth.visible, depth.in_flight) == (2, 0)
    assert in_work_of(working, 1).interrupted == {}


# A request that SQS has carried out is not known to whoever hears no answer.
QUEUE_FAULTS = {
    "unavailable": Rule(Fault.SLOW_DOWN, probability=0.3),
    "reset": Rule(Fault.RESET, probability=0.3),
    "slow": Rule(Fault.LATE, probability=0.5, seconds=1.5),
    "cut off": Rule(Fault.TRUNCATED, probability=0.2),
    "unheard": Rule(Fault.REPLY_LOST, probability=0.2),
}


@pytest.mark.parametrize("fault", QUEUE_FAULTS)
def test_a_queue_that_answers_badly_loses_no_piece_and_has_none_done_twice(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    queue: Queue,
    tmp_path: Path,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, sys.path))))
    # What was given out unheard comes again after that.
    monkeypatch.setattr(taking, "VISIBILITY_SECONDS", 5)
    shard = make_shard(client, bucket, connection, tmp_path)
    shard = replace(shard, config=replace(shard.config, queue=queue.url, prefetch=2, outage_seconds=120))
    shard = shard.with_script(f"open({str(tmp_path / 'begun')!r}, 'a').write(name + '\\n')\n")
    names = "abcdefghijkl"
    cut_pieces(shard, {piece: {f"{name}.pdf": 1} for piece, name in enumerate(names, 1)})
    summary = Summary(tuple(ShardSummary(piece, documents=1) for piece in range(1, len(names) + 1)))
    put_bytes(client, bucket.join("shards", SUMMARY_NAME), summary.to_json([]), "application/json")
    endpoint, _, path = queue.url.rpartition("/123456789012/")
    with FaultProxy(endpoint, [replace(QUEUE_FAULTS[fault])], seed=17) as proxy:
        url = f"{proxy.endpoint_url}/123456789012/{path}"
        proxied = Queue(queue_client(connection, url), url)
        request = Request(Stage.TEXT, bucket.join("shards"), bucket.join("results"))
        Enqueuing(client, proxied, request).run(check_mode=False)
        ending = supervise(shard, proxied, pace=Pace(poll_seconds=1, idle_seconds=12, extend_seconds=1))
        assert {exchange.fault for exchange in proxy.log} == {None, QUEUE_FAULTS[fault].fault}
    assert ending.progress.state == "finished"
    assert shard.states() == {f"{name}.pdf": DocumentState.DONE for name in names}
    assert sorted((tmp_path / "begun").read_text().split()) == list(names)
    until(lambda: queue.receive(0, 0) is None)
