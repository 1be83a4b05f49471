# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.metrics import sample_machine
from ansible_collections.glossapi.farm.plugins.module_utils._tuning import gpu_use
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.gpu_use import GpuUse, GpuWatch, use_of
from tests.support.machine import GpuMachine


def sampled(at: float, *gpus: tuple[float | None, float | None]) -> MachineSample:
    samples = (GpuSample(number, share, used, 24000.0) for number, (share, used) in enumerate(gpus))
    return MachineSample(at, tuple(samples))


def test_memory_is_the_most_of_any_gpu_at_any_time_and_use_the_mean_while_there_was_work() -> None:
    samples = [sampled(0, (0.0, 9000.0), (0.0, 1.0)), sampled(5, (90.0, 5.0), (70.0, 6.0)), sampled(99, (0.0, 7.0))]
    assert use_of(samples, 1, 50) == GpuUse(9000.0, 24000.0, 80.0)


def test_what_the_driver_does_not_say_or_is_not_there_is_left_open() -> None:
    assert use_of([sampled(5, (None, None), (50.0, None))], 0, 9) == GpuUse(None, 24000.0, 50.0)
    assert use_of([sampled(5)], 0, 9) == use_of([], 0, 9) == GpuUse()


def test_a_watch_samples_the_gpus_until_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    GpuMachine(tmp_path, monkeypatch)
    thrice = threading.Event()

    async def counted(folder: Path, slots: tuple[str, ...]) -> MachineSample:
        if len(watch.samples) == 3:
            thrice.set()
        return await sample_machine(folder, slots)

    monkeypatch.setattr(gpu_use, "sample_machine", counted)
    watch = GpuWatch(tmp_path, ("0", "1"), interval_seconds=0.01)
    with watch:
        assert thrice.wait(60)
    taken = len(watch.samples)
    assert taken >= 3
    assert use_of(watch.samples, 0, float("inf")) == GpuUse(2.0, 3.0, 1.0)
    assert not any(thread.name == "gpu-watch" for thread in threading.enumerate())
