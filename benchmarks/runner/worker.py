# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose pipeline sleeps as long as the document says; run in place of the runner's own worker."""

from __future__ import annotations

import os
import sys
import time

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

LOAD_VARIABLE = "BENCHMARK_LOAD_SECONDS"


class Sleeping:
    """Takes its time to load, once, and for each document as many seconds as its content says."""

    def __init__(self, _config: RunConfig) -> None:
        time.sleep(float(os.environ[LOAD_VARIABLE]))

    def process(self, task: Task) -> Product:
        """Sleep, then write a line of Markdown."""
        time.sleep(float(task.input.read_text()))
        markdown = task.folder / "document.md"
        markdown.write_text(f"text of {task.uri}\n")
        return Product(pages=None, markdown=markdown)


if __name__ == "__main__":
    setattr(worker, "create_pipeline", Sleeping)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
