# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images against a local account; what boots is a stand-in, which says in S3 what an instance would."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._aws.ownership import NotOwnedError
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.baking import Baker, trial_user_data
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.image import require_image
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import FleetNode, NodeState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import fleet_node_uri
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.emulated_account import PROFILE, Account, tags

_RESULTS = S3Uri("farm-results", "run")
_BASE = "ami-12c6146b"

Say = Callable[[str], FleetNode | None]


class Bench:
    """An account with nodes to make images of, and what instances of the images say."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.ec2 = account.ec2
        self.waits = 0
        self.client = account.client("s3")
        self.client.create_bucket(Bucket=_RESULTS.bucket)
        arn = account.client("iam").get_instance_profile(InstanceProfileName=PROFILE)["InstanceProfile"]["Arn"]
        self._profile = {"Arn": arn}

    def node(self, project: str = "farm", **options: Any) -> str:
        """Launch a node and return its id."""
        given = {"IamInstanceProfile": self._profile, "ImageId": _BASE, **options}
        named = [{"Key": "Project", "Value": project}, {"Key": "Shard", "Value": "1"}]
        launched = self.ec2.run_instances(
            MinCount=1,
            MaxCount=1,
            InstanceType="g5.12xlarge",
            TagSpecifications=[{"ResourceType": "instance", "Tags": named}],
            **{name: value for name, value in given.items() if value is not None},
        )
        return str(launched["Instances"][0]["InstanceId"])

    def baker(self, say: Say) -> Baker:
        """Return a baker; whenever it waits, instances that are tried say what ``say`` returns of their id."""
        clock = [0.0]

        def sleep(seconds: float) -> None:
            clock[0] += seconds
            self.waits += 1
            for instance in self.trials():
                if (said := say(instance)) is not None:
                    put_bytes(self.client, fleet_node_uri(_RESULTS, instance), said.to_json(), "application/json")

        return Baker(self.account.connection, "farm", 60.0, clock=lambda: clock[0], sleep=sleep)

    def trials(self) -> list[str]:
        """Return the ids of instances that are tried now."""
        return [each["InstanceId"] for each in self.account.instances() if "Shard" not in tags(each)]

    def bake(
        self, instance_id: str, say: Say, *, check_mode: bool = False, keep: int = 3, **content: Any
    ) -> dict[str, Any]:
        """Have an image of a node."""
        parameters = {"instance_id": instance_id, "content": content, "results": str(_RESULTS), "keep": keep}
        return self.baker(say).bake(parameters, check_mode=check_mode)

    def images(self) -> list[str]:
        """Return the ids of all images of this account."""
        return sorted(image["ImageId"] for image in self.ec2.describe_images(Owners=["self"])["Images"])

    def snapshots(self) -> int:
        """Return how many snapshots have the farm's tag."""
        mine = [{"Name": "tag:Project", "Values": ["farm"]}]
        return len(self.ec2.describe_snapshots(OwnerIds=["self"], Filters=mine)["Snapshots"])


@pytest.fixture
def bench(account: Account) -> Bench:
    return Bench(account)


def _fit(instance: str) -> FleetNode:
    return FleetNode(instance, NodeState.FIT)


def test_an_image_is_made_tried_and_only_then_labelled(bench: Bench) -> None:
    node = bench.node()
    seen: list[dict[str, str]] = []

    def say(instance: str) -> FleetNode:
        (image,) = bench.ec2.describe_images(Owners=["self"])["Images"]
        seen.append(tags(image))
        (launched,) = (each for each in bench.account.instances() if each["InstanceId"] == instance)
        assert launched["IamInstanceProfile"]["Arn"].endswith(PROFILE)
        return _fit(instance)

    made = bench.bake(node, say, driver="580")
    assert made["changed"]
    assert bench.images() == [made["image_id"]]
    assert "Digest" not in seen[0]
    (image,) = bench.ec2.describe_images(ImageIds=[made["image_id"]])["Images"]
    assert tags(image) == {"Project": "farm", "Name": f"farm-{made['digest'][:12]}", "Digest": made["digest"]}
    require_image(bench.ec2, made["image_id"], "farm")
    # The node is gone, whose keys were taken from it, and so is the one that was tried.
    assert bench.account.instances() == []
    assert [each["image_id"] for each in made["images"]] == [made["image_id"]]


def test_of_the_same_content_there_is_one_image(bench: Bench) -> None:
    made = bench.bake(bench.node(), _fit, driver="580")
    another = bench.node()
    again = bench.bake(another, _fit, driver="580")
    assert (again["changed"], again["steps"], again["image_id"]) == (False, [], made["image_id"])
    assert again["digest"] == made["digest"]
    assert [each["InstanceId"] for each in bench.account.instances()] == [another]
    other_driver = bench.bake(another, _fit, check_mode=True, driver="590")
    assert other_driver["digest"] != made["digest"]
    other_base = bench.bake(bench.node(ImageId="ami-1e749f67"), _fit, check_mode=True, driver="580")
    assert other_base["digest"] not in {made["digest"], other_driver["digest"]}


def test_check_mode_tells_and_changes_nothing(bench: Bench) -> None:
    node = bench.node()
    told = bench.bake(node, _fit, check_mode=True)
    assert told["changed"]
    assert told["image_id"] == ""
    assert bench.images() == []
    assert [each["InstanceId"] for each in bench.account.instances()] == [node]
    assert bench.bake(node, _fit)["steps"] == told["steps"]


def test_an_image_whose_instance_cannot_work_is_never_labelled_and_goes_at_the_next(bench: Bench) -> None:
    def unfit(instance: str) -> FleetNode:
        return FleetNode(instance, NodeState.UNFIT, message="nvidia-smi lists no GPU")

    with pytest.raises(FarmError, match=r"is not fit, as its instance says: nvidia-smi lists no GPU"):
        bench.bake(bench.node(), unfit)
    (bad,) = bench.images()
    with pytest.raises(FarmError, match="has not the tags"):
        require_image(bench.ec2, bad, "farm")
    assert bench.account.instances() == []
    good = bench.bake(bench.node(), _fit)
    assert bench.images() == [good["image_id"]]
    assert bench.snapshots() == 1


def test_an_instance_that_says_nothing_is_not_waited_for_without_end(bench: Bench) -> None:
    with pytest.raises(FarmError, match=r"has said nothing after 60 s"):
        bench.bake(bench.node(), lambda _instance: None)
    with pytest.raises(FarmError, match=r"was still trying after 60 s"):
        bench.bake(bench.node(), FleetNode)
    assert bench.account.instances() == []


def test_the_last_three_are_kept_and_one_in_use(bench: Bench) -> None:
    made = [bench.bake(bench.node(), _fit, version=version)["image_id"] for version in range(3)]
    # Of the oldest one somebody still has a node.
    bench.node(ImageId=min(made))
    stranger = bench.ec2.create_image(InstanceId=bench.node("other"), Name="of somebody else")["ImageId"]
    newest = bench.bake(bench.node(), _fit, version=3)
    assert {newest["image_id"], stranger, min(made)} <= set(bench.images())
    assert 3 <= len(newest["images"]) <= 4
    assert bench.snapshots() == len(newest["images"])


def test_a_snapshot_whose_image_is_gone_is_removed(bench: Bench) -> None:
    made = bench.bake(bench.node(), _fit)
    bench.ec2.deregister_image(ImageId=made["image_id"])
    assert bench.snapshots() == 1
    told = bench.baker(_fit).remove_all(check_mode=True)
    assert told["changed"]
    assert bench.snapshots() == 1
    assert bench.baker(_fit).remove_all(check_mode=False)["steps"] == told["steps"]
    assert bench.snapshots() == 0
    assert not bench.baker(_fit).remove_all(check_mode=False)["changed"]


def test_all_are_removed_where_that_is_asked_for(bench: Bench) -> None:
    bench.bake(bench.node(), _fit)
    removed = bench.baker(_fit).remove_all(check_mode=False)
    assert removed["changed"]
    assert removed["images"] == []
    assert bench.images() == []


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ({"project": "other"}, "has not the tag Project=farm"),
        ({"IamInstanceProfile": None}, "has no instance profile"),
    ],
)
def test_a_node_that_will_not_do_is_left_as_it_is(bench: Bench, node: dict[str, Any], told: str) -> None:
    instance = bench.node(**node)
    with pytest.raises(FarmError, match=told) as raised:
        bench.bake(instance, _fit)
    assert isinstance(raised.value, NotOwnedError) == ("project" in node)
    assert [each["InstanceId"] for each in bench.account.instances()] == [instance]


def test_the_instance_that_is_tried_is_told_so_as_the_fleets_are() -> None:
    told = yaml.safe_load(trial_user_data({"project": "farm", "trial": True}))
    (file,) = told["write_files"]
    assert file["path"] == "/etc/glossapi-farm/fleet.json"
    assert json.loads(file["content"]) == {"project": "farm", "trial": True}
    assert trial_user_data({}).startswith("#cloud-config\n")
