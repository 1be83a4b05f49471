# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks for tests of whoever waits or measures: nothing takes any time, and nobody can trust the wall clock."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

_EPOCH_SECONDS = 1_700_000_000.0
_DAY_SECONDS = 86_400.0
# Nothing that ends at all looks at the clock so often.
_MOST_SLEEPS = 5_000


class Clock:
    """Stands in for the module ``time``; somebody sets the wall clock, on or back by days, at each look.

    Attributes:
        now: what the monotonic clock shows, which moves only by sleeping.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0
        self._sleeps = 0
        self._days = 0

    def monotonic(self) -> float:
        """Return ``time.monotonic()``."""
        return self.now

    def time(self) -> float:
        """Return ``time.time()``."""
        self._days = 1 - self._days if self._days <= 0 else -self._days
        return _EPOCH_SECONDS + self.now + self._days * _DAY_SECONDS

    def sleep(self, seconds: float) -> None:
        """Let the time pass.

        Raises:
            AssertionError: there is no end to it.
        """
        self._sleeps += 1
        assert self._sleeps < _MOST_SLEEPS, "it waits for ever"
        self.slept += seconds
        self.now += seconds


# The fixture ``clock_of``.
ClockOf = Callable[[ModuleType], Clock]
