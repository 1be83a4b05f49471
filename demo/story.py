# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo shows: each step with the time it took, and what failed, in place of all that Ansible says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

_PLAY = re.compile(r"PLAY \[(.+)\] \**$")
_FAILED = re.compile(r"(fatal|failed): \[|\[?ERROR\b")
_WIDTH = 60
# Of what failed: Ansible repeats a long message.
_LINES = 15


class Steps:
    """Shows an Ansible run's plays as they come.

    Args:
        show: takes what is to be shown, which may be part of a line.
        clock: returns seconds.
    """

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._began: float | None = None

    def line(self, line: str) -> None:
        """Take a line that Ansible printed, in its order."""
        if play := _PLAY.match(line):
            self.end()
            self._show(f"{play[1]} ".ljust(_WIDTH, ".") + " ")
            self._began = self._clock()

    def end(self) -> None:
        """Show how long the last play took."""
        if self._began is not None:
            self._show(f"{self._clock() - self._began:5.1f} s\n")
        self._began = None


def failure(lines: Iterable[str]) -> str:
    """Return what Ansible printed of the first task that failed; empty where it named none."""
    shown: list[str] = []
    for line in lines:
        if shown and (not line.strip() or len(shown) == _LINES):
            break
        if shown or _FAILED.match(line):
            shown.append(line.rstrip())
    return "\n".join(shown)
