# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have the farm's fleet, have it pause, or have none: reading, deciding, doing and reading again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._aws.clients import service_client
from .._aws.errors import AwsError, aws_errors
from .._aws.ownership import PROJECT_TAG, NotOwnedError, tag_list
from .._ec2.account import read_offered_zones, read_standing, read_subnets
from .._ec2.farm import Settings, make_template
from .._ec2.placement import ordered
from .._ec2.plan import Wanted as WantedInstances
from .._ec2.stored_template import delete_template, read_template, write_template
from .._ec2.template import same_template
from .._errors import NotYetError
from .._s3.connection import Connection
from .backlog import read_backlog
from .documents import instance_tags
from .executor import Executor
from .image import require_image
from .plan import LAUNCHING, make_plan
from .present import Present, read_present
from .wanted import Wanted, fleet_name
from .weights import read_weights

_MINUTE = 60


@dataclass(frozen=True)
class _Clients:
    """The services that a fleet is made of."""

    autoscaling: Any
    cloudwatch: Any
    ec2: Any
    sqs: Any

    @classmethod
    def of(cls, connection: Connection) -> _Clients:
        """Return the clients of a connection."""
        return cls(*(service_client(connection, name) for name in ("autoscaling", "cloudwatch", "ec2", "sqs")))


def have_fleet(connection: Connection, parameters: Mapping[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Return the result of the module ``node_fleet`` after having what its options ask for.

    Raises:
        AwsError: AWS refuses something.
        FarmError: an option is out of its range, or something that it names is not there.
        NotYetError: a group of that name is still being removed.
        NotOwnedError: what has the fleet's names is not the farm's.
    """
    clients = _Clients.of(connection)
    name = fleet_name(parameters["project"])
    before = read_present(clients.autoscaling, clients.cloudwatch, parameters["project"])
    if before.is_ending:
        raise NotYetError(f"AWS is still removing {name} and its instances: run the command again in some minutes.")
    stored = read_template(clients.ec2, parameters["project"], name)
    require_image(clients.ec2, parameters["image_id"], parameters["project"])
    subnets = read_subnets(clients.ec2, parameters["subnets"], parameters["vpc_id"])
    types = parameters["instance_types"]
    wanted = _wanted(
        parameters,
        weights=read_weights(clients.ec2, types),
        subnets=tuple(
            subnet.id
            for subnet in ordered(
                subnets, parameters["subnets"], parameters["zones"], read_offered_zones(clients.ec2, types)
            )
        ),
    )
    data = _template_data(connection, clients.ec2, parameters, wanted, subnets[0].vpc_id, check_mode=check_mode)
    pieces = sum(queue.waiting + queue.in_work for queue in read_backlog(clients.sqs, wanted.queues))
    is_right = stored is not None and same_template(data, stored.data)
    plan = make_plan(wanted, before, (stored.id, stored.version) if stored and is_right else None, pieces)
    steps = plan.steps(wanted, pieces)
    notes = _quota_notes(connection, clients.ec2, wanted) if plan.buys else []
    after = before
    if steps and not check_mode:
        template = stored
        if template is None or not is_right:
            template = write_template(clients.ec2, name, stored, data, {PROJECT_TAG: wanted.project})
        executor = Executor(clients.autoscaling, clients.cloudwatch)
        executor.run(plan, wanted, before, template)
        notes += executor.notes
        after = read_present(clients.autoscaling, clients.cloudwatch, wanted.project)
    return _result(steps, notes, before, after) | {"buys": plan.buys, "weights": dict(wanted.weights)}


def remove_fleet(connection: Connection, project: str, wait_seconds: float, *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after removing the group with its instances, its alarms and its launch template.

    Raises:
        AwsError: AWS refuses something.
    """
    clients = _Clients.of(connection)
    name = fleet_name(project)
    before, stored = Present(), None
    notes = []
    try:
        before = read_present(clients.autoscaling, clients.cloudwatch, project)
        stored = read_template(clients.ec2, project, name)
    except NotOwnedError as error:
        notes.append(str(error))
    steps = [
        *([f"Remove the alarms of {name}."] if before.alarms else []),
        *([f"Remove the Auto Scaling group {name} and its {len(before.nodes)} instances."] if before.exists else []),
        *([f"Delete the launch template {name}."] if stored else []),
    ]
    after = before
    if steps and not check_mode:
        Executor(clients.autoscaling, clients.cloudwatch).remove(project, before, wait_seconds)
        if stored:
            delete_template(clients.ec2, stored)
        after = Present()
    return _result(steps, notes, before, after)


def pause_fleet(connection: Connection, project: str, *, check_mode: bool) -> dict[str, Any]:
    """Return the module's result after having the group end its nodes and launch none.

    Nothing where there is none, or one that is not the farm's: a farm that is to cost nothing has more to stop.

    Raises:
        AwsError: AWS refuses something.
    """
    clients = _Clients.of(connection)
    try:
        before = after = read_present(clients.autoscaling, clients.cloudwatch, project)
    except NotOwnedError as error:
        return _result([], [str(error)], Present(), Present())
    runs = before.exists and not before.is_ending and (before.desired > 0 or LAUNCHING not in before.suspended)
    steps = [f"Have {fleet_name(project)} end its nodes and launch none."] if runs else []
    if steps and not check_mode:
        Executor(clients.autoscaling, clients.cloudwatch).pause(fleet_name(project))
        after = read_present(clients.autoscaling, clients.cloudwatch, project)
    return _result(steps, [], before, after)


def fleet_summary(present: Present) -> dict[str, Any]:
    """Return what an operator asks of a group."""
    return {
        "exists": present.exists,
        "capacity": present.desired,
        "max_capacity": int(present.group["MaxSize"]) if present.group else 0,
        "paused": LAUNCHING in present.suspended,
        "nodes": [node.summary() for node in present.nodes],
    }


def _wanted(parameters: Mapping[str, Any], weights: Mapping[str, int], subnets: tuple[str, ...]) -> Wanted:
    return Wanted(
        project=parameters["project"],
        weights=weights,
        max_nodes=parameters["max_nodes"],
        on_demand_nodes=parameters["on_demand_nodes"],
        spot=parameters["spot"],
        subnets=subnets,
        queues=tuple(parameters["queues"]),
        pieces_per_node=parameters["pieces_per_node"],
        idle_seconds=parameters["idle_minutes"] * _MINUTE,
        tags={str(key): str(value) for key, value in parameters["tags"].items()},
    )


def _template_data(
    connection: Connection,
    ec2: Any,
    parameters: Mapping[str, Any],
    wanted: Wanted,
    vpc_id: str,
    *,
    check_mode: bool,
) -> dict[str, Any]:
    """Return what the launch template is to say; Auto Scaling's policy says what is spot."""
    settings = Settings(
        wanted=WantedInstances(
            project=wanted.project,
            count=wanted.max_nodes,
            instance_type=next(iter(wanted.weights)),
            root_gib=parameters["root_volume_gib"],
            # What shuts itself down is gone for Auto Scaling in any case.
            shutdown="terminate",
        ),
        image_id=parameters["image_id"],
        image_parameter="",
        instance_profile=parameters["instance_profile"],
        security_group=parameters["security_group"],
        vpc_id=parameters["vpc_id"],
        subnets=tuple(parameters["subnets"]),
        zones=tuple(parameters["zones"]),
        key_name=parameters["key_name"],
        spot=False,
        user_data=parameters["user_data"],
        spot_fallback=False,
        reservation="",
    )
    template = make_template(connection, ec2, settings, vpc_id, check_mode=check_mode)
    # Auto Scaling gives its tags to instances alone.
    volumes = {"ResourceType": "volume", "Tags": tag_list(instance_tags(wanted))}
    return template.data() | {"TagSpecifications": [volumes]}


def _quota_notes(connection: Connection, ec2: Any, wanted: Wanted) -> list[str]:
    """Return where the quotas do not allow all nodes: the group then launches as many as they do."""
    try:
        with aws_errors("reach Service Quotas"):
            quotas = service_client(connection, "service-quotas")
        standing = read_standing(
            *(ec2, quotas, list(wanted.weights), wanted.max_nodes), spot=wanted.spot, fallback=False
        )
    except AwsError as error:
        return [f"The quota was not checked. {error}"]
    return [
        *(f"Which quota counts {name} is not known here, so none was checked." for name in standing.unknown),
        *(f"Not all nodes can be so, as the quota is too low. {text}" for text in standing.short),
    ]


def _result(steps: list[str], notes: list[str], before: Present, after: Present) -> dict[str, Any]:
    return {
        "changed": bool(steps),
        "steps": steps,
        "notes": notes,
        "fleet": fleet_summary(after),
        "diff": {
            "before": {"fleet": fleet_summary(before)},
            "after": {"fleet": fleet_summary(after), "steps": steps},
        },
    }
