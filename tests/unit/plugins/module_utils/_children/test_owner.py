# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children import owner
from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import (
    OWNER_VARIABLE,
    kill_owned,
    memory_kills,
    owned_by,
    owner_name,
)
from tests.support.clock import ClockOf


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    owner = owner_name(tmp_path, 1, "0")
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
    environment = os.environ | {OWNER_VARIABLE: owner}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True) as process:
        # Until then /proc may not have its environment.
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_process_is_found_by_its_slot_and_its_shard_and_no_other(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert owned_by(owner_name(tmp_path, 1, "0")) == [sleeper.pid]
    assert owned_by(owner_name(tmp_path, 1)) == [sleeper.pid]
    for other in (owner_name(tmp_path, 1, "1"), owner_name(tmp_path, 11), owner_name(tmp_path / "x", 1)):
        assert owned_by(other) == []


def test_a_process_in_a_session_of_its_own_is_killed_with_its_owner(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert kill_owned(owner_name(tmp_path, 1)) == 1
    assert sleeper.wait(10) == -9


def test_a_process_that_is_named_is_killed_with_the_owners_whatever_its_environment_has(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={}) as other:
        assert kill_owned(owner_name(tmp_path, 1), other.pid) == 2
        assert (sleeper.wait(10), other.wait(10)) == (-9, -9)


def test_a_killed_process_no_longer_runs_however_late_the_signal_takes_effect(
    sleeper: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = threading.Timer(0.2, os.kill, (sleeper.pid, signal.SIGKILL))
    late.start()
    monkeypatch.setattr(os, "kill", lambda *_arguments: None)
    assert kill_owned(owner_name(tmp_path, 1)) == 1
    assert owned_by(owner_name(tmp_path, 1)) == []


def test_what_was_killed_has_given_everything_back(tmp_path: Path) -> None:
    """The kernel takes its memory first, and its environment with that; then its files, a GPU among them."""
    command = [sys.executable, "-c", "import time; held = b'x' * 300_000_000; print(flush=True); time.sleep(600)"]
    environment = os.environ | {OWNER_VARIABLE: owner_name(tmp_path, 1)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ended = os.pidfd_open(process.pid)
        assert kill_owned(owner_name(tmp_path, 1)) == 1
        assert select.select([ended], [], [], 0)[0]
        os.close(ended)


def test_a_process_that_a_driver_keeps_in_the_kernel_is_waited_for_no_longer_than_its_time(
    sleeper: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock_of: ClockOf
) -> None:
    clock = clock_of(owner)
    monkeypatch.setattr(owner, "_END_SECONDS", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "kill", lambda *_arguments: None)
        assert kill_owned(owner_name(tmp_path, 1)) == 1
    assert sleeper.poll() is None
    assert clock.slept == pytest.approx(0.1, abs=0.01)


def test_the_kernels_count_of_memory_kills_is_read() -> None:
    assert memory_kills() >= 0
