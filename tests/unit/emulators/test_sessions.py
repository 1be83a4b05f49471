# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

from emulators.sessions import Sessions


def test_the_programs_are_there_but_for_those_that_are_missing(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path, without=["session-manager-plugin"])
    assert {path.name for path in sessions.programs.iterdir()} == {"aws", "ssh"}


def test_each_instance_is_reached_as_it_was_told(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    sessions.set_unreachable("i-1")
    sessions.set_late("i-2", attempts=1)

    def start(instance_id: str) -> int:
        command = [str(sessions.programs / "aws"), "ssm", "start-session", "--target", instance_id]
        return subprocess.run(command, check=False, capture_output=True).returncode

    assert [start(instance_id) for instance_id in ("i-1", "i-2", "i-2", "i-3")] == [254, 254, 0, 0]
    assert len(sessions.calls()) == 4
