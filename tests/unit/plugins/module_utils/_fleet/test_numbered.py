# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""With a supervisor that works in tests/integration/test_fleet_node.py."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._fleet.claim import Place, claim_number
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.numbered import (
    NumberedSupervisor,
    running_supervisor,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import lease_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.lease import Lease, is_held
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from tests.support.config import a_config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.server


@pytest.fixture
def config(tmp_path: Path, bucket: S3Uri) -> RunConfig:
    return a_config(shard=5, results=str(bucket), workdir=str(tmp_path / "work"))


@contextmanager
def _running(config: RunConfig) -> Iterator[None]:
    """Have a supervisor, as far as its lock and its configuration go."""
    layout = Layout.of(config)
    layout.create()
    config.save(layout.config)
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def test_a_supervisor_that_runs_already_is_found(config: RunConfig, connection: Connection, client: S3Client) -> None:
    workdir = Path(config.workdir)
    assert running_supervisor(workdir, connection, client) is None
    ended = replace(config, shard=3)
    Layout.of(ended).create()
    ended.save(Layout.of(ended).config)
    (workdir / "state" / "shard_4.config.json").write_text("of another version")
    assert running_supervisor(workdir, connection, client) is None
    with _running(config):
        found = running_supervisor(workdir, connection, client)
        assert found is not None
        assert (found.number, found.stage) == (5, Stage.TEXT)
        assert found.progress() is None
        found.release()


def test_a_number_that_is_anothers_by_now_is_noticed(
    config: RunConfig, connection: Connection, client: S3Client
) -> None:
    place = Place(config.results_uri, Stage.TEXT, 5, Path(config.workdir), config.node)
    claim = claim_number(client, place)
    supervisor = NumberedSupervisor(config, connection, client, claim)
    assert not supervisor.has_lost_number()
    supervisor.release()
    assert not is_held(client, lease_uri(config.results_uri, 5))
    Lease(client, lease_uri(config.results_uri, 5), Owner("another", "node-2")).take()
    assert supervisor.has_lost_number()


def test_s3_out_of_reach_is_no_loss_of_the_number(config: RunConfig, connection: Connection) -> None:
    Layout.of(config).create()
    with FaultProxy(str(connection.endpoint_url), [Rule(Fault.ACCESS_DENIED, "GET", r"\.lease")]) as proxy:
        behind = replace(connection, endpoint_url=proxy.endpoint_url).client()
        assert not NumberedSupervisor(config, connection, behind).has_lost_number()
