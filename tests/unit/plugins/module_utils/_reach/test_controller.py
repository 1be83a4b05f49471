# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._reach.controller import (
    CONNECTIONS,
    SSH,
    SSH_OVER_SSM,
    SSM,
    machine_problems,
    needed_actions,
)
from emulators.sessions import Sessions

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ann@machine\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    key = tmp_path / "key.pub"
    key.write_text(_KEY)
    return key


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def prepare(*missing: str) -> None:
        monkeypatch.setenv("PATH", str(Sessions(tmp_path / "sessions", without=missing).programs))

    return prepare


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_machine_with_everything_has_no_problem(connection: str, key: Path, without: Callable[..., None]) -> None:
    without()
    assert machine_problems(connection, str(key)) == []


@pytest.mark.parametrize(
    ("connection", "missing"),
    [
        (SSH_OVER_SSM, {"aws", "session-manager-plugin", "ssh"}),
        (SSM, {"session-manager-plugin"}),
        (SSH, {"ssh"}),
    ],
)
def test_each_program_that_is_needed_and_missing_is_named(
    connection: str, missing: set[str], key: Path, without: Callable[..., None]
) -> None:
    without("aws", "session-manager-plugin", "ssh")
    problems = machine_problems(connection, str(key))
    assert len(problems) == len(missing)
    assert all(f"by {connection}, and {program} is not in the PATH" in " ".join(problems) for program in missing)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "There is no public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "is a private key"),
        ("nothing", "is no public key of ssh"),
    ],
)
def test_a_key_that_cannot_be_let_in_is_told(
    content: str | None, problem: str, key: Path, without: Callable[..., None]
) -> None:
    without()
    key.unlink()
    if content is not None:
        key.write_text(content)
    (told,) = machine_problems(SSH_OVER_SSM, str(key))
    assert problem in told
    assert machine_problems(SSH_OVER_SSM, "") == []
    assert machine_problems(SSM, str(key)) == []


def test_a_key_that_is_no_file_is_told(tmp_path: Path, without: Callable[..., None]) -> None:
    without()
    (told,) = machine_problems(SSH_OVER_SSM, str(tmp_path))
    assert "cannot be read" in told


def test_the_actions_are_those_of_the_way() -> None:
    assert needed_actions(SSH_OVER_SSM, "key") == ["ssm:StartSession", "ec2-instance-connect:SendSSHPublicKey"]
    assert needed_actions(SSH_OVER_SSM, "") == needed_actions(SSM, "key") == ["ssm:StartSession"]
    assert needed_actions(SSH, "key") == []
