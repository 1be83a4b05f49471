# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import detached
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.detached import DetachedSupervisor, read_config
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.clock import ClockOf
from tests.support.shards import TestShard, until


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "work", 1)
    layout.create()
    return layout


@pytest.fixture
def lock(layout: Layout) -> Iterator[int]:
    """The lock, held as a supervisor holds it."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


def test_nothing_runs_where_nothing_was_started(layout: Layout) -> None:
    supervisor = DetachedSupervisor(layout)
    assert not supervisor.is_running()
    assert not supervisor.stop(0)
    assert "no log" in supervisor.log_tail()
    assert read_config(layout.config) is None


def test_whoever_holds_the_lock_runs_and_a_stale_process_id_does_not(layout: Layout, lock: int) -> None:
    supervisor = DetachedSupervisor(layout)
    os.write(lock, str(os.getpid()).encode())
    assert supervisor.is_running()
    fcntl.flock(lock, fcntl.LOCK_UN)
    assert not supervisor.is_running()
    assert not supervisor.stop(0)


@pytest.mark.usefixtures("lock")
def test_a_lock_that_names_no_process_for_its_time_is_an_error(layout: Layout, clock_of: ClockOf) -> None:
    clock = clock_of(detached)
    with pytest.raises(FarmError, match=r"shard_1\.lock is locked but names no process"):
        DetachedSupervisor(layout).stop(0)
    assert clock.slept == pytest.approx(10, abs=0.2)


def test_a_supervisor_that_does_not_stop_is_killed_after_its_grace(
    layout: Layout, lock: int, clock_of: ClockOf
) -> None:
    clock = clock_of(detached)
    program = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.write(lock, str(process.pid).encode())
        try:
            assert DetachedSupervisor(layout).stop(30)
            assert process.wait(60) == -signal.SIGKILL
        finally:
            process.kill()
    # The lock is held on, so it is waited for once more.
    assert clock.slept == pytest.approx(30 + 10, abs=0.4)


def test_only_the_end_of_the_log_is_told(layout: Layout) -> None:
    layout.log.write_bytes(b"old" + b"x" * 5000 + b" last words\n")
    tail = DetachedSupervisor(layout).log_tail()
    assert tail.endswith("x last words")
    assert "old" not in tail


def test_it_is_started_once_goes_on_alone_and_is_killed_with_its_workers_when_it_does_not_stop(
    shard: TestShard, connection: Connection, tmp_path: Path
) -> None:
    shard.cut({"a.pdf": 1})
    busy = shard.with_script(
        f"pathlib.Path({str(tmp_path / 'busy')!r}).touch()\nimport time\ntime.sleep(600)\n", grace_seconds=600
    )
    supervisor = DetachedSupervisor(Layout(Path(busy.config.workdir), 1))
    try:
        assert supervisor.start(busy.config, connection)
        assert not supervisor.start(busy.config, connection)
        assert read_config(Layout(Path(busy.config.workdir), 1).config) == busy.config
        until((tmp_path / "busy").exists)
    finally:
        assert supervisor.stop(0.2)
    assert not supervisor.is_running()
    assert owned_by(owner_name(Path(busy.config.workdir), 1)) == []
    assert busy.states() == {}
