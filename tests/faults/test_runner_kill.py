# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import status_folder
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config
from tests.support.markers import finished_states
from tests.support.shards import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOCUMENTS = 6
# Holds the third document until the file `go` exists, with a child that left the session.
SCRIPT = """
import os, pathlib, subprocess, sys, time
uri, work, go = sys.argv[1:]
if "/2.pdf" in uri and not os.path.exists(go):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    pathlib.Path(go + ".waiting").touch()
    while not os.path.exists(go):
        time.sleep(0.02)
pathlib.Path(work, "out.md").write_text("text of " + uri)
"""


@pytest.fixture
def config(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> RunConfig:
    rows = ["uri,pages,bytes"]
    for number in range(DOCUMENTS):
        put_bytes(client, bucket.join(f"{number}.pdf"), b"document", "application/pdf")
        rows.append(f"{bucket.join(f'{number}.pdf')},1,8")
    put_bytes(client, bucket.join("shards", "shard_1.csv"), "\n".join(rows).encode() + b"\n", "text/csv")
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), "{uri}", "{workdir}", str(tmp_path / "go")]
    return a_config(
        manifests=str(bucket.join("shards")),
        results=str(bucket.join("results")),
        workdir=str(tmp_path / "work"),
        pipeline="command",
        pipeline_options={"command": command},
        slots=("0", "1"),
        timeout_base=60,
        timeout_per_page=0,
        max_attempts=3,
        prefetch=2,
        grace_seconds=0,
        outage_seconds=5,
        region=connection.region,
        endpoint_url=connection.endpoint_url,
    )


@pytest.fixture
def control(config: RunConfig, connection: Connection) -> Iterator[ShardControl]:
    shard = ShardControl(config, connection)
    yield shard
    shard.stop()
    assert owned_by(owner_name(Path(config.workdir), 1)) == []


def supervisor_of(config: RunConfig) -> int:
    return int((Path(config.workdir) / "state" / "shard_1.lock").read_text())


def check_all_done(client: S3Client, config: RunConfig) -> None:
    states = finished_states(client, status_folder(config.results_uri))
    assert states == {f"{number}.pdf": DocumentState.DONE for number in range(DOCUMENTS)}
    for key in states:
        text = read_bytes(client, config.output_uri.join("markdown", f"{key}.md")).decode()
        assert text == f"text of s3://{config.results_uri.bucket}/{key}"


def test_a_killed_supervisor_leaves_no_worker_and_its_successor_finishes(
    control: ShardControl, config: RunConfig, client: S3Client, tmp_path: Path
) -> None:
    control.start()
    until((tmp_path / "go.waiting").exists)
    workers = owned_by(owner_name(Path(config.workdir), 1))
    os.kill(supervisor_of(config), signal.SIGKILL)
    until(lambda: not control.is_running())
    with pytest.raises(FarmError, match="died"):
        control.wait(0)
    assert 0 < control.select().pending < DOCUMENTS
    (tmp_path / "go").touch()
    control.start()
    control.wait(60)
    assert not set(workers) & set(owned_by(owner_name(Path(config.workdir), 1)))
    check_all_done(client, config)


def test_killed_workers_are_replaced_and_their_documents_done_again(
    control: ShardControl, config: RunConfig, client: S3Client, tmp_path: Path
) -> None:
    control.start()
    until((tmp_path / "go.waiting").exists)
    workdir = Path(config.workdir)
    for slot in config.slots:
        for process_id in owned_by(owner_name(workdir, 1, slot)):
            os.kill(process_id, signal.SIGKILL)
    (tmp_path / "go").touch()
    control.wait(60)
    check_all_done(client, config)


def test_of_two_starts_at_once_one_starts_the_supervisor(
    control: ShardControl, config: RunConfig, connection: Connection, client: S3Client, tmp_path: Path
) -> None:
    others = [ShardControl(config, connection) for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(lambda each: each.start(), others))
    assert sorted(started) == [False, False, False, True]
    (tmp_path / "go").touch()
    control.wait(60)
    check_all_done(client, config)


def test_a_missing_results_bucket_fails_the_start_and_no_document(
    config: RunConfig, client: S3Client, connection: Connection, tmp_path: Path
) -> None:
    manifest = read_bytes(client, S3Uri.parse(config.manifests).join("shard_1.csv"))
    assert manifest.count(b"\n") == DOCUMENTS + 1
    (tmp_path / "go").touch()
    broken = ShardControl(replace(config, results="s3://no-such-bucket-anywhere/results"), connection)
    with pytest.raises(FarmError, match="the bucket does not exist"):
        broken.start()
    assert broken.is_running() is False
    assert finished_states(client, status_folder(config.results_uri)) == {}
