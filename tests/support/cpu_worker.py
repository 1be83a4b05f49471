# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner's own worker with real glossAPI on a CPU, which glossAPI refuses, and without docling's table model."""

from __future__ import annotations

import os
import sys
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi import device
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr import kind
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker
from emulators.docling_models import turn_tables_off


def allow_cpu() -> None:
    """Have glossAPI take what it is given; the adapter is as it is, but for the device."""
    from glossapi.corpus.phase_extract import ExtractPhaseMixin

    def look_at_nothing(_corpus: Any, **_options: Any) -> None:
        """In the place of a look for CUDA."""

    setattr(ExtractPhaseMixin, "_gpu_preflight", look_at_nothing)  # noqa: B010 - mypy does not know the class
    setattr(device, "Gpu", device.Cpu)  # noqa: B010 - it is a class, and another one


def allow_no_greek() -> None:
    """Have the worker begin with a recogniser that has no Greek, such as that of RapidOCR's wheel."""
    setattr(kind, "require_reading", lambda *_arguments: None)  # noqa: B010 - of another module


def convert_in_parts(pages: int) -> None:
    """Have glossAPI take a document of more pages for a long one, and convert so many at a time."""
    from glossapi.gloss_extract import GlossExtract

    extract = GlossExtract.extract_path

    def extract_in_parts(extractor: Any, *arguments: Any, **options: Any) -> Any:
        extractor.long_pdf_page_threshold = extractor.chunk_size = pages
        return extract(extractor, *arguments, **options)

    setattr(GlossExtract, "extract_path", extract_in_parts)  # noqa: B010 - mypy does not know the class


if __name__ == "__main__":
    turn_tables_off()
    allow_cpu()
    if "GLOSSAPI_FARM_NO_GREEK" in os.environ:
        allow_no_greek()
    if "GLOSSAPI_FARM_PART_PAGES" in os.environ:
        convert_in_parts(int(os.environ["GLOSSAPI_FARM_PART_PAGES"]))
    sys.exit(worker.main(sys.argv[1:]))
