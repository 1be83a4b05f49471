# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wait until a node can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .causes import Cause

_TOLD_SECONDS = 15


@dataclass(frozen=True)
class Wait:
    """What became of waiting.

    Attributes:
        cause: why the node cannot be reached; ``None`` where it can.
        seconds: that it took.
    """

    cause: Cause | None
    seconds: float
    attempts: int


def wait_until_reached(
    attempt: Callable[[], Cause | None],
    *,
    seconds: float,
    pause: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    tell: Callable[[str], None],
) -> Wait:
    """Try until the node is reached, the time is over, or waiting cannot help.

    Args:
        attempt: tries once, and returns why that failed.
        seconds: how long to try; once at least.
        pause: seconds between two attempts.
        clock: a monotonic clock.
        tell: shows a line of progress; not more often than every 15 seconds.
    """
    began = clock()
    told: float | None = None
    attempts = 0
    while True:
        cause = attempt()
        attempts += 1
        now = clock()
        passed = now - began
        if cause is None or cause.is_final or passed + pause > seconds:
            return Wait(cause, passed, attempts)
        if told is None or now - told >= _TOLD_SECONDS:
            tell(f"not reached after {passed:.0f} of at most {seconds:.0f} s: {cause.text}")
            told = now
        sleep(pause)
