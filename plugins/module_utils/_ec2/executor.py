# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan: the only code that changes instances."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import tag_list
from .._errors import FarmError
from .._formatting import duration
from .capacity import NO_ROOM
from .nodes import METADATA_OPTIONS, Node, node_name, node_tags
from .placement import CapacityError, Placement, Subnet, place
from .plan import ROOT_VOLUME_TYPE, Plan, Wanted
from .states import describe_instance_state
from .stored_template import StoredTemplate
from .template import SPOT

LOG = logging.getLogger(__name__)
# The account's vCPUs are counted until some minutes after an instance has ended or stopped.
_USED_UP = {"VcpuLimitExceeded", "MaxSpotInstanceCountExceeded"}
_CAPACITY_PAUSE_SECONDS = 60.0
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
        capacity_seconds: for which to go on trying where no zone has capacity.
        spot_first: whether to ask for spot instances first, which the template does not, and then as the template says.
        done: what was carried out so far, one sentence each.
    """

    ec2: Any
    wanted: Wanted
    wait_seconds: int
    sleep: Callable[[float], None] = time.sleep
    capacity_seconds: float = 0.0
    spot_first: bool = False
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
        for node in plan.behave:
            self._behave(node)
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

    def stop(self, nodes: Sequence[Node]) -> None:
        """Stop nodes and wait until they are.

        Raises:
            AwsError: AWS refuses, or they are not stopped in time.
        """
        if not nodes:
            return
        ids = [node.id for node in nodes]
        # One that is still starting cannot be stopped.
        self._wait("instance_running", [node.id for node in nodes if node.state == "pending"])
        with aws_errors(f"stop {', '.join(ids)}"):
            self.ec2.stop_instances(InstanceIds=ids)
        self._wait("instance_stopped", ids)
        self.done += [f"Stopped {node.id} (shard {node.shard_text}, {node.zone})." for node in nodes]

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

    def _behave(self, node: Node) -> None:
        name, shutdown = node_name(node.shard or 0), self.wanted.shutdown
        with aws_errors(f"have {name} ({node.id}) {shutdown} when it shuts itself down"):
            self.ec2.modify_instance_attribute(
                InstanceId=node.id, InstanceInitiatedShutdownBehavior={"Value": shutdown}
            )
        self.done.append(f"Had {name} {shutdown} when it shuts itself down.")

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
        self.stop([node])
        with aws_errors(f"make {name} ({node.id}) a {self.wanted.instance_type}"):
            self.ec2.modify_instance_attribute(InstanceId=node.id, InstanceType={"Value": self.wanted.instance_type})
        self.done.append(f"Made {name} a {self.wanted.instance_type}.")
        self._start([node])

    def _start(self, nodes: Sequence[Node]) -> None:
        if not nodes:
            return
        ids = [node.id for node in nodes]
        # One that is still stopping cannot be started.
        self._wait("instance_stopped", [node.id for node in nodes if node.state == "stopping"])
        deadline = time.monotonic() + self.capacity_seconds
        refused = self._try_to_start(nodes)
        while refused and (left := deadline - time.monotonic()) > 0:
            waiting = [node for node in nodes if node.id in refused]
            LOG.info(
                "no capacity to start %s: trying for %s more",
                _names([node.shard or 0 for node in waiting]),
                duration(left),
            )
            self.sleep(min(_CAPACITY_PAUSE_SECONDS, left))
            refused = self._try_to_start(waiting)
        self._wait("instance_running", [node_id for node_id in ids if node_id not in refused])
        if refused:
            raise FarmError(
                f"{' '.join(refused.values())} A stopped instance stays in its zone: run the command again later or "
                "have it go on trying (farm_capacity_minutes), or terminate it and run the command again at once, "
                "which launches another wherever there is room. Nothing is lost by that: a stop has wiped its scratch "
                "disk anyway."
            )

    def _try_to_start(self, nodes: Sequence[Node]) -> dict[str, str]:
        """Start nodes, and return by its id why there is no room for one.

        Raises:
            AwsError: AWS refuses for another reason.
        """
        refused: dict[str, str] = {}
        for node in nodes:
            try:
                self._start_one(node)
            except CapacityError as error:
                refused[node.id] = str(error)
                continue
            self.done.append(f"Started {node_name(node.shard or 0)} ({node.id}).")
        return refused

    def _start_one(self, node: Node) -> None:
        """Have EC2 start a node.

        Raises:
            AwsError: AWS refuses.
            CapacityError: its zone has no room.
        """
        name, started = node_name(node.shard or 0), time.monotonic()
        while True:
            try:
                with aws_errors(f"start {name} ({node.id}) in {node.zone}"):
                    self.ec2.start_instances(InstanceIds=[node.id])
                return
            except AwsError as error:
                if error.code in NO_ROOM:
                    raise CapacityError(str(error)) from error
                # Its own are among those that may still be counted.
                if not self._waits_for_vcpus(error, name, time.monotonic() - started):
                    raise

    def _waits_for_vcpus(self, error: AwsError, name: str, waited: float) -> bool:
        """Wait a little where a node was refused for vCPUs that may soon be counted no more, and return whether it was.

        Args:
            waited: seconds so far.
        """
        if error.code not in _USED_UP or waited >= self.wait_seconds:
            return False
        LOG.info("%s waits for the vCPUs of nodes that have ended, %s so far", name, duration(waited))
        self.sleep(_POLL_SECONDS)
        return True

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

        def launch(shard: int, subnet: Subnet, *, instance_type: str, spot: bool) -> None:
            former = sorted(node.id for node in terminated if node.shard == shard)
            request = self._request(shard, subnet, template, instance_type, spot=spot)
            where = f"{subnet.zone} ({subnet.id})" if subnet.id else subnet.zone
            instance = self._launch_one(shard, where, request, former, former_ends=bool(terminated))
            launched.append(str(instance["InstanceId"]))
            zone = instance.get("Placement", {}).get("AvailabilityZone", subnet.zone)
            other = "" if instance_type == self.wanted.instance_type else f", {instance_type}"
            self.done.append(f"Launched {node_name(shard)} ({launched[-1]}{other}) in {zone}.")

        offers = [
            partial(launch, instance_type=instance_type, spot=spot)
            for spot in ([True, False] if self.spot_first else [False])
            for instance_type in self.wanted.types
        ]

        def try_all(shards: Sequence[int]) -> Placement:
            placement = Placement({}, tuple(shards), {})
            for offer in offers:
                if not placement.unplaced:
                    break
                found = place(placement.unplaced, subnets, offer)
                full = {
                    subnet: " ".join(filter(None, [placement.full.get(subnet), why]))
                    for subnet, why in found.full.items()
                }
                placement = Placement({**placement.placed, **found.placed}, found.unplaced, {**placement.full, **full})
            return placement

        deadline = time.monotonic() + self.capacity_seconds
        placement = try_all(shards)
        while placement.unplaced and (left := deadline - time.monotonic()) > 0:
            LOG.info("no capacity for %s: trying for %s more", _names(placement.unplaced), duration(left))
            self.sleep(min(_CAPACITY_PAUSE_SECONDS, left))
            again = try_all(placement.unplaced)
            placement = Placement({**placement.placed, **again.placed}, again.unplaced, again.full)
        self._wait("instance_running", launched)
        if placement.unplaced:
            raise FarmError(
                f"No capacity for {_names(placement.unplaced)}: "
                + " ".join(placement.full[subnet.id] for subnet in subnets)
                + " Run the command again later (what runs is kept) or have it go on trying (farm_capacity_minutes), "
                "name other zones in farm_zones or farm_subnets, or other types in farm_other_instance_types."
            )
        return placement

    def _request(
        self, shard: int, subnet: Subnet, template: StoredTemplate, instance_type: str, *, spot: bool
    ) -> dict[str, Any]:
        """Return what RunInstances is asked for a shard's node."""
        tags = tag_list(node_tags(self.wanted.project, shard, self.wanted.tags))
        request: dict[str, Any] = {
            "MinCount": 1,
            "MaxCount": 1,
            "LaunchTemplate": {"LaunchTemplateId": template.id, "Version": str(template.version)},
            **({"SubnetId": subnet.id} if subnet.id else {}),
            "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in ("instance", "volume")],
        }
        # The template has the preferred one.
        other = {} if instance_type == self.wanted.instance_type else {"InstanceType": instance_type}
        return {**request, **other, **(SPOT if spot else {})}

    def _launch_one(
        self, shard: int, where: str, request: Mapping[str, Any], former: Sequence[str], *, former_ends: bool
    ) -> dict[str, Any]:
        """Launch a shard's node and return what EC2 says of it.

        Args:
            where: for messages.
            former: ids of the shard's nodes that have ended.
            former_ends: whether any node has ended lately, whose vCPUs may still be counted.

        Raises:
            AwsError: AWS refuses.
            CapacityError: the subnet has no room.
        """
        name = node_name(shard)
        token = client_token(request, former)
        started = time.monotonic()
        while True:
            try:
                with aws_errors(f"launch {name} in {where}"):
                    answer = self.ec2.run_instances(**request, ClientToken=token)
                return dict(answer["Instances"][0])
            except AwsError as error:
                waited = time.monotonic() - started
                if error.code in NO_ROOM or (error.code in _USED_UP and self.spot_first and _is_spot(request)):
                    raise CapacityError(str(error)) from error
                if error.code == "IdempotentInstanceTerminated":
                    # The same request launched a node that has been terminated so long that it is listed no more.
                    token = uuid4().hex
                elif former_ends and self._waits_for_vcpus(error, name, waited):
                    continue
                elif _is_new_profile(error) and waited <= _PROFILE_WAIT_SECONDS:
                    self.sleep(_POLL_SECONDS)
                else:
                    raise

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


def _is_spot(request: Mapping[str, Any]) -> bool:
    return "InstanceMarketOptions" in request


def _names(shards: Sequence[int]) -> str:
    return ", ".join(map(node_name, shards))


def client_token(request: Mapping[str, Any], former: Sequence[str]) -> str:
    """Return the token by which EC2 knows a repeated request for the same node.

    The same request by a controller that was interrupted before it saw the answer gets the same
    instance, even before that is listed. ``former`` makes the replacement of a terminated node
    another request.
    """
    return hashlib.sha256(json.dumps([request, list(former)], sort_keys=True).encode()).hexdigest()[:_MAX_TOKEN]
