# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the shards will take and what their nodes will cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._errors import FarmError
from .._formatting import SECONDS_PER_HOUR, align, dollars, duration
from .._records.progress import Progress


@dataclass(frozen=True)
class Prices:
    """What a plan assumes.

    Attributes:
        per_hour: price of one node in USD an hour.
        seconds_per_page: time one slot takes for a page, where nothing was measured yet.
        slots: pages that a node works on at a time.
    """

    per_hour: float
    seconds_per_page: float
    slots: int

    def __post_init__(self) -> None:
        """Refuse what no plan can be made of.

        Raises:
            FarmError: a value is out of its range; the message says which and what is right.
        """
        if self.per_hour < 0:
            raise FarmError(f"price_per_hour is {self.per_hour}: it must be 0 or more.")
        if self.seconds_per_page <= 0:
            raise FarmError(f"seconds_per_page is {self.seconds_per_page}: it must be above 0.")
        if self.slots < 1:
            raise FarmError(f"slots is {self.slots}: it must be at least 1.")


@dataclass(frozen=True)
class ShardPlan:
    """One shard: pages that are still to be processed, and the hours its node takes for them."""

    shard: int
    pages: int
    hours: float


@dataclass(frozen=True)
class Plan:
    """The work that is left.

    Attributes:
        pages: pages of all shards that are still to be processed.
        hours: until the last shard is finished.
        dollars: for all nodes that have work, until the last is finished: none is stopped before.
        skew: hours of the longest shard over the mean of those that have work; 1 is perfect.
        seconds_per_page: time of one slot for a page that the hours rest on.
        measured_pages: pages over which that was measured; 0 where it is an assumption.
    """

    shards: tuple[ShardPlan, ...]
    pages: int
    hours: float
    dollars: float
    skew: float
    seconds_per_page: float
    measured_pages: int


def make_plan(
    pages: Mapping[int, int], documents: Mapping[int, int], progress: Mapping[int, Progress], prices: Prices
) -> Plan:
    """Return the plan for what is left of a cut.

    A node works on ``slots`` pages at a time, at the same speed everywhere: nodes are of one type.

    Args:
        pages: pages of each shard.
        documents: documents of each shard. A supervisor's account of another number is of another cut.
        progress: what each shard's supervisor last said.
        prices: what to assume.
    """
    said = {shard: each for shard, each in progress.items() if each.documents == documents.get(shard)}
    left = {shard: said[shard].pages_pending if shard in said else count for shard, count in pages.items()}
    seconds_per_page, measured_pages = measure(list(progress.values()))
    if not measured_pages:
        seconds_per_page = prices.seconds_per_page
    shards = tuple(
        ShardPlan(shard, count, count * seconds_per_page / prices.slots / SECONDS_PER_HOUR)
        for shard, count in sorted(left.items())
    )
    working = [each.hours for each in shards if each.pages]
    longest = max(working, default=0.0)
    return Plan(
        shards=shards,
        pages=sum(left.values()),
        hours=longest,
        dollars=longest * len(working) * prices.per_hour,
        skew=longest * len(working) / sum(working) if working else 1.0,
        seconds_per_page=seconds_per_page,
        measured_pages=measured_pages,
    )


def measure(progress: Sequence[Progress]) -> tuple[float, int]:
    """Return the seconds one slot took for a page, and over how many pages that is; 0 and 0 where none is done."""
    pages = slot_seconds = 0.0
    for each in progress:
        seconds = each.updated_at - each.started_at
        if each.pages_per_second > 0 and seconds > 0:
            pages += each.pages_per_second * seconds
            slot_seconds += seconds * len(each.slots)
    return (slot_seconds / pages, round(pages)) if round(pages) and slot_seconds else (0.0, 0)


def describe(plan: Plan, prices: Prices, unit: str = "page") -> str:
    """Return the plan as a table for people, in which each page is called a ``unit``."""
    basis = (
        f"measured over {plan.measured_pages} {unit}s"
        if plan.measured_pages
        else "assumed: nothing was measured yet, a trial run of a few documents tells"
    )
    rows = [(str(each.shard), str(each.pages), f"{each.hours:.2f}") for each in plan.shards]
    return "\n".join(
        [
            *align([("shard", f"{unit}s", "hours"), *rows]),
            "",
            f"{plan.pages} {unit}s left, {duration(plan.hours * SECONDS_PER_HOUR)} until the last shard is finished",
            f"{dollars(plan.dollars)} for nodes at {dollars(prices.per_hour)} an hour, without storage and requests",
            f"skew {plan.skew:.3f} (the longest shard's time over the mean)",
            f"{plan.seconds_per_page:.3g} s a {unit} and slot, {basis}; {prices.slots} slots a node",
        ]
    )
