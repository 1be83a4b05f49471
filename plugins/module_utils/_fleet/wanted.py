# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator asks of the fleet, in the numbers that Auto Scaling counts by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._errors import FarmError

NAME_SUFFIX = "-fleet"
# Auto Scaling takes no larger weight, and no more types.
_MOST_WEIGHT = 999
_MOST_TYPES = 40


@dataclass(frozen=True)
class Wanted:
    """A fleet.

    Capacity is counted in GPUs: an instance type's weight is how many it has, 1 where it has none.

    Attributes:
        project: value of the tag ``Project``.
        weights: of the instance types that will do, the preferred one first.
        max_nodes: as many as may run at a time, as nodes of the preferred type.
        on_demand_nodes: of these, how many are on demand before there is spot.
        spot: whether the others are spot instances.
        subnets: their ids.
        queues: names of the queues of pieces, a stage each.
        pieces_per_node: pieces that wait or are in work for each node that there is to be.
        idle_seconds: for which all queues are empty before the fleet is emptied from outside; 0 for never.
        tags: further tags of instances and volumes.
    """

    project: str
    weights: Mapping[str, int]
    max_nodes: int
    on_demand_nodes: int
    spot: bool
    subnets: tuple[str, ...]
    queues: tuple[str, ...]
    pieces_per_node: int
    idle_seconds: int
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what Auto Scaling cannot do.

        Raises:
            FarmError: a number is out of its range, or nothing is named.
        """
        if not 0 <= self.on_demand_nodes <= self.max_nodes or self.max_nodes < 1:
            raise FarmError(
                f"max_nodes is {self.max_nodes} and on_demand_nodes {self.on_demand_nodes}: give 1 or more nodes "
                "(farm_max_nodes), and of these 0 or more on demand (farm_fleet_on_demand_base)."
            )
        if not self.queues or self.pieces_per_node < 1:
            raise FarmError("A fleet needs queues to work on, and 1 or more pieces for each node.")
        if not 0 < len(self.weights) <= _MOST_TYPES or not all(
            1 <= weight <= _MOST_WEIGHT for weight in self.weights.values()
        ):
            raise FarmError(
                f"farm_fleet_instance_types has {len(self.weights)} types: Auto Scaling takes 1 to {_MOST_TYPES}, each "
                f"of {_MOST_WEIGHT} GPUs at most."
            )

    @property
    def name(self) -> str:
        """Return the name of the Auto Scaling group and of its launch template."""
        return fleet_name(self.project)

    @property
    def node_weight(self) -> int:
        """Return the weight of a node of the preferred type."""
        return next(iter(self.weights.values()))

    @property
    def max_capacity(self) -> int:
        """Return the group's largest capacity."""
        return self.max_nodes * self.node_weight

    def capacity_for(self, pieces: int) -> int:
        """Return the capacity for so many pieces that wait or are in work, whole nodes; 0 for none."""
        return min(self.max_nodes, math.ceil(pieces / self.pieces_per_node)) * self.node_weight


def fleet_name(project: str) -> str:
    """Return the name of a farm's fleet."""
    return f"{project}{NAME_SUFFIX}"
