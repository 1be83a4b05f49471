# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.glossapi.farm.plugins.action.reach_node import ActionModule


class _Action(ActionModule):
    """One whose host answers as it is told; an exception is raised."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        task = SimpleNamespace(
            action="reach_node", args={"seconds": 600, "pause": 0}, async_val=0, check_mode=False, delegate_to=None
        )
        super().__init__(
            task=task,
            connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir=None)),
            play_context=SimpleNamespace(remote_addr="i-none", check_mode=False),
            loader=None,
            templar=None,
            shared_loader_obj=None,
        )
        self.answers = list(answers)

    def _low_level_execute_command(self, *_arguments: Any, **_options: Any) -> dict[str, Any]:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


_GOOD = {"rc": 0, "stdout": "", "stderr": ""}


@pytest.fixture(autouse=True)
def _no_records(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_a_host_is_tried_until_it_answers() -> None:
    action = _Action(AnsibleConnectionFailure("no"), {"rc": 127, "stdout": "", "stderr": "no shell yet"}, _GOOD)
    result = action.run(task_vars={"inventory_hostname": "node-1"})
    assert (result["changed"], result["attempts"], "failed" in result) == (False, 3, False)


def test_a_host_that_does_not_answer_is_failed_with_the_cause() -> None:
    action = _Action(AnsibleConnectionFailure("no way"))
    action._task.args["seconds"] = 0
    result = action.run(task_vars={"inventory_hostname": "node-1"})
    assert result["failed"]
    assert result["cause"] == "no way"
    assert result["msg"].startswith("node-1 could not be reached within 0 s: no way.")
