# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for the AWS command line: lets every key in, and opens sessions to the instances that can be reached.

A session ends as soon as it is open: who asked goes on as if it had reached the node. Runs by itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

REFUSED = 254
NOT_CONNECTED = "TargetNotConnected"


def answer(folder: Path, arguments: list[str]) -> tuple[int, str]:
    """Return the exit status and what is said on standard error.

    Args:
        folder: of the :class:`~emulators.sessions.Sessions`.
    """
    with (folder / "calls").open("a") as calls:
        calls.write(" ".join(arguments) + "\n")
    if arguments[:2] != ["ssm", "start-session"]:
        return 0, ""
    instance_id = arguments[arguments.index("--target") + 1]
    instances = folder / "instances.json"
    instance = json.loads(instances.read_text()).get(instance_id, {}) if instances.exists() else {}
    tried = folder / f"{instance_id}.tried"
    attempts = len(tried.read_text()) + 1 if tried.exists() else 1
    tried.write_text("x" * attempts)
    if attempts <= instance.get("late", 0):
        return REFUSED, _error(NOT_CONNECTED, f"{instance_id} is not connected.")
    if "refused" in instance:
        return REFUSED, _error(instance["refused"], f"{instance_id} is refused.")
    return 0, ""


def _error(code: str, message: str) -> str:
    return f"\nAn error occurred ({code}) when calling the StartSession operation: {message}\n"


if __name__ == "__main__":
    status, said = answer(Path(sys.argv[1]), sys.argv[2:])
    sys.stderr.write(said)
    sys.exit(status)
