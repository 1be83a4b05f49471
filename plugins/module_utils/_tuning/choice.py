# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which number is best."""

from __future__ import annotations

from collections.abc import Sequence

from .._records.tuning import TuningTrial

# By which two trials of the same number may differ. Within it the smaller number is as good: it takes less memory.
NOISE = 0.05


def best_of(trials: Sequence[TuningTrial]) -> int:
    """Return the smallest number whose speed is that of the fastest, but for noise; 0 where none is a choice."""
    choices = [trial for trial in trials if not trial.problem]
    if not choices:
        return 0
    fastest = max(trial.pages_per_second for trial in choices)
    return min(trial.number for trial in choices if trial.pages_per_second >= fastest * (1 - NOISE))
