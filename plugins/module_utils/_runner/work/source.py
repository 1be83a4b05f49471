# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a supervisor's work comes from, beside what it was started with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .account import Account
from .attempts import Attempt
from .outage import Backoff
from .schedule import Schedule


class WorkSource(Protocol):
    """Puts documents into a schedule, and hears what becomes of them."""

    async def run(self) -> None:
        """Go on until there will be nothing to begin any more, or the schedule stops.

        Raises:
            FarmError: nothing can go on.
        """

    def settle(self, attempt: Attempt) -> None:
        """Note that a document has its outcome, or is another's by now."""

    def stop(self) -> None:
        """Put nothing into the schedule any more, as it has stopped."""

    async def close(self) -> None:
        """Give back what is not done; a failure only shows in the log."""


OpenSource = Callable[[Schedule, Account, Backoff], WorkSource]
"""Returns a supervisor's source of work; the schedule is not yet open."""
