# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.clock import (
    MOST_PAUSED_SECONDS,
    RunningClock,
    ToldClock,
)


def test_the_outermost_pause_is_told_and_nothing_is_given_back_in_it() -> None:
    said: list[Any] = []
    clock = ToldClock(said.append)
    with clock.counting():
        with clock.paused(), clock.paused():
            clock.give_back(3.0)
        clock.give_back(4.0)
    assert said == [{"clock": {"paused": True}}, {"clock": {"paused": False}}, {"clock": {"given_back": 4.0}}]


def test_without_a_document_in_work_nothing_is_told() -> None:
    said: list[Any] = []
    clock = ToldClock(said.append)
    with clock.paused():
        clock.give_back(3.0)
    with clock.counting():
        pass
    clock.give_back(3.0)
    assert said == []


def test_a_pause_moves_the_end_by_its_length() -> None:
    clock = RunningClock(30.0, now=100.0)
    assert clock.ends_at == 130.0
    assert clock.takes({"clock": {"paused": True}}, 110.0)
    assert clock.ends_at == 110.0 + MOST_PAUSED_SECONDS
    assert clock.takes({"clock": {"paused": False}}, 700.0)
    assert (clock.uncounted, clock.ends_at) == (590.0, 720.0)
    assert clock.takes({"clock": {"given_back": 5.0}}, 705.0)
    assert (clock.uncounted, clock.ends_at) == (595.0, 725.0)


def test_a_pause_that_is_not_over_at_the_end_does_not_count_either() -> None:
    clock = RunningClock(30.0, now=100.0)
    assert clock.takes({"clock": {"paused": True}}, 110.0)
    clock.end(410.0)
    assert clock.uncounted == 300.0
    clock.end(420.0)
    assert clock.uncounted == 300.0


def test_no_more_is_given_back_than_has_passed() -> None:
    clock = RunningClock(30.0, now=100.0)
    assert clock.takes({"clock": {"given_back": 1000.0}}, 112.0)
    assert (clock.uncounted, clock.ends_at) == (12.0, 142.0)


def test_other_messages_are_for_others() -> None:
    clock = RunningClock(30.0, now=100.0)
    assert not clock.takes({"class": "timeout", "message": ""}, 101.0)
    assert not clock.takes(None, 101.0)
    assert clock.ends_at == 130.0
