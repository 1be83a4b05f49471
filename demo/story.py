# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo shows: each step with the time it took, and what failed, in place of all that Ansible says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

_PLAY = re.compile(r"PLAY \[(.+)\] \**$")
# Every play checks the settings; what it is for are its other tasks.
_TASK = re.compile(r"TASK \[(?!glossapi\.farm\.settings : )")
_DONE = re.compile(r"(ok|changed|fatal|failed): \[")
_FAILED = re.compile(r"(fatal|failed): \[|\[?ERROR\b")
_WIDTH = 60
# Of what failed: Ansible repeats a long message.
_LINES = 15


class Steps:
    """Shows an Ansible run's plays as they come, but those without tasks of their own.

    Args:
        show: takes what is to be shown, which may be part of a line.
        clock: returns seconds.
    """

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._began = clock()
        self._play: str | None = None
        self._shown = False
        self._did = False

    def line(self, line: str) -> None:
        """Take a line that Ansible printed, in its order."""
        if play := _PLAY.match(line):
            self.end()
            self._play = play[1]
        elif self._play is not None and _TASK.match(line) and not self._shown:
            self._show(f"{self._play} ".ljust(_WIDTH, ".") + " ")
            self._shown = True
        elif self._shown and _DONE.match(line):
            self._did = True

    def end(self) -> None:
        """Show how long the last play took, with what came before it and was not shown."""
        if self._did:
            now = self._clock()
            self._close(f"{now - self._began:5.1f} s")
            self._began = now
        else:
            self._close("nothing to do")

    def interrupted(self) -> None:
        """Show that the last play did not come to its end."""
        self._close("interrupted")

    def _close(self, verdict: str) -> None:
        if self._shown:
            self._show(f"{verdict}\n")
        self._play, self._shown, self._did = None, False, False


def failure(lines: Iterable[str]) -> str:
    """Return what Ansible printed of the first task that failed; empty where it named none."""
    shown: list[str] = []
    for line in lines:
        if shown and (not line.strip() or len(shown) == _LINES):
            break
        if shown or _FAILED.match(line):
            shown.append(line.rstrip())
    return "\n".join(shown)
