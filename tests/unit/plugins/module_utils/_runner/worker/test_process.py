# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import (
    WorkerProcess,
    describe_status,
    last_line,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.protocol import outcome_to_message
from tests.support.clock import ClockOf

# Of this run alone: another checkout may be tested beside it.
MEMORY = 1 << 40
OWNER = f"owner-of-this-test-{os.getpid()}"


@pytest.mark.parametrize(
    ("status", "words"), [(None, "closed its pipe"), (3, "ended with status 3"), (-11, "was ended by SIGSEGV")]
)
def test_the_end_of_a_worker_is_told_in_words(status: int | None, words: str) -> None:
    assert describe_status(status) == words


@pytest.fixture
def fake_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that runs in place of the worker; returns its file."""
    path = tmp_path / "modules" / "fake_worker.py"
    path.parent.mkdir()
    monkeypatch.setattr(worker_process, "MODULE", "fake_worker")
    monkeypatch.setenv("PYTHONPATH", str(path.parent))
    return path


async def started(worker: WorkerProcess) -> None:
    try:
        await worker.start()
    finally:
        await worker.kill()


def test_a_worker_runs_in_an_empty_folder_of_its_own_with_the_variables_it_is_given(
    fake_worker: Path, tmp_path: Path
) -> None:
    fake_worker.write_text(
        "import json, os, sys, time\n"
        "facts = [os.getcwd(), os.listdir('.'), os.environ['TMPDIR'], os.environ['CUDA_VISIBLE_DEVICES']]\n"
        "open(sys.argv[1], 'w').write(json.dumps(facts))\n"
        "print(json.dumps({'ready': 'r1'}), flush=True)\n"
        "time.sleep(60)\n"
    )
    folder = tmp_path / "slot"
    folder.mkdir()
    (folder / "conversion.log").touch()
    facts = tmp_path / "facts"
    worker = WorkerProcess("2", facts, OWNER, {"CUDA_VISIBLE_DEVICES": "2"}, folder)
    asyncio.run(started(worker))
    assert json.loads(facts.read_text()) == [str(folder), ["tmp"], str(folder / "tmp"), "2"]


READY = "import json, os, subprocess, sys\nprint(json.dumps({'ready': 'r1'}), flush=True)\n"
DONE = f"print(json.dumps({outcome_to_message(Results())!r}), flush=True)\n"
TASK = Task("s3://b/a.pdf", "a.pdf", 1, Path("a.pdf"), Path("work"))


def worker_in(tmp_path: Path) -> WorkerProcess:
    return WorkerProcess("2", tmp_path / "config", OWNER, {}, tmp_path / "slot")


def test_what_a_worker_says_of_a_document_is_kept_for_it(fake_worker: Path, tmp_path: Path) -> None:
    fake_worker.write_text(f"{READY}for line in sys.stdin:\n    os.write(2, b'of ' + line.encode())\n    {DONE}")

    async def work() -> tuple[str, bytes]:
        worker = worker_in(tmp_path)
        try:
            await worker.start()
            await worker.process(replace(TASK, key="first.pdf"), 30, MEMORY)
            await worker.process(replace(TASK, key="second.pdf"), 30, MEMORY)
            return worker.revision, await worker.log.tail()
        finally:
            await worker.kill()

    revision, log = asyncio.run(work())
    assert revision == "r1"
    assert b"second.pdf" in log
    assert b"first.pdf" not in log


def test_a_worker_is_worn_by_the_number_of_its_documents_or_by_what_its_memory_grew_since_the_first(
    fake_worker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "_MEMORY_SECONDS", 0)
    fake_worker.write_text(
        f"{READY}kept = [b'x' * 50_000_000]\nfor line in sys.stdin:\n    {DONE}    kept.append(b'x' * 50_000_000)\n"
    )

    async def work() -> list[bool]:
        worker = worker_in(tmp_path)
        worn = [worker.is_worn(1, 0)]
        try:
            await worker.start()
            for _number in range(3):
                await worker.process(TASK, 30, MEMORY)
                worn += [worker.is_worn(3, 1_000_000_000), worker.is_worn(1000, 40_000_000)]
            await worker.kill()
            return [*worn, worker.is_worn(1, 0)]
        finally:
            await worker.kill()

    # Before its first document; then by number and by growth after each; then dead.
    before, *after, dead = asyncio.run(work())
    assert (before, dead) == (False, False)
    assert after[0::2] == [False, False, True]
    assert (after[1], after[5]) == (False, True)


def test_a_workers_memory_is_not_looked_at_again_within_a_second(
    fake_worker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock_of: ClockOf
) -> None:
    clock = clock_of(worker_process)
    sizes = iter((0, 100))
    monkeypatch.setattr(worker_process, "resident_bytes", lambda _process_id: next(sizes))
    fake_worker.write_text(f"{READY}for line in sys.stdin:\n    {DONE}")

    async def work() -> list[bool]:
        worker = worker_in(tmp_path)
        worn = []
        try:
            await worker.start()
            for seconds in (0, 0.5, 0.25, 0.25):
                clock.sleep(seconds)
                await worker.process(TASK, 30, MEMORY)
                worn.append(worker.is_worn(1000, 50))
        finally:
            await worker.kill()
        return worn

    assert asyncio.run(work()) == [False, False, False, True]


@pytest.mark.slow
def test_a_pause_lasts_longer_than_the_documents_time_and_does_not_count(fake_worker: Path, tmp_path: Path) -> None:
    fake_worker.write_text(
        f"{READY}import time\n"
        "for line in sys.stdin:\n"
        "    print(json.dumps({'clock': {'paused': True}}), flush=True)\n"
        "    time.sleep(10.5)\n"
        f"    print(json.dumps({{'clock': {{'paused': False}}}}), flush=True)\n    {DONE}"
    )

    async def work() -> tuple[Outcome, float]:
        worker = worker_in(tmp_path)
        try:
            await worker.start()
            return await worker.process(TASK, 10, MEMORY), worker.uncounted
        finally:
            await worker.kill()

    outcome, uncounted = asyncio.run(work())
    assert isinstance(outcome, Results)
    assert uncounted >= 10


def test_a_dead_workers_child_that_holds_its_pipes_is_ended_and_the_signal_told(
    fake_worker: Path, tmp_path: Path
) -> None:
    fake_worker.write_text(
        f"{READY}sys.stdin.readline()\n"
        "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "os.kill(os.getpid(), 11)\n"
    )

    async def work() -> object:
        worker = worker_in(tmp_path)
        await worker.start()
        return await worker.process(TASK, 60, MEMORY)

    outcome = asyncio.run(work())
    assert isinstance(outcome, DocumentFailure)
    assert outcome.failure_class is FailureClass.CRASH
    assert "was ended by SIGSEGV" in str(outcome)
    assert owned_by(OWNER) == []


def test_a_worker_that_does_not_get_ready_is_quoted(fake_worker: Path, tmp_path: Path) -> None:
    fake_worker.write_text("raise SystemExit('no module named torch')\n")
    with pytest.raises(FarmError, match="It said last: no module named torch"):
        asyncio.run(started(worker_in(tmp_path)))


def test_the_last_line_is_one_with_words() -> None:
    assert last_line(b"first\nlast \n\n") == "last"
    assert last_line(b"") == "nothing."


def test_a_worker_that_cannot_use_its_gpu_says_so(fake_worker: Path, tmp_path: Path) -> None:
    fake_worker.write_text("""print('{"gpu": "torch sees no device"}', flush=True)\nraise SystemExit(1)\n""")
    worker = WorkerProcess("2", tmp_path / "config", OWNER, {}, tmp_path / "slot")
    with pytest.raises(GpuFault, match="torch sees no device"):
        asyncio.run(started(worker))


@pytest.mark.parametrize(("failure_class", "workers"), [("gpu", 2), ("out_of_memory", 2), ("corrupt", 1)])
def test_a_worker_without_its_gpu_or_memory_gets_no_other_document(
    failure_class: str, workers: int, fake_worker: Path, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    failure = json.dumps({"class": failure_class, "message": "no"})
    fake_worker.write_text(
        f"{READY}open({str(starts)!r}, 'a').write('started ')\n"
        f"for line in sys.stdin:\n    print({failure!r}, flush=True)\n"
    )
    worker = WorkerProcess("2", tmp_path / "config", OWNER, {}, tmp_path / "slot")

    async def work() -> None:
        for _document in range(2):
            await worker.start()
            await worker.process(TASK, 60, MEMORY)
        await worker.kill()

    asyncio.run(work())
    assert starts.read_text().split() == ["started"] * workers


HUNGRY = """
import subprocess, sys, time
from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import attach
parent = attach()
parent.tell_ready("")
taken = []
GROW = "taken = []\\nwhile True:\\n    taken.append(bytearray(4 << 20)); __import__('time').sleep(0.01)"
for message in parent:
    if message["key"] == "child.pdf":
        subprocess.Popen([sys.executable, "-c", GROW], start_new_session=True).wait()
    while True:
        # Each page is written to.
        taken.append(bytearray(4 << 20))
        time.sleep(0.01)
"""


@pytest.mark.parametrize("key", ["self.pdf", "child.pdf"])
def test_a_worker_that_takes_more_memory_than_it_may_is_ended_with_all_it_has_started(
    fake_worker: Path, library_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    fake_worker.write_text(HUNGRY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(fake_worker.parent), str(library_path)]))
    worker = WorkerProcess("2", tmp_path / "config", OWNER, {}, tmp_path / "slot")

    async def work() -> Outcome:
        await worker.start()
        outcome = await worker.process(replace(TASK, key=key), 120, 200 << 20)
        await worker.log.tail()
        return outcome

    outcome = asyncio.run(work())
    assert isinstance(outcome, DocumentFailure)
    assert outcome.failure_class is FailureClass.OUT_OF_MEMORY
    assert re.fullmatch(r"the worker took \d+ MiB of memory, and may take 200 MiB", outcome.message)
    assert owned_by(OWNER) == []
