# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.action.reach_node import ActionModule
from ansible_collections.glossapi.farm.plugins.module_utils._reach.proxy import record_path


class _Action(ActionModule):
    """One whose host answers as it is told; an exception is raised."""

    def __init__(self, *answers: dict[str, Any] | Exception, transport: str = "ssh") -> None:
        task = SimpleNamespace(
            action="reach_node", args={"seconds": 600, "pause": 0}, async_val=0, check_mode=False, delegate_to=None
        )
        super().__init__(
            task=task,
            connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir=None), transport=transport),
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


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "StartSession")


def test_what_aws_says_to_session_manager_alone_is_waited_for_or_told() -> None:
    late = _Action(_refused("TargetNotConnected"), _GOOD, transport="amazon.aws.aws_ssm")
    assert late.run(task_vars={"inventory_hostname": "node-1"})["attempts"] == 2
    denied = _Action(_refused("AccessDeniedException"), transport="amazon.aws.aws_ssm")
    result = denied.run(task_vars={"inventory_hostname": "node-1"})
    assert result["cause"].startswith("cannot open a session: the credentials may not do this")


def test_what_ssh_could_not_do_once_is_not_told_of_another_connection() -> None:
    record = record_path("i-none")
    record.parent.mkdir(parents=True)
    record.write_text('{"step": "machine", "message": "not in the PATH of this machine: aws"}')
    action = _Action(AnsibleConnectionFailure("no"), _GOOD, transport="amazon.aws.aws_ssm")
    assert action.run(task_vars={"inventory_hostname": "node-1"})["attempts"] == 2
