# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until the task's host can be reached."""

from __future__ import annotations

import time
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.glossapi.farm.plugins.module_utils._reach.causes import Cause, cause_of
from ansible_collections.glossapi.farm.plugins.module_utils._reach.proxy import record_path
from ansible_collections.glossapi.farm.plugins.module_utils._reach.waiting import wait_until_reached
from ansible_collections.glossapi.farm.plugins.modules.reach_node import ARGUMENTS

_display = Display()


class ActionModule(ActionBase):  # type: ignore[misc]
    """The task's part on the controller, which is all there is to it."""

    _requires_connection = True
    _supports_check_mode = True

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the task's result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(ARGUMENTS)
        host = str((task_vars or {})["inventory_hostname"])
        wait = wait_until_reached(
            self._attempt,
            seconds=options["seconds"],
            pause=options["pause"],
            clock=time.monotonic,
            sleep=time.sleep,
            tell=lambda line: _display.display(f"{host}: {line}"),
        )
        result |= {"changed": False, "waited": round(wait.seconds, 1), "attempts": wait.attempts}
        if wait.cause is not None:
            result |= {
                "failed": True,
                "cause": wait.cause.text,
                "msg": f"{host} could not be reached within {wait.seconds:.0f} s: {wait.cause.text}.",
            }
        return result

    def _attempt(self) -> Cause | None:
        """Return why the host cannot be reached now; ``None`` where it can."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._low_level_execute_command("true", sudoable=False)
        except (AnsibleError, BotoCoreError, ClientError) as error:
            # Those of boto come through amazon.aws.aws_ssm as they are.
            return self._cause(str(error))
        return None if answer["rc"] == 0 else self._cause(f"{answer['stderr']} {answer['stdout']}")

    def _cause(self, said: str) -> Cause:
        if self._connection.transport != "ssh":
            return cause_of(None, said)
        # By Systems Manager, a host's address is its instance's id.
        return cause_of(record_path(str(self._play_context.remote_addr)), said)
