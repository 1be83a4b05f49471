# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import ProfileNotFound

from ansible_collections.glossapi.farm.plugins.module_utils._commands.running import exit_status
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError


def test_work_that_is_done_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_status(lambda: None) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (FarmError("There is no table: count first."), 1, "There is no table: count first.\n"),
        (
            ProfileNotFound(profile="me"),
            1,
            (
                "Cannot reach S3: the AWS configuration has no such profile: check AWS_PROFILE, or the option profile "
                "(ProfileNotFound).\n"
            ),
        ),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
        (KeyboardInterrupt("All is saved."), 130, "Interrupted. All is saved.\n"),
    ],
)
def test_a_failure_is_told_in_a_sentence(
    error: BaseException, status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    assert exit_status(fail) == status
    assert capsys.readouterr() == ("", told)


def test_a_fault_of_the_command_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_status(lambda: print(1 / 0))
