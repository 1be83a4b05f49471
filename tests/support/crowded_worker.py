# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose GPU has four units of memory, of which each worker keeps what it had once, as torch does.

Run in place of the runner's own worker. Models and documents take a unit, documents called ``wide`` four, and those
called ``giant`` five.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker
from tests.support.shards import until

# A folder that takes what each worker keeps of its GPU, and a line for each document.
FOLDER_VARIABLE = "TEST_CROWDED_FOLDER"
# How many workers there are to be before any of them has a document.
WORKERS_VARIABLE = "TEST_CROWDED_WORKERS"
_GPU_UNITS = 4
_UNITS = {"wide": 4, "giant": 5}


class Crowded:
    """Takes its GPU's memory, or says that there is too little left."""

    def __init__(self, _config: RunConfig, _clock: DocumentClock) -> None:
        self._folder = Path(os.environ[FOLDER_VARIABLE])
        self._gpu = os.environ["CUDA_VISIBLE_DEVICES"]
        self._keep(1)
        until(lambda: len(list(self._folder.glob("*.kept"))) >= int(os.environ[WORKERS_VARIABLE]))

    def process(self, task: Task) -> Product:
        """Write a line of Markdown.

        Raises:
            DocumentFailure: the GPU's memory does not do.
        """
        name = Path(task.key).stem
        units = next((units for begin, units in _UNITS.items() if name.startswith(begin)), 1)
        with (self._folder / "notes").open("a") as notes:
            fcntl.flock(notes, fcntl.LOCK_EX)
            others = self._kept_by_others()
            notes.write(f"{name} {self._gpu} {os.getpid()} {len(others)}\n")
            if units + sum(others) > _GPU_UNITS:
                raise DocumentFailure(FailureClass.GPU_MEMORY, "CUDA out of memory")
            self._keep(units)
        markdown = task.folder / "document.md"
        markdown.write_text(f"text of {task.uri}\n")
        return Product(pages=None, markdown=markdown)

    def _keep(self, units: int) -> None:
        part = self._folder / f"{self._gpu}.{os.getpid()}.part"
        part.write_text(str(units))
        part.rename(part.with_suffix(".kept"))

    def _kept_by_others(self) -> list[int]:
        """Return the units of each other worker that lives on this GPU."""
        kept = {path.suffixes[0][1:]: path for path in self._folder.glob(f"{self._gpu}.*.kept")}
        others = [path for process_id, path in kept.items() if process_id != str(os.getpid())]
        return [int(path.read_text()) for path in others if Path("/proc", path.suffixes[0][1:]).exists()]


if __name__ == "__main__":
    setattr(worker, "create_pipeline", Crowded)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
