# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.permits import Permits
from tests.support.shards import until

# Another worker: takes permits and gives them back as it is told, and says which it has.
_WORKER = """
import sys
from pathlib import Path
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.permits import Permits
permits = Permits(Path(sys.argv[1]), int(sys.argv[2]))
held = []
for line in sys.stdin:
    if line == "acquire\\n":
        held.append(permits.acquire())
    else:
        permits.release(held.pop())
    print(len(held), flush=True)
"""


class Worker:
    def __init__(self, path: Path, most: int, library_path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(path), str(most)],
            env={**os.environ, "PYTHONPATH": str(library_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, what: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()

    def held(self) -> int:
        """Wait until it has done the next of what it was told."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "servers" / "pages_0"


@pytest.fixture
def other(path: Path, library_path: Path) -> Iterator[Worker]:
    worker = Worker(path, 3, library_path)
    yield worker
    worker.process.kill()
    worker.process.communicate()


def is_waiting(path: Path) -> bool:
    """Whether somebody is next."""
    with path.with_name(f"{path.name}.queue").open("ab") as queue:
        try:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_a_worker_may_have_all_and_has_each_once(path: Path) -> None:
    permits = Permits(path, 3)
    assert {permits.acquire() for _permit in range(3)} == {0, 1, 2}
    permits.release(1)
    assert permits.acquire() == 1


def test_workers_have_so_many_together_and_wait_for_each_other(path: Path, other: Worker) -> None:
    for number in (1, 2):
        other.tell("acquire")
        assert other.held() == number
    permits = Permits(path, 3)
    ours = permits.acquire()
    other.tell("acquire")
    until(lambda: is_waiting(path))
    permits.release(ours)
    assert other.held() == 3


def test_whoever_was_there_first_is_next(path: Path, other: Worker) -> None:
    permits = Permits(path, 3)
    ours = [permits.acquire() for _permit in range(3)]
    other.tell("acquire")
    until(lambda: is_waiting(path))
    # A document of many pages gives one back and asks for one more at once.
    got: list[int] = []
    long = threading.Thread(target=lambda: got.append(permits.acquire()))
    permits.release(ours[0])
    long.start()
    assert other.held() == 1
    assert got == []
    permits.release(ours[1])
    long.join()
    assert got == [ours[1]]


def test_what_a_worker_had_that_is_ended_goes_to_the_others(path: Path, other: Worker) -> None:
    for number in (1, 2, 3):
        other.tell("acquire")
        assert other.held() == number
    other.process.kill()
    assert Permits(path, 3).acquire() == 0
