# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker: makes its pipeline once, then processes the documents its supervisor names.

Run as ``python -m ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.main <config.json>``
by :mod:`worker_process`; reads tasks from its standard input and writes outcomes to its standard output.
"""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import replace
from pathlib import Path

from ..._children.serving import attach
from ..._errors import FarmError
from ..._pipelines.clock import DocumentClock
from ..._pipelines.failures import DocumentFailure, GpuFault
from ..._pipelines.forwarding import forward
from ..._pipelines.judgement import judge
from ..._pipelines.kind import DividingPipeline, Pipeline
from ..._pipelines.registry import kind_of
from ..._pipelines.task import Outcome, Results, Task, WorkerUnfit
from ..._records.failure_classes import FailureClass
from ..config import RunConfig
from .clock import ToldClock
from .context import worker_context
from .protocol import gpu_fault_to_message, outcome_to_message, task_from_message

_LOG = logging.getLogger(__name__)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: list[str]) -> int:
    """Work until the supervisor closes the pipe."""
    supervisor = attach()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    try:
        config = RunConfig.load(Path(arguments[0]))
        clock = ToldClock(supervisor.tell)
        pipeline = create_pipeline(config, clock)
        revision = kind_of(config.pipeline).revision(config.pipeline_options)
    except GpuFault as fault:
        _LOG.error("the GPU cannot be used: %s", fault)
        supervisor.tell(gpu_fault_to_message(fault))
        return 1
    except (FarmError, ImportError) as error:
        _LOG.error("the pipeline cannot be made: %s", error)
        return 1
    supervisor.tell_ready(revision)
    for message in supervisor:
        with clock.counting():
            outcome = process(pipeline, task_from_message(message), forwards=config.ocr_follows)
        if isinstance(outcome, Results) and not config.math_follows:
            outcome = replace(outcome, open_formulas=0)
        supervisor.tell(outcome_to_message(outcome))
    return 0


def create_pipeline(config: RunConfig, clock: DocumentClock) -> Pipeline:
    """Return the pipeline of this worker.

    Raises:
        GpuFault: the GPU cannot be used.
        FarmError: the pipeline, one of its options, or what is installed is unknown or wrong.
        ImportError: something is not installed.
    """
    return kind_of(config.pipeline).create(worker_context(config, Path.cwd(), clock))


def process(pipeline: Pipeline, task: Task, *, forwards: bool) -> Outcome:
    """Return how the document ended; nothing a pipeline raises ends the worker.

    Args:
        pipeline: of the worker.
        task: the document.
        forwards: whether stage ``ocr`` goes on with a document whose text layer is no text, which fails otherwise.
    """
    try:
        return _make(pipeline, task, forwards=forwards)
    except DocumentFailure as failure:
        return failure
    except GpuFault as fault:
        return DocumentFailure(FailureClass.GPU, str(fault))
    except MemoryError:
        return DocumentFailure(FailureClass.OUT_OF_MEMORY, "the worker could not allocate memory")
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            return WorkerUnfit(f"the disk is full: {error}")
        _LOG.exception("%s", task.uri)
        return DocumentFailure(FailureClass.PIPELINE, f"{type(error).__name__}: {error}")


def _make(pipeline: Pipeline, task: Task, *, forwards: bool) -> Outcome:
    if task.part:
        if not isinstance(pipeline, DividingPipeline):
            raise AssertionError("a part of a document for a pipeline that takes whole ones")
        return pipeline.recognise(task)
    product = None
    try:
        product = pipeline.process(task)
        return judge(product, task)
    except DocumentFailure as failure:
        if not forwards or failure.failure_class is not FailureClass.NEEDS_OCR:
            raise
        return forward(task, product, failure.message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
