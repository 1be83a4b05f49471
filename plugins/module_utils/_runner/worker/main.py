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
from pathlib import Path

from ..._children.serving import attach
from ..._errors import FarmError
from ..._pipelines.failures import DocumentFailure, FailureClass, GpuFault
from ..._pipelines.kind import Pipeline
from ..._pipelines.registry import create_pipeline
from ..config import RunConfig
from .protocol import Outcome, Task, WorkerUnfit, gpu_fault_to_message, outcome_to_message

_LOG = logging.getLogger(__name__)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: list[str]) -> int:
    """Work until the supervisor closes the pipe."""
    supervisor = attach()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    try:
        pipeline = create_pipeline(RunConfig.load(Path(arguments[0])))
    except GpuFault as fault:
        _LOG.error("the GPU cannot be used: %s", fault)
        supervisor.tell(gpu_fault_to_message(fault))
        return 1
    except (FarmError, ImportError) as error:
        _LOG.error("the pipeline cannot be made: %s", error)
        return 1
    supervisor.tell_ready(pipeline.revision)
    for message in supervisor:
        outcome = process(pipeline, Task.from_message(message))
        supervisor.tell(outcome_to_message(outcome))
    return 0


def process(pipeline: Pipeline, task: Task) -> Outcome:
    """Return how the document ended; nothing a pipeline raises ends the worker."""
    try:
        return pipeline.process(task)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
