# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples of the node, and a supervisor's progress in Prometheus' text format."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from ..._records.machine import GpuSample, MachineSample
from ..._records.progress import STATES, Progress
from ..._records.stage import Stage
from .gpus import is_installed, names_of, read_gpus

_LOG = logging.getLogger(__name__)
_PREFIX = "glossapi_farm"
_MEBIBYTE = 1 << 20


async def sample_machine(folder: Path, slots: Sequence[str]) -> MachineSample:
    """Return how the node is doing now; takes one run of nvidia-smi where there are GPUs.

    Args:
        folder: on the file system to look at.
        slots: whose GPUs are looked at where nvidia-smi does not list all.

    Raises:
        OSError: the folder is gone.
    """
    usage = await asyncio.to_thread(shutil.disk_usage, folder)
    return MachineSample(time.time(), await _gpus(slots), usage.total, usage.free)


async def _gpus(slots: Sequence[str]) -> tuple[GpuSample, ...]:
    if not is_installed():
        return ()
    listing = await read_gpus([name for slot in slots for name in names_of(slot)])
    for name, error in listing.errors.items():
        _warn_once(name, error)
    return tuple(
        GpuSample(gpu.index, gpu.utilization, gpu.memory_used, gpu.memory_total, gpu.temperature)
        for gpu in listing.gpus
    )


@cache
def _warn_once(name: str, reason: str) -> None:
    _LOG.warning("GPU %s cannot be sampled: %s", name, reason)


def to_prometheus(progress: Progress, stage: Stage) -> bytes:
    """Return the progress in Prometheus' text format, for node_exporter's textfile collector.

    Each name has the labels ``shard`` and ``stage``, as the pages of a shard are others at each stage; units are those
    Prometheus asks for: bytes, seconds, ratios.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()

    def gauge(name: str, text: str, label: str, values: Iterable[tuple[str, float | None]]) -> None:
        labels = ["shard", "stage", *([label] if label else [])]
        metric = Gauge(f"{_PREFIX}_{name}", text, labels, registry=registry)
        for value, number in values:
            if number is not None:
                metric.labels(progress.shard, stage.value, *([value] if label else [])).set(number)

    documents = {"done": progress.done, "failed": progress.failed, "pending": progress.pending}
    pages = {"done": progress.pages_done, "failed": progress.pages_failed, "pending": progress.pages_pending}
    gauge("documents", "Documents by how they ended.", "state", documents.items())
    gauge("pages", "Pages of documents by how these ended.", "state", pages.items())
    gauge("failures", "Documents that failed under this supervisor.", "class", progress.failures.items())
    gauge("helped_documents", "Documents of other shards that this supervisor has ended.", "", [("", progress.helped)])
    gauge("pages_per_second", "Since this supervisor started.", "", [("", progress.pages_per_second)])
    states = [(state, float(state == progress.state)) for state in STATES]
    gauge("supervisor_state", "1 for the state the supervisor is in.", "state", states)
    busy = [(slot, float(bool(uri))) for slot, uri in progress.slots.items()]
    gauge("slot_busy", "1 where a worker has a document.", "slot", busy)
    drained = [(slot, float(slot in progress.drained)) for slot in progress.slots]
    gauge("slot_drained", "1 where a slot works no more, for its GPU's or worker's sake.", "slot", drained)
    gauge("updated_timestamp_seconds", "When this was written.", "", [("", progress.updated_at)])
    machine = progress.machine
    if machine is not None:
        gauge("disk_size_bytes", "Of the work directory.", "", [("", machine.disk_bytes)])
        gauge("disk_free_bytes", "Of the work directory.", "", [("", machine.disk_free_bytes)])
        gpus = [(str(gpu.index), gpu) for gpu in machine.gpus]
        utilization = [(index, _times(gpu.utilization, 0.01)) for index, gpu in gpus]
        used = [(index, _times(gpu.memory_used, _MEBIBYTE)) for index, gpu in gpus]
        size = [(index, _times(gpu.memory_total, _MEBIBYTE)) for index, gpu in gpus]
        gauge("gpu_utilization_ratio", "Share of the time in which it worked.", "gpu", utilization)
        gauge("gpu_memory_used_bytes", "Memory in use.", "gpu", used)
        gauge("gpu_memory_size_bytes", "Memory there is.", "gpu", size)
        gauge("gpu_temperature_celsius", "Temperature.", "gpu", [(index, gpu.temperature) for index, gpu in gpus])
    return generate_latest(registry)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
