# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose pipeline sleeps as long as the document says; run in place of the runner's own worker."""

from __future__ import annotations

import fcntl
import os
import random
import sys
import time
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

LOAD_VARIABLE = "BENCHMARK_LOAD_SECONDS"
# A folder with a file for each GPU, which who uses it holds a lock on; unset where documents use none.
GPU_FOLDER_VARIABLE = "BENCHMARK_GPU_FOLDER"
# There, a line for each page: when it was done, by the machine's clock, and by which process.
PAGES_NAME = "pages"
_GPU_SHARE = 0.25


class Sleeping:
    """Takes its time to load, once, and for each document as many seconds as its content says."""

    def __init__(self, _config: RunConfig, _clock: DocumentClock) -> None:
        time.sleep(float(os.environ[LOAD_VARIABLE]))

    def process(self, task: Task) -> Product:
        """Sleep, with its GPU and without, then write a line of Markdown."""
        seconds = float(task.input.read_text())
        if GPU_FOLDER_VARIABLE in os.environ:
            _use_gpu(seconds, random.Random(task.key))
        else:
            time.sleep(seconds)
        markdown = task.folder / "document.md"
        markdown.write_text(f"text of {task.uri}\n")
        return Product(pages=None, markdown=markdown)


def _use_gpu(seconds: float, chance: random.Random) -> None:
    """Process pages of about a second, each a quarter of its time on the GPU."""
    folder = Path(os.environ[GPU_FOLDER_VARIABLE])
    pages = max(1, round(seconds))
    with (
        (folder / f"gpu-{os.environ['CUDA_VISIBLE_DEVICES']}").open("w") as lock,
        (folder / PAGES_NAME).open("a", buffering=1) as done,
    ):
        for _page in range(pages):
            page = seconds / pages * chance.uniform(0.5, 1.5)
            time.sleep(page * (1 - _GPU_SHARE))
            fcntl.flock(lock, fcntl.LOCK_EX)
            time.sleep(page * _GPU_SHARE)
            fcntl.flock(lock, fcntl.LOCK_UN)
            done.write(f"{time.monotonic()} {os.getpid()}\n")


if __name__ == "__main__":
    setattr(worker, "create_pipeline", Sleeping)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
