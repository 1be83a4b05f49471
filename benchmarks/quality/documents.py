# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate before ``done`` says of real documents: ``python -m benchmarks.quality.documents <folder>``.

Reads the text layer of every PDF below the folder, without OCR, and names what it would not call done.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.judgement import judge
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.pipeline import PdfTextPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pipeline = PdfTextPipeline()
    ends = Counter[str]()
    reading = judging = 0.0
    for path in sorted(folder.rglob("*.pdf")):
        with tempfile.TemporaryDirectory() as work:
            task = Task(f"s3://corpus/{path.name}", path.name, 0, path, Path(work))
            start = time.process_time()
            try:
                product = pipeline.process(task)
            except DocumentFailure as failure:
                ends[f"not read, {failure.failure_class.value}"] += 1
                continue
            middle = time.process_time()
            try:
                judge(product, task)
                ends["good"] += 1
            except DocumentFailure as failure:
                ends["not text"] += 1
                print(f"{path.relative_to(folder)}: {failure}")
            reading += middle - start
            judging += time.process_time() - middle
    for end, count in ends.most_common():
        print(f"{count} {end}")
    print(f"judging takes {judging / reading:.2f} of the core time of reading the layers")


if __name__ == "__main__":
    main()
