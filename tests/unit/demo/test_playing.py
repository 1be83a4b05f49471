# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.detached import DetachedSupervisor
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.playing import alone, play, stop_supervisors
from tests.support.config import a_config


def test_a_second_demo_is_kept_out_of_the_folder(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(RuntimeError, match="another demo is at work in"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_all_that_ansible_says_is_kept_and_its_plays_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "PLAY [Count the pages] ***\nTASK [Count] ***\nok: [localhost]\n"
    log = tmp_path / "ansible.log"
    program = f"import sys; sys.stderr.write({said!r}); sys.exit(4)"
    assert play([sys.executable, "-c", program], tmp_path, {}, log) == 4
    assert log.read_text() == said
    assert capsys.readouterr().out.startswith("Count the pages ....")


def test_no_supervisor_is_left(connection: Connection, bucket: S3Uri, tmp_path: Path) -> None:
    workdir = tmp_path / "nodes" / "OpenArchive-Shard-1"
    supervisor = DetachedSupervisor(Layout(workdir, 1))
    config = a_config(manifests=str(bucket.join("shards")), results=str(bucket.join("results")), workdir=str(workdir))
    supervisor.start(config, connection)
    stop_supervisors(tmp_path / "nodes")
    assert not supervisor.is_running()
    stop_supervisors(tmp_path / "nodes")
