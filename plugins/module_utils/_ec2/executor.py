# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carry out a plan: launch, start, stop and terminate instances, and wait for what takes its time."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import tag_list
from .._errors import FarmError
from .._formatting import duration
from .capacity import NO_ROOM
from .mender import Mender
from .nodes import Node, node_name, node_tags
from .placement import CapacityError, Placement, QuotaError, Subnet, place
from .plan import Plan, Wanted
from .states import describe_instance_state
from .stored_template import StoredTemplate
from .template import SPOT
from .vcpus import USED_UP

LOG = logging.getLogger(__name__)
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
        vcpu_seconds: for which vCPUs of nodes that end may still be counted against the quota.
        done: what was carried out so far, one sentence each.
    """

    ec2: Any
    wanted: Wanted
    wait_seconds: int
    sleep: Callable[[float], None] = time.sleep
    capacity_seconds: float = 0.0
    spot_first: bool = False
    vcpu_seconds: float = 0.0
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._vcpus_until = time.monotonic() + self.vcpu_seconds

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
        Mender(self.ec2, self.wanted, self.done).run(plan)
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
        # One that is to start again may be counted twice.
        self._vcpus_until = time.monotonic() + self.wait_seconds
        self.done += [f"Stopped {node.id} (shard {node.shard_text}, {node.zone})." for node in nodes]

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
        name = node_name(node.shard or 0)
        while True:
            try:
                with aws_errors(f"start {name} ({node.id}) in {node.zone}"):
                    self.ec2.start_instances(InstanceIds=[node.id])
                return
            except AwsError as error:
                if error.code in NO_ROOM:
                    raise CapacityError(str(error)) from error
                if not self._waits_for_vcpus(error, name):
                    raise

    def _waits_for_vcpus(self, error: AwsError, name: str) -> bool:
        """Wait a little where a node was refused for vCPUs that may soon be counted no more, and return whether it was.

        The time for that is one for all nodes and types.
        """
        left = self._vcpus_until - time.monotonic()
        if error.code not in USED_UP or left <= 0:
            return False
        LOG.info("%s waits for the vCPUs of nodes that have ended, for %s at most", name, duration(left))
        self.sleep(min(_POLL_SECONDS, left))
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
            is_other = instance_type != self.wanted.instance_type
            where = f"{subnet.zone} ({subnet.id})" if subnet.id else subnet.zone
            where += f" as a {instance_type}" if is_other else ""
            instance = self._launch_one(shard, where, request, former)
            launched.append(str(instance["InstanceId"]))
            zone = instance.get("Placement", {}).get("AvailabilityZone", subnet.zone)
            other = f", {instance_type}" if is_other else ""
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
                placement = placement.followed_by(place(placement.unplaced, subnets, offer))
            return placement

        deadline = time.monotonic() + self.capacity_seconds
        placement = try_all(shards)
        # Room comes and goes; a quota is raised by somebody.
        while placement.unplaced and placement.full and (left := deadline - time.monotonic()) > 0:
            LOG.info("no capacity for %s: trying for %s more", _names(placement.unplaced), duration(left))
            self.sleep(min(_CAPACITY_PAUSE_SECONDS, left))
            again = try_all(placement.unplaced)
            placement = replace(again, placed={**placement.placed, **again.placed})
        self._wait("instance_running", launched)
        if placement.unplaced:
            raise FarmError(_no_node(placement, subnets))
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

    def _launch_one(self, shard: int, where: str, request: Mapping[str, Any], former: Sequence[str]) -> dict[str, Any]:
        """Launch a shard's node and return what EC2 says of it.

        Args:
            where: for messages.
            former: ids of the shard's nodes that have ended.

        Raises:
            AwsError: AWS refuses.
            CapacityError: the subnet has no room.
            QuotaError: the account may have no more such nodes.
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
                if error.code in NO_ROOM:
                    raise CapacityError(str(error)) from error
                if error.code == "IdempotentInstanceTerminated":
                    # The same request launched a node that has been terminated so long that it is listed no more.
                    token = uuid4().hex
                elif self._waits_for_vcpus(error, name):
                    continue
                elif error.code in USED_UP:
                    raise QuotaError(str(error)) from error
                elif _is_new_profile(error) and time.monotonic() - started <= _PROFILE_WAIT_SECONDS:
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


def _no_node(placement: Placement, subnets: Sequence[Subnet]) -> str:
    """Return why shards have no node, in AWS's words, and what to do about it."""
    names = _names(placement.unplaced)
    answers = [*(placement.full[each.id] for each in subnets if each.id in placement.full), *placement.used_up]
    if placement.full:
        return (
            f"No capacity for {names}: {' '.join(answers)} Run the command again later (what runs is kept) or have it "
            "go on trying (farm_capacity_minutes), name other zones in farm_zones or farm_subnets, or other types in "
            "farm_other_instance_types."
        )
    return (
        f"The quota is used up for {names}: {' '.join(answers)} What runs is kept. Ask for a higher quota, or name "
        "types of another one in farm_other_instance_types; run the command again in some minutes where instances "
        "have just ended."
    )


def _names(shards: Sequence[int]) -> str:
    return ", ".join(map(node_name, shards))


def client_token(request: Mapping[str, Any], former: Sequence[str]) -> str:
    """Return the token by which EC2 knows a repeated request for the same node.

    The same request by a controller that was interrupted before it saw the answer gets the same
    instance, even before that is listed. ``former`` makes the replacement of a terminated node
    another request.
    """
    return hashlib.sha256(json.dumps([request, list(former)], sort_keys=True).encode()).hexdigest()[:_MAX_TOKEN]
