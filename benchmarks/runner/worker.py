# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose pipeline sleeps as long as the document says; run in place of the runner's own worker."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

LOAD_VARIABLE = "BENCHMARK_LOAD_SECONDS"
# A folder with a file for each GPU, which who uses it holds a lock on; unset where documents use none.
GPU_FOLDER_VARIABLE = "BENCHMARK_GPU_FOLDER"
_GPU_SHARE = 0.25
# How often a document comes to its GPU.
_PARTS = 5


class Sleeping:
    """Takes its time to load, once, and for each document as many seconds as its content says."""

    def __init__(self, _config: RunConfig) -> None:
        time.sleep(float(os.environ[LOAD_VARIABLE]))

    def process(self, task: Task) -> Product:
        """Sleep, with its GPU and without, then write a line of Markdown."""
        seconds = float(task.input.read_text())
        if GPU_FOLDER_VARIABLE in os.environ:
            _use_gpu(seconds)
        else:
            time.sleep(seconds)
        markdown = task.folder / "document.md"
        markdown.write_text(f"text of {task.uri}\n")
        return Product(pages=None, markdown=markdown)


def _use_gpu(seconds: float) -> None:
    gpu = Path(os.environ[GPU_FOLDER_VARIABLE], f"gpu-{os.environ['CUDA_VISIBLE_DEVICES']}")
    with gpu.open("w") as lock:
        for _part in range(_PARTS):
            time.sleep(seconds * (1 - _GPU_SHARE) / _PARTS)
            fcntl.flock(lock, fcntl.LOCK_EX)
            time.sleep(seconds * _GPU_SHARE / _PARTS)
            fcntl.flock(lock, fcntl.LOCK_UN)


if __name__ == "__main__":
    setattr(worker, "create_pipeline", Sleeping)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
