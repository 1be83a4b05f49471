# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the nodes of the fleet say of themselves in S3."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from .._formatting import one_line
from .._records.codec import RecordError
from .._records.fleet import FleetNode, NodeState
from .._records.names import fleet_nodes_folder, instance_of_fleet_node
from .._s3.objects import if_exists, list_objects, read_version
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Nodes that were not fit and have gone are told of for so long.
_DAY = 24 * 60 * 60.0
# So many of these: an image that is no good has all of them say the same.
_MOST_GONE = 3


@dataclass(frozen=True)
class Said:
    """What a node said last, and how many seconds ago by S3's clock."""

    node: FleetNode
    age: float


def read_said(client: S3Client, results: S3Uri) -> list[Said]:
    """Return what each node that ever was said last; one that cannot be read has said nothing.

    Raises:
        S3Error: S3 cannot be read.
    """
    found = []
    for item in list_objects(client, fleet_nodes_folder(results)):
        if instance_of_fleet_node(results, item.uri) is None:
            continue
        version = if_exists(partial(read_version, client, item.uri))
        if version is None:
            continue
        try:
            found.append(Said(FleetNode.from_json(version.body, str(item.uri)), version.age))
        except RecordError:
            # Advisory, as progress is.
            continue
    return found


def said_lines(said: Sequence[Said], present: Collection[str]) -> list[str]:
    """Return sentences on what nodes do, and on each that cannot work.

    Args:
        present: ids of those that are there.
    """
    here = [each.node for each in said if each.node.node in present]
    states = Counter(node.state.value for node in here)
    counts = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    gone = [
        each.node
        for each in sorted(said, key=lambda each: each.age)
        if each.node.node not in present and each.node.state is NodeState.UNFIT and each.age < _DAY
    ]
    return [
        *([f"Of the nodes, as they say: {counts}."] if counts else []),
        *(_unfit(node, "") for node in here if node.state is NodeState.UNFIT),
        *(_unfit(node, ", which has gone,") for node in gone[:_MOST_GONE]),
        *([f"{len(gone) - _MOST_GONE} more that have gone could not work either."] if len(gone) > _MOST_GONE else []),
    ]


def _unfit(node: FleetNode, gone: str) -> str:
    return f"{node.node}{gone} cannot work: {one_line(node.message)}"
