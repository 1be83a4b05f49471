# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many workers share a GPU where that is left to what was measured on such a machine (``playbooks/tune.yml``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..._pipelines.ocr.server.options import NAME as SERVER
from ..._records.codec import RecordError
from ..._records.names import tuning_uri
from ..._records.stage import Stage
from ..._records.tuning import PAGES_IN_FLIGHT, WORKERS, TuningBasis, read_tuning
from ..._s3.connection import Connection
from ..config import RunConfig
from ..watch.machine_kind import machine_kind
from .options import AUTO, config_from


def varied_by(config: RunConfig) -> str:
    """Return the option by which it can be tuned how much a GPU has to do at once; empty where there is none.

    Raises:
        FarmError: there is no such pipeline, or one of its options is wrong.
    """
    # Nobody knows which documents have formulas before stage text has read them.
    if config.stage is Stage.MATH:
        return ""
    if config.pipeline == SERVER:
        return PAGES_IN_FLIGHT
    one, two = (replace(config, workers_per_gpu=workers).sharing for workers in (1, 2))
    return WORKERS if one != two else ""


def basis_of(config: RunConfig) -> TuningBasis:
    """Return what a result for this configuration is true of.

    Raises:
        FarmError: there is no such pipeline, or one of its options is wrong.
    """
    varied = varied_by(config)
    # Not the markers' hash: a server's command, or a worker's threads, change no text, but how fast it comes.
    options = {name: value for name, value in config.pipeline_options.items() if name != varied}
    # As with the default number of pages: fewer pages than workers leave some workers out.
    workers = replace(config, pipeline_options=options).sharing if varied == PAGES_IN_FLIGHT else None
    content = [options, workers]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return TuningBasis(config.pipeline, digest, len(config.slots), varied)


def config_as_tuned(
    options: Mapping[str, Any], connection: Connection, warn: Callable[[str], None], **fixed: Any
) -> RunConfig:
    """Return the supervisor's configuration; with ``auto`` it has the number of workers that was found to be best.

    Where none was found, or it is of something else, the pipeline's own number is left, and ``warn`` is told why.

    Args:
        options: see :func:`config_from`; likewise ``connection`` and ``fixed``.
        warn: shows a warning.

    Raises:
        FarmError: see :func:`config_from`, or the machine's GPUs cannot be asked.
        S3Error: what was found cannot be read.
    """
    config = config_from(options, connection, **fixed)
    if options.get("workers_per_gpu") != AUTO or varied_by(config) != WORKERS:
        return config
    machine = machine_kind()
    best, reason = _best(config, connection, machine)
    if best:
        return replace(config, workers_per_gpu=best)
    warn(
        f"workers_per_gpu is auto, and no result of tune.yml can be taken for stage {config.stage} on {machine}, so "
        f"that pipeline {config.pipeline} has its own number, {config.sharing}. {reason}"
    )
    return config


def _best(config: RunConfig, connection: Connection, machine: str) -> tuple[int, str]:
    """Return the best number, 0 where it is not known, and why it is not."""
    where = tuning_uri(config.results_uri, config.stage, machine)
    try:
        found = read_tuning(connection.client(), config.results_uri, config.stage, machine)
    except RecordError as error:
        return 0, str(error)
    if found is None:
        return 0, f"There is nothing at {where}."
    difference = found.basis.difference(basis_of(config))
    if difference:
        return 0, f"{where} {difference}."
    return found.best, f"{where} names no number: trials are missing there, or none of them is a choice."
