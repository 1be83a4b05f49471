# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import cast

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection
from ansible_collections.glossapi.farm.plugins.modules import shard_run
from tests.support.module_options import documented_options


class Control:
    """A shard on this machine that is only looked at."""

    def __init__(self, *, pending: int, running: bool) -> None:
        self.selection = Selection(attempts=[], finished={}, pending=pending, retried=0, stale=0)
        self.running = running
        self.done: list[str] = []

    def require_same_options(self) -> None:
        self.done.append("compare")

    def select(self) -> Selection:
        return self.selection

    def is_running(self) -> bool:
        return self.running

    def has_to_stop(self) -> bool:
        return self.running

    def start(self) -> bool:
        self.done.append("start")
        return True

    def wait(self, _seconds: float) -> None:
        self.done.append("wait")

    def stop(self) -> bool:
        self.done.append("stop")
        return self.running


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_run) == shard_run.ARGUMENTS


@pytest.mark.parametrize(
    ("pending", "running", "wait_seconds", "changed", "done"),
    [
        (3, False, None, True, ["start"]),
        (3, True, None, False, []),
        (0, False, None, False, []),
        (3, False, 10.0, True, ["start", "wait"]),
        (3, True, 10.0, True, ["wait"]),
        (0, True, 10.0, False, ["wait"]),
        (0, False, 10.0, False, []),
    ],
)
def test_a_shard_is_started_where_it_has_to_be_and_check_mode_says_the_same(
    pending: int, running: bool, wait_seconds: float | None, changed: bool, done: list[str]
) -> None:
    control = Control(pending=pending, running=running)
    for check_mode in (True, False):
        found = shard_run.start(cast(ShardControl, control), check_mode=check_mode, wait_seconds=wait_seconds)
        assert (found["changed"], found["pending"]) == (changed, pending)
    # With nothing to do, the supervisor of another stage may go on with its own options.
    compared = ["compare", "compare"] if pending or wait_seconds is not None else []
    assert control.done == [*compared, *done]


@pytest.mark.parametrize("running", [True, False])
def test_a_shard_is_stopped_where_it_runs_and_check_mode_says_the_same(running: bool) -> None:
    control = Control(pending=1, running=running)
    assert shard_run.stop(cast(ShardControl, control), check_mode=True) == {"changed": running}
    assert control.done == []
    assert shard_run.stop(cast(ShardControl, control), check_mode=False) == {"changed": running}
    assert control.done == ["stop"]
