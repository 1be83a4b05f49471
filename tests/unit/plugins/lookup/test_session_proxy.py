# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.glossapi.farm.plugins.lookup.session_proxy import LookupModule
from ansible_collections.glossapi.farm.plugins.module_utils._reach import proxy


def _command(**options: str) -> list[str]:
    (command,) = LookupModule().run([], **options)
    return shlex.split(command)


def test_it_is_a_program_that_ssh_can_run_with_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann's")
    command = _command(region="eu-west-1", public_key="~/100%.pub")
    assert command[:2] == [sys.executable, "-I"]
    assert Path(command[2]).samefile(proxy.__file__)
    assert command[3:] == [
        *("--region", "eu-west-1", "--key", "/home/ann's/100%%.pub"),
        *("--instance", "%h", "--port", "%p", "--user", "%r"),
    ]


def test_without_a_key_none_is_let_in() -> None:
    assert "--key" not in _command(region="us-east-1", public_key="")


def test_without_a_region_it_is_refused() -> None:
    with pytest.raises(AnsibleLookupError, match="needs the instance's region"):
        _command(public_key="")
