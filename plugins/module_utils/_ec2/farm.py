# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have the farm's instances, or have none: reading, deciding, doing and reading again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import PROJECT_TAG, NotOwnedError
from .._aws.resources import find_security_group
from .._errors import FarmError
from .._s3.connection import Connection
from .account import (
    GROUP_ID_PREFIX,
    read_image,
    read_nodes,
    read_offered_zones,
    read_standing,
    read_subnets,
    with_shutdown,
)
from .capacity import tell_no_room_at_once
from .executor import Executor
from .nodes import Node
from .placement import ANYWHERE, Placement, ordered
from .plan import Wanted, make_plan
from .stored_template import delete_template, read_template, write_template
from .template import Template, same_template
from .vcpus import counted_for


@dataclass(frozen=True)
class Settings:
    """What the module ``shard_instances`` was asked for; see its options.

    Attributes:
        security_group: its name or its id.
        spot_fallback: whether on-demand instances are launched where there is no spot capacity.
        reservation: the id of a capacity reservation; empty for none.
    """

    wanted: Wanted
    image_id: str
    image_parameter: str
    instance_profile: str
    security_group: str
    vpc_id: str
    subnets: tuple[str, ...]
    zones: tuple[str, ...]
    key_name: str
    spot: bool
    user_data: str
    spot_fallback: bool
    reservation: str

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Settings:
        """Return the module's parameters as a value.

        Raises:
            FarmError: a number is out of its range, or a shard is no number.
        """
        if parameters["count"] < 1:
            raise FarmError(
                f"count is {parameters['count']}: it must be 1 or more; playbooks/teardown.yml removes all."
            )
        try:
            unfinished = {int(shard): int(documents) for shard, documents in parameters["unfinished"].items()}
        except ValueError as error:
            raise FarmError(f"unfinished must have numbers of documents by numbers of shards: {error}.") from error
        return cls(
            wanted=Wanted(
                project=parameters["project"],
                count=parameters["count"],
                instance_type=parameters["instance_type"],
                root_gib=parameters["root_volume_gib"],
                tags={str(key): str(value) for key, value in parameters["tags"].items()},
                confirm_resize=parameters["confirm_resize"],
                terminate_surplus=parameters["surplus"] == "terminate",
                unfinished=unfinished,
                confirm_unfinished=parameters["confirm_unfinished"],
                shutdown=parameters["shutdown"],
                other_types=tuple(parameters["other_instance_types"]),
            ),
            image_id=parameters["image_id"],
            image_parameter=parameters["image_parameter"],
            instance_profile=parameters["instance_profile"],
            security_group=parameters["security_group"],
            vpc_id=parameters["vpc_id"],
            subnets=tuple(parameters["subnets"]),
            zones=tuple(parameters["zones"]),
            key_name=parameters["key_name"],
            spot=parameters["spot"],
            user_data=parameters["user_data"],
            spot_fallback=parameters["spot_fallback"],
            reservation=parameters["capacity_reservation"],
        )


def have_instances(
    connection: Connection, settings: Settings, wait_seconds: int, *, check_mode: bool, capacity_seconds: float = 0.0
) -> dict[str, Any]:
    """Return the module's result after having what ``settings`` ask for.

    Args:
        capacity_seconds: for which to go on trying where no zone has capacity.

    Raises:
        AwsError: AWS refuses something.
        FarmError: something differs that must not be changed, a quota is too low, or there is no capacity.
    """
    ec2 = service_client(connection, "ec2")
    nodes = read_nodes(ec2, settings.wanted.project)
    stored = read_template(ec2, settings.wanted.project)
    subnets = read_subnets(ec2, settings.subnets, settings.vpc_id)
    template = make_template(connection, ec2, settings, subnets[0].vpc_id, check_mode=check_mode).data()
    wanted = replace(
        settings.wanted,
        security_groups=frozenset(template["SecurityGroupIds"]),
        instance_profile=settings.instance_profile,
    )
    plan = make_plan(wanted, with_shutdown(ec2, nodes))
    template_differs = stored is None or not same_template(template, stored.data)
    notes = list(plan.notes) + _notes(settings, template["ImageId"], nodes)
    if plan.launch or plan.start:
        notes += _check_quota(connection, ec2, settings, len(plan.launch) + len(plan.start))
    if plan.launch:
        subnets = ordered(subnets, settings.subnets, settings.zones, read_offered_zones(ec2, wanted.types))
        if not (settings.subnets or settings.zones or settings.vpc_id):
            subnets = [ANYWHERE, *subnets]
    steps = [*([f"Write the launch template {wanted.project}."] if template_differs else []), *plan.steps(wanted)]
    full: dict[str, str] = {}
    after = nodes
    if steps and not check_mode:
        tell_no_room_at_once(ec2)
        executor = Executor(
            ec2,
            wanted,
            wait_seconds,
            capacity_seconds=capacity_seconds,
            spot_first=settings.spot and settings.spot_fallback,
            vcpu_seconds=counted_for(nodes, datetime.now(UTC), wait_seconds),
        )
        try:
            if template_differs:
                stored = write_template(ec2, wanted.project, stored, template, {PROJECT_TAG: wanted.project})
                executor.done.append(f"Wrote the launch template {wanted.project}, version {stored.version}.")
            placement: Placement = executor.run(plan, stored, subnets, [node for node in nodes if not node.alive])
        except FarmError as error:
            raise FarmError(" ".join([str(error), *_done(executor.done)])) from error
        steps, full = executor.done, dict(placement.full)
        after = read_nodes(ec2, wanted.project)
    return _result(steps, notes, full, nodes, after) | {"starts": plan.starts}


def remove_instances(connection: Connection, project: str, wait_seconds: int, *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after terminating every node and deleting the launch template.

    Raises:
        AwsError: AWS refuses something.
    """
    ec2 = service_client(connection, "ec2")
    nodes = read_nodes(ec2, project)
    live = [node for node in nodes if node.alive and node.of_a_shard]
    stored, notes = None, []
    try:
        stored = read_template(ec2, project)
    except NotOwnedError as error:
        notes.append(str(error))
    steps = [
        *(f"Terminate {node.id} (shard {node.shard_text}, {node.zone})." for node in live),
        *([f"Delete the launch template {project}."] if stored else []),
    ]
    after = nodes
    if steps and not check_mode:
        Executor(ec2, Wanted(project, 0, "", 0), wait_seconds).terminate(live)
        if stored:
            delete_template(ec2, stored)
        after = read_nodes(ec2, project)
    return _result(steps, notes, {}, nodes, after)


def pause_instances(connection: Connection, project: str, wait_seconds: int, *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after stopping every node that runs; spot instances, which cannot, are terminated.

    Raises:
        FarmError: AWS refuses something; the message has what was done all the same.
    """
    ec2 = service_client(connection, "ec2")
    nodes = read_nodes(ec2, project)
    running = [node for node in nodes if node.state in ("pending", "running") and node.of_a_shard]
    stop, terminate = [node for node in running if not node.spot], [node for node in running if node.spot]
    steps = [
        *(f"Stop {node.id} (shard {node.shard_text}, {node.zone})." for node in stop),
        *(
            f"Terminate {node.id} (shard {node.shard_text}, {node.zone}), as spot cannot be stopped."
            for node in terminate
        ),
    ]
    after = nodes
    if steps and not check_mode:
        executor = Executor(ec2, Wanted(project, 0, "", 0), wait_seconds)
        failed = []
        # What keeps some from ending must not have the others cost money.
        for end, which in ((executor.stop, stop), (executor.terminate, terminate)):
            try:
                end(which)
            except AwsError as error:
                failed.append(str(error))
        if failed:
            raise FarmError(" ".join([*failed, *_done(executor.done)]))
        after = read_nodes(ec2, project)
    return _result(steps, [], {}, nodes, after)


def make_template(connection: Connection, ec2: Any, settings: Settings, vpc_id: str, *, check_mode: bool) -> Template:
    """Return what instances are launched with.

    Args:
        check_mode: whether a security group that is not there yet is taken for one that will be.

    Raises:
        AwsError: the image or the security group cannot be read.
        FarmError: there is none, or the image needs a larger root volume.
    """
    wanted = settings.wanted
    image = read_image(ec2, service_client(connection, "ssm"), settings.image_id, settings.image_parameter)
    if image.gib > wanted.root_gib:
        raise FarmError(
            f"The image {image.id} needs a root volume of {image.gib} GiB and farm_root_volume_gib is "
            f"{wanted.root_gib}: raise it."
        )
    group: str | None = settings.security_group
    if not settings.security_group.startswith(GROUP_ID_PREFIX):
        found = find_security_group(ec2, settings.security_group, vpc_id)
        group = found.id if found else None
    if group is None and not check_mode:
        raise FarmError(
            f"There is no security group {settings.security_group} in {vpc_id}: run playbooks/provision.yml with the "
            "tag security_group first."
        )
    return Template(
        image_id=image.id,
        root_device=image.root_device,
        root_gib=wanted.root_gib,
        instance_type=wanted.instance_type,
        instance_profile=settings.instance_profile,
        # Check mode before the first run: the group would have been made by now.
        security_groups=(group or settings.security_group,),
        user_data=settings.user_data,
        key_name=settings.key_name,
        # Where the template said so, no request could ask for anything else.
        spot=settings.spot and not settings.spot_fallback,
        reservation=settings.reservation,
        shutdown=wanted.shutdown,
    )


def _check_quota(connection: Connection, ec2: Any, settings: Settings, launches: int) -> list[str]:
    """Return notes on what could not be found out, and on quotas that are too low for all nodes.

    Raises:
        FarmError: the quotas of all types that will do, together, are too low.
    """
    with aws_errors("reach Service Quotas"):
        quotas = service_client(connection, "service-quotas")
    try:
        standing = read_standing(
            *(ec2, quotas, settings.wanted.types, launches), spot=settings.spot, fallback=settings.spot_fallback
        )
    except AwsError as error:
        # EC2 has the last word: it answers VcpuLimitExceeded.
        return [f"The quota was not checked. {error}"]
    if not standing.enough:
        raise FarmError(f"The quota is too low, and nothing was launched. {' '.join(standing.short)}")
    return [
        *(f"Which quota counts {name} is not known here, so none was checked." for name in standing.unknown),
        *(f"Not all nodes can be so, as the quota is too low. {text}" for text in standing.short),
    ]


def _notes(settings: Settings, image_id: str, nodes: Collection[Node]) -> list[str]:
    live = [node for node in nodes if node.alive and node.shard is not None]
    older = sorted(node.shard or 0 for node in live if node.image_id != image_id)
    market = "spot" if settings.spot else "on-demand"
    other = sorted(node.shard or 0 for node in live if node.spot != settings.spot)
    return [
        *([f"Nodes of shards {older} were launched from another image than {image_id} and keep it."] if older else []),
        *([f"Nodes of shards {other} are not {market}; new ones will be."] if other else []),
    ]


def _done(done: list[str]) -> list[str]:
    return [f"Done before that, and kept: {' '.join(done)}"] if done else []


def _result(
    steps: list[str], notes: list[str], full: dict[str, str], before: Collection[Node], after: Collection[Node]
) -> dict[str, Any]:
    summaries = _summaries(after)
    return {
        "changed": bool(steps),
        "nodes": summaries,
        "placement": [_line(summary) for summary in summaries],
        "steps": steps,
        "notes": notes,
        "full": full,
        "diff": {"before": {"nodes": _summaries(before)}, "after": {"nodes": summaries, "steps": steps}},
    }


def _line(summary: Mapping[str, Any]) -> str:
    market = "spot" if summary["spot"] else "on-demand"
    return (
        f"{summary['name']}: {summary['instance_id']}, {summary['instance_type']} {market} in {summary['zone']}, "
        f"{summary['state']}"
    )


def _summaries(nodes: Collection[Node]) -> list[dict[str, Any]]:
    live = (node for node in nodes if node.alive)
    return [node.summary() for node in sorted(live, key=lambda node: (node.shard or 0, node.id))]
