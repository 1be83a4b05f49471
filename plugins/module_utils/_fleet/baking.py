# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image of a configured node: made, tried on one instance, labelled once it is good, and the last few kept.

The node is stopped first, so that its file systems are at rest, which those of a running one are not. It is terminated
at the end: nobody could log in to it any more, as its keys were taken from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import aws_errors
from .._aws.ownership import PROJECT_TAG, NotOwnedError, tag_list, tags_of
from .._ec2.nodes import DIGEST_TAG, NAME_TAG
from .._ec2.stored_template import read_template
from .._errors import FarmError
from .._records.fleet import FleetNode, NodeState
from .._records.names import fleet_node_uri
from .._s3.connection import Connection
from .._s3.objects import read_bytes_if_exists
from .._s3.uri import S3Uri
from .digest import image_digest
from .images import AVAILABLE, Image, outdated, read_images, read_lost_snapshots, remove_image, remove_snapshots
from .wanted import fleet_name

_POLL_SECONDS = 10.0
_TRIAL_NAME = "OpenArchive-Image-Trial"
# An image's name has room for 128 characters.
_DIGITS = 12


@dataclass
class Baker:
    """Makes and removes the farm's images.

    Attributes:
        connection: to AWS.
        project: value of the tag ``Project``.
        wait_seconds: for each thing that EC2 does, and for a trial.
        clock: seconds that only grow; ``sleep`` waits for so many.
    """

    connection: Connection
    project: str
    wait_seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    ec2: Any = field(init=False)

    def __post_init__(self) -> None:
        """Have the client."""
        self.ec2 = service_client(self.connection, "ec2")

    def bake(self, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
        """Return the result of the module ``node_image`` after having an image of what the node is made of.

        Raises:
            AwsError: AWS refuses something, or takes too long.
            FarmError: the instance is not there, or an instance of the image cannot work.
            NotOwnedError: the instance is not the farm's.
        """
        instance = self._read_instance(parameters["instance_id"])
        base = str(instance["ImageId"])
        digest = image_digest({**parameters["content"], "base_image": base})
        images = read_images(self.ec2, self.project)
        same = next((image for image in images if image.digest == digest and image.state == AVAILABLE), None)
        makes = (
            []
            if same
            else [
                f"Stop {parameters['instance_id']}, make the image {self._name(digest)} of it, and terminate it.",
                "Launch one instance of the image, have it show that it can work, and terminate it.",
            ]
        )
        made = same
        if makes and not check_mode:
            made = self._make(instance, digest, parameters)
            images = read_images(self.ec2, self.project)
        keep = parameters["keep"] if made or not makes else max(0, parameters["keep"] - 1)
        removes = self._clean_up(images, keep, check_mode=check_mode)
        return {
            "changed": bool(makes or removes),
            "steps": [*makes, *removes],
            "image_id": made.id if made else "",
            "digest": digest,
            "images": [image.summary() for image in (images if check_mode else read_images(self.ec2, self.project))],
        }

    def remove_all(self, *, check_mode: bool) -> dict[str, Any]:
        """Return the module's result after having removed all of the farm's images, and their snapshots.

        Raises:
            AwsError: AWS refuses something.
        """
        steps = self._clean_up(read_images(self.ec2, self.project), 0, check_mode=check_mode)
        images = read_images(self.ec2, self.project)
        return {
            "changed": bool(steps),
            "steps": steps,
            "image_id": "",
            "digest": "",
            "images": [image.summary() for image in images],
        }

    def _make(self, instance: Mapping[str, Any], digest: str, parameters: Mapping[str, Any]) -> Image:
        instance_id = instance["InstanceId"]
        with aws_errors(f"stop {instance_id}"):
            self.ec2.stop_instances(InstanceIds=[instance_id])
        self._wait_for("instance_stopped", f"{instance_id} to stop", InstanceIds=[instance_id])
        tags = tag_list({PROJECT_TAG: self.project, NAME_TAG: self._name(digest)})
        with aws_errors(f"make an image of {instance_id}"):
            image_id = self.ec2.create_image(
                InstanceId=instance_id,
                # One of that content that was no good may have the name without the time.
                Name=f"{self._name(digest)}-{int(time.time())}",
                Description=f"A configured node of {self.project}, from {instance['ImageId']}",
                TagSpecifications=[{"ResourceType": "image", "Tags": tags}],
            )["ImageId"]
        self._wait_for("image_available", f"the image {image_id}", ImageIds=[image_id])
        with aws_errors(f"tag the snapshots of the image {image_id}"):
            # By these they are found when the image is gone.
            self.ec2.create_tags(
                Resources=list(self._image(image_id).snapshots), Tags=[*tags, *tag_list({DIGEST_TAG: digest})]
            )
        try:
            self._try(image_id, instance, parameters)
        finally:
            # Whatever the image is worth, nobody could log in to this any more.
            self._terminate(instance_id)
        # Only now: fleet.yml takes no image without it.
        with aws_errors(f"label the image {image_id}"):
            self.ec2.create_tags(Resources=[image_id], Tags=tag_list({DIGEST_TAG: digest}))
        return self._image(image_id)

    def _image(self, image_id: str) -> Image:
        return next(image for image in read_images(self.ec2, self.project) if image.id == image_id)

    def _try(self, image_id: str, instance: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        """Have one instance of the image show that it can work.

        Raises:
            FarmError: it cannot, or has said nothing in time.
        """
        results = S3Uri.parse(parameters["results"])
        told = {
            "project": self.project,
            "region": self.connection.region,
            "results": parameters["results"],
            "trial": True,
        }
        tags = tag_list({PROJECT_TAG: self.project, NAME_TAG: _TRIAL_NAME})
        with aws_errors(f"launch an instance of the image {image_id}"):
            launched = self.ec2.run_instances(
                ImageId=image_id,
                InstanceType=instance["InstanceType"],
                MinCount=1,
                MaxCount=1,
                SubnetId=instance["SubnetId"],
                SecurityGroupIds=[group["GroupId"] for group in instance["SecurityGroups"]],
                IamInstanceProfile={"Arn": instance["IamInstanceProfile"]["Arn"]},
                InstanceInitiatedShutdownBehavior="terminate",
                MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
                UserData=trial_user_data(told),
                TagSpecifications=[
                    {"ResourceType": "instance", "Tags": tags},
                    {"ResourceType": "volume", "Tags": tags},
                ],
            )["Instances"][0]["InstanceId"]
        try:
            self._wait_until_fit(launched, image_id, results)
        finally:
            self._terminate(launched)

    def _wait_until_fit(self, instance_id: str, image_id: str, results: S3Uri) -> None:
        client, uri = self.connection.client(), fleet_node_uri(results, instance_id)
        deadline = self.clock() + self.wait_seconds
        said = FleetNode()
        while said.state is not NodeState.FIT:
            body = read_bytes_if_exists(client, uri)
            said = FleetNode.from_json(body, str(uri)) if body is not None else said
            if said.state is NodeState.UNFIT:
                raise FarmError(f"The image {image_id} is not fit, as its instance says: {said.message}")
            if said.state is NodeState.FIT:
                return
            if self.clock() >= deadline:
                raise FarmError(
                    f"The image {image_id} was not seen to be fit: its instance {instance_id} "
                    f"{'was still trying' if body else 'has said nothing'} after {self.wait_seconds:.0f} s. Read its "
                    f"console (aws ec2 get-console-output --instance-id {instance_id}) within the hour."
                )
            self.sleep(_POLL_SECONDS)

    def _clean_up(self, images: list[Image], keep: int, *, check_mode: bool) -> list[str]:
        """Remove the images that are not to be kept, and what is left of earlier ones; return a sentence for each."""
        going = outdated(images, keep, self._in_use())
        lost = read_lost_snapshots(self.ec2, self.project, images)
        steps = [f"Remove the image {image.id} of {image.created} and its {image.gib} GiB." for image in going]
        steps += [f"Remove the snapshot {snapshot}, whose image is gone." for snapshot in lost]
        if not check_mode:
            for image in going:
                remove_image(self.ec2, image)
            remove_snapshots(self.ec2, lost)
        return steps

    def _in_use(self) -> set[str]:
        """Return the images that nodes are launched from: the fleet's, and those of its instances."""
        try:
            template = read_template(self.ec2, self.project, fleet_name(self.project))
        except NotOwnedError:
            template = None
        with aws_errors("look which images are in use"):
            pages = self.ec2.get_paginator("describe_instances").paginate(
                Filters=[
                    {"Name": f"tag:{PROJECT_TAG}", "Values": [self.project]},
                    {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]},
                ]
            )
            used = {
                instance["ImageId"]
                for page in pages
                for group in page["Reservations"]
                for instance in group["Instances"]
            }
        return used | ({str(template.data["ImageId"])} if template and "ImageId" in template.data else set())

    def _read_instance(self, instance_id: str) -> dict[str, Any]:
        with aws_errors(f"look at the instance {instance_id}"):
            groups = self.ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
        instance: dict[str, Any] = groups[0]["Instances"][0]
        if tags_of(instance.get("Tags")).get(PROJECT_TAG) != self.project:
            raise NotOwnedError(
                f"{instance_id} has not the tag {PROJECT_TAG}={self.project}: it is left as it is. Name a node of the "
                "farm."
            )
        if instance.get("RootDeviceType") != "ebs":
            raise FarmError(f"{instance_id} has no root volume that an image can be made of: name another node.")
        if not instance.get("IamInstanceProfile"):
            raise FarmError(
                f"{instance_id} has no instance profile, so that none could try its image: run provision.yml."
            )
        return instance

    def _terminate(self, instance_id: str) -> None:
        with aws_errors(f"terminate {instance_id}"):
            self.ec2.terminate_instances(InstanceIds=[instance_id])

    def _wait_for(self, waiter: str, what: str, **parameters: Any) -> None:
        attempts = max(1, int(self.wait_seconds / _POLL_SECONDS))
        with aws_errors(f"wait for {what}"):
            self.ec2.get_waiter(waiter).wait(
                WaiterConfig={"Delay": int(_POLL_SECONDS), "MaxAttempts": attempts}, **parameters
            )

    def _name(self, digest: str) -> str:
        return f"{self.project}-{digest[:_DIGITS]}"


def trial_user_data(told: Mapping[str, Any]) -> str:
    """Return user data that tells a node its farm, as the role ``node_fleet`` does."""
    files = [{"path": "/etc/glossapi-farm/fleet.json", "permissions": "0644", "content": json.dumps(told)}]
    # JSON is YAML.
    return "#cloud-config\n" + json.dumps({"write_files": files}) + "\n"
