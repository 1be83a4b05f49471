# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner import worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._runner.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker_process import (
    WorkerProcess,
    describe_status,
)


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
        "print('\"ready\"', flush=True)\n"
        "time.sleep(60)\n"
    )
    folder = tmp_path / "slot"
    folder.mkdir()
    (folder / "conversion.log").touch()
    facts = tmp_path / "facts"
    worker = WorkerProcess("2", facts, "owner-of-this-test", {"CUDA_VISIBLE_DEVICES": "2"}, folder)
    asyncio.run(started(worker))
    assert json.loads(facts.read_text()) == [str(folder), ["tmp"], str(folder / "tmp"), "2"]


def test_a_worker_that_cannot_use_its_gpu_says_so(fake_worker: Path, tmp_path: Path) -> None:
    fake_worker.write_text("""print('{"gpu": "torch sees no device"}', flush=True)\nraise SystemExit(1)\n""")
    worker = WorkerProcess("2", tmp_path / "config", "owner-of-this-test", {}, tmp_path / "slot")
    with pytest.raises(GpuFault, match="torch sees no device"):
        asyncio.run(started(worker))
