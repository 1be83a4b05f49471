# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import TuningTrial
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.choice import best_of


def trials(*speeds: float, **problems: str) -> list[TuningTrial]:
    return [
        TuningTrial(number, speed, problem=problems.get(f"of_{number}", "")) for number, speed in enumerate(speeds, 1)
    ]


@pytest.mark.parametrize(
    ("tried", "best"),
    [
        (trials(1.0, 1.9, 2.6, 2.7), 3),
        (trials(1.0, 1.9, 2.6, 2.8), 4),
        (trials(1.0, 1.02, 0.9), 1),
        (trials(1.0, 1.04, 1.08), 2),
        (trials(1.0, 1.9, 5.0, of_3="A GPU ran out of memory."), 2),
        (trials(1.0, of_1="Not finished."), 0),
        ([], 0),
    ],
    ids=["within noise", "beyond it", "no gain", "a little each time", "out of memory", "no choice", "none"],
)
def test_the_smallest_number_that_is_as_fast_as_the_fastest_is_best(tried: list[TuningTrial], best: int) -> None:
    assert best_of(tried) == best
    assert best_of(tried[::-1]) == best
