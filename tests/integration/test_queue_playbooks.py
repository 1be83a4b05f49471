# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``farm_work: queue`` by its playbooks: emulated nodes that take pieces from moto's SQS, on a local S3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.ec2 import Ec2Server
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY
from tests.support.playbook_farm import PlaybookFarm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Every run leaves a line, so that attempts can be counted.
SCRIPT = """
with pathlib.Path(home.parent, "runs").open("a") as runs:
    runs.write(f"{name} {home.name}\\n")
if name == "broken" and not pathlib.Path(home.parent, "mended").exists():
    raise SystemExit("it is broken")
"""
NODES = 2


@pytest.fixture
def sqs(ec2_server: Ec2Server) -> Any:
    return boto3.client(
        "sqs",
        region_name=REGION,
        endpoint_url=ec2_server.endpoint_url,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


@pytest.fixture
def farm(
    client: S3Client, bucket: S3Uri, repository: Path, tmp_path: Path, ec2_server: Ec2Server, sqs: Any
) -> Iterator[PlaybookFarm]:
    farm = PlaybookFarm(client, bucket, repository, tmp_path, nodes=NODES)
    farm.use_script(SCRIPT)
    farm.variables["AWS_ENDPOINT_URL_SQS"] = ec2_server.endpoint_url
    # Pieces of three pages: a minute's work of one slot at twenty seconds a page.
    farm.settings |= {
        "farm_work": "queue",
        "farm_project": f"farm-{bucket.bucket}",
        "farm_piece_minutes": 1,
        "farm_seconds_per_page": 20,
        "farm_stages": ["text"],
    }
    sqs.create_queue(QueueName=f"farm-{bucket.bucket}-text")
    yield farm
    farm.end(farm.shards)


def played(farm: PlaybookFarm, playbook: str, *options: str) -> str:
    found = farm.play(playbook, *options)
    assert found.status == 0, found.output
    return found.output


def runs(tmp_path: Path) -> list[str]:
    return sorted(line.split()[0] for line in (tmp_path / "runs").read_text().splitlines())


def test_nodes_take_pieces_until_all_is_done_and_a_second_run_changes_nothing(
    farm: PlaybookFarm, tmp_path: Path
) -> None:
    names = [f"{number:02}" for number in range(12)]
    farm.count({f"{name}.pdf": 1 for name in names} | {"broken.pdf": 9})
    played(farm, "shard")
    assert [len(farm.manifest(piece)) for piece in range(1, 6)] == [1, 3, 3, 3, 3]

    assert "5 of 5 pieces were put in" in played(farm, "process", "-e", "farm_max_failure_share=1")

    assert farm.states() == {f"{name}.pdf": DocumentState.DONE for name in names} | {"broken.pdf": DocumentState.FAILED}
    assert runs(tmp_path).count("00") == 1
    assert farm.marker("00.pdf").shard in range(2, 6)

    again = farm.play("process", "-e", "farm_max_failure_share=1")
    assert (again.status, set(again.changed.values())) == (0, {0}), again.output
    assert "0 of 5 pieces were put in" in again.output

    (tmp_path / "mended").touch()
    played(farm, "process", "-e", "retry=pipeline", "-e", "retry_label=mended")
    assert farm.states()["broken.pdf"] is DocumentState.DONE
    assert runs(tmp_path).count("00") == 1


def test_nothing_is_cut_anew_over_nodes_that_share_a_queue(farm: PlaybookFarm) -> None:
    refused = farm.play("rebalance")
    assert refused.status != 0
    assert "there is nothing to cut anew" in refused.output


def test_a_cut_of_the_other_kind_is_refused_and_check_mode_needs_no_queue(farm: PlaybookFarm, sqs: Any) -> None:
    farm.count({"a.pdf": 1})
    played(farm, "shard", "-e", "farm_work=shards")
    refused = farm.play("process")
    assert refused.status != 0
    assert "the documents are cut into shards for stage text: run playbooks/shard.yml" in " ".join(
        refused.output.split()
    )
    played(farm, "shard")
    alone = farm.play("process", "--limit", "farm_nodes")
    assert alone.status != 0
    assert "add localhost to --limit" in " ".join(alone.output.split())
    name = f"{farm.settings['farm_project']}-text"
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])
    told = farm.play("process", "--check")
    assert told.status == 0, told.output
    assert f"There is no queue {name}" in " ".join(told.output.split())
    assert farm.states() == {}
