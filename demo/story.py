# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo shows: each step with the time it took, and what failed, in place of all that Ansible says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable

_PLAY = re.compile(r"PLAY \[(.+)\] \**$")
# Several plays, which are one step: cutting, starting, waiting.
_STAGE = re.compile(r".* (stage \w+)$")
# Every play checks the settings; what it is for are its other tasks.
_TASK = re.compile(r"TASK \[(?!glossapi\.farm\.settings : )")
_DONE = re.compile(r"(ok|changed|fatal|failed): \[")
_FAILED = re.compile(r"(fatal|failed): \[|\[?ERROR\b")
_WIDTH = 60
# As terminals take it: to the line's begin, and nothing is left of it.
_TAKE_BACK = "\r\x1b[K"
# Of what failed: Ansible repeats a long message.
_LINES = 15


class Steps:
    """Shows an Ansible run's plays as steps, a line each.

    The plays of a stage are one. A play that had nothing to do, or that comes again, is not shown.

    Args:
        show: takes what is to be shown, which may be part of a line.
        terminal: whether a line that was shown can be taken back; only then a step is shown before it has ended.
        clock: returns seconds.
    """

    def __init__(
        self, show: Callable[[str], None], terminal: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._show = show
        self._terminal = terminal
        self._clock = clock
        self._began = clock()
        self._step: str | None = None
        self._shown_before: set[str] = set()
        self._started = False
        self._did = False

    def line(self, line: str) -> None:
        """Take a line that Ansible printed, in its order."""
        if play := _PLAY.match(line):
            stage = _STAGE.match(play[1])
            step = f"Process {stage[1]}" if stage else play[1]
            if step != self._step:
                self.end()
                self._step = None if step in self._shown_before else step
        elif self._step is not None and _TASK.match(line) and not self._started:
            self._started = True
            if self._terminal:
                self._show(_title(self._step))
        elif self._started and _DONE.match(line):
            self._did = True

    def end(self) -> None:
        """Show how long the last step took, with what came before it and was not shown."""
        if self._did:
            now = self._clock()
            self._close(f"{now - self._began:5.1f} s")
            self._began = now
        elif self._started and self._terminal:
            self._show(_TAKE_BACK)
        self._step, self._started, self._did = None, False, False

    def interrupted(self) -> None:
        """Show that the last step did not come to its end."""
        if self._started:
            self._close("interrupted")
        self._step, self._started, self._did = None, False, False

    def _close(self, verdict: str) -> None:
        if self._step is not None:
            self._shown_before.add(self._step)
            self._show(f"{'' if self._terminal else _title(self._step)}{verdict}\n")


def _title(step: str) -> str:
    return f"{step} ".ljust(_WIDTH, ".") + " "


def failure(lines: Iterable[str]) -> str:
    """Return what Ansible printed of the first task that failed; empty where it named none."""
    shown: list[str] = []
    for line in lines:
        if shown and (not line.strip() or len(shown) == _LINES):
            break
        if shown or _FAILED.match(line):
            shown.append(line.rstrip())
    return "\n".join(shown)
