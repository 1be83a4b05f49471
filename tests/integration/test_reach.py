# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``playbooks/reach.yml`` with nodes that come at once, late, and not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.emulated_farm import PROJECT, Run, emulated_farm

_AT_ONCE, _LATE, _OFFLINE, _REFUSED = (f"OpenArchive-Shard-{shard}" for shard in (1, 2, 3, 4))


@dataclass(frozen=True)
class _Runs:
    """What was said of the nodes, and how often a session to each was asked for, by their names.

    Attributes:
        waiting: for those that come, and one that may not be reached.
        offline: for one without an agent, and without waiting.
    """

    waiting: Run
    offline: Run
    sessions: dict[str, int]
    instance_ids: dict[str, str]


@pytest.fixture(scope="module")
def runs(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> _Runs:
    folder = tmp_path_factory.mktemp("reach")
    with emulated_farm(repository, folder) as farm:
        ids = {}
        for name in (_AT_ONCE, _LATE, _OFFLINE, _REFUSED):
            farm.launch(Name=name, Project=PROJECT, Shard=name[-1])
            ids[name] = farm.instance_id(name)
        sessions = farm.sessions
        sessions.set_late(ids[_LATE], attempts=2)
        sessions.set_unreachable(ids[_OFFLINE])
        sessions.set_unreachable(ids[_REFUSED], "AccessDeniedException")
        farm.account.server.limit(offline=[ids[_OFFLINE]])
        waiting = farm.play("reach", "--limit", f"all:!{_OFFLINE}")
        offline = farm.play("reach", "--limit", _OFFLINE, "-e", "farm_reach_seconds=0")
        assert farm.recorder.asked == []
    asked = [call for call in sessions.calls() if call.startswith("ssm start-session")]
    return _Runs(waiting, offline, {name: sum(ids[name] in call for call in asked) for name in ids}, ids)


def _recap(run: Run) -> dict[str, tuple[int, int]]:
    """Return how many tasks of each host failed, and for how many it was unreachable."""
    found = re.findall(r"^(\S+) +: .*unreachable=(\d+) +failed=(\d+)", run.output, re.MULTILINE)
    return {host: (int(failed), int(unreachable)) for host, unreachable, failed in found if host != "localhost"}


def test_a_node_that_comes_late_is_waited_for(runs: _Runs) -> None:
    assert _recap(runs.waiting) == {_AT_ONCE: (0, 0), _LATE: (0, 0), _REFUSED: (1, 0)}
    assert runs.sessions[_LATE] == 3
    assert f"{_LATE}: not reached after" in runs.waiting.output


def test_what_waiting_cannot_mend_ends_it_at_once(runs: _Runs) -> None:
    assert runs.waiting.status != 0
    assert runs.sessions[_REFUSED] == 1
    output = " ".join(runs.waiting.output.split())
    assert f"{_REFUSED} could not be reached within" in output
    assert "the credentials may not do this" in output
    assert f"EC2: {runs.instance_ids[_REFUSED]} is running. Systems Manager: its agent is Online." in output


def test_a_node_that_does_not_come_is_named_with_its_states_and_the_cause(runs: _Runs) -> None:
    assert runs.offline.status != 0
    assert _recap(runs.offline) == {_OFFLINE: (1, 0)}
    output = " ".join(runs.offline.output.split())
    assert "Systems Manager has no connection to the node's agent" in output
    assert "kex_exchange" not in output
    assert f"EC2: {runs.instance_ids[_OFFLINE]} is running. Systems Manager: its agent is not registered." in output
