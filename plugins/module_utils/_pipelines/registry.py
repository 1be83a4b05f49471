# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from .._errors import FarmError
from .._runner.config import RunConfig
from .._runner.layout import Layout
from .command import pipeline as command
from .glossapi import options as glossapi_options
from .glossapi import pipeline as glossapi
from .glossapi.options import GlossApiOptions
from .kind import Pipeline
from .pdftext import pipeline as pdftext

_CHECKS: dict[str, Callable[[dict[str, Any]], object]] = {
    command.NAME: command.parse_options,
    glossapi_options.NAME: GlossApiOptions.parse,
    pdftext.NAME: pdftext.check_options,
}
_MAKERS: dict[str, Callable[[RunConfig], Pipeline]] = {
    command.NAME: command.CommandPipeline.from_config,
    glossapi_options.NAME: glossapi.GlossApiPipeline.from_config,
    pdftext.NAME: lambda _config: pdftext.PdfTextPipeline(),
}
NAMES = tuple(sorted(_MAKERS))


def check_options(name: str, options: dict[str, Any]) -> None:
    """Check a pipeline's options before anything starts.

    Raises:
        FarmError: the pipeline or one of its options is unknown or wrong.
    """
    if name not in _CHECKS:
        raise FarmError(f"There is no pipeline {name!r}: choose one of {', '.join(NAMES)}.")
    _CHECKS[name](options)


def create_pipeline(config: RunConfig) -> Pipeline:
    """Return the pipeline of a worker.

    Raises:
        FarmError: see :func:`check_options`.
    """
    check_options(config.pipeline, config.pipeline_options)
    return _MAKERS[config.pipeline](config)


class GpuNeed(Enum):
    """Whether a slot is a GPU."""

    NEVER = "never"
    PERHAPS = "perhaps"
    ALWAYS = "always"


def gpu_need(name: str, options: dict[str, Any]) -> GpuNeed:
    """Return whether a pipeline's slots are GPUs; of a command nobody knows.

    Raises:
        FarmError: see :func:`check_options`.
    """
    if name == glossapi_options.NAME:
        return GpuNeed.ALWAYS if GlossApiOptions.parse(options).uses_gpu else GpuNeed.NEVER
    return GpuNeed.PERHAPS if name == command.NAME else GpuNeed.NEVER


def output_options(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that change what comes out: with others, a finished document is not stale.

    Raises:
        FarmError: see :func:`check_options`.
    """
    return GlossApiOptions.parse(options).for_hash() if name == glossapi_options.NAME else options


def pipeline_revision(name: str) -> str:
    """Return the revision that this machine's workers would have; empty where the pipeline has none.

    Raises:
        FarmError: the pipeline is not installed.
    """
    if name != glossapi_options.NAME:
        return ""
    try:
        return glossapi.revision()
    except ImportError as error:
        raise FarmError(f"Pipeline {name} is not installed here ({error}): configure the node first.") from error


def worker_environment(config: RunConfig, slot: str) -> dict[str, str]:
    """Return the variables a slot's worker starts with, beyond those of its supervisor.

    They are set before it starts, since CUDA and OpenMP read theirs when they are loaded.

    Raises:
        FarmError: see :func:`check_options`.
    """
    # PCI_BUS_ID: as nvidia-smi numbers the GPUs, so that the GPU checked is the one used.
    common = {"CUDA_VISIBLE_DEVICES": slot, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    if config.pipeline != glossapi_options.NAME:
        return common
    options = GlossApiOptions.parse(config.pipeline_options)
    threads = options.thread_count(len(os.sched_getaffinity(0)), len(config.slots))
    folder = Layout(Path(config.workdir), config.shard).slot(slot)
    return common | options.environment(folder, threads)
