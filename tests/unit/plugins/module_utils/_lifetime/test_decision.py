# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.decision import (
    Limits,
    Situation,
    reason_to_end,
)

LIMITS = Limits(idle=3600.0, finished=600.0, lifetime=86400.0, budget=100.0)


def cause(limits: Limits, situation: Situation) -> str | None:
    ending = reason_to_end(limits, situation)
    return ending.cause if ending else None


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(quiet=3599.0), None),
        (Situation(quiet=3600.0), "idle"),
        (Situation(quiet=600.0), None),
        (Situation(quiet=599.0, is_finished=True), None),
        (Situation(quiet=600.0, is_finished=True), "finished"),
        (Situation(quiet=0.0, age=86399.0), None),
        (Situation(quiet=0.0, age=86400.0), "lifetime"),
        (Situation(quiet=0.0, spent=99.99), None),
        (Situation(quiet=0.0, spent=100.0), "budget"),
        (Situation(quiet=7200.0, age=90000.0, is_finished=True, spent=200.0), "budget"),
    ],
)
def test_a_node_ends_when_a_limit_is_reached_and_not_before(situation: Situation, expected: str | None) -> None:
    assert cause(LIMITS, situation) == expected
    assert cause(LIMITS, replace(situation, is_held=True)) is None


def test_without_limits_nothing_ends() -> None:
    assert cause(Limits(), Situation(1e9, 1e9, is_finished=True, spent=1e9)) is None


@pytest.mark.parametrize(
    ("situation", "message"),
    [
        (
            Situation(0.0, spent=104.5),
            "the budget of $100.00 is spent, $104.50 by now: raise farm_budget, then run playbooks/resume.yml",
        ),
        (
            Situation(0.0, age=90000.0),
            "it has run for 1 d 1 h (farm_lifetime_hours): playbooks/resume.yml has it go on for as long",
        ),
        (Situation(660.0, is_finished=True), "its shard is finished and nothing was to do for 11 min 0 s"),
        (Situation(3600.0), "nothing worked on it for 1 h 0 min: playbooks/resume.yml has it go on"),
    ],
)
def test_the_reason_says_what_to_do(situation: Situation, message: str) -> None:
    ending = reason_to_end(LIMITS, situation)
    assert ending is not None
    assert ending.message == message


def test_a_node_that_its_group_ends_does_so_unless_it_is_held() -> None:
    ending = reason_to_end(Limits(), Situation(quiet=0, is_leaving=True))
    assert ending is not None
    assert ending.cause == "fleet"
    assert reason_to_end(Limits(), Situation(quiet=0, is_leaving=True, is_held=True)) is None
