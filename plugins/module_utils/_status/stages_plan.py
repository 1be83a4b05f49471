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
from .plan import Plan, Prices, describe, even_plan


@dataclass(frozen=True)
class StagePlan:
    """What one stage takes.

    Attributes:
        plan: its pages, hours and dollars; for stage ``ocr`` the pages to recognise, for stage ``math`` formulas.
        prices: what that rests on.
        assumed_pages: how many of the pages are a guess: what stage ``text`` will leave of what it has not read.
        share: of these pages, or formulas on each, that is taken for granted.
    """

    stage: Stage
    plan: Plan
    prices: Prices
    assumed_pages: int = 0
    share: float = 0.0

    @property
    def unit(self) -> str:
        """What each of its pages is."""
        return "formula" if self.stage is Stage.MATH else "page"


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


def plan_open_work(
    stage: Stage,
    known: int,
    unread_pages: int,
    share: float,
    shards: Sequence[int],
    progress: Mapping[int, Progress],
    prices: Prices,
) -> StagePlan:
    """Return the plan of a stage after ``text`` before it has a cut of all that it will have.

    Its shards are taken to be equal.

    Args:
        stage: which.
        known: pages to recognise, or formulas to read, of documents that wait for it.
        unread_pages: of documents that stage ``text`` has not ended.
        share: of these that will have to be recognised, or formulas on each of them, an assumption.
        shards: the farm's.
        progress: what the stage's supervisors last said, of which the pace counts.
        prices: what to assume.

    Raises:
        FarmError: the share is none.
    """
    if stage is Stage.OCR and not 0 <= share <= 1:
        raise FarmError(f"ocr_share is {share}: it must be between 0 and 1.")
    if stage is Stage.MATH and share < 0:
        raise FarmError(f"formulas_per_page is {share}: it must be 0 or more.")
    assumed = round(unread_pages * share)
    return StagePlan(stage, even_plan(known + assumed, shards, progress, prices), prices, assumed, share)


def describe_stages(farm: FarmPlan) -> str:
    """Return the plan for people: of each stage, and of all together where there are several."""
    if len(farm.stages) == 1 and farm.stages[0].stage is Stage.TEXT:
        return describe(farm.stages[0].plan, farm.stages[0].prices)
    parts = [f"stage {each.stage}\n{describe(each.plan, each.prices, each.unit)}{_guess(each)}" for each in farm.stages]
    total = f"all stages: {duration(farm.hours * SECONDS_PER_HOUR)}, {dollars(farm.dollars)}"
    return "\n\n".join([*parts, total] if len(parts) > 1 else parts)


def _guess(each: StagePlan) -> str:
    if not each.assumed_pages:
        return ""
    share = f"{each.share:g} a page" if each.stage is Stage.MATH else f"{each.share:.0%}"
    return (
        f"\n{each.assumed_pages} of these {each.unit}s are assumed: {share} of what stage text has not read yet; how "
        "many there are nobody knows before"
    )
