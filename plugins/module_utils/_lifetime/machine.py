# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens on this machine: work, people who are connected, and whether somebody holds it.

Runs on a node's own Python, 3.9, too.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .._errors import FarmError

# Whoever is connected by ssh has such a process: "sshd: ec2-user@pts/0", "sshd-session: ec2-user [priv]". The one that
# listens says so.
_SSH = re.compile(r"sshd(-session)?: (?!.*\[listener\])")
# Of Session Manager, for each session.
_SESSION_WORKER = "ssm-session-worker"
_UNITS = "glossapi-shard@*.service"
_STATES = "active,activating,deactivating,reloading"
_SYSTEMCTL_SECONDS = 60


class Machine:
    """This machine.

    Args:
        proc: where the kernel tells of processes.
        mark: a file, gone after a reboot, that is as old as the last time something happened.
        hold: a file that keeps the machine from ending itself, while it is there.
    """

    def __init__(self, proc: Path, mark: Path, hold: Path) -> None:
        self._proc = proc
        self._mark = mark
        self._hold = hold

    def quiet_seconds(self, now: float) -> float:
        """Return for how long nothing has worked here and nobody was connected, as far as was looked since the boot.

        Raises:
            FarmError: systemd does not say what runs, or the mark cannot be written.
        """
        try:
            if not self._mark.exists() or self.is_connected() or is_at_work():
                self._mark.touch()
                return 0.0
            return max(0.0, now - self._mark.stat().st_mtime)
        except OSError as error:
            raise FarmError(f"{self._mark} cannot be written: {error}.") from error

    def is_held(self) -> bool:
        """Whether somebody keeps it from ending itself."""
        return self._hold.exists()

    def is_connected(self) -> bool:
        """Whether somebody, Ansible too, is connected by ssh or Session Manager."""
        return any(_SSH.match(line) or line.split(" ")[0].endswith(_SESSION_WORKER) for line in self._command_lines())

    def booted_at(self) -> float:
        """Return when the kernel started, seconds since the epoch.

        Raises:
            FarmError: the kernel does not tell.
        """
        try:
            text = (self._proc / "stat").read_text()
        except OSError as error:
            raise FarmError(f"{self._proc}/stat cannot be read: {error}.") from error
        found = re.search(r"^btime (\d+)$", text, re.MULTILINE)
        if found is None:
            raise FarmError(f"{self._proc}/stat does not say when the machine started.")
        return float(found[1])

    def _command_lines(self) -> Iterator[str]:
        for path in self._proc.glob("[0-9]*/cmdline"):
            try:
                yield path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                # It has ended meanwhile.
                continue


def is_at_work() -> bool:
    """Whether a supervisor runs, or systemd is about to start it again.

    Raises:
        FarmError: systemd does not say.
    """
    command = [
        *("systemctl", "list-units", "--plain", "--no-legend", "--type=service"),
        *(f"--state={_STATES}", _UNITS),
    ]
    try:
        finished = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SYSTEMCTL_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise FarmError(f"systemd does not say what runs: {error}") from error
    return bool(finished.stdout.strip())
