# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.aws_command import NOT_CONNECTED, REFUSED, answer
from emulators.sessions import Sessions

_SESSION = ["ssm", "start-session", "--target", "i-1"]


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def test_an_instance_comes_after_some_attempts(sessions: Sessions) -> None:
    sessions.set_late("i-1", attempts=2)
    assert [answer(sessions.folder, _SESSION)[0] for _attempt in range(3)] == [REFUSED, REFUSED, 0]


def test_one_that_is_out_of_reach_says_why_as_aws_does(sessions: Sessions) -> None:
    sessions.set_unreachable("i-1")
    status, said = answer(sessions.folder, _SESSION)
    assert status == REFUSED
    assert said.strip().startswith(f"An error occurred ({NOT_CONNECTED}) when calling the StartSession operation: i-1")


def test_every_other_call_succeeds(sessions: Sessions) -> None:
    assert answer(sessions.folder, ["ec2-instance-connect", "send-ssh-public-key"]) == (0, "")
    assert sessions.calls() == ["ec2-instance-connect send-ssh-public-key"]
