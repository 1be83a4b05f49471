# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that may take little memory, and whose pipeline wants much for some documents.

Run in place of the runner's own worker; it notes when each attempt begins and ends.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

NOTES_VARIABLE = "TEST_HUNGRY_NOTES"
# A control group with less memory than documents called "flood" take.
GROUP_VARIABLE = "TEST_HUNGRY_GROUP"
_LIMIT_BYTES = 1 << 30
_PAGE_BYTES = 4096


class Hungry:
    """Takes more memory than it may for documents called ``hog``, and than there is for those called ``flood``."""

    def __init__(self, _config: RunConfig, _clock: DocumentClock) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_LIMIT_BYTES, _LIMIT_BYTES))

    def process(self, task: Task) -> Product:
        """Write a line of Markdown, after a while in which others could run."""
        name = Path(task.key).stem
        _note(f"begin {name} {os.getpid()}")
        try:
            if name.startswith("hog"):
                bytearray(2 * _LIMIT_BYTES)
            if name.startswith("flood"):
                Path(os.environ[GROUP_VARIABLE], "cgroup.procs").write_text(str(os.getpid()))
                flood = bytearray(_LIMIT_BYTES // 2)
                for page in range(0, len(flood), _PAGE_BYTES):
                    flood[page] = 1
            time.sleep(0.05)
        finally:
            _note(f"end {name} {os.getpid()}")
        markdown = task.folder / "document.md"
        markdown.write_text(f"text of {task.uri}\n")
        return Product(pages=None, markdown=markdown)


def _note(line: str) -> None:
    # One write each, so that lines of several workers stay whole and in order.
    descriptor = os.open(os.environ[NOTES_VARIABLE], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


if __name__ == "__main__":
    setattr(worker, "create_pipeline", Hungry)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
