# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._ec2.placement import (
    CapacityError,
    Placement,
    QuotaError,
    Subnet,
    ordered,
    place,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError

_A, _B, _C = (Subnet(f"subnet-{zone}", f"us-east-1{zone}", "vpc-1") for zone in "abc")


class _Cloud:
    """Zones with room for so many instances."""

    def __init__(self, **room: int) -> None:
        self.room = room
        self.asked: list[tuple[int, str]] = []

    def launch(self, shard: int, subnet: Subnet) -> None:
        zone = subnet.zone[-1]
        self.asked.append((shard, zone))
        if not self.room[zone]:
            raise CapacityError(f"no room in {zone}")
        self.room[zone] -= 1


def test_all_go_to_the_first_subnet_with_room() -> None:
    cloud = _Cloud(a=9, b=9)
    placement = place([1, 2, 3], [_A, _B], cloud.launch)
    assert placement.placed == {1: _A, 2: _A, 3: _A}
    assert placement.full == {}


def test_a_full_subnet_is_passed_over_and_not_asked_again() -> None:
    cloud = _Cloud(a=1, b=0, c=9)
    placement = place([1, 2, 3], [_A, _B, _C], cloud.launch)
    assert placement.placed == {1: _A, 2: _C, 3: _C}
    assert placement.full == {"subnet-a": "no room in a", "subnet-b": "no room in b"}
    assert cloud.asked == [(1, "a"), (2, "a"), (2, "b"), (2, "c"), (3, "c")]


def test_what_was_placed_is_kept_where_there_is_no_more_room() -> None:
    placement = place([1, 2, 4], [_A, _B], _Cloud(a=1, b=0).launch)
    assert placement.placed == {1: _A}
    assert placement.unplaced == (2, 4)


def test_other_failures_end_it() -> None:
    def refuse(_shard: int, _subnet: Subnet) -> None:
        raise FarmError("not allowed")

    with pytest.raises(FarmError, match="not allowed"):
        place([1], [_A, _B], refuse)


def test_where_the_account_may_have_no_more_no_subnet_is_asked_again() -> None:
    asked: list[int] = []

    def launch(shard: int, _subnet: Subnet) -> None:
        asked.append(shard)
        if shard == 2:
            raise QuotaError("no more")

    placement = place([1, 2, 3], [_A, _B], launch)
    assert asked == [1, 2]
    assert (placement.placed, placement.unplaced, placement.used_up) == ({1: _A}, (2, 3), ("no more",))


def test_what_became_of_shards_with_one_kind_of_node_and_then_another_is_one_account() -> None:
    first = Placement({1: _A}, (2, 3), {"subnet-a": "no g5 in a", "subnet-b": "no g5 in b"})
    second = Placement({2: _B}, (3,), {"subnet-b": "no g6 in b"}, ("no more g6",))
    assert first.followed_by(second) == Placement(
        {1: _A, 2: _B}, (3,), {"subnet-a": "no g5 in a", "subnet-b": "no g5 in b no g6 in b"}, ("no more g6",)
    )


_OFFERED = {"us-east-1a", "us-east-1b", "us-east-1c"}


def test_subnets_are_tried_by_zone_unless_an_order_is_given() -> None:
    assert ordered([_C, _A, _B], [], [], _OFFERED) == [_A, _B, _C]
    assert ordered([_A, _B, _C], ["subnet-c", "subnet-a", "subnet-b"], [], _OFFERED) == [_C, _A, _B]
    assert ordered([_A, _B, _C], [], ["us-east-1c", "us-east-1a"], _OFFERED) == [_C, _A]


def test_zones_without_the_instance_type_are_left_out() -> None:
    assert ordered([_A, _B, _C], [], [], {"us-east-1b"}) == [_B]


def test_no_subnet_at_all_is_an_error_that_names_the_zones() -> None:
    with pytest.raises(FarmError, match=r"subnets are in us-east-1a, .* offered in us-east-1b, and us-east-1f are"):
        ordered([_A], [], ["us-east-1f"], {"us-east-1b"})
