# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a node is to end itself, and why.

Runs on a node's own Python, 3.9, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from .._formatting import dollars, duration


@dataclass(frozen=True)
class Limits:
    """When a node ends itself; 0 of any is no limit.

    Attributes:
        idle: seconds in which nothing works on it and nobody is connected.
        finished: the same for a node that has finished the last stage.
        lifetime: seconds since EC2 started it last.
        budget: USD that all nodes of the farm together may cost.
    """

    idle: float = 0.0
    finished: float = 0.0
    lifetime: float = 0.0
    budget: float = 0.0


@dataclass(frozen=True)
class Situation:
    """A node at one time.

    Attributes:
        quiet: seconds since something last worked on it, or somebody was connected.
        age: seconds since EC2 started it last; ``None`` where nobody knows.
        is_finished: whether its shard was finished at the last stage.
        is_held: whether somebody keeps it from ending itself.
        spent: USD that all nodes together have cost; ``None`` where nobody knows.
        is_leaving: whether its Auto Scaling group has decided to end it, and waits until it has stopped.
    """

    quiet: float
    age: float | None = None
    is_finished: bool = False
    is_held: bool = False
    spent: float | None = None
    is_leaving: bool = False


@dataclass(frozen=True)
class Ending:
    """Why a node ends itself: ``finished``, ``idle``, ``lifetime``, ``budget`` or ``fleet``; and why in a sentence."""

    cause: str
    message: str


def reason_to_end(limits: Limits, now: Situation) -> Ending | None:
    """Return why the node should end itself now, ``None`` where it should not."""
    if now.is_held:
        return None
    if now.is_leaving:
        return Ending("fleet", "its Auto Scaling group ends it")
    if limits.budget and now.spent is not None and now.spent >= limits.budget:
        return Ending(
            "budget",
            f"the budget of {dollars(limits.budget)} is spent, {dollars(now.spent)} by now: raise farm_budget, then "
            "run playbooks/resume.yml",
        )
    if limits.lifetime and now.age is not None and now.age >= limits.lifetime:
        return Ending(
            "lifetime",
            f"it has run for {duration(now.age)} (farm_lifetime_hours): playbooks/resume.yml has it go on for as long",
        )
    if limits.finished and now.is_finished and now.quiet >= limits.finished:
        return Ending("finished", f"its shard is finished and nothing was to do for {duration(now.quiet)}")
    if limits.idle and now.quiet >= limits.idle:
        return Ending("idle", f"nothing worked on it for {duration(now.quiet)}: playbooks/resume.yml has it go on")
    return None
