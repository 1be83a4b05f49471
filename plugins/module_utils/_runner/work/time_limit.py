# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a document may take: some times what nearly all others needed, and never more than the settings say.

So one that hangs costs minutes while others wait, and all of the settings' time once, when none do. One that is only
slow loses the minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from ..._records.timings import SHARE_BOUNDS
from ..config import RunConfig
from .attempts import Attempt
from .pace import Pace

# Of a hundredth of fewer documents nothing can be said.
_LEAST_DOCUMENTS = 200
_NEARLY_ALL = 0.99
_MARGIN = 3
# The least limit where the settings' own for a document without pages is below it.
_LEAST_SECONDS = 60.0
# How many times its limit a document counts with that was ended at it.
_CUT_SHORT = 2


class TimeLimits:
    """The limits of one supervisor.

    Args:
        config: has the settings.
        pace: has what was measured.
    """

    def __init__(self, config: RunConfig, pace: Pace) -> None:
        self._config = config
        self._pace = pace

    def of(self, attempt: Attempt) -> float:
        """Return how many seconds an attempt may take."""
        pages = attempt.pages
        most = self._config.timeout(pages)
        usual = usual_share(self._pace.timings.shares)
        if attempt.whole_time or usual is None:
            return most
        least = max(_LEAST_SECONDS, self._config.timeout(0))
        return min(most, max(least, _MARGIN * usual * self._unscaled(pages)))

    def is_cut_short(self, attempt: Attempt, limit: float) -> bool:
        """Return whether an attempt that ended at its limit had less than the settings say."""
        return limit < self._config.timeout(attempt.pages)

    def add(self, attempt: Attempt, seconds: float, *, cut_short: bool = False) -> None:
        """Learn from a document that was processed in so many seconds, or was not and cut short.

        Were the latter left out, the limits would never grow when documents do take longer.
        """
        unscaled = self._unscaled(attempt.pages)
        if unscaled > 0:
            self._pace.add_share(seconds * (_CUT_SHORT if cut_short else 1) / unscaled)

    def _unscaled(self, pages: int) -> float:
        """Return the settings' limit without the factor of one request to retry."""
        return self._config.timeout(pages) / self._config.timeout_factor


def usual_share(shares: Sequence[float]) -> float | None:
    """Return below which share of the settings' limit nearly all documents stay; ``None`` where nobody can tell.

    Args:
        shares: see :attr:`Timings.shares`.
    """
    documents = sum(shares)
    if documents < _LEAST_DOCUMENTS:
        return None
    # What is above all bounds has none.
    for bound, below in zip(SHARE_BOUNDS, accumulate(shares), strict=False):
        if below >= _NEARLY_ALL * documents:
            return bound
    return None
