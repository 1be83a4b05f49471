# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import control as control_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from tests.support.clock import ClockOf
from tests.support.config import a_config
from tests.support.emulated_account import Account as AwsAccount
from tests.support.queues import make_queue
from tests.support.shards import TestShard


@pytest.fixture
def layout(shard: TestShard) -> Layout:
    layout = Layout(Path(shard.config.workdir), 1)
    layout.create()
    return layout


@pytest.fixture
def running(layout: Layout) -> Iterator[None]:
    """A supervisor, as far as its lock goes."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


def test_documents_without_a_marker_are_pending(shard: TestShard, connection: Connection) -> None:
    shard.cut({"a.pdf": 1, "b.pdf": 1, "c.pdf": 1})
    for key, state in (("a.pdf", DocumentState.DONE), ("b.pdf", DocumentState.FAILED)):
        put_bytes(shard.client, marker_uri(shard.config.results_uri, key, state), b"{}", "application/json")
    assert ShardControl(shard.config, connection).select().pending == 1


def test_of_a_queue_pieces_that_wait_or_are_in_work_are_pending(
    shard: TestShard, connection: Connection, empty_account: AwsAccount
) -> None:
    queue = make_queue(empty_account.connection)
    control = ShardControl(replace(shard.config, queue=queue.url), connection)
    assert control.select().pending == 0
    queue.send(["one", "two"])
    assert queue.receive(0, 300) is not None
    assert control.select().pending == 2


@pytest.mark.usefixtures("running")
def test_another_option_than_the_running_supervisors_is_named(
    shard: TestShard, connection: Connection, layout: Layout
) -> None:
    shard.config.save(layout.config)
    ShardControl(shard.config, connection).require_same_options()
    with pytest.raises(FarmError, match=r"other options \(max_attempts: 2 -> 5\)\. Stop it first"):
        ShardControl(replace(shard.config, max_attempts=5), connection).require_same_options()


def test_the_options_of_a_supervisor_that_ended_do_not_matter(
    shard: TestShard, connection: Connection, layout: Layout
) -> None:
    shard.config.save(layout.config)
    ShardControl(replace(shard.config, max_attempts=5), connection).require_same_options()


@pytest.mark.usefixtures("running")
def test_a_supervisor_of_another_version_has_to_be_stopped_first(
    shard: TestShard, connection: Connection, layout: Layout
) -> None:
    shard.config.save(layout.config)
    of_later_version(layout.config)
    with pytest.raises(FarmError, match=r"by another version .*Stop it first"):
        ShardControl(shard.config, connection).require_same_options()


def of_later_version(path: Path) -> None:
    """Make the file what a version wrote that this one does not understand."""
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 2}))


def test_what_another_version_left_does_not_keep_a_shard_from_being_stopped_and_started(
    shard: TestShard, connection: Connection, layout: Layout
) -> None:
    shard.cut({"a.pdf": 1})
    shard.config.save(layout.config)
    of_later_version(layout.config)
    layout.progress.write_bytes(Account(shard.config, [], {}).progress("stopped").to_json())
    of_later_version(layout.progress)
    control = ShardControl(shard.config, connection)
    control.require_same_options()
    assert control.stop() is False
    assert control.progress() is None
    assert control.start()
    control.wait(60)
    assert RunConfig.load(layout.config) == shard.config
    assert shard.states() == {"a.pdf": DocumentState.DONE}


@pytest.mark.usefixtures("running")
def test_waiting_ends_with_its_time_and_says_that_the_work_goes_on(
    shard: TestShard, connection: Connection, clock_of: ClockOf
) -> None:
    clock_of(control_module)
    with pytest.raises(FarmError, match="not finished after 0 s; it goes on"):
        ShardControl(shard.config, connection).wait(0)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("running", "died"),
        ("failed", "failed: no bucket"),
        ("broken", "is broken: no bucket"),
        ("stopped", "was stopped with 1 documents pending"),
    ],
)
def test_a_supervisor_that_ended_before_the_work_is_an_error_that_says_how(
    shard: TestShard, connection: Connection, layout: Layout, state: str, reason: str
) -> None:
    account = Account(shard.config, [Document("s3://b/a.pdf", 1, 1)], {})
    layout.progress.write_bytes(account.progress(state, "no bucket").to_json())
    with pytest.raises(FarmError, match=reason):
        ShardControl(shard.config, connection).wait(10)


def test_one_that_finished_is_not(shard: TestShard, connection: Connection, layout: Layout) -> None:
    layout.progress.write_bytes(Account(shard.config, [], {}).progress("finished").to_json())
    control = ShardControl(shard.config, connection)
    control.wait(10)
    progress = control.progress()
    assert progress is not None
    assert progress.state == "finished"


def test_stopping_what_does_not_run_changes_nothing(shard: TestShard, connection: Connection) -> None:
    assert ShardControl(shard.config, connection).stop() is False


def test_a_start_without_a_manifest_fails_with_the_reason(shard: TestShard, connection: Connection) -> None:
    with pytest.raises(FarmError, match=r"(?s)did not start: .*Shard 1 has no manifest"):
        ShardControl(shard.config, connection).start()


class Stuck:
    """A supervisor that neither begins nor ends."""

    poll_seconds = 5.0

    def __init__(self, _layout: Layout, _service: str) -> None:
        """Be up."""

    def is_running(self) -> bool:
        return True

    is_up = is_running

    def start(self, _config: RunConfig, _connection: Connection) -> bool:
        return True

    def log_tail(self) -> str:
        return "reading the markers"


def test_a_supervisor_that_neither_begins_nor_ends_is_waited_for_no_longer_than_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock_of: ClockOf
) -> None:
    clock = clock_of(control_module)
    monkeypatch.setattr(control_module, "supervisor_for", Stuck)
    control = ShardControl(a_config(workdir=str(tmp_path)), Connection())
    with pytest.raises(FarmError, match=r"did not start: .*reading the markers"):
        control.start()
    assert clock.slept == 600
    with pytest.raises(FarmError, match="not finished after 50 s"):
        control.wait(50)
    assert clock.slept == 650


def test_the_nodes_log_has_no_secret_and_no_control_character(
    shard: TestShard, connection: Connection, layout: Layout
) -> None:
    shard.cut({"bad.pdf": 2, "good.pdf": 1})
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    loud = shard.with_script(
        """
        print("said", os.environ["AWS_SECRET_ACCESS_KEY"], "\\x1b[2J", file=sys.stderr)
        if name == "bad":
            sys.exit(1)
        """
    )
    control = ShardControl(loud.config, connection)
    control.start()
    control.wait(60)
    log = layout.log.read_text()
    assert log.count("said *** \\x1b[2J") >= 3
    assert "failed s3://" in log
    assert secret not in log
    assert "\x1b" not in log
