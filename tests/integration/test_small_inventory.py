# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed collection with an inventory of ten lines, and nothing else of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import thesis
from tests.support.collection_archive import build, install
from tests.support.warm_python import warm_python

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LINES = 10
_INVENTORY = """\
all:
  vars:
    farm_input_bucket: {bucket}
    farm_manifests: s3://{bucket}/manifests
    farm_results: s3://{bucket}/results
  children:
    farm_nodes:
      hosts:
        node-[1:2]: {{ansible_connection: local, farm_shard: "{{{{ inventory_hostname.split('-')[1] }}}}"}}
"""
# Nodes without a machine behind them, as a test can have.
_EMULATED = "    emulated_nodes: {children: {farm_nodes: }}\n"


@pytest.fixture(scope="module")
def collections(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collections")
    install(build(repository, tmp_path_factory.mktemp("archive")), folder)
    return folder


def _played(collections: Path, folder: Path, playbook: str, *options: str) -> str:
    """Return the output of a playbook that succeeds without a warning."""
    finished = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"glossapi.farm.{playbook}",
            *("--inventory", "hosts.yml", "-e", f"ansible_python_interpreter={warm_python()}", *options),
        ],
        cwd=folder,
        env={
            **os.environ,
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_LOCAL_TEMP": str(folder / "ansible"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    output = finished.stdout + finished.stderr
    assert finished.returncode == 0, output
    assert "[WARNING]" not in output
    return output


def _write_inventory(folder: Path, text: str) -> None:
    assert len(text.splitlines()) <= _LINES
    (folder / "hosts.yml").write_text(text)


def test_ten_lines_are_enough_to_count_cut_plan_and_report(
    collections: Path, client: S3Client, bucket: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", client.meta.endpoint_url)
    for number in range(4):
        put_bytes(client, bucket.join(f"thesis-{number}.pdf"), thesis(1, number), "application/pdf")
    inventory = _INVENTORY.format(bucket=bucket.bucket)
    _write_inventory(tmp_path, inventory)
    # A group that is not there, as emulated_nodes here, is nothing to warn of.
    assert "node-2" in _played(collections, tmp_path, "configure", "--list-hosts")
    assert "changed=1" in _played(collections, tmp_path, "count")
    _played(collections, tmp_path, "shard", "-e", "farm_shards=2")
    assert "4 pages left" in _played(collections, tmp_path, "plan")
    assert "4 pending (balances)" in _played(collections, tmp_path, "status")

    _write_inventory(tmp_path, inventory + _EMULATED)
    assert "no hosts matched" in _played(collections, tmp_path, "configure")
    own = (
        *("-e", f"farm_node_python={sys.executable}", "-e", "farm_gpus=0", "-e", "farm_interruption_notices=false"),
        *("-e", f"farm_workdir={tmp_path}/{{{{ inventory_hostname }}}}", "-e", "farm_poll_interval=1"),
    )
    assert "4 done + 0 failed + 0 pending (balances)" in _played(collections, tmp_path, "process", *own)
    assert "4 done" in _played(collections, tmp_path, "status")
