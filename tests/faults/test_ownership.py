# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two supervisors that meet on one document, as real processes."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import kill_owned, owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Says where it ran, and waits for a file that the test writes beside the work directory.
SCRIPT = """
import time
home = pathlib.Path(work).parents[4]
pathlib.Path(home, name + ".waiting").touch()
while not pathlib.Path(home, "go").exists():
    time.sleep(0.02)
if pathlib.Path(home, "fail").exists():
    raise SystemExit("it cannot be done here")
uri = uri + " by " + home.name
"""


@pytest.fixture
def shards(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[list[TestShard]]:
    """The same shard as two machines have it, each with a disk of its own."""
    made: list[TestShard] = []
    for node in ("node-1", "node-2"):
        (tmp_path / node).mkdir()
        shard = make_shard(client, bucket, connection, tmp_path / node)
        shard = shard.with_script(SCRIPT, node=node, max_attempts=1)
        # The same script on both, or their options would differ.
        options = (made or [shard])[0].config.pipeline_options
        made.append(replace(shard, config=replace(shard.config, pipeline_options=options)))
    yield made
    for number in (1, 2):
        for shard in made:
            ShardControl(replace(shard.config, shard=number), connection).stop()
            assert owned_by(owner_name(Path(shard.config.workdir), number)) == []


def home(shard: TestShard) -> Path:
    return Path(shard.config.workdir).parent


def check_outputs_are_those_of_the_markers(shard: TestShard, keys: list[str]) -> None:
    results = {str(item.uri): item.etag for item in list_objects(shard.client, shard.config.results_uri)}
    for key in keys:
        marker = shard.marker(key, DocumentState.DONE)
        assert [results[output.uri] for output in marker.outputs] == [output.etag for output in marker.outputs]


def test_a_second_machine_is_kept_off_a_shard_and_goes_on_when_it_was_given_back(
    shards: list[TestShard], connection: Connection
) -> None:
    first, second = shards
    keys = ["a.pdf", "b.pdf", "c.pdf"]
    first.cut(dict.fromkeys(keys, 1))
    one, other = (ShardControl(shard.config, connection) for shard in shards)
    one.start()
    until((home(first) / "a.waiting").exists)
    with pytest.raises(FarmError, match="node-1 works on this shard"):
        other.start()
    assert not list(home(second).glob("*.waiting"))
    one.stop()
    (home(second) / "go").touch()
    other.start()
    other.wait(60)
    assert {key: second.text(key) for key in keys} == {
        key: f"text of {second.bucket.join(key)} by node-2" for key in keys
    }
    check_outputs_are_those_of_the_markers(second, keys)


def test_a_dead_machines_shard_is_taken_over_and_it_writes_nothing_when_it_comes_back(
    shards: list[TestShard], connection: Connection
) -> None:
    first, second = shards
    first.cut({"a.pdf": 1, "b.pdf": 1})
    one, other = (ShardControl(shard.config, connection) for shard in shards)
    one.start()
    until((home(first) / "a.waiting").exists)
    process = int(Layout(Path(first.config.workdir), 1).lock.read_text())
    os.kill(process, signal.SIGSTOP)
    try:
        (home(first) / "go").touch()
        (home(second) / "go").touch()
        # Waits until the first is taken for dead.
        other.start()
        other.wait(60)
        done = {key: second.text(key) for key in ("a.pdf", "b.pdf")}
    finally:
        os.kill(process, signal.SIGCONT)
    until(lambda: not one.is_running())
    progress = one.progress()
    assert progress is not None
    assert "works on this shard" in progress.message
    assert {key: second.text(key) for key in done} == done
    assert all(text.endswith("by node-2") for text in done.values())
    check_outputs_are_those_of_the_markers(second, list(done))


def test_a_machine_that_lost_its_disk_does_not_wait_for_what_it_gave_back(
    shards: list[TestShard], connection: Connection
) -> None:
    first, _second = shards
    first.cut({"a.pdf": 1})
    (home(first) / "go").touch()
    control = ShardControl(first.config, connection)
    control.start()
    control.wait(60)
    shutil.rmtree(first.config.workdir)
    first.cut({"a.pdf": 1, "b.pdf": 1})
    control.start()
    control.wait(60)
    assert set(first.states()) == {"a.pdf", "b.pdf"}


@pytest.mark.parametrize("fails", ["node-1", "node-2"])
def test_old_and_new_owner_of_a_document_leave_it_done_where_one_has_done_it(
    shards: list[TestShard], connection: Connection, fails: str
) -> None:
    first = shards[0]
    second = replace(shards[1], config=replace(shards[1].config, shard=2))
    # The document was moved to shard 2 while the supervisor of shard 1 works on it.
    first.cut({"a.pdf": 1})
    second.cut({"a.pdf": 1})
    one, other = (ShardControl(shard.config, connection) for shard in (first, second))
    (home(first if fails == "node-1" else second) / "fail").touch()
    one.start()
    other.start()
    until((home(first) / "a.waiting").exists)
    until((home(second) / "a.waiting").exists)
    # The one that does it first, then the one that fails: the later marker would count.
    order = (second, first) if fails == "node-1" else (first, second)
    for shard in order:
        (home(shard) / "go").touch()
        ShardControl(shard.config, connection).wait(60)
    assert first.states() == {"a.pdf": DocumentState.DONE}
    check_outputs_are_those_of_the_markers(order[0], ["a.pdf"])
    progress = ShardControl(order[1].config, connection).progress()
    assert progress is not None
    assert (progress.done, progress.failed, progress.pending) == (1, 0, 0)


def test_old_and_new_owner_that_both_do_a_document_leave_whole_results(
    shards: list[TestShard], connection: Connection
) -> None:
    first = shards[0]
    second = replace(shards[1], config=replace(shards[1].config, shard=2))
    keys = [f"{number}.pdf" for number in range(20)]
    for shard in (first, second):
        shard.cut(dict.fromkeys(keys, 1))
        (home(shard) / "go").touch()
    controls = [ShardControl(shard.config, connection) for shard in (first, second)]
    for control in controls:
        control.start()
    for control in controls:
        control.wait(120)
    assert first.states() == dict.fromkeys(keys, DocumentState.DONE)
    check_outputs_are_those_of_the_markers(first, keys)


def test_what_a_killed_supervisor_left_is_no_hindrance_on_the_same_machine(
    shards: list[TestShard], connection: Connection
) -> None:
    first = shards[0]
    first.cut({"a.pdf": 1})
    control = ShardControl(first.config, connection)
    control.start()
    until((home(first) / "a.waiting").exists)
    os.kill(int(Layout(Path(first.config.workdir), 1).lock.read_text()), signal.SIGKILL)
    kill_owned(owner_name(Path(first.config.workdir), 1))
    until(lambda: not control.is_running())
    (home(first) / "go").touch()
    control.start()
    control.wait(60)
    # It did not wait for its own lease to end.
    assert "waiting:" not in Layout(Path(first.config.workdir), 1).log.read_text()
    check_outputs_are_those_of_the_markers(first, ["a.pdf"])
