# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that take more memory than there is, by their own limit and by the kernel's."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Ending,
    Hooks,
    Supervisor,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support import crowded_worker, hungry_worker
from tests.support.pdfs import text_bomb
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> TestShard:
    return make_shard(client, bucket, connection, tmp_path)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the hungry worker in place of the real one; return the file that it keeps notes in."""
    monkeypatch.setattr(worker_process, "MODULE", hungry_worker.__name__)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, sys.path))))
    monkeypatch.setenv(hungry_worker.NOTES_VARIABLE, str(tmp_path / "notes"))
    return tmp_path / "notes"


@pytest.fixture
def memory_group(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A control group of 256 MiB, which the hungry worker can move into."""
    for mount, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(mount) / f"glossapi-hungry-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            # Where this hierarchy limits no memory the kernel makes no such file.
            if (group / limit).exists():
                (group / limit).write_text(str(256 << 20))
                monkeypatch.setenv(hungry_worker.GROUP_VARIABLE, str(group))
                yield
                return
        finally:
            group.rmdir()
    pytest.skip("limiting a process's memory needs root and control groups")


def work(shard: TestShard, max_attempts: int = 2) -> Ending:
    """Work the shard off."""
    config = shard.config
    layout = Layout(Path(config.workdir), 1)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    documents = read_manifest(client, S3Uri.parse(config.manifests), 1)
    attempts = [Attempt(document, last=max_attempts) for document in documents]
    return asyncio.run(Supervisor(config, client, client, attempts, Account(config, documents, {}), Hooks()).run())


def test_a_worker_out_of_memory_is_tried_again_alone_and_then_given_up(shard: TestShard, notes: Path) -> None:
    # The hog comes first; the others keep both slots busy meanwhile.
    pages = {"hog.pdf": 50} | {f"{number}.pdf": 1 for number in range(20)}
    shard.cut(pages)
    ending = work(shard)
    assert (ending.progress.state, ending.progress.done, ending.progress.failed) == ("finished", 20, 1)
    marker = shard.marker("hog.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("out_of_memory", 2)
    assert all(shard.text(key) == f"text of {shard.bucket.join(key)}\n" for key in pages if key != "hog.pdf")
    lines = [line.split() for line in notes.read_text().splitlines()]
    hog = [number for number, line in enumerate(lines) if line[1] == "hog"]
    assert [lines[number][0] for number in hog] == ["begin", "end", "begin", "end"]
    # The second attempt, in a worker of its own: nothing else was in work when it began, nor began before its end.
    begin, end = hog[2:]
    assert end == begin + 1
    running = {line[1] for line in lines[:begin] if line[0] == "begin"} - {
        line[1] for line in lines[:begin] if line[0] == "end"
    }
    assert running == set()
    process = lines[begin][2]
    assert [line[1] for line in lines if line[2] == process] == ["hog", "hog"]


@pytest.mark.usefixtures("memory_group")
def test_a_worker_that_the_kernel_kills_for_want_of_memory_is_out_of_memory_and_no_crash(
    shard: TestShard, notes: Path
) -> None:
    pages = {"flood.pdf": 50} | {f"{number}.pdf": 1 for number in range(6)}
    shard.cut(pages)
    ending = work(shard)
    assert (ending.progress.state, ending.progress.done, ending.progress.failed) == ("finished", 6, 1)
    marker = shard.marker("flood.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("out_of_memory", 2)
    assert "the kernel killed the worker" in str(marker.message)
    assert notes.read_text().split().count("flood") == 2
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


@pytest.mark.parametrize("max_attempts", [1, 2])
def test_a_document_that_others_leave_too_little_of_their_gpus_memory_is_done_while_these_pause_and_fails_nowhere(
    shard: TestShard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_attempts: int
) -> None:
    monkeypatch.setattr(worker_process, "MODULE", crowded_worker.__name__)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, sys.path))))
    monkeypatch.setenv(crowded_worker.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setenv(crowded_worker.WORKERS_VARIABLE, "4")
    # Each in the middle of others, whose workers keep their part of the GPU when they have nothing to do.
    shard.cut({f"{number:02}.pdf": 50 - number for number in range(12)} | {"wide.pdf": 40, "giant.pdf": 39})
    shared = replace(shard, config=replace(shard.config, workers_per_gpu=2))
    ending = work(shared, max_attempts)
    assert (ending.progress.state, ending.progress.done, ending.progress.failures) == (
        "finished",
        13,
        {"gpu_memory": 1},
    )
    assert ending.progress.crowded == 2
    lines = [line.split() for line in (tmp_path / "notes").read_text().splitlines()]
    # Once with others beside it, and once without.
    assert [line[3] == "0" for line in lines if line[0] == "wide"] == [False, True]
    # Those beside it may have been paused for the other one, and be gone, before it was told that they had been there.
    assert [line[3] == "0" for line in lines if line[0] == "giant"][1:] == [True]
    assert shared.marker("wide.pdf", DocumentState.DONE).attempts == 2
    assert shared.marker("giant.pdf", DocumentState.FAILED).attempts == 2
    assert {shared.marker(f"{number:02}.pdf", DocumentState.DONE).attempts for number in range(12)} == {1}
    assert sorted(line[0] for line in lines if line[0].isdigit()) == [f"{number:02}" for number in range(12)]


def bombed(shard: TestShard, body: bytes, memory_bytes: int) -> TestShard:
    """Return the shard with the bomb first, and eight documents of a page beside it."""
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.drawString(72, 700, "one page of text that is long enough to be taken for text")
    drawing.save()
    page = buffer.getvalue()
    rows = ["uri,pages,bytes"]
    for key, content, pages in [("bomb.pdf", body, 9), *((f"{number}.pdf", page, 1) for number in range(8))]:
        put_bytes(shard.client, shard.bucket.join(key), content, "application/pdf")
        rows.append(f"{shard.bucket.join(key)},{pages},{len(content)}")
    manifest = "\n".join(rows).encode() + b"\n"
    put_bytes(shard.client, S3Uri.parse(shard.config.manifests).join("shard_1.csv"), manifest, "text/csv")
    config = replace(shard.config, pipeline="pdftext", pipeline_options={}, worker_memory_bytes=memory_bytes)
    return replace(shard, config=config)


def check_bomb(shard: TestShard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that the bomb has taken its own worker twice, and nothing else."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, filter(None, sys.path))))
    ending = work(shard)
    assert (ending.progress.state, ending.progress.pending) == ("finished", 0)
    marker = shard.marker("bomb.pdf", DocumentState.FAILED)
    assert (marker.failure_class, marker.attempts) == ("out_of_memory", 2)
    others = [shard.marker(f"{number}.pdf", DocumentState.DONE) for number in range(8)]
    assert {each.attempts for each in others} == {1}
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def test_a_page_that_eats_memory_takes_its_own_worker_and_nothing_else(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_bomb(bombed(shard, text_bomb(900_000), 250 << 20), monkeypatch)


@pytest.mark.skipif("GLOSSAPI_FARM_BOMB" not in os.environ, reason="GLOSSAPI_FARM_BOMB has no PDF that takes gigabytes")
def test_a_page_that_eats_gigabytes_likewise(shard: TestShard, monkeypatch: pytest.MonkeyPatch) -> None:
    check_bomb(bombed(shard, Path(os.environ["GLOSSAPI_FARM_BOMB"]).read_bytes(), 600 << 20), monkeypatch)
