# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Supervisors on machines that lose a GPU, have none that works, or are taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import supervisor_log_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.imds import ImdsServer
from tests.support.machine import FATAL, GpuMachine
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEYS = [f"{number}.pdf" for number in range(6)]
Start = Callable[[TestShard], ShardControl]


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> TestShard:
    made = make_shard(client, bucket, connection, tmp_path)
    made.cut(dict.fromkeys(KEYS, 1))
    return made


@pytest.fixture
def start(connection: Connection, tmp_path: Path) -> Iterator[Start]:
    """Start a shard's supervisor; it is stopped afterwards and has left no process."""
    controls: list[ShardControl] = []

    def start_shard(shard: TestShard) -> ShardControl:
        controls.append(ShardControl(shard.config, connection))
        controls[-1].start()
        return controls[-1]

    yield start_shard
    for control in controls:
        control.stop()
    assert owned_by(owner_name(tmp_path / "work", 1)) == []


def progress(control: ShardControl) -> Progress:
    found = control.progress()
    assert found is not None
    return found


def test_a_gpu_that_is_lost_gives_its_documents_to_the_others(
    shard: TestShard, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = GpuMachine(tmp_path, monkeypatch)
    dying = f"""
        if os.environ["CUDA_VISIBLE_DEVICES"] == "1":
            with open({str(machine.kernel_log)!r}, "a") as log:
                log.write({FATAL!r} + "\\n")
            sys.exit("CUDA error: the GPU is lost")
    """
    control = start(shard.with_script(dying))
    control.wait(60)
    assert shard.states() == dict.fromkeys(KEYS, DocumentState.DONE)
    assert {shard.marker(key, DocumentState.DONE).gpu for key in KEYS} == {"0"}
    # The document that the GPU was lost with has no attempt counted for it.
    assert {shard.marker(key, DocumentState.DONE).attempts for key in KEYS} == {1}
    assert list(progress(control).drained) == ["1"]
    assert "Xid 79" in progress(control).drained["1"]


def test_without_a_gpu_that_computes_no_document_fails(
    shard: TestShard, start: Start, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traps = tmp_path / "traps"
    traps.write_text("no_gpu")
    monkeypatch.setenv("GLOSSAPI_STUB_TRAPS", str(traps))
    monkeypatch.setenv("PYTHONPATH", str(repository / "tests" / "stubs"))
    config = replace(shard.config, pipeline="glossapi", pipeline_options={})
    control = start(replace(shard, config=config))
    with pytest.raises(FarmError, match="No slot is left to work on 6 documents"):
        control.wait(60)
    assert shard.states() == {}
    last = progress(control)
    assert (last.state, last.pending, set(last.drained)) == ("failed", 6, {"0:1", "0:2", "1:1", "1:2"})
    assert all("torch sees 0 GPUs" in reason for reason in last.drained.values())


def test_a_machine_that_is_taken_away_releases_its_documents(
    shard: TestShard, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, waiting = tmp_path / "go", tmp_path / "waiting"
    holding = f"""
        import time
        pathlib.Path({str(waiting)!r}).touch()
        while name == "3" and not os.path.exists({str(go)!r}):
            time.sleep(0.02)
    """
    held = shard.with_script(holding, interruption_notices=True, slots=("0",))
    with ImdsServer() as metadata:
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.endpoint_url)
        control = start(held)
        until(waiting.exists)
        metadata.interrupt("terminate", "2026-11-24T12:02:00Z")
        until(lambda: not control.is_running())
    last = progress(control)
    assert last.state == "stopped"
    assert last.message == "EC2 will terminate this spot instance at 2026-11-24T12:02:00Z"
    assert 0 < last.pending < len(KEYS) + 1
    assert last.failed == 0
    log = read_bytes(shard.client, supervisor_log_uri(shard.config.results_uri, 1)).decode()
    assert "EC2 will terminate this spot instance" in log
    go.touch()
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    start(held).wait(60)
    assert shard.states() == dict.fromkeys(KEYS, DocumentState.DONE)
