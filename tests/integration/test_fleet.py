# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role ``node_fleet`` and the playbooks that know the fleet, against a local account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support.emulated_account import GROUP, PROFILE, tags
from tests.support.emulated_farm import PROJECT, EmulatedFarm, Run, emulated_farm

# Of a farm whose work is a queue; the play is the role's part of playbooks/fleet.yml.
_SETTINGS = {
    "farm_work": "queue",
    "farm_max_nodes": 3,
    "farm_fleet_image_id": "ami-12c6146b",
    "farm_security_group": GROUP,
    "farm_instance_profile": PROFILE,
    "farm_spot": True,
}
_TEARDOWN = ("teardown", "-e", f"confirm={PROJECT}")


@pytest.fixture(scope="module")
def farm(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFarm]:
    with emulated_farm(repository, tmp_path_factory.mktemp("fleet")) as farm:
        farm.account.ec2.create_security_group(
            GroupName=GROUP,
            Description="nodes",
            TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Project", "Value": PROJECT}]}],
        )
        image = {"Project": PROJECT, "Digest": "of what went in"}
        farm.account.ec2.create_tags(
            Resources=[_SETTINGS["farm_fleet_image_id"]],
            Tags=[{"Key": key, "Value": value} for key, value in image.items()],
        )
        farm.account.client("s3").create_bucket(Bucket="test-results")
        farm.account.client("iam").create_instance_profile(InstanceProfileName=PROFILE)
        for stage in ("text", "ocr"):
            farm.account.client("sqs").create_queue(QueueName=f"{PROJECT}-{stage}")
        yield farm


def _play(farm: EmulatedFarm, *options: str) -> Run:
    return farm.play("fleet", "-e", json.dumps(_SETTINGS), *options)


def test_a_fleet_comes_grows_pauses_and_goes(farm: EmulatedFarm, repository: Path) -> None:
    told = _play(farm, "--check")
    assert (told.status, told.changes) == (0, []), told.output
    first = _play(farm)
    assert first.status == 0, first.output
    assert "CreateAutoScalingGroup" in first.changes
    # What nodes are told is a change of its own.
    assert told.changed_tasks() == first.changed_tasks() == 2
    body = farm.account.client("s3").get_object(Bucket="test-results", Key="farm/status/_fleet/settings.json")["Body"]
    settings = json.loads(body.read())
    assert [(each["stage"], each["options"]["pipeline"]) for each in settings["stages"]] == [
        ("text", "pdftext"),
        ("ocr", "tesseract"),
    ]
    assert settings["first_number"] == 3
    assert settings["lifetime"]["idle_minutes"] == 60
    again = _play(farm)
    assert (again.status, again.changed_tasks(), again.changes) == (0, 0, []), again.output

    queue = farm.account.client("sqs").get_queue_url(QueueName=f"{PROJECT}-text")["QueueUrl"]
    for piece in range(3):
        farm.account.client("sqs").send_message(QueueUrl=queue, MessageBody=str(piece))
    grown = _play(farm)
    assert grown.changes == ["SetDesiredCapacity"], grown.output
    assert [tags(node)["Fleet"] for node in farm.account.instances()] == [f"{PROJECT}-fleet"] * 2

    # The settings of the fleet may have been on the command line.
    paused = farm.play("pause")
    assert paused.status == 0, paused.output
    assert farm.account.instances() == []
    assert "ResumeProcesses" in _play(farm).changes
    assert len(farm.account.instances()) == 2

    told = farm.play("pause", "--check")
    assert (told.status, told.changed_tasks()) == (0, 1), told.output

    gone = farm.play(*_TEARDOWN)
    assert gone.status == 0, gone.output
    assert "DeleteAutoScalingGroup" in gone.changes
    assert farm.account.instances() == []

    policy = json.loads((repository / "docs" / "controller-policy.json").read_text())
    allowed = [action for statement in policy["Statement"] for action in statement["Action"]]
    asked = {call for run in (first, grown, paused, gone) for call in run.calls if call.startswith("autoscaling:")}
    assert "autoscaling:CreateAutoScalingGroup" in asked
    assert [call for call in sorted(asked) if not any(fnmatch(call, action) for action in allowed)] == []


def test_an_image_is_made_of_a_node_that_is_named(farm: EmulatedFarm) -> None:
    unnamed = farm.play("image", "-e", json.dumps(_SETTINGS))
    assert unnamed.status != 0
    assert unnamed.changes == []
    assert "Name the node that the image is made of" in " ".join(unnamed.output.split())


def test_more_nodes_are_confirmed_first(farm: EmulatedFarm) -> None:
    refused = _play(farm, "-e", "farm_confirm_cost=false")
    assert refused.status != 0
    assert refused.changes == []
    assert "The fleet may have up to 3 nodes, about 17.02 USD an hour on demand" in " ".join(refused.output.split())


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"farm_max_nodes": 0}, "farm_max_nodes is 0: say how many nodes there may be"),
        ({"farm_work": "shards"}, "a fleet works on pieces from a queue: set farm_work to queue"),
        ({"farm_fleet_image_id": ""}, "farm_fleet_image_id is ''"),
        ({"farm_fleet_on_demand_base": 4}, "and farm_fleet_on_demand_base 4"),
    ],
)
def test_settings_that_make_no_fleet_are_refused(farm: EmulatedFarm, settings: dict[str, object], told: str) -> None:
    run = _play(farm, "-e", json.dumps(settings))
    assert run.status != 0
    assert told in " ".join(run.output.split())
