# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine does to a supervisor in days: no memory, no disk, no clock, no process left, many documents."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import kill_owned, owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# 10,000 take about ten times as long: GLOSSAPI_FARM_FAULT_DOCUMENTS=10000.
DOCUMENTS = int(os.environ.get("GLOSSAPI_FARM_FAULT_DOCUMENTS", "1000"))
TEXT = "one page of text that is long enough to be taken for text"


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[TestShard]:
    shard = make_shard(client, bucket, connection, tmp_path)
    yield shard
    ShardControl(shard.config, connection).stop()
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def one_page() -> bytes:
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    drawing.drawString(72, 700, TEXT)
    drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def cut_pdfs(shard: TestShard, keys: list[str]) -> None:
    """Upload the same page under each key, and list all in the manifest."""
    body = one_page()
    rows = ["uri,pages,bytes"]
    for key in keys:
        put_bytes(shard.client, shard.bucket.join(key), body, "application/pdf")
        rows.append(f"{shard.bucket.join(key)},1,{len(body)}")
    manifest = S3Uri.parse(shard.config.manifests).join("shard_1.csv")
    put_bytes(shard.client, manifest, "\n".join(rows).encode() + b"\n", "text/csv")


def with_text_layer(shard: TestShard, **options: object) -> TestShard:
    config = replace(shard.config, pipeline="pdftext", pipeline_options={}, **options)  # type: ignore[arg-type]
    return replace(shard, config=config)


def check_finished(shard: TestShard, control: ShardControl, keys: list[str]) -> None:
    progress = control.progress()
    assert progress is not None
    assert (progress.state, progress.done, progress.failed, progress.pending) == ("finished", len(keys), 0, 0)
    assert shard.states() == dict.fromkeys(keys, DocumentState.DONE)
    texts = list(list_objects(shard.client, shard.config.output_uri.join("markdown", "")))
    assert len(texts) == len(keys)
    assert all(item.bytes for item in texts)
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def supervisor_of(shard: TestShard) -> int:
    return int(Layout(Path(shard.config.workdir), 1).lock.read_text())


def kill_everything(shard: TestShard, control: ShardControl) -> None:
    os.kill(supervisor_of(shard), signal.SIGKILL)
    kill_owned(owner_name(Path(shard.config.workdir), 1))
    until(lambda: not control.is_running())


def test_after_a_kill_of_everything_at_once_the_same_command_finishes(
    shard: TestShard, connection: Connection, tmp_path: Path
) -> None:
    keys = [f"{number}.pdf" for number in range(8)]
    busy = shard.with_script(
        f"""
        import subprocess, time
        if name == "5" and not os.path.exists({str(tmp_path / "go")!r}):
            subprocess.Popen(["sleep", "600"], start_new_session=True)
            pathlib.Path({str(tmp_path / "busy")!r}).touch()
            time.sleep(600)
        """
    )
    busy.cut(dict.fromkeys(keys, 1))
    control = ShardControl(busy.config, connection)
    control.start()
    until((tmp_path / "busy").exists)
    kill_everything(busy, control)
    assert owned_by(owner_name(Path(busy.config.workdir), 1)) == []
    (tmp_path / "go").touch()
    control.start()
    control.wait(120)
    check_finished(busy, control, keys)
    for key in keys:
        assert busy.text(key) == f"text of {busy.bucket.join(key)}"


def test_many_documents_and_a_kill_in_their_middle(shard: TestShard, connection: Connection) -> None:
    keys = [f"{number % 10}/{number:05}.pdf" for number in range(DOCUMENTS)]
    many = with_text_layer(shard, prefetch=16)
    cut_pdfs(many, keys)
    control = ShardControl(many.config, connection)
    control.start()
    until(lambda: len(many.states()) >= DOCUMENTS // 3, 300 + DOCUMENTS / 10)
    kill_everything(many, control)
    before = len(many.states())
    assert before < DOCUMENTS
    assert control.select().pending == DOCUMENTS - before
    control.start()
    control.wait(120 + DOCUMENTS / 5)
    check_finished(many, control, keys)
    assert TEXT in many.text(keys[0])


def test_a_wall_clock_that_jumps_by_days_neither_stops_nor_hurries_anything(
    shard: TestShard, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each process of the supervisor sees a day more or less at every second look at the clock.
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(
        "import time\nreal, looks = time.time, [0]\n"
        "def jumping():\n    looks[0] += 1\n    return real() + (86400 if looks[0] % 2 else -86400)\n"
        "time.time = jumping\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "clock"))
    keys = [f"{number}.pdf" for number in range(20)]
    jumping = with_text_layer(shard, timeout_base=60.0)
    cut_pdfs(jumping, keys)
    control = ShardControl(jumping.config, connection)
    control.start()
    control.wait(120)
    check_finished(jumping, control, keys)
    progress = control.progress()
    assert progress is not None
    # It saw the jumps.
    assert abs(progress.started_at - time.time()) > 80_000
    assert 0 < progress.pages_per_second < 1000


def fill_disk(filler: Path) -> None:
    """Write until the disk is full."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - there is no other end of the loop


@pytest.fixture
def small_disk(shard: TestShard) -> Iterator[Path]:
    """A file system of 8 MiB as the shard's work directory."""
    workdir = Path(shard.config.workdir)
    if os.geteuid() != 0 or not Path("/usr/bin/mount").exists():
        pytest.skip("mounting a small disk needs root")
    workdir.mkdir()
    mounted = subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(workdir)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this machine mounts no small disk: {mounted.stderr.strip()}")
    yield workdir
    kill_owned(owner_name(workdir, 1))
    subprocess.run(["/usr/bin/umount", "--lazy", str(workdir)], check=True)


def test_a_disk_that_is_full_for_a_while_fails_no_document(
    shard: TestShard, small_disk: Path, connection: Connection
) -> None:
    keys = [f"{number:03}.pdf" for number in range(150)]
    patient = with_text_layer(shard, outage_seconds=120.0)
    cut_pdfs(patient, keys)
    control = ShardControl(patient.config, connection)
    try:
        control.start()
        filler = small_disk / "filler"
        fill_disk(filler)
        # It has come to a halt, and lives.
        counts = [-1]

        def stands_still() -> bool:
            time.sleep(2)
            counts.append(len(patient.states()))
            return counts[-1] == counts[-2]

        until(stands_still)
        assert counts[-1] < len(keys)
        assert control.is_running()
        filler.unlink()
        control.wait(120)
        check_finished(patient, control, keys)
    finally:
        control.stop()
