# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Each document does what its name says; the number before the dash makes names different.
SCRIPT = """
import resource, subprocess, time
kind = name.partition("-")[2]
if kind == "hang":
    import ctypes, signal
    signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 32)))
    ctypes.CDLL(None).sleep(600)
if kind == "crash":
    os.kill(os.getppid(), 11)
    time.sleep(600)
if kind == "hog":
    resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))
    bytearray(1_000_000_000)
if kind == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    pathlib.Path(work, "big").write_bytes(b"x" * 1000)
if kind == "child":
    subprocess.Popen(["sleep", "600"], start_new_session=True)
if kind == "noise":
    os.write(1, b'{"class": "crash", "message": "noise"}\\n' * 1000)
"""
FAILS = {"hang": "timeout", "crash": "crash", "hog": "pipeline", "full": "pipeline"}
KINDS = [*FAILS, "child", "noise", "good", "good", "good"]
SEED = int(os.environ.get("GLOSSAPI_FARM_FAULT_SEED", "1"))
ROUNDS = int(os.environ.get("GLOSSAPI_FARM_FAULT_ROUNDS", "1"))


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[TestShard]:
    shard = make_shard(client, bucket, connection, tmp_path)
    yield shard
    ShardControl(shard.config, connection).stop()
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def process_and_check(shard: TestShard, connection: Connection, kinds: dict[str, str]) -> None:
    """Process documents of these kinds and check that each ended as it must, by its content."""
    shard.cut(dict.fromkeys(kinds, 1))
    control = ShardControl(shard.config, connection)
    control.start()
    control.wait(240)
    progress = control.progress()
    assert progress is not None
    assert (progress.state, progress.pending) == ("finished", 0)
    assert progress.documents == progress.done + progress.failed == len(kinds)
    states = shard.states()
    assert set(states) == set(kinds)
    for key, kind in kinds.items():
        if kind in FAILS:
            assert states[key] is DocumentState.FAILED, key
            assert shard.marker(key, DocumentState.FAILED).failure_class == FAILS[kind]
        else:
            assert states[key] is DocumentState.DONE, key
            assert shard.text(key) == f"text of {shard.bucket.join(key)}"
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def test_every_way_a_worker_can_fail_is_that_documents_alone(shard: TestShard, connection: Connection) -> None:
    kinds = {f"{number}-{kind}.pdf": kind for number, kind in enumerate(KINDS)}
    process_and_check(shard.with_script(SCRIPT, timeout_base=4.0), connection, kinds)


@pytest.mark.parametrize(
    "fault",
    [Fault.SLOW_DOWN, Fault.RESET, Fault.REPLY_LOST, Fault.TRUNCATED, Fault.EXPIRED_TOKEN],
    ids=lambda f: f.name,
)
def test_an_s3_that_fails_for_a_while_fails_no_document(shard: TestShard, connection: Connection, fault: Fault) -> None:
    method = "GET" if fault is Fault.TRUNCATED else ""
    rules = [Rule(fault, method, r"\d-good\.pdf", times=6)]
    with FaultProxy(str(connection.endpoint_url), rules) as proxy:
        through = replace(connection, endpoint_url=proxy.endpoint_url)
        behind = shard.with_script(SCRIPT, endpoint_url=proxy.endpoint_url, outage_seconds=60)
        process_and_check(behind, through, {f"{number}-good.pdf": "good" for number in range(6)})
        assert [exchange.fault for exchange in proxy.log].count(fault) == 6


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
def test_a_random_campaign_leaves_the_account_true(shard: TestShard, connection: Connection, seed: int) -> None:
    chance = random.Random(seed)
    kinds = {f"{number}-{kind}.pdf": kind for number, kind in enumerate(chance.choices(KINDS, k=12))}
    faults = (Fault.SLOW_DOWN, Fault.RESET, Fault.REPLY_LOST)
    rules = [Rule(fault, path=r"-\w+\.pdf", probability=0.03) for fault in faults]
    with FaultProxy(str(connection.endpoint_url), rules, seed) as proxy:
        through = replace(connection, endpoint_url=proxy.endpoint_url)
        behind = shard.with_script(SCRIPT, endpoint_url=proxy.endpoint_url, outage_seconds=60, timeout_base=4.0)
        process_and_check(behind, through, kinds)
