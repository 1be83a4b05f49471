# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node is lost and one is slow: ``playbooks/rebalance.yml`` over emulated nodes on a local S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.playbook_farm import PlaybookFarm
from tests.support.shards import until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DOCUMENTS = 120
# Node 2 does 5 documents in the time in which the others do 20; then all wait, so that it is known what was done.
SCRIPT = """
runs = pathlib.Path(home, "runs")
done = runs.read_text().count("\\n") if runs.exists() else 0
while done >= (5 if home.name == "node-2" else 20) and not pathlib.Path(home.parent, "go").exists():
    time.sleep(0.02)
with runs.open("a") as file:
    file.write("1\\n")
"""


@pytest.fixture
def farm(client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path) -> Iterator[PlaybookFarm]:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=3)
    farm.use_script(SCRIPT)
    farm.settings["farm_grace_seconds"] = 0
    yield farm
    farm.end(farm.shards)


def test_the_rest_of_a_lost_node_goes_to_the_others_by_their_speed(farm: PlaybookFarm) -> None:
    keys = [f"{number:03}.pdf" for number in range(DOCUMENTS)]
    farm.count(dict.fromkeys(keys, 1))
    cut = farm.play("shard")
    assert cut.status == 0, cut.output
    started = farm.play("process", "--limit=farm_nodes")
    assert started.status == 0, started.output
    # The lost node has done something by then, and said how fast it was.
    until(lambda: [said.done for said in farm.progress().values()] == [20, 5, 20])
    farm.lose(3)
    before = {shard: farm.manifest(shard) for shard in farm.shards}

    checked = farm.play("rebalance", "--check")
    assert checked.status == 0, checked.output
    assert checked.changed == {"localhost": 1, "node-1": 2, "node-2": 2, "node-3": 0}
    assert {shard: farm.manifest(shard) for shard in farm.shards} == before
    assert farm.running() == [1, 2]

    rebalanced = farm.play("rebalance")
    assert rebalanced.status == 0, rebalanced.output
    assert rebalanced.changed == {"localhost": 1, "node-1": 2, "node-2": 2, "node-3": 0}
    assert "Lost: node-3." in rebalanced.output
    manifests = {shard: farm.manifest(shard) for shard in farm.shards}
    assert manifests[3] == []
    # Four times as fast, but for the time between the starts of the two.
    assert 3 < len(manifests[1]) / len(manifests[2]) < 5
    listed = {key_of(document.uri) for documents in manifests.values() for document in documents}
    assert len(listed) == DOCUMENTS - 45

    (farm.home(1).parent / "go").touch()
    finished = farm.play("process", "--limit=all:!node-3")
    assert finished.status == 0, finished.output
    assert farm.states() == dict.fromkeys(keys, DocumentState.DONE)
    assert f"input {DOCUMENTS} = {DOCUMENTS} done + 0 failed + 0 pending (balances)" in finished.output
    assert farm.running() == []


@pytest.mark.thorough
def test_what_failed_stays_in_the_account_and_can_be_tried_again_after_another_cut(farm: PlaybookFarm) -> None:
    farm.use_script("""
    if int(name) % 4 == 0 and not pathlib.Path(home.parent, "mended").exists():
        sys.exit("it is broken")
    """)
    keys = [f"{number:02}.pdf" for number in range(12)]
    farm.count(dict.fromkeys(keys, 2))
    farm.cut()
    worked = farm.play("process")
    assert "input 12 = 9 done + 3 failed + 0 pending (balances)" in worked.output
    farm.hide(3)
    rebalanced = farm.play("rebalance")
    assert rebalanced.status == 0, rebalanced.output
    assert "0 documents and 0 pages are left" in rebalanced.output

    told = farm.play("status")
    assert "input 12 = 9 done + 3 failed + 0 pending (balances)" in told.output
    assert "3 pipeline" in told.output

    (farm.home(1).parent / "mended").touch()
    retried = farm.play("process", "--limit=all:!node-3", "-e", "retry=pipeline")
    assert retried.status == 0, retried.output
    assert "input 12 = 12 done + 0 failed + 0 pending (balances)" in retried.output
    assert farm.states() == dict.fromkeys(keys, DocumentState.DONE)


def test_nothing_is_cut_where_not_all_nodes_were_tried(farm: PlaybookFarm) -> None:
    farm.count({"a.pdf": 1})
    refused = farm.play("rebalance", "--limit=node-1,localhost")
    assert refused.status != 0
    assert "run this without --limit" in refused.output


def test_without_a_node_that_can_be_reached_nothing_is_cut(farm: PlaybookFarm) -> None:
    farm.count({"a.pdf": 1, "b.pdf": 1, "c.pdf": 1})
    farm.cut()
    before = {shard: farm.manifest(shard) for shard in farm.shards}
    farm.hide(*farm.shards)
    refused = farm.play("rebalance")
    assert refused.status != 0
    assert "No node is left that could work" in refused.output
    assert {shard: farm.manifest(shard) for shard in farm.shards} == before
