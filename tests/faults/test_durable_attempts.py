# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document that takes its supervisor down, again and again, on whichever machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import in_work_uri, lease_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Kills the supervisor that its shard's lock names, and notes each beginning.
SCRIPT = """
import signal, time
with open({notes!r}, "a") as file:
    file.write(name + "\\n")
if name == "killer":
    time.sleep({seconds})
    os.kill(int(pathlib.Path(work).parents[3].joinpath("state", "shard_1.lock").read_text()), signal.SIGKILL)
    time.sleep(600)
time.sleep(0.3)
"""
# Waits for a file.
WAITING = """
import time
while name == "long" and not os.path.exists({go!r}):
    time.sleep(0.1)
"""
OTHERS = {f"{number}.pdf": 1 for number in range(8)}


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[TestShard]:
    shard = make_shard(client, bucket, connection, tmp_path)
    yield shard
    for workdir in tmp_path.glob("work*"):
        ShardControl(replace(shard.config, workdir=str(workdir)), connection).stop()
        assert owned_by(owner_name(workdir, 1)) == []


def in_work(shard: TestShard) -> InWork:
    uri = in_work_uri(shard.config.results_uri, 1)
    return InWork.from_json(read_bytes(shard.client, uri), str(uri))


def starts_until_the_end(shard: TestShard, connection: Connection, *, machines: int, most: int) -> int:
    """Start supervisors until one ends in order, each on the next machine; return how many that took."""
    for number in range(most):
        config = replace(shard.config, workdir=f"{shard.config.workdir}{number % machines}")
        if machines > 1:
            # What a lost machine's lease would make the next one wait for.
            lease = lease_uri(config.results_uri, 1)
            shard.client.delete_object(Bucket=lease.bucket, Key=lease.key)
        control = ShardControl(config, connection)
        control.start()
        until(lambda control=control: not control.is_running())  # type: ignore[misc]
        progress = control.progress()
        if progress is not None and progress.state != "running":
            assert (progress.state, progress.pending) == ("finished", 0)
            return number + 1
    raise AssertionError(f"it was not finished after {most} starts")


# At once, before anybody has had the time to tell what is in work; and later.
@pytest.mark.parametrize(("seconds", "machines", "most"), [(0, 1, 5), (2, 1, 4), (2, 2, 4)])
def test_a_document_that_kills_its_supervisor_fails_as_a_crash_and_all_others_are_done(
    shard: TestShard, connection: Connection, tmp_path: Path, seconds: float, machines: int, most: int
) -> None:
    notes = tmp_path / "notes"
    shard.cut({"killer.pdf": 9} | OTHERS)
    deadly = shard.with_script(SCRIPT.format(notes=str(notes), seconds=seconds))
    starts_until_the_end(deadly, connection, machines=machines, most=most)
    states = deadly.states()
    assert states.pop("killer.pdf") is DocumentState.FAILED
    assert states == dict.fromkeys(OTHERS, DocumentState.DONE)
    marker = deadly.marker("killer.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("crash", 3)
    assert "the last time alone" in str(marker.message)
    # In its last attempt it came after all others but one that may have been beside it each time.
    _before, _killer, after = notes.read_text().rpartition("killer\n")
    assert len(after.split()) <= 1


def test_a_clean_stop_is_no_attempt(shard: TestShard, connection: Connection, tmp_path: Path) -> None:
    shard.cut({"long.pdf": 9})
    control = ShardControl(shard.with_script(WAITING.format(go=str(tmp_path / "go"))).config, connection)
    for _number in range(4):
        control.start()
        until(lambda: len(in_work(shard).documents) == 1)
        control.stop()
        assert in_work(shard) == InWork()
    assert shard.states() == {}


def test_a_document_that_was_in_work_by_chance_is_done(
    shard: TestShard, connection: Connection, tmp_path: Path
) -> None:
    shard.cut({"long.pdf": 9} | OTHERS)
    control = ShardControl(shard.with_script(WAITING.format(go=str(tmp_path / "go"))).config, connection)
    long = (str(shard.bucket.join("long.pdf")),)
    for _number in range(2):
        control.start()
        until(lambda: in_work(shard).documents == long)
        os.kill(int((Path(shard.config.workdir) / "state" / "shard_1.lock").read_text()), signal.SIGKILL)
        until(lambda: not control.is_running())
    (tmp_path / "go").touch()
    control.start()
    control.wait(60)
    assert shard.states() == dict.fromkeys(["long.pdf", *OTHERS], DocumentState.DONE)
    assert shard.marker("long.pdf", DocumentState.DONE).attempts == 3
