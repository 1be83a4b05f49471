# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node of the fleet at work: it tries itself, claims a number where pieces wait, and has a supervisor take them.

The supervisor does all the work, and ends when its queue has nothing more. This part only begins, watches and begins
again; it may end and come back at any time, and finds the supervisor as it left it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .._errors import FarmError
from .._records.fleet import FleetNode, FleetSettings, FleetStage, NodeState
from .._records.progress import BROKEN, Progress
from .._records.stage import Stage
from .._s3.errors import S3Error

_LOG = logging.getLogger(__name__)
# Between two looks into queues that had nothing, at a supervisor, or for a notice.
_POLL_SECONDS = 15.0
# After a supervisor was stopped, as at a notice: what has stopped it may take the machine.
_PAUSE_SECONDS = 60.0


class UnfitError(FarmError):
    """The node cannot work, and will not be able to."""


class Supervisor(Protocol):
    """A supervisor of a number on this node."""

    number: int
    stage: Stage

    def start(self) -> None:
        """Start it under its number, which was claimed, and wait for its first heartbeat.

        Raises:
            FarmError: it did not start.
        """

    def is_running(self) -> bool:
        """Whether it runs, or is about to be started again."""

    def progress(self) -> Progress | None:
        """What it said last."""

    def has_lost_number(self) -> bool:
        """Whether its number is another node's by now, as after S3 was out of reach for long: it then gets nowhere."""

    def stop(self) -> None:
        """Have it run no more, and not be started again."""

    def release(self) -> None:
        """Give the number back that was claimed for it."""


@dataclass(frozen=True)
class Hands:
    """What a node does, and sees.

    Attributes:
        read_settings: returns what the nodes are told now.
        try_stage: tries a stage's pipeline; raises where the node is not fit for it.
        waiting: returns how many pieces wait in a queue, by its URL.
        claim: claims a number for a supervisor of a stage.
        running: returns the supervisor that runs on this node already; ``None`` for none.
        notice: returns in words that the machine is taken away, empty where it is not.
        leave: tells whoever waits for it that nothing is in work here any more.
        tell: says what the node does.
        sleep: pauses for so many seconds.
    """

    read_settings: Callable[[], FleetSettings]
    try_stage: Callable[[FleetSettings, FleetStage], None]
    waiting: Callable[[str], int]
    claim: Callable[[FleetSettings, FleetStage], Supervisor]
    running: Callable[[], Supervisor | None]
    notice: Callable[[], str]
    leave: Callable[[], None]
    tell: Callable[[FleetNode], None]
    sleep: Callable[[float], None] = time.sleep


class Member:
    """One node of the fleet.

    Args:
        node: the instance's id.
        hands: what it does.
    """

    def __init__(self, node: str, hands: Hands) -> None:
        self._node = node
        self._hands = hands
        self._tried: set[Stage] = set()
        self._said: FleetNode | None = None

    def prove(self) -> None:
        """Show that the node can work at each stage, and nothing else.

        Raises:
            UnfitError: it cannot.
            S3Error: S3 is out of reach.
        """
        settings = self._hands.read_settings()
        for stage in settings.stages:
            self._try(settings, stage)
        self._tell(NodeState.FIT)

    def run(self) -> None:
        """Work for as long as there is a machine; return when that is taken away.

        Raises:
            UnfitError: the node cannot work.
            FarmError: its settings cannot be read, or AWS refuses something; it may be able to later.
        """
        running = self._hands.running()
        if running is not None:
            self._watch(running)
        while not (notice := self._hands.notice()):
            # Anew each time: somebody may have changed them, or have found the fault.
            settings = self._hands.read_settings()
            stage = self._stage_with_work(settings)
            if stage is None:
                self._tell(NodeState.WAITING, message="no piece waits in any queue")
                self._hands.sleep(_POLL_SECONDS)
                continue
            self._work(settings, stage)
        self._tell(NodeState.LEAVING, message=notice)
        self._hands.leave()

    def tell_unfit(self, message: str) -> None:
        """Say that the node cannot work, and why."""
        self._tell(NodeState.UNFIT, message=message)

    def _stage_with_work(self, settings: FleetSettings) -> FleetStage | None:
        # The first comes first: a later stage gets its pieces from it.
        return next((stage for stage in settings.stages if self._hands.waiting(stage.queue)), None)

    def _try(self, settings: FleetSettings, stage: FleetStage) -> None:
        if stage.stage in self._tried:
            return
        self._tell(NodeState.CHECKING, stage=stage.stage)
        try:
            self._hands.try_stage(settings, stage)
        except S3Error:
            raise
        except FarmError as error:
            raise UnfitError(str(error)) from error
        self._tried.add(stage.stage)

    def _work(self, settings: FleetSettings, stage: FleetStage) -> None:
        self._try(settings, stage)
        supervisor = self._hands.claim(settings, stage)
        try:
            supervisor.start()
        except FarmError as error:
            # systemd may go on trying, as where S3 is out of reach.
            if not supervisor.is_running():
                supervisor.release()
                raise UnfitError(str(error)) from error
            _LOG.warning("%s", error)
        self._watch(supervisor)

    def _watch(self, supervisor: Supervisor) -> None:
        """Wait until the supervisor ends, which it does by itself at a notice, too."""
        self._tell(NodeState.WORKING, stage=supervisor.stage, number=supervisor.number)
        while supervisor.is_running():
            if supervisor.has_lost_number():
                _LOG.warning("number %d is another node's by now: this one takes another", supervisor.number)
                supervisor.stop()
                return
            self._hands.sleep(_POLL_SECONDS)
        progress = supervisor.progress()
        state = progress.state if progress else "gone without a word"
        message = progress.message if progress else ""
        _LOG.info("supervisor %d of stage %s is %s %s", supervisor.number, supervisor.stage, state, message)
        if state in ("failed", BROKEN):
            raise UnfitError(f"Supervisor {supervisor.number} of stage {supervisor.stage} {state}: {message}")
        if state != "finished":
            self._tell(NodeState.WAITING, message=f"the supervisor was stopped. {message}".strip())
            if not self._hands.notice():
                self._hands.sleep(_PAUSE_SECONDS)

    def _tell(self, state: NodeState, *, stage: str = "", number: int = 0, message: str = "") -> None:
        said = FleetNode(self._node, state, stage, number, message)
        if said != self._said:
            _LOG.info("%s %s", state, message or stage)
            self._hands.tell(said)
            self._said = said
