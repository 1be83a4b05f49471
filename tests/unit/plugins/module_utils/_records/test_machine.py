# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import asdict

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample

SAMPLE = MachineSample(1.5, (GpuSample(0, 97.0, 18211.0, 23028.0, None), GpuSample(1, 0, 1, 2, 3)), 100, 50)


def test_a_sample_is_the_same_after_it_was_taken_apart() -> None:
    assert MachineSample.from_fields(asdict(SAMPLE)) == SAMPLE
    assert MachineSample.from_fields(asdict(MachineSample(1.5, (), 100, 50))).gpus == ()


@pytest.mark.parametrize("fields", [{}, {"gpus": [{"index": 0}]}, {"surprise": 1}])
def test_what_is_no_sample_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="argument"):
        MachineSample.from_fields(fields)
