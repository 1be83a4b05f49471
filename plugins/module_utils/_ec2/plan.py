# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must change so that the instances are as they shall be; decided before anything is touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .._aws.ownership import PROJECT_TAG
from .._errors import FarmError
from .nodes import METADATA_OPTIONS, SHARD_TAG, Node, node_name, node_tags

ROOT_VOLUME_TYPE = "gp3"


@dataclass(frozen=True)
class Wanted:
    """What an operator asks of the instances.

    Attributes:
        project: value of the tag ``Project``.
        count: shards are numbered from 1 to this.
        root_gib: size of the root volume in GiB.
        tags: further tags of instances and volumes.
        security_groups: ids of the groups each node is in; empty before they are known.
        instance_profile: name of each node's IAM instance profile; empty before it is known.
        confirm_resize: whether a node may be stopped to change its instance type.
        terminate_surplus: whether nodes of shards above ``count`` go; they are only named otherwise.
        unfinished: documents without an end, by shard.
        confirm_unfinished: whether nodes of shards with such documents may go all the same.
        shutdown: what becomes of a node that shuts itself down, ``stop`` or ``terminate``; a spot instance, which
            cannot be stopped, is terminated in any case.
        other_types: instance types that will do as well, in their order, where there is no room for the first.
    """

    project: str
    count: int
    instance_type: str
    root_gib: int
    tags: Mapping[str, str] = field(default_factory=dict)
    security_groups: frozenset[str] = frozenset()
    instance_profile: str = ""
    confirm_resize: bool = False
    terminate_surplus: bool = False
    unfinished: Mapping[int, int] = field(default_factory=dict)
    confirm_unfinished: bool = False
    shutdown: str = "stop"
    other_types: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """Return the instance types that will do, the preferred one first."""
        return (self.instance_type, *self.other_types)


@dataclass(frozen=True)
class Plan:
    """What to do, in the order of the attributes.

    Attributes:
        retag: tags to set, by the id of the instance or volume.
        regroup: nodes that are in other security groups.
        reprofile: nodes that have another IAM instance profile, or none.
        protect: nodes whose metadata service answers in another way than IMDSv2.
        behave: nodes of which something else becomes when they shut themselves down.
        grow: volumes, by id, that get the wanted size and type.
        resize: nodes to stop for another instance type.
        start: nodes that are stopped.
        launch: shards that have no node.
        terminate: nodes of shards that are no longer wanted.
        surplus: nodes of shards above the wanted count that stay.
        notes: what an operator should know and nothing is done about.
    """

    retag: Mapping[str, Mapping[str, str]]
    regroup: tuple[Node, ...]
    reprofile: tuple[Node, ...]
    protect: tuple[Node, ...]
    behave: tuple[Node, ...]
    grow: tuple[Node, ...]
    resize: tuple[Node, ...]
    start: tuple[Node, ...]
    launch: tuple[int, ...]
    terminate: tuple[Node, ...]
    surplus: tuple[Node, ...]
    notes: tuple[str, ...]

    @property
    def starts(self) -> int:
        """Return how many instances will be launched or started, those that are made another type among them."""
        return len(self.launch) + len(self.start) + len(self.resize)

    def steps(self, wanted: Wanted) -> list[str]:
        """Return one sentence for each thing to do."""
        return [
            *(f"Set {', '.join(sorted(tags))} on {resource}." for resource, tags in self.retag.items()),
            *(f"Put {_named(node)} in {', '.join(sorted(wanted.security_groups))} alone." for node in self.regroup),
            *(f"Give {_named(node)} the instance profile {wanted.instance_profile}." for node in self.reprofile),
            *(f"Have the metadata service of {_named(node)} answer by IMDSv2 alone." for node in self.protect),
            *(f"Have {_named(node)} {wanted.shutdown} when it shuts itself down." for node in self.behave),
            *(
                f"Change the root volume {node.root.id} of {_named(node)} to {wanted.root_gib} GiB {ROOT_VOLUME_TYPE}."
                for node in self.grow
                if node.root
            ),
            *(f"Stop {_named(node)} and make it a {wanted.instance_type}." for node in self.resize),
            *(f"Start {_named(node)}." for node in self.start),
            *(f"Launch {node_name(shard)}." for shard in self.launch),
            *(f"Terminate {_named(node)}." for node in self.terminate),
        ]


def make_plan(wanted: Wanted, nodes: Collection[Node]) -> Plan:
    """Return what to do about ``nodes``.

    Raises:
        FarmError: something differs that cannot or must not be changed; the message has every such
            thing, and what to do about it.
    """
    by_shard = _by_shard(nodes)
    kept = [node for shard, node in sorted(by_shard.items()) if shard <= wanted.count]
    beyond = tuple(node for shard, node in sorted(by_shard.items()) if shard > wanted.count)
    terminate = beyond if wanted.terminate_surplus else ()
    problems = [*_unfinished(wanted, terminate), *(problem for node in kept for problem in _refusals(wanted, node))]
    if problems:
        raise FarmError(" ".join(problems))
    resize = tuple(node for node in kept if node.instance_type not in wanted.types)
    return Plan(
        retag={resource: tags for node in kept for resource, tags in _missing_tags(wanted, node).items()},
        regroup=tuple(
            node for node in kept if wanted.security_groups and node.security_groups != wanted.security_groups
        ),
        reprofile=tuple(
            node for node in kept if wanted.instance_profile and node.instance_profile != wanted.instance_profile
        ),
        protect=tuple(node for node in kept if node.metadata_options != METADATA_OPTIONS),
        behave=tuple(node for node in kept if not node.spot and node.shutdown not in ("", wanted.shutdown)),
        grow=tuple(node for node in kept if _must_grow(wanted, node)),
        resize=resize,
        start=tuple(node for node in kept if node.state in ("stopping", "stopped") and node not in resize),
        launch=tuple(shard for shard in range(1, wanted.count + 1) if shard not in by_shard),
        terminate=terminate,
        surplus=() if wanted.terminate_surplus else beyond,
        notes=()
        if wanted.terminate_surplus
        else tuple(
            f"{_named(node)} is beyond the {wanted.count} nodes wanted and stays: playbooks/scale.yml removes it."
            for node in beyond
        ),
    )


def _by_shard(nodes: Collection[Node]) -> dict[int, Node]:
    """Return the live node of each shard.

    Raises:
        FarmError: a shard has two, or a tag says no shard.
    """
    found: dict[int, Node] = {}
    for node in nodes:
        if node.alive and node.mistagged:
            raise FarmError(
                f"Instance {node.id} has the tag {SHARD_TAG}={node.tags[SHARD_TAG]!r}, which is no shard's number: set "
                f"it to the shard it works on, or remove the tag {PROJECT_TAG} if it is not the farm's."
            )
        if not node.alive or node.shard is None:
            continue
        other = found.setdefault(node.shard, node)
        if other is not node:
            raise FarmError(
                f"Shard {node.shard} has two instances, {other.id} and {node.id}: terminate one of them, or remove "
                "its tag Project."
            )
    return found


def _unfinished(wanted: Wanted, terminate: Sequence[Node]) -> list[str]:
    if wanted.confirm_unfinished:
        return []
    return [
        f"{_named(node)} has unfinished documents ({documents}) and is not terminated: let its shard finish, or "
        "confirm that they are cut over the remaining nodes afterwards (-e farm_confirm_unfinished=true, then "
        "playbooks/shard.yml)."
        for node in terminate
        if (documents := wanted.unfinished.get(node.shard or 0, 0))
    ]


def _refusals(wanted: Wanted, node: Node) -> list[str]:
    problems = []
    if node.instance_type not in wanted.types and node.spot:
        problems.append(
            f"{_named(node)} is a {node.instance_type}, not a {wanted.instance_type}, and a spot instance, whose type "
            f"cannot be changed: terminate it (aws ec2 terminate-instances --instance-ids {node.id}) and run the "
            "command again, which launches another. Its documents in work are done again; what is done is in S3."
        )
    elif node.instance_type not in wanted.types and not wanted.confirm_resize:
        problems.append(
            f"{_named(node)} is a {node.instance_type}, not a {wanted.instance_type}: to change it, it must be "
            "stopped, which wipes its scratch disk. Confirm with -e farm_confirm_resize=true."
        )
    if node.root and node.root.gib > wanted.root_gib:
        problems.append(
            f"The root volume of {_named(node)} has {node.root.gib} GiB, more than the {wanted.root_gib} wanted, and a "
            f"volume cannot shrink: set farm_root_volume_gib to {node.root.gib}, or terminate the node and provision "
            "again."
        )
    if node.root and not node.root.encrypted:
        problems.append(
            f"The root volume of {_named(node)} is not encrypted, and that cannot be changed: terminate the node and "
            "provision again."
        )
    return problems


def _missing_tags(wanted: Wanted, node: Node) -> dict[str, dict[str, str]]:
    right = node_tags(wanted.project, node.shard or 0, wanted.tags)
    resources = {node.id: node.tags} | ({node.root.id: node.root.tags} if node.root else {})
    missing = {
        resource: {key: value for key, value in right.items() if tags.get(key) != value}
        for resource, tags in resources.items()
    }
    return {resource: tags for resource, tags in missing.items() if tags}


def _must_grow(wanted: Wanted, node: Node) -> bool:
    return node.root is not None and (node.root.gib < wanted.root_gib or node.root.type != ROOT_VOLUME_TYPE)


def _named(node: Node) -> str:
    return f"{node_name(node.shard or 0)} ({node.id}, {node.zone})"
