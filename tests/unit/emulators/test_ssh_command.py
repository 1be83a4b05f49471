# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from emulators.ssh_command import main, parse, proxy_command

_OPTIONS = ["-C", "-o", 'User="ann"', "-o", "Port=2222", "-o", "ProxyCommand=proxy %h %p %r 5%%h", "-tt"]


def test_a_command_line_is_taken_apart() -> None:
    options, host, command = parse([*_OPTIONS, "i-1", "/bin/sh -c true"])
    assert (host, command) == ("i-1", "/bin/sh -c true")
    assert proxy_command(options, host) == "proxy i-1 2222 ann 5%h"


def test_a_proxy_that_fails_is_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["-o", "ProxyCommand=sh -c 'echo why >&2; exit 1'", "i-1", "true"]) == 255
    said = capfd.readouterr().err
    assert "kex_exchange_identification" in said
    assert "why" not in said


@pytest.mark.parametrize("options", [[], ["-o", "ProxyCommand=true"]])
def test_a_host_that_can_be_reached_runs_the_command(options: list[str]) -> None:
    assert main([*options, "i-1", "exit 3"]) == 3
