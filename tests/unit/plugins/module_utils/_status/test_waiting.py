# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._status.waiting import wait_for_shards
from tests.support.progress import make_progress

_RUNNING = make_progress(
    updated_at=0.0, pages=18, done=0, pages_done=0, failed=0, pages_failed=0, pending=4, pages_per_second=0.0
)


@dataclass(frozen=True)
class _Look:
    at: float
    pending: int


class _Farm:
    """A farm whose progress at each second is given; its clock moves by sleeping alone."""

    def __init__(self, *said: Mapping[int, Progress], pending_until: float = 0) -> None:
        self.said = said
        self.pending_until = pending_until
        self.now = 0.0
        self.reads = 0
        self.looks: list[_Look] = []

    def read(self) -> Mapping[int, Progress]:
        self.reads += 1
        return self.said[min(int(self.now), len(self.said) - 1)]

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def look(self) -> _Look:
        self.looks.append(_Look(self.now, 0 if self.now >= self.pending_until else 1))
        return self.looks[-1]

    def wait(
        self,
        shards: int = 1,
        timeout_seconds: float = 1000,
        silent_seconds: float = 10,
        outages: Callable[[], int] = lambda: 0,
    ) -> str:
        last, reason = wait_for_shards(
            range(1, shards + 1),
            self.read,
            self.look,
            timeout_seconds=timeout_seconds,
            silent_seconds=silent_seconds,
            poll_seconds=1,
            outages=outages,
            clock=lambda: 1000 + self.now,
            sleep=self.sleep,
        )
        assert last is self.looks[-1]
        assert last.at == self.now
        assert bool(reason) == bool(last.pending)
        return reason


def test_waiting_ends_when_no_supervisor_runs_and_nothing_is_pending() -> None:
    farm = _Farm({1: _RUNNING}, {1: replace(_RUNNING, state="finished")})
    assert farm.wait() == ""
    assert farm.reads == 2


def test_the_end_of_an_earlier_supervisor_is_not_taken_for_that_of_the_one_just_started() -> None:
    earlier = {1: replace(_RUNNING, state="finished")}
    farm = _Farm(
        earlier, earlier, {1: _RUNNING}, {1: replace(_RUNNING, state="finished", updated_at=3)}, pending_until=3
    )
    assert farm.wait() == ""
    assert farm.now == 3


@pytest.mark.parametrize(("silent_seconds", "end"), [(9.6, 10), (10, 11)])
def test_a_supervisor_that_died_is_named_after_its_silence(silent_seconds: float, end: int) -> None:
    farm = _Farm({1: _RUNNING}, pending_until=1e9)
    reason = farm.wait(silent_seconds=silent_seconds)
    assert reason == "shard 1: no heartbeat from OpenArchive-Shard-1 for 10 s: start it again"
    assert farm.now == end


def test_what_was_not_heard_while_s3_was_out_of_reach_is_nobodys_silence() -> None:
    farm = _Farm({1: _RUNNING}, pending_until=1e9)

    def outages() -> int:
        return 1 if farm.now >= 8 else 0

    farm.wait(silent_seconds=10, outages=outages)
    assert farm.now == 19


def test_a_silent_shard_does_not_end_the_wait_for_one_that_works() -> None:
    said = [{1: _RUNNING, 2: replace(_RUNNING, shard=2, updated_at=second)} for second in range(30)]
    farm = _Farm(*said, pending_until=1e9)
    farm.wait(shards=2)
    assert farm.now > 30


def test_the_last_words_of_each_supervisor_that_ended_and_the_shard_nobody_started_are_told() -> None:
    said = {
        1: replace(_RUNNING, state="failed", message="the disk is full"),
        2: replace(_RUNNING, shard=2, state="stopped", pending=2),
    }
    assert _Farm(said, pending_until=1e9).wait(shards=3) == (
        "shard 1: failed with 4 pending the disk is full; shard 2: stopped with 2 pending; "
        "shard 3: no supervisor has reported: was it started?"
    )


@pytest.mark.parametrize(("timeout_seconds", "end"), [(49.6, 50), (50, 51)])
def test_waiting_ends_with_its_timeout(timeout_seconds: float, end: int) -> None:
    said = [{1: replace(_RUNNING, updated_at=second)} for second in range(100)]
    farm = _Farm(*said, pending_until=1e9)
    assert farm.wait(timeout_seconds=timeout_seconds) == (
        "Still at work after 50 s. Waiting again picks up where the shards are."
    )
    assert farm.now == end


def test_markers_are_looked_at_once_when_the_supervisors_have_finished() -> None:
    farm = _Farm(*[{1: _RUNNING}] * 5, {1: replace(_RUNNING, state="finished")}, pending_until=5)
    assert farm.wait() == ""
    assert [look.at for look in farm.looks] == [5]


def test_markers_are_not_looked_at_while_any_supervisor_runs() -> None:
    finished = {1: replace(_RUNNING, state="finished"), 2: replace(_RUNNING, shard=2, state="finished")}
    farm = _Farm(*[finished | {2: replace(_RUNNING, shard=2)}] * 4, finished, pending_until=4)
    assert farm.wait(shards=2) == ""
    assert [look.at for look in farm.looks] == [4]


def test_markers_are_not_looked_at_again_until_a_supervisor_says_something_new() -> None:
    stopped = {1: replace(_RUNNING, state="stopped")}
    farm = _Farm(stopped, stopped, stopped, {1: replace(_RUNNING, state="finished")}, pending_until=3)
    assert farm.wait() == ""
    assert [look.at for look in farm.looks] == [0, 3]


def test_waiting_goes_by_the_clock_that_nobody_sets() -> None:
    assert inspect.signature(wait_for_shards).parameters["clock"].default is time.monotonic


def test_supervisors_that_take_pieces_count_from_their_first_word_on() -> None:
    second = {1: replace(_RUNNING, state="finished"), 2: _RUNNING}
    farm = _Farm({}, {1: _RUNNING}, second, {1: second[1], 2: second[1]}, pending_until=3)
    assert farm.wait(shards=0) == ""
    assert farm.now == 3


def test_where_nobody_takes_pieces_waiting_ends_and_asks_whether_anybody_was_started() -> None:
    farm = _Farm({}, pending_until=1000)
    assert farm.wait(shards=0) == "no supervisor has reported: was any started?"
    farm = _Farm({3: _RUNNING}, pending_until=1000)
    assert farm.wait(shards=0).startswith("shard 3: no heartbeat from")
