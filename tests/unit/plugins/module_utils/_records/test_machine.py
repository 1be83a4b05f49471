# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import convert
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample


def test_what_the_driver_does_not_say_is_not_known() -> None:
    fields = {"sampled_at": 1.5, "gpus": [{"index": 1, "utilization": 97}]}
    assert convert(fields, MachineSample, "a sample", "here") == MachineSample(1.5, (GpuSample(1, 97.0),), 0, 0)
