# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node of the fleet does next; with a real supervisor in tests/integration/test_fleet_node.py."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._fleet.member import Hands, Member, UnfitError
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import (
    FleetNode,
    FleetSettings,
    FleetStage,
    NodeState,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from tests.support.progress import make_progress

_SETTINGS = FleetSettings(
    stages=(FleetStage(Stage.TEXT, {"queue": "text"}), FleetStage(Stage.OCR, {"queue": "ocr"})),
)


class FakeSupervisor:
    """A supervisor that runs for so many looks, then has ended in this state."""

    def __init__(self, stage: Stage, state: str = "finished", looks: int = 1, number: int = 5) -> None:
        self.number = number
        self.stage = stage
        self.state = state
        self.looks = looks
        self.fails_to_start = ""
        self.lost_number = False
        self.done: list[str] = []

    def start(self) -> None:
        self.done.append("start")
        if self.fails_to_start:
            raise FarmError(self.fails_to_start)

    def is_running(self) -> bool:
        self.looks -= 1
        return self.looks >= 0

    def has_lost_number(self) -> bool:
        return self.lost_number

    def stop(self) -> None:
        self.done.append("stop")

    def progress(self) -> Progress | None:
        return make_progress(state=self.state, message="because") if self.state else None

    def release(self) -> None:
        self.done.append("release")


@dataclass
class World:
    """A node's surroundings: queues with pieces, supervisors to come, and a machine that is taken away in the end."""

    waiting: dict[str, int] = field(default_factory=dict)
    supervisors: list[FakeSupervisor] = field(default_factory=list)
    running: FakeSupervisor | None = None
    looks: int = 10
    unfit_for: dict[Stage, FarmError] = field(default_factory=dict)
    said: list[FleetNode] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def member(self) -> Member:
        return Member(
            "i-1",
            Hands(
                read_settings=lambda: _SETTINGS,
                try_stage=self.try_stage,
                waiting=lambda queue: self.waiting.get(queue, 0),
                claim=self.claim,
                running=lambda: self.running,
                notice=self.notice,
                leave=lambda: self.done.append("leave"),
                tell=self.said.append,
                sleep=self.slept.append,
            ),
        )

    def try_stage(self, _settings: FleetSettings, stage: FleetStage) -> None:
        self.done.append(f"try {stage.stage}")
        if stage.stage in self.unfit_for:
            raise self.unfit_for[stage.stage]

    def claim(self, _settings: FleetSettings, stage: FleetStage) -> FakeSupervisor:
        supervisor = self.supervisors.pop(0)
        assert supervisor.stage is stage.stage
        self.waiting[stage.queue] -= 1
        return supervisor

    def notice(self) -> str:
        self.looks -= 1
        return "" if self.looks >= 0 else "Auto Scaling ends this instance"

    def states(self) -> list[str]:
        return [each.state.value for each in self.said]


@pytest.fixture
def world() -> World:
    return World()


def test_a_node_tries_itself_works_off_the_stages_and_leaves(world: World) -> None:
    world.waiting = {"text": 1, "ocr": 2}
    world.supervisors = [FakeSupervisor(stage) for stage in (Stage.TEXT, Stage.OCR, Stage.OCR)]
    world.looks = 5
    world.member().run()
    # Once for each stage.
    assert world.done == ["try text", "try ocr", "leave"]
    assert world.states() == ["checking", "working", "checking", "working", "waiting", "leaving"]
    assert (world.said[1].stage, world.said[1].number) == ("text", 5)
    assert world.said[-1].message == "Auto Scaling ends this instance"


def test_a_node_for_which_nothing_waits_looks_again_and_says_so_once(world: World) -> None:
    world.looks = 3
    world.member().run()
    assert world.states() == ["waiting", "leaving"]
    assert len(world.slept) == 3


def test_a_node_that_is_not_fit_claims_nothing(world: World) -> None:
    world.waiting = {"text": 1}
    world.unfit_for = {Stage.TEXT: FarmError("did not read the page")}
    with pytest.raises(UnfitError, match="did not read the page"):
        world.member().run()
    assert world.waiting == {"text": 1}


def test_s3_out_of_reach_is_no_fault_of_the_node(world: World) -> None:
    world.waiting = {"text": 1}
    world.unfit_for = {Stage.TEXT: S3Error("no answer", "EndpointConnectionError")}
    with pytest.raises(S3Error):
        world.member().run()


def test_a_node_that_shows_that_it_can_work_tries_all_stages_and_does_nothing_else(world: World) -> None:
    world.waiting = {"text": 1}
    world.member().prove()
    assert world.done == ["try text", "try ocr"]
    assert world.states() == ["checking", "checking", "fit"]


@pytest.mark.parametrize("state", ["failed", "broken"])
def test_a_supervisor_that_another_start_would_not_help_makes_the_node_unfit(world: World, state: str) -> None:
    world.waiting = {"text": 1}
    world.supervisors = [FakeSupervisor(Stage.TEXT, state)]
    with pytest.raises(UnfitError, match=f"Supervisor 5 of stage text {state}: because"):
        world.member().run()


@pytest.mark.parametrize("state", ["stopped", ""])
def test_after_a_supervisor_that_was_stopped_the_node_pauses_before_it_begins_again(world: World, state: str) -> None:
    world.waiting = {"text": 2}
    world.supervisors = [FakeSupervisor(Stage.TEXT, state), FakeSupervisor(Stage.TEXT)]
    world.looks = 4
    world.member().run()
    assert max(world.slept) == 60.0
    assert world.states() == ["checking", "working", "waiting", "working", "waiting", "leaving"]


def test_a_supervisor_that_does_not_start_gives_its_number_back(world: World) -> None:
    supervisor = FakeSupervisor(Stage.TEXT, looks=0)
    supervisor.fails_to_start = "the log says why"
    world.waiting, world.supervisors = {"text": 1}, [supervisor]
    with pytest.raises(UnfitError, match="the log says why"):
        world.member().run()
    assert supervisor.done == ["start", "release"]


def test_a_supervisor_that_is_started_again_by_systemd_is_waited_for(world: World) -> None:
    supervisor = FakeSupervisor(Stage.TEXT, looks=3)
    supervisor.fails_to_start = "S3 is out of reach"
    world.waiting, world.supervisors = {"text": 1}, [supervisor]
    world.looks = 1
    world.member().run()
    assert supervisor.done == ["start"]


def test_a_supervisor_whose_number_is_anothers_by_now_makes_room_for_one_with_another(world: World) -> None:
    lost = FakeSupervisor(Stage.TEXT, looks=99)
    lost.lost_number = True
    world.waiting, world.supervisors = {"text": 2}, [lost, FakeSupervisor(Stage.TEXT, number=6)]
    world.looks = 2
    world.member().run()
    assert lost.done == ["start", "stop"]
    assert [each.number for each in world.said if each.state is NodeState.WORKING] == [5, 6]


def test_a_program_that_was_started_again_finds_the_supervisor_at_work(world: World) -> None:
    world.running = FakeSupervisor(Stage.OCR, looks=2, number=9)
    world.looks = 0
    world.member().run()
    assert world.running.done == []
    assert (world.said[0].state, world.said[0].number) == (NodeState.WORKING, 9)
    assert world.done == ["leave"]


def test_what_makes_a_node_unfit_is_said(world: World) -> None:
    world.member().tell_unfit("no GPU")
    assert world.said == [FleetNode("i-1", NodeState.UNFIT, message="no GPU")]
