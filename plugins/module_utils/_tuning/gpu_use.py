# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of its GPUs a machine used: samples that are taken while something else runs, and their sum."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .._records.machine import GpuSample, MachineSample
from .._runner.watch.metrics import sample_machine

# As the loads that it is to show; a look takes a fraction of a second of one CPU.
_INTERVAL_SECONDS = 5.0


@dataclass(frozen=True)
class GpuUse:
    """What was used; ``None`` where there are no GPUs, or they do not say.

    Attributes:
        memory_used: most that a GPU had in use at any time, in MiB; ``memory_total`` what the same has.
        utilization: in percent, on average.
    """

    memory_used: float | None = None
    memory_total: float | None = None
    utilization: float | None = None


def use_of(samples: Sequence[MachineSample], begin: float, end: float) -> GpuUse:
    """Return what was used: of memory in all samples, of time in those between the two times."""
    gpus = [gpu for each in samples for gpu in each.gpus]
    fullest = max(gpus, default=GpuSample(), key=lambda gpu: gpu.memory_used or 0.0)
    shares = [
        gpu.utilization
        for each in samples
        if begin <= each.sampled_at <= end
        for gpu in each.gpus
        if gpu.utilization is not None
    ]
    share = sum(shares) / len(shares) if shares else None
    return GpuUse(fullest.memory_used, fullest.memory_total, share)


class GpuWatch:
    """Samples the machine in a thread while a context lasts.

    Args:
        folder: on a file system of the machine.
        slots: the GPUs that workers get.
        interval_seconds: from one sample to the next.

    Attributes:
        samples: taken so far.
    """

    def __init__(self, folder: Path, slots: Sequence[str], interval_seconds: float = _INTERVAL_SECONDS) -> None:
        self.samples: list[MachineSample] = []
        self._folder = folder
        self._slots = slots
        self._interval_seconds = interval_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpu-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self.samples.append(asyncio.run(sample_machine(self._folder, self._slots)))
            if self._ended.wait(self._interval_seconds):
                return
