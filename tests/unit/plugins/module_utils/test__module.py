# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, NoReturn
from unittest.mock import patch

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils import _module
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError


class _ExitError(Exception):
    """A module ends its process; this one ends the call."""


class _Module:
    """What ``run_module`` needs of an ``AnsibleAWSModule``."""

    def __init__(self, *, check_mode: bool = False) -> None:
        self.check_mode = check_mode
        self.answer: dict[str, Any] = {}

    def exit_json(self, **answer: Any) -> NoReturn:
        self.answer = answer
        raise _ExitError

    def fail_json(self, msg: str) -> NoReturn:
        self.exit_json(failed=True, msg=msg)


def _run(module: _Module, work: Any, **options: Any) -> dict[str, Any]:
    with pytest.raises(_ExitError):
        _module.run_module(module, work, **options)
    return module.answer


def _not_yet() -> dict[str, Any]:
    raise NotYetError("There is no table: count first.")


def _broken() -> dict[str, Any]:
    raise FarmError("The table is malformed.")


def test_a_module_answers_what_its_work_returns() -> None:
    assert _run(_Module(), lambda: {"changed": True, "pages": 3}) == {"changed": True, "pages": 3}


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_failure_an_operator_can_act_on_is_the_message(check_mode: bool) -> None:
    assert _run(_Module(check_mode=check_mode), _broken) == {"failed": True, "msg": "The table is malformed."}


def test_what_an_earlier_step_has_not_written_is_a_failure() -> None:
    assert _run(_Module(), _not_yet) == {"failed": True, "msg": "There is no table: count first."}


def test_in_check_mode_it_is_a_change_that_cannot_be_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(_module, "warn", warnings.append)
    assert _run(_Module(check_mode=True), _not_yet) == {"changed": True}
    assert warnings == ["Check mode cannot tell what a real run would do here. There is no table: count first."]


def test_in_check_mode_a_reader_says_what_it_is_without_it() -> None:
    assert _run(_Module(check_mode=True), _not_yet, if_not_yet={"skipped": True}) == {"skipped": True}


def test_the_usual_aws_options_describe_the_connection() -> None:
    parameters = {
        "aws_access_key_id": "id",
        "aws_secret_access_key": "hidden",
        "aws_session_token": "token",
        "verify": False,
    }
    with patch.object(_module, "get_aws_connection_info", return_value=("r", "http://x", parameters)):
        connection = _module.connection_from(_Module())
    assert (connection.region, connection.endpoint_url, connection.profile) == ("r", "http://x", None)
    assert (connection.access_key, connection.secret_key, connection.session_token) == ("id", "hidden", "token")
    assert connection.verify is False


def test_a_profile_describes_the_connection_without_keys() -> None:
    with patch.object(_module, "get_aws_connection_info", return_value=("r", None, {"profile_name": "p"})):
        connection = _module.connection_from(_Module())
    assert (connection.profile, connection.access_key, connection.endpoint_url) == ("p", None, None)
