# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker of stage ``ocr`` that sleeps for each page, then knows its text; run in place of the runner's own worker."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.pipeline import OcrPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

# Seconds for a page.
PAGE_VARIABLE = "BENCHMARK_PAGE_SECONDS"
_TEXT = "This thesis looks at the methods by which the sample on page {} was collected, and asks new questions."


class Sleeping:
    """Takes as long for each page."""

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:  # noqa: ARG002
        """Return a sentence for each page."""
        time.sleep(float(os.environ[PAGE_VARIABLE]) * len(pages))
        return {page: _TEXT.format(page) for page in pages}


def _create(_config: RunConfig, _clock: DocumentClock) -> OcrPipeline:
    return OcrPipeline(Sleeping(), "sleeping")


if __name__ == "__main__":
    setattr(worker, "create_pipeline", _create)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
