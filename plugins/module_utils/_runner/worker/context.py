# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline is told of its worker, and what a worker starts with."""

from __future__ import annotations

from pathlib import Path

from ..._pipelines.clock import DocumentClock
from ..._pipelines.kind import WorkerContext
from ..._pipelines.registry import kind_of
from ..._records.slots import gpu_of
from ..config import RunConfig
from ..layout import Layout


def worker_context(config: RunConfig, folder: Path, clock: DocumentClock | None = None) -> WorkerContext:
    """Return it for the worker that runs in ``folder``."""
    workers = len(config.worker_slots)
    return WorkerContext(
        config.pipeline_options,
        workers,
        folder,
        config.output_uri,
        config.connection(),
        clock or DocumentClock(),
    )


def worker_environment(config: RunConfig, slot: str) -> dict[str, str]:
    """Return the variables a slot's worker starts with, beyond those of its supervisor.

    They are set before it starts, since CUDA and OpenMP read theirs when they are loaded.

    Raises:
        FarmError: the pipeline or one of its options is unknown or wrong.
    """
    folder = Layout.of(config).slot(slot)
    own = kind_of(config.pipeline).environment(worker_context(config, folder))
    # PCI_BUS_ID: as nvidia-smi numbers the GPUs, so that the GPU checked is the one used.
    return {"CUDA_VISIBLE_DEVICES": gpu_of(slot), "CUDA_DEVICE_ORDER": "PCI_BUS_ID"} | own
