# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Session Manager as a controller sees it: programs in a folder, to nodes that come late or never."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Collection
from pathlib import Path

from emulators import aws_command, ssh_command


class Sessions:
    """Stand-ins for ``ssh``, ``aws`` and ``session-manager-plugin``, for the ``PATH``.

    Args:
        folder: takes the programs, what is known of instances, and a line for each call of ``aws``.
        without: programs that are missing.
    """

    def __init__(self, folder: Path, *, without: Collection[str] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.programs = folder / "bin"
        self.programs.mkdir()
        commands = {
            "aws": [sys.executable, "-I", aws_command.__file__, str(folder)],
            "session-manager-plugin": ["true"],
            "ssh": [sys.executable, "-I", ssh_command.__file__],
        }
        for name, command in commands.items():
            if name not in without:
                program = self.programs / name
                program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
                program.chmod(0o755)
        self._instances: dict[str, dict[str, object]] = {}

    def set_late(self, instance_id: str, attempts: int) -> None:
        """Have the first attempts to reach an instance fail, as before its agent has registered."""
        self._set(instance_id, {"late": attempts})

    def set_unreachable(self, instance_id: str, code: str = aws_command.NOT_CONNECTED) -> None:
        """Have every attempt fail with an error code of AWS."""
        self._set(instance_id, {"refused": code})

    def _set(self, instance_id: str, values: dict[str, object]) -> None:
        self._instances[instance_id] = values
        (self.folder / "instances.json").write_text(json.dumps(self._instances))

    def calls(self) -> list[str]:
        """Return the arguments of each call of ``aws``."""
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []
