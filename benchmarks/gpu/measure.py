# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several of the runner's workers on one GPU, for a while."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task, WorkerUnfit
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.gpus import Gpu, named, read_gpus
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.context import worker_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.memory import memory_limit
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import WorkerProcess

from .layers import without_layer

_SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class Source:
    """A document to process.

    Attributes:
        pages: how many it has.
    """

    path: Path
    pages: int


@dataclass(frozen=True)
class Trial:
    """What is measured.

    Attributes:
        sources: the documents, taken in turn and from the start again.
        workers: how many at once.
        seconds: for how long each gets another document.
        gpu: the number or UUID of the one that all of them use; empty for none.
        pipeline: ``glossapi``, or its OCR.
        options: the pipeline's.
        folder: for what workers write; emptied.
    """

    sources: Sequence[Source]
    workers: int
    seconds: float
    gpu: str
    pipeline: str
    options: dict[str, Any]
    folder: Path


@dataclass
class Tally:
    """What one worker did after its warm-up.

    Attributes:
        seconds: till its last document's end.
        failures: how often each class of failure came.
        example: the last failure's message.
    """

    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    example: str = ""


@dataclass(frozen=True)
class Use:
    """How far the machine was used while every worker had work.

    Attributes:
        cpu: in percent of all CPUs.
        gpu: in percent, the mean of samples a second apart; ``None`` where the driver does not say.
        memory: the most of the GPU's memory that was used, in MiB; likewise.
    """

    cpu: float
    gpu: float | None
    memory: float | None


@dataclass(frozen=True)
class Measured:
    """What came out.

    Attributes:
        ready_seconds: till all workers had loaded their models and ended their first document.
        tallies: one for each worker.
    """

    ready_seconds: float
    tallies: Sequence[Tally]
    use: Use

    @property
    def pages_per_second(self) -> float:
        """Of all workers together, each measured till its own last document's end, so that no waiting counts."""
        return sum(tally.pages / tally.seconds for tally in self.tallies if tally.seconds)

    @property
    def failures(self) -> Counter[str]:
        """How often each class of failure came."""
        return sum((tally.failures for tally in self.tallies), Counter())


async def measure(trial: Trial) -> Measured:
    """Return how fast so many workers are.

    Raises:
        FarmError: a worker does not start.
        GpuFault: its GPU cannot be used.
    """
    shutil.rmtree(trial.folder, ignore_errors=True)
    config = _config(trial)
    layout = Layout(trial.folder, config.shard)
    layout.create()
    config.save(layout.config)
    # Read by workers only: they find the library where this process does.
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    workers = [_worker(trial, config, layout, slot) for slot in config.slots]
    began = time.monotonic()
    try:
        await asyncio.gather(*(worker.start() for worker in workers))
        # Not the same document for all: the first of a size is the slowest.
        turns = itertools.cycle(trial.sources)
        await asyncio.gather(*(_process(worker, next(turns), config, layout, Tally()) for worker in workers))
        ready = time.monotonic() - began
        end = time.monotonic() + trial.seconds
        working = asyncio.gather(*(_work(worker, turns, config, layout, end) for worker in workers))
        use, tallies = await asyncio.gather(_watch(trial.gpu, end), working)
    finally:
        await asyncio.gather(*(worker.kill() for worker in workers))
    return Measured(ready, tallies, use)


def _config(trial: Trial) -> RunConfig:
    return RunConfig(
        shard=1,
        manifests="s3://benchmark/shards",
        results="s3://benchmark/results",
        workdir=str(trial.folder),
        node="benchmark",
        pipeline=trial.pipeline,
        pipeline_options=trial.options,
        # A share of the CPUs for each, on CPUs too.
        slots=tuple(f"{number}" for number in range(trial.workers)),
        workers_per_gpu=1,
    )


def _worker(trial: Trial, config: RunConfig, layout: Layout, slot: str) -> WorkerProcess:
    environment = worker_environment(config, slot) | {"CUDA_VISIBLE_DEVICES": trial.gpu}
    return WorkerProcess(slot, layout.config, f"benchmark-{os.getpid()}-{slot}", environment, layout.slot(slot))


async def _work(worker: WorkerProcess, turns: Iterator[Source], config: RunConfig, layout: Layout, end: float) -> Tally:
    tally = Tally()
    began = time.monotonic()
    while time.monotonic() < end:
        await worker.start()
        await _process(worker, next(turns), config, layout, tally)
        tally.seconds = time.monotonic() - began
    return tally


async def _process(worker: WorkerProcess, source: Source, config: RunConfig, layout: Layout, tally: Tally) -> None:
    uri = f"s3://benchmark/{source.path.name}"
    folder = layout.document(f"{uri} {id(worker)} {worker.documents}")
    folder.mkdir(parents=True)
    task = Task(uri, source.path.name, source.pages, source.path, folder)
    if config.stage is Stage.OCR:
        task = without_layer(task)
    outcome = await worker.process(task, config.timeout(source.pages), memory_limit(config, alone=False))
    shutil.rmtree(folder)
    if isinstance(outcome, WorkerUnfit):
        raise outcome
    if isinstance(outcome, DocumentFailure):
        tally.failures[outcome.failure_class.value] += 1
        tally.example = f"{source.path.name}: {outcome.message}"
        return
    tally.documents += 1
    tally.pages += source.pages


async def _watch(name: str, end: float) -> Use:
    samples: list[Gpu] = []
    busy, total = _cpu_times()
    while time.monotonic() < end:
        gpu = named(name, (await read_gpus([name])).gpus) if name else None
        if gpu is not None:
            samples.append(gpu)
        await asyncio.sleep(_SAMPLE_SECONDS)
    busy_after, total_after = _cpu_times()
    used = [gpu.utilization for gpu in samples if gpu.utilization is not None]
    memory = [gpu.memory_used for gpu in samples if gpu.memory_used is not None]
    return Use(
        cpu=100 * (busy_after - busy) / (total_after - total),
        gpu=statistics.fmean(used) if used else None,
        memory=max(memory, default=None),
    )


def _cpu_times() -> tuple[int, int]:
    """Return how long the machine's CPUs were busy, and how long they have run, in the kernel's ticks."""
    with Path("/proc/stat").open() as file:
        times = [int(each) for each in file.readline().split()[1:9]]
    # After user, nice and system: idle, and waiting for a disk.
    return sum(times) - sum(times[3:5]), sum(times)
