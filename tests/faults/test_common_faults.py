# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that all documents have in common, and that are therefore none's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by, owner_name
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def shard(client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path) -> Iterator[TestShard]:
    shard = make_shard(client, bucket, connection, tmp_path)
    yield shard
    ShardControl(shard.config, connection).stop()
    assert owned_by(owner_name(Path(shard.config.workdir), 1)) == []


def fail_behind(
    shard: TestShard, connection: Connection, rule: Rule, script: str = "", outage_seconds: float = 8
) -> str:
    """Process six documents behind a proxy that does this; return the error that the operator gets."""
    shard.cut({f"{number}-good.pdf": 1 for number in range(6)})
    with FaultProxy(str(connection.endpoint_url), [rule]) as proxy:
        through = replace(connection, endpoint_url=proxy.endpoint_url)
        behind = shard.with_script(
            script, endpoint_url=proxy.endpoint_url, outage_seconds=outage_seconds, max_attempts=1
        )
        control = ShardControl(behind.config, through)
        control.start()
        with pytest.raises(FarmError) as raised:
            control.wait(300)
        log = (Path(behind.config.workdir) / "logs" / "shard_1.log").read_text()
    assert "Traceback" not in log
    return str(raised.value)


# One document fails by itself: its marker and its log are written, which proves nothing of reads and outputs.
ONE_FAILS = "if name.startswith('0'):\n    sys.exit(1)\n"


def test_inputs_that_are_denied_for_all_fail_no_document(shard: TestShard, connection: Connection) -> None:
    # One is read before that, and fails by itself: within the outage, however slow the machine is.
    rule = Rule(Fault.ACCESS_DENIED, path=r"/\d-good\.pdf$", skip=1)
    assert "access is denied" in fail_behind(shard, connection, rule, "sys.exit(1)\n", outage_seconds=40)
    states = shard.states()
    assert len(states) == 1
    assert shard.marker(next(iter(states)), DocumentState.FAILED).failure_class == "pipeline"


def test_outputs_that_are_denied_for_all_fail_no_document(shard: TestShard, connection: Connection) -> None:
    rule = Rule(Fault.ACCESS_DENIED, "PUT", "/markdown/")
    assert "access is denied" in fail_behind(shard, connection, rule, ONE_FAILS)
    assert set(shard.states()) <= {"0-good.pdf"}


def test_markers_that_are_denied_in_mid_run_end_it_with_a_word_and_no_traceback(
    shard: TestShard, connection: Connection
) -> None:
    rule = Rule(Fault.ACCESS_DENIED, "PUT", r"/status/\d-good\.pdf\.(done|failed)", skip=2)
    assert "access is denied" in fail_behind(shard, connection, rule, ONE_FAILS)
    assert len(shard.states()) == 2


def test_the_last_document_is_failed_where_it_alone_is_denied(shard: TestShard, connection: Connection) -> None:
    shard.cut({f"{number}-good.pdf": 9 - number for number in range(3)})
    with FaultProxy(str(connection.endpoint_url), [Rule(Fault.ACCESS_DENIED, "GET", r"/2-good\.pdf$")]) as proxy:
        behind = shard.with_script(endpoint_url=proxy.endpoint_url, outage_seconds=4)
        control = ShardControl(behind.config, replace(connection, endpoint_url=proxy.endpoint_url))
        control.start()
        control.wait(60)
    states = shard.states()
    assert states.pop("2-good.pdf") is DocumentState.FAILED
    assert set(states.values()) == {DocumentState.DONE}
    assert shard.marker("2-good.pdf", DocumentState.FAILED).failure_class == "download"
