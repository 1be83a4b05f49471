# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all stages of a farm take together: each has its own pages and pace, on the same nodes one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._errors import FarmError
from .._formatting import SECONDS_PER_HOUR, dollars, duration
from .._records.progress import Progress
from .._records.stage import Stage
from .plan import Plan, Prices, describe, make_plan


@dataclass(frozen=True)
class StagePlan:
    """What one stage takes.

    Attributes:
        plan: its pages, hours and dollars; for stage ``ocr`` the pages to recognise.
        prices: what that rests on.
        assumed_pages: how many of the pages are a guess: what stage ``text`` will hand on of what it has not read.
        share: of these pages, that is taken for granted.
    """

    stage: Stage
    plan: Plan
    prices: Prices
    assumed_pages: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class FarmPlan:
    """What all stages take, one after the other."""

    stages: tuple[StagePlan, ...]

    @property
    def hours(self) -> float:
        """Until the last shard of the last stage is finished."""
        return sum(each.plan.hours for each in self.stages)

    @property
    def dollars(self) -> float:
        """For all nodes that have work, of all stages."""
        return sum(each.plan.dollars for each in self.stages)


def plan_open_pages(
    known_pages: int,
    unread_pages: int,
    share: float,
    shards: Sequence[int],
    progress: Mapping[int, Progress],
    prices: Prices,
) -> StagePlan:
    """Return the plan of stage ``ocr`` before it has a cut of all that it will have.

    Its shards are taken to be equal.

    Args:
        known_pages: to recognise, of documents that were handed on.
        unread_pages: of documents that stage ``text`` has not ended.
        share: of these that will have to be recognised, an assumption.
        shards: the farm's.
        progress: what the supervisors of stage ``ocr`` last said, of which the pace counts.
        prices: what to assume.

    Raises:
        FarmError: the share is none.
    """
    if not 0 <= share <= 1:
        raise FarmError(f"ocr_share is {share}: it must be between 0 and 1.")
    assumed = round(unread_pages * share)
    each, more = divmod(known_pages + assumed, len(shards))
    pages = {shard: each + (place < more) for place, shard in enumerate(sorted(shards))}
    return StagePlan(Stage.OCR, make_plan(pages, {}, progress, prices), prices, assumed, share)


def describe_stages(farm: FarmPlan) -> str:
    """Return the plan for people: of each stage, and of all together where there are several."""
    if len(farm.stages) == 1 and farm.stages[0].stage is Stage.TEXT:
        return describe(farm.stages[0].plan, farm.stages[0].prices)
    parts = [f"stage {each.stage}\n{describe(each.plan, each.prices)}{_guess(each)}" for each in farm.stages]
    total = f"all stages: {duration(farm.hours * SECONDS_PER_HOUR)}, {dollars(farm.dollars)}"
    return "\n\n".join([*parts, total] if len(parts) > 1 else parts)


def _guess(each: StagePlan) -> str:
    if not each.assumed_pages:
        return ""
    return (
        f"\n{each.assumed_pages} of these pages are assumed: {each.share:.0%} of what stage text has not read yet; how "
        "many there are nobody knows before"
    )
