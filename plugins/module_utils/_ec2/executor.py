# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan: the only code that changes instances."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import tag_list
from .._errors import FarmError
from .nodes import METADATA_OPTIONS, Node, node_name, node_tags
from .placement import CapacityError, Placement, Subnet, place
from .plan import ROOT_VOLUME_TYPE, Plan, Wanted
from .states import describe_instance_state
from .stored_template import StoredTemplate

# Another zone may do where one answers so.
_NO_ROOM = {
    "InsufficientInstanceCapacity",
    "InsufficientFreeAddressesInSubnet",
    "Unsupported",
    "SpotMaxPriceTooLow",
}
_MAX_TOKEN = 64
_POLL_SECONDS = 5
# IAM is eventually consistent: EC2 does not know a new instance profile for some seconds.
_PROFILE_WAIT_SECONDS = 90


@dataclass
class Executor:
    """Changes the farm's instances, one step after the other.

    Attributes:
        wait_seconds: for each step that takes time, as a start.
        sleep: waits between two looks.
        done: what was carried out so far, one sentence each.
    """

    ec2: Any
    wanted: Wanted
    wait_seconds: int
    sleep: Callable[[float], None] = time.sleep
    done: list[str] = field(default_factory=list)

    def run(
        self, plan: Plan, template: StoredTemplate | None, subnets: Sequence[Subnet], terminated: Collection[Node]
    ) -> Placement:
        """Carry out the plan.

        What was done is kept when a step fails: the next run goes on from there.

        Args:
            template: to launch from; needed only where the plan launches.
            subnets: to launch in, in this order.
            terminated: former nodes that AWS still lists.

        Raises:
            AwsError: a step failed.
            FarmError: no subnet had room for a node.
        """
        for resource, tags in plan.retag.items():
            self._retag(resource, tags)
        for node in plan.regroup:
            self._regroup(node)
        for node in plan.reprofile:
            self._reprofile(node)
        for node in plan.protect:
            self._protect(node)
        for node in plan.grow:
            self._grow(node)
        for node in plan.resize:
            self._resize(node)
        self._start(plan.start)
        placement = self._launch(plan.launch, template, subnets, terminated)
        self.terminate(plan.terminate)
        return placement

    def terminate(self, nodes: Sequence[Node]) -> None:
        """Terminate nodes and wait until they are gone.

        Raises:
            AwsError: AWS refuses, or they are not gone in time.
        """
        if not nodes:
            return
        ids = [node.id for node in nodes]
        with aws_errors(f"terminate {', '.join(ids)}"):
            self.ec2.terminate_instances(InstanceIds=ids)
        self._wait("instance_terminated", ids)
        self.done += [f"Terminated {node.id} (shard {node.shard_text}, {node.zone})." for node in nodes]

    def _retag(self, resource: str, tags: Mapping[str, str]) -> None:
        with aws_errors(f"tag {resource}"):
            self.ec2.create_tags(Resources=[resource], Tags=tag_list(tags))
        self.done.append(f"Set {', '.join(sorted(tags))} on {resource}.")

    def _regroup(self, node: Node) -> None:
        groups = sorted(self.wanted.security_groups)
        name = node_name(node.shard or 0)
        with aws_errors(f"put {name} ({node.id}) in {', '.join(groups)}"):
            self.ec2.modify_instance_attribute(InstanceId=node.id, Groups=groups)
        self.done.append(f"Put {name} in {', '.join(groups)} alone.")

    def _reprofile(self, node: Node) -> None:
        name, profile = node_name(node.shard or 0), {"Name": self.wanted.instance_profile}
        with aws_errors(f"give {name} ({node.id}) the instance profile {self.wanted.instance_profile}"):
            found = self.ec2.describe_iam_instance_profile_associations(
                Filters=[
                    {"Name": "instance-id", "Values": [node.id]},
                    {"Name": "state", "Values": ["associating", "associated"]},
                ]
            )["IamInstanceProfileAssociations"]
            if found:
                self.ec2.replace_iam_instance_profile_association(
                    AssociationId=found[0]["AssociationId"], IamInstanceProfile=profile
                )
            else:
                self.ec2.associate_iam_instance_profile(InstanceId=node.id, IamInstanceProfile=profile)
        self.done.append(f"Gave {name} the instance profile {self.wanted.instance_profile}.")

    def _protect(self, node: Node) -> None:
        name = node_name(node.shard or 0)
        with aws_errors(f"change the metadata options of {name} ({node.id})"):
            self.ec2.modify_instance_metadata_options(InstanceId=node.id, **METADATA_OPTIONS)
        self.done.append(f"Had the metadata service of {name} answer by IMDSv2 alone.")

    def _grow(self, node: Node) -> None:
        if node.root is None:
            return
        gib = self.wanted.root_gib
        with aws_errors(f"change the volume {node.root.id} to {gib} GiB {ROOT_VOLUME_TYPE}"):
            self.ec2.modify_volume(VolumeId=node.root.id, Size=gib, VolumeType=ROOT_VOLUME_TYPE)
        self.done.append(
            f"Changed {node.root.id} of {node_name(node.shard or 0)} to {gib} GiB {ROOT_VOLUME_TYPE}: the role "
            "root_volume grows the filesystem."
        )

    def _resize(self, node: Node) -> None:
        name = node_name(node.shard or 0)
        with aws_errors(f"stop {name} ({node.id})"):
            self.ec2.stop_instances(InstanceIds=[node.id])
        self._wait("instance_stopped", [node.id])
        with aws_errors(f"make {name} ({node.id}) a {self.wanted.instance_type}"):
            self.ec2.modify_instance_attribute(InstanceId=node.id, InstanceType={"Value": self.wanted.instance_type})
        self.done.append(f"Stopped {name} and made it a {self.wanted.instance_type}.")
        self._start([node])

    def _start(self, nodes: Sequence[Node]) -> None:
        if not nodes:
            return
        ids = [node.id for node in nodes]
        # One that is still stopping cannot be started.
        self._wait("instance_stopped", [node.id for node in nodes if node.state == "stopping"])
        for node in nodes:
            try:
                with aws_errors(f"start {node_name(node.shard or 0)} ({node.id})"):
                    self.ec2.start_instances(InstanceIds=[node.id])
            except AwsError as error:
                if error.code not in _NO_ROOM:
                    raise
                raise FarmError(
                    f"{error} A stopped instance stays in its zone, {node.zone}: run the command again later, or "
                    "terminate it and run it again at once, which launches another wherever there is room. Nothing "
                    "is lost by that: a stop has wiped its scratch disk anyway."
                ) from error
            self.done.append(f"Started {node_name(node.shard or 0)} ({node.id}).")
        self._wait("instance_running", ids)

    def _launch(
        self,
        shards: Sequence[int],
        template: StoredTemplate | None,
        subnets: Sequence[Subnet],
        terminated: Collection[Node],
    ) -> Placement:
        if not shards or template is None:
            return Placement({}, tuple(shards), {})
        launched: list[str] = []

        def launch(shard: int, subnet: Subnet) -> None:
            former = sorted(node.id for node in terminated if node.shard == shard)
            launched.append(self._launch_one(shard, subnet, template, former))
            self.done.append(f"Launched {node_name(shard)} ({launched[-1]}) in {subnet.zone}.")

        placement = place(shards, subnets, launch)
        self._wait("instance_running", launched)
        if placement.unplaced:
            raise FarmError(
                f"No capacity for {', '.join(map(node_name, placement.unplaced))}: "
                + " ".join(placement.full[subnet.id] for subnet in subnets)
                + " Run the command again later (what runs is kept), name other zones in farm_zones or farm_subnets, "
                "or another farm_instance_type."
            )
        return placement

    def _launch_one(self, shard: int, subnet: Subnet, template: StoredTemplate, former: Sequence[str]) -> str:
        """Launch a shard's node and return its id.

        Raises:
            AwsError: AWS refuses.
            CapacityError: the subnet has no room.
        """
        tags = tag_list(node_tags(self.wanted.project, shard, self.wanted.tags))
        request: dict[str, Any] = {
            "MinCount": 1,
            "MaxCount": 1,
            "LaunchTemplate": {"LaunchTemplateId": template.id, "Version": str(template.version)},
            "SubnetId": subnet.id,
            "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")],
        }
        token = client_token(request, former)
        deadline = time.monotonic() + _PROFILE_WAIT_SECONDS
        while True:
            try:
                with aws_errors(f"launch {node_name(shard)} in {subnet.zone} ({subnet.id})"):
                    answer = self.ec2.run_instances(**request, ClientToken=token)
                return str(answer["Instances"][0]["InstanceId"])
            except AwsError as error:
                if error.code in _NO_ROOM:
                    raise CapacityError(str(error)) from error
                if error.code == "IdempotentInstanceTerminated":
                    # The same request launched a node that has been terminated so long that it is listed no more.
                    token = uuid4().hex
                elif not _is_new_profile(error) or time.monotonic() > deadline:
                    raise
                else:
                    self.sleep(_POLL_SECONDS)

    def _wait(self, waiter: str, ids: Sequence[str]) -> None:
        """Wait until all instances are so.

        Raises:
            AwsError: they are not in time, or never will be; the message has the state of each and why it is so.
        """
        if not ids:
            return
        try:
            with aws_errors(f"wait for {', '.join(ids)} ({waiter.replace('_', ' ')})"):
                self.ec2.get_waiter(waiter).wait(
                    InstanceIds=list(ids),
                    WaiterConfig={"Delay": _POLL_SECONDS, "MaxAttempts": max(1, self.wait_seconds // _POLL_SECONDS)},
                )
        except AwsError as error:
            states = [describe_instance_state(self.ec2, instance_id) for instance_id in ids]
            raise AwsError(" ".join([str(error), *states]), error.code) from error


def _is_new_profile(error: AwsError) -> bool:
    """Return whether EC2 does not know an instance profile yet, or not its role."""
    return any(text in str(error) for text in ("Invalid IAM Instance Profile", "has no associated IAM Roles"))


def client_token(request: Mapping[str, Any], former: Sequence[str]) -> str:
    """Return the token by which EC2 knows a repeated request for the same node.

    The same request by a controller that was interrupted before it saw the answer gets the same
    instance, even before that is listed. ``former`` makes the replacement of a terminated node
    another request.
    """
    return hashlib.sha256(json.dumps([request, list(former)], sort_keys=True).encode()).hexdigest()[:_MAX_TOKEN]
