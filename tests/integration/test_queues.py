# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queues of an elastic farm, in an emulated account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated_farm import PROJECT, EmulatedFarm, Run, emulated_farm

_STAGES = ("-e", '{"farm_stages": ["text", "ocr"]}', "-e", "farm_work=queue")
_QUEUES = ("provision", "--tags", "work_queue", *_STAGES)
_NAMES = {f"{PROJECT}-{stage}{kind}" for stage in ("text", "ocr") for kind in ("", "-dead")}


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("queues")) as farm:
        yield farm


def _queues(farm: EmulatedFarm) -> dict[str, dict[str, Any]]:
    """Return the attributes of all queues, by name."""
    sqs = farm.account.client("sqs")
    urls = sqs.list_queues().get("QueueUrls", [])
    return {
        url.rpartition("/")[2]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        | {"tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {})}
        for url in urls
    }


def _changed(run: Run) -> int:
    assert run.status == 0, run.output
    return run.changed_tasks()


def test_each_stage_has_its_queue_until_the_farm_goes(farm: EmulatedFarm) -> None:
    sqs = farm.account.client("sqs")
    foreign = f"{PROJECT}-math"
    sqs.create_queue(QueueName=foreign)
    assert _changed(farm.play(*_QUEUES, "--check")) == 2
    assert set(_queues(farm)) == {foreign}
    assert _changed(farm.play(*_QUEUES)) == 2
    assert _changed(farm.play(*_QUEUES)) == 0
    found = _queues(farm)
    assert set(found) == _NAMES | {foreign}
    queue, dead = found[f"{PROJECT}-ocr"], found[f"{PROJECT}-ocr-dead"]
    assert json.loads(queue["RedrivePolicy"]) == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 20}
    assert (queue["VisibilityTimeout"], queue["ReceiveMessageWaitTimeSeconds"]) == ("300", "20")
    assert {each["MessageRetentionPeriod"] for name, each in found.items() if name in _NAMES} == {str(14 * 86400)}
    assert {each["tags"].get("Project") for name, each in found.items() if name in _NAMES} == {PROJECT}
    assert "FifoQueue" not in queue

    sqs.set_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName=f"{PROJECT}-ocr")["QueueUrl"], Attributes={"VisibilityTimeout": "5"}
    )
    assert _changed(farm.play(*_QUEUES)) == 1
    assert _queues(farm)[f"{PROJECT}-ocr"]["VisibilityTimeout"] == "300"

    torn_down = farm.play("teardown", "-e", f"confirm={PROJECT}", *_STAGES)
    assert torn_down.status == 0, torn_down.output
    assert set(_queues(farm)) == {foreign}
    assert f"There is the queue {foreign}" in " ".join(torn_down.output.split())
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=foreign)["QueueUrl"])
    assert farm.recorder.asked == []


def test_a_queue_of_somebody_else_is_refused_with_the_way_to_make_it_the_farms(farm: EmulatedFarm) -> None:
    sqs = farm.account.client("sqs")
    url = sqs.create_queue(QueueName=f"{PROJECT}-text", tags={"Project": "another"})["QueueUrl"]
    run = farm.play(*_QUEUES)
    assert run.status != 0
    told = " ".join(run.output.split())
    assert f"There is the queue {PROJECT}-text ({url}), and it is not the farm's" in told
    assert f"aws sqs tag-queue --region us-east-1 --queue-url {url} --tags Project={PROJECT}" in told
    assert set(_queues(farm)) == {f"{PROJECT}-text"}
    before = farm.play("validate", *_STAGES, HF_TOKEN="hf_any")
    assert before.status != 0
    assert f"There is the queue {PROJECT}-text ({url}), and it is not the farm's" in " ".join(before.output.split())
    sqs.delete_queue(QueueUrl=url)
