# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where new nodes go: wherever EC2 wants, then the first subnet that has capacity, in the operator's order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from .._errors import FarmError


@dataclass(frozen=True)
class Subnet:
    """A subnet nodes may be in."""

    id: str
    zone: str
    vpc_id: str


# A request that leaves the zone to EC2, which knows better where there is room; in the default VPC alone.
ANYWHERE = Subnet("", "any zone", "")


class CapacityError(FarmError):
    """This subnet cannot take an instance now; another may."""


class QuotaError(FarmError):
    """The account may have no more such instances, in whichever subnet; other ones it may."""


@dataclass(frozen=True)
class Placement:
    """What became of the shards that had no node.

    Attributes:
        placed: the new instance's subnet, by shard.
        unplaced: shards that no subnet had room for.
        full: why a subnet took no (more) instances, by its id, which is empty for :data:`ANYWHERE`.
        used_up: AWS's answers that the account may have no more such instances.
    """

    placed: Mapping[int, Subnet]
    unplaced: tuple[int, ...]
    full: Mapping[str, str]
    used_up: tuple[str, ...] = ()

    def followed_by(self, other: Placement) -> Placement:
        """Return what became of the shards when those that are unplaced here were tried with another kind of node."""
        both = {
            subnet: " ".join(filter(None, [self.full.get(subnet), other.full.get(subnet)]))
            for subnet in [*self.full, *other.full]
        }
        return Placement({**self.placed, **other.placed}, other.unplaced, both, (*self.used_up, *other.used_up))


def place(shards: Sequence[int], subnets: Sequence[Subnet], launch: Callable[[int, Subnet], None]) -> Placement:
    """Launch each shard's node in the first subnet that takes it.

    A subnet that had no room for one shard is not asked again: all nodes are alike. For the same reason none is
    asked any more where the account may have no more.

    Args:
        launch: launches a shard's node in a subnet, and raises :class:`CapacityError` where that has no room,
            :class:`QuotaError` where the account may have no more.
    """
    placed: dict[int, Subnet] = {}
    full: dict[str, str] = {}
    used_up: tuple[str, ...] = ()
    try:
        for shard in shards:
            for subnet in subnets:
                if subnet.id in full:
                    continue
                try:
                    launch(shard, subnet)
                except CapacityError as error:
                    full[subnet.id] = str(error)
                    continue
                placed[shard] = subnet
                break
    except QuotaError as error:
        used_up = (str(error),)
    return Placement(placed, tuple(shard for shard in shards if shard not in placed), full, used_up)


def ordered(
    subnets: Collection[Subnet], ids: Sequence[str], zones: Sequence[str], offered: Collection[str]
) -> list[Subnet]:
    """Return the subnets to try, in order.

    Args:
        ids: the subnets an operator named, in that order; empty for all of ``subnets`` by zone.
        zones: the zones an operator named, in that order; empty for all.
        offered: the zones that have the instance type at all.

    Raises:
        FarmError: none is left; the message says where the instance type is offered.
    """
    usable = [subnet for subnet in subnets if subnet.zone in offered and (not zones or subnet.zone in zones)]
    if not usable:
        raise FarmError(
            f"No subnet can take the nodes. The subnets are in {_zones(subnets)}, the instance type is offered in "
            f"{', '.join(sorted(offered)) or 'no zone of this region'}"
            + (f", and {', '.join(zones)} are asked for" if zones else "")
            + ": change farm_subnets, farm_zones or farm_instance_type."
        )
    if ids:
        usable.sort(key=lambda subnet: ids.index(subnet.id))
    elif zones:
        usable.sort(key=lambda subnet: (zones.index(subnet.zone), subnet.id))
    else:
        usable.sort(key=lambda subnet: (subnet.zone, subnet.id))
    return usable


def _zones(subnets: Collection[Subnet]) -> str:
    return ", ".join(sorted({subnet.zone for subnet in subnets})) or "no zone"
