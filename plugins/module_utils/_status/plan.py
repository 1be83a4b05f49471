# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the shards will take and what their nodes will cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._errors import FarmError
from .._formatting import SECONDS_PER_HOUR, align, dollars, duration
from .._records.progress import Progress
from .._records.slots import gpu_of


@dataclass(frozen=True)
class Prices:
    """What a plan assumes.

    Attributes:
        per_hour: price of one node in USD an hour.
        seconds_per_page: time that a GPU takes for a page with all of its workers, where nothing was measured yet.
        gpus: of a node, or the workers where it has none.
    """

    per_hour: float
    seconds_per_page: float
    gpus: int

    def __post_init__(self) -> None:
        """Refuse what no plan can be made of.

        Raises:
            FarmError: a value is out of its range; the message says which and what is right.
        """
        if self.per_hour < 0:
            raise FarmError(f"price_per_hour is {self.per_hour}: it must be 0 or more.")
        if self.seconds_per_page <= 0:
            raise FarmError(f"seconds_per_page is {self.seconds_per_page}: it must be above 0.")
        if self.gpus < 1:
            raise FarmError(f"slots is {self.gpus}: it must be at least 1.")


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
        seconds_per_page: time of a GPU for a page that the hours rest on.
        measured_pages: pages over which that was measured; 0 where it is an assumption.
        measured_workers: how many workers shared a GPU meanwhile, all numbers that there were.
    """

    shards: tuple[ShardPlan, ...]
    pages: int
    hours: float
    dollars: float
    skew: float
    seconds_per_page: float
    measured_pages: int
    measured_workers: tuple[int, ...]


def make_plan(
    pages: Mapping[int, int], documents: Mapping[int, int], progress: Mapping[int, Progress], prices: Prices
) -> Plan:
    """Return the plan for what is left of a cut.

    The GPUs are of the same speed everywhere: nodes are of one type.

    Args:
        pages: pages of each shard.
        documents: documents of each shard. A supervisor's account of another number is of another cut.
        progress: what each shard's supervisor last said.
        prices: what to assume.
    """
    said = {shard: each for shard, each in progress.items() if each.documents == documents.get(shard)}
    left = {shard: said[shard].pages_pending if shard in said else count for shard, count in pages.items()}
    pace = measure(list(progress.values()))
    seconds_per_page = pace.seconds_per_page if pace else prices.seconds_per_page
    shards = tuple(
        ShardPlan(shard, count, count * seconds_per_page / prices.gpus / SECONDS_PER_HOUR)
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
        measured_pages=pace.pages if pace else 0,
        measured_workers=pace.workers if pace else (),
    )


def even_plan(pages: int, shards: Sequence[int], progress: Mapping[int, Progress], prices: Prices) -> Plan:
    """Return the plan for so many pages where each shard, or each node that takes pieces, has an equal part of them.

    Args:
        pages: that are left.
        shards: their numbers.
        progress: what supervisors last said, of which the pace counts.
        prices: what to assume.
    """
    each, more = divmod(pages, len(shards))
    parts = {shard: each + (place < more) for place, shard in enumerate(sorted(shards))}
    return make_plan(parts, {}, progress, prices)


@dataclass(frozen=True)
class Pace:
    """What was measured.

    Attributes:
        seconds_per_page: of one GPU, with as many workers as it had.
        pages: over which that is.
        workers: how many shared a GPU, all numbers that there were.
    """

    seconds_per_page: float
    pages: int
    workers: tuple[int, ...]


def measure(progress: Sequence[Progress]) -> Pace | None:
    """Return how long a GPU took for a page; ``None`` where none is done."""
    pages = gpu_seconds = 0.0
    workers: set[int] = set()
    for each in progress:
        seconds = each.updated_at - each.started_at
        on_gpus = Counter(map(gpu_of, each.slots))
        if each.pages_per_second > 0 and seconds > 0 and on_gpus:
            pages += each.pages_per_second * seconds
            gpu_seconds += seconds * len(on_gpus)
            workers.update(on_gpus.values())
    return Pace(gpu_seconds / pages, round(pages), tuple(sorted(workers))) if round(pages) else None


def describe(plan: Plan, prices: Prices, unit: str = "page") -> str:
    """Return the plan as a table for people, in which each page is called a ``unit``."""
    several = max(plan.measured_workers, default=1) > 1
    workers = f" with {' or '.join(map(str, plan.measured_workers))} workers on it" if several else ""
    basis = (
        f"measured over {plan.measured_pages} {unit}s{workers}"
        if plan.measured_pages
        else "assumed with all its workers: nothing was measured yet, a trial run of a few documents tells"
    )
    rows = [(str(each.shard), str(each.pages), f"{each.hours:.2f}") for each in plan.shards]
    return "\n".join(
        [
            *align([("shard", f"{unit}s", "hours"), *rows]),
            "",
            f"{plan.pages} {unit}s left, {duration(plan.hours * SECONDS_PER_HOUR)} until the last shard is finished",
            f"{dollars(plan.dollars)} for nodes at {dollars(prices.per_hour)} an hour, without storage and requests",
            f"skew {plan.skew:.3f} (the longest shard's time over the mean)",
            f"{plan.seconds_per_page:.3g} s a {unit} and GPU, or worker without one, {basis}; {prices.gpus} a node",
        ]
    )
