# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from math import exp
from random import Random
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.outlook import farm_outlook, outlook, pieces_outlook
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import Heartbeat
from tests.support.progress import make_farm, make_progress
from tests.support.queued import queued_progress
from tests.support.simulated_stage import Cost, Event, SimulatedStage

_SAID = Outlook(2.0, 3600.0, 3000.0, 4200.0)
_NOW = 1_764_000_000.0


def said(age: float = 0.0, **fields: object) -> Heartbeat:
    return Heartbeat(make_progress(**{"outlook": _SAID, **fields}), age)


def test_the_end_is_a_time_of_day_with_a_range_counted_from_when_it_was_said() -> None:
    found = outlook({1: 5}, {1: said(age=60.0)}, 120, _NOW)
    assert found.rate == 2.0
    assert found.finish is not None
    assert found.finish.texts() == {
        "expected": "2025-11-24T16:59:00+00:00",
        "earliest": "2025-11-24T16:49:00+00:00",
        "latest": "2025-11-24T17:09:00+00:00",
    }
    assert found.seconds_left == 3540
    assert found.line() == (
        "finished about 2025-11-24 16:59 UTC, between 2025-11-24 16:49 and 2025-11-24 17:09: 59 min 0 s left"
    )


def test_all_are_finished_when_the_last_one_is() -> None:
    later = said(outlook=Outlook(1.0, 7200.0, 2000.0, 9000.0))
    found = outlook({1: 5, 2: 5, 3: 0}, {1: said(), 2: later, 3: said(state="finished")}, 120, _NOW)
    assert found.rate == 3.0
    assert found.finish is not None
    assert (found.finish.expected, found.finish.earliest, found.finish.latest) == (
        _NOW + 7200,
        _NOW + 3000,
        _NOW + 9000,
    )
    assert found.shards[3].finish is None


@pytest.mark.parametrize(
    "nobody", [None, said(age=121.0), said(state="stopped"), said(drained={"0": "Xid", "1": "Xid"}, outlook=Outlook())]
)
def test_there_is_no_end_where_nobody_lives_who_works_on_what_is_pending(nobody: Heartbeat | None) -> None:
    heartbeats = {1: said()} | ({2: nobody} if nobody else {})
    found = outlook({1: 5, 2: 5}, heartbeats, 120, _NOW)
    assert (found.shards[1].finish is None, found.finish, found.seconds_left) == (False, None, None)
    assert found.line() == "no end in sight: nobody works on shard 2"


def test_the_rate_is_of_those_who_live() -> None:
    assert outlook({1: 5, 2: 5}, {1: said(), 2: said(age=121.0)}, 120, _NOW).rate == 2.0


def test_where_nothing_is_pending_there_is_nothing_to_tell() -> None:
    found = outlook({1: 0}, {1: said(state="finished")}, 120, _NOW)
    assert (found.finish, found.seconds_left, found.rate, found.line()) == (None, 0.0, 0.0, "")


@pytest.mark.parametrize("early", [Outlook(0.5), None])
def test_what_was_not_measured_or_is_of_an_earlier_version_has_no_end_yet(early: Outlook | None) -> None:
    found = outlook({1: 5}, {1: said(outlook=early, pages_per_second=0.5)}, 120, _NOW)
    assert (found.rate, found.finish) == (0.5, None)
    assert found.line() == "time left unknown: too few documents have ended to tell"


def test_where_nodes_help_a_shard_takes_no_longer_than_all_take_together() -> None:
    # One has lost half of its slots, and the third has nothing left but to help.
    slow = said(outlook=Outlook(1.0, 4800.0, 4000.0, 6000.0), pages=100, pages_done=0, pages_failed=0, pending=10)
    helper = said(outlook=Outlook(2.0, 0.0, 0.0, 0.0))

    def finish(**lending: Any) -> tuple[float, ...]:
        heartbeats = {1: said(), 2: replace(slow, progress=replace(slow.progress, **lending)), 3: helper}
        found = outlook({1: 5, 2: 10, 3: 0}, heartbeats, 120, _NOW)
        assert found.shards[1].finish is not None
        assert found.shards[1].finish.expected == _NOW + 3600
        assert found.shards[2].finish is not None
        return tuple(each - _NOW for each in vars(found.shards[2].finish).values())

    assert finish() == (4800, 4000, 6000)
    # Two, one and two pages a second: 12,000 pages in all.
    assert finish(queued_pages=90) == (2400, 2000, 2880)
    # What is lent is done by others. What may not be lent takes the shard's own node.
    assert finish(queued_pages=40, lent=5) == (2400, 2000, 2880)
    assert finish(queued_pages=25) == (3600, 3000, 4500)


@pytest.mark.parametrize(("stage", "pending"), [(Stage.TEXT, False), (Stage.OCR, True)])
def test_what_was_handed_on_is_left_at_the_next_stage_alone(stage: Stage, pending: bool) -> None:
    shard = ShardStatus(1, 4, 100, 2, 50, 0, 0, 2, {}, forwarded=2)
    farm = make_farm([shard], stage=stage, progress={1: said().progress}, ages={1: 0.0})
    assert farm_outlook(farm, 120, _NOW).shards[1].is_pending is pending


def text_layers(random: Random, pages: int) -> float:
    """Return the seconds of a document: a scan, more often a short one, takes ten times as long."""
    is_scan = random.random() < (0.2 if pages < 60 else 0.08)
    return (1.5 + 0.25 * pages) * exp(random.gauss(0, 0.35)) * (10 if is_scan else 1)


def recognition(random: Random, pages: int) -> float:
    return (0.8 + 2.2 * pages) * exp(random.gauss(0, 0.5))


@pytest.mark.slow
@pytest.mark.parametrize(("cost", "documents"), [(text_layers, 20_000), (recognition, 10_000)])
def test_from_a_tenth_of_the_work_on_the_time_left_is_right_within_a_tenth(cost: Cost, documents: int) -> None:
    events = [Event(0.05, 2), Event(0.3, 3, takes_node=True), Event(0.4, 1)]
    stage = SimulatedStage(0, [documents] * 3, cost, events)
    begun, quarter, gone, half, most = stage.run([0.1, 0.25, 0.305, 0.5, 0.75])
    assert (gone.told.shards[3].rate, gone.told.shards[3].finish, gone.told.finish) == (0.0, None, None)
    for glance in (begun, quarter, half, most):
        errors = glance.errors()
        assert sorted(errors) == [0, 1, 2, 3]
        assert max(map(abs, errors.values())) < 0.1, (glance.share, errors)
        for shard, true in glance.true.items():
            finish = glance.told.shards[shard].finish
            assert finish is not None
            assert true is not None
            assert finish.earliest < true < finish.latest, (glance.share, shard)


def test_where_nodes_help_the_time_left_is_that_of_all_nodes_together() -> None:
    stage = SimulatedStage(0, [5_000] * 4, recognition, [Event(0.05, 2), Event(0.06, 2)], helps=True)
    for glance in stage.run([0.1, 0.25, 0.4]):
        assert abs(glance.errors()[0]) < 0.1, (glance.share, glance.errors())


def test_of_pieces_all_that_is_left_is_done_by_all_who_live() -> None:
    silent = Heartbeat(queued_progress(3), 90.0)
    heartbeats = {1: Heartbeat(queued_progress(1), 4.0), 2: Heartbeat(queued_progress(2), 4.0), 3: silent}
    found = pieces_outlook(600, heartbeats, 60, 1000.0)
    assert (found.rate, found.seconds_left) == (4.0, 150.0)
    # Since they started they were twice as fast.
    assert found.finish is not None
    assert (found.finish.earliest, found.finish.expected, found.finish.latest) == (1075.0, 1150.0, 1150.0)
    assert pieces_outlook(0, heartbeats, 60, 1000.0).seconds_left == 0.0


def test_of_pieces_on_which_nobody_works_no_end_is_in_sight() -> None:
    for heartbeats in ({}, {3: Heartbeat(queued_progress(3), 90.0)}):
        found = pieces_outlook(600, heartbeats, 60, 1000.0)
        assert (found.rate, found.seconds_left, found.line()) == (0.0, None, "no end in sight: nobody works")
