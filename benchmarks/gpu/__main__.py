# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages a second and use of one GPU by the number of workers: ``python -m benchmarks.gpu <folder with PDFs>``.

Run it with the Python of the node, in which glossAPI is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdf_input import count_pages
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.gpus import Listing, read_gpus
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from benchmarks.gpu.measure import Measured, Source, Trial, measure
from emulators.docling_models import write_random_weights

# A measured time is shorter than the longest document would take.
_MOST_PAGES = 60
_SEED = 1


def read_sources(folder: Path) -> list[Source]:
    """Return the folder's PDFs that can be opened and are not too long, in a random order that is always the same.

    However many are come to in the time, they then are as long and as dense as all of them.
    """
    sources = []
    for path in sorted(folder.rglob("*.[pP][dD][fF]")):
        try:
            sources.append(Source(path.resolve(), count_pages(path)))
        except DocumentFailure as failure:
            print(f"left out: {path.name}: {failure}", file=sys.stderr)
    short = [source for source in sources if source.pages <= _MOST_PAGES]
    return random.Random(_SEED).sample(short, len(short))


def show(listing: Listing) -> None:
    """Print the GPUs as the runner reads them."""
    for gpu in listing.gpus:
        print(gpu)
    for name, error in listing.errors.items():
        print(f"GPU {name}: {error}")


def row(workers: int, measured: Measured) -> str:
    """Return one line of the table."""
    documents = sum(tally.documents for tally in measured.tallies)
    pages = sum(tally.pages for tally in measured.tallies)
    seconds = max(tally.seconds for tally in measured.tallies)
    failed = ", ".join(f"{count} {name}" for name, count in measured.failures.items()) or "none"
    use = measured.use
    gpu = "-" if use.gpu is None else f"{use.gpu:.0f} %"
    memory = "-" if use.memory is None else f"{use.memory:.0f} MiB"
    return (
        f"| {workers} | {documents} | {pages} | {seconds:.1f} | {measured.pages_per_second:.2f} | {gpu} | {memory} | "
        f"{use.cpu:.0f} % | {measured.ready_seconds:.1f} | {failed} |"
    )


def compare(sources: Sequence[Source], options: argparse.Namespace, folder: Path) -> int:
    """Print the table; return how many of its lines could not be measured."""
    pipeline, pipeline_options = ("glossapi_rapidocr", {}) if options.ocr else ("glossapi", {"math": options.math})
    print("| Workers | Documents | Pages | Seconds | Pages/s | GPU use | GPU memory | CPU use | Ready after | Failed |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    missing = 0
    for workers in options.workers:
        trial = Trial(sources, workers, options.seconds, options.gpu, pipeline, pipeline_options, folder)
        try:
            measured = asyncio.run(measure(trial))
        except (FarmError, GpuFault) as error:
            # More workers than the GPU has memory for do not spoil what was measured before.
            print(f"| {workers} | {type(error).__name__}: {error} |", flush=True)
            missing += 1
            continue
        print(row(workers, measured), flush=True)
        for example in sorted({tally.example for tally in measured.tallies if tally.example}):
            print(f"  {example}")
    return missing


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, help="a folder with PDFs; those of more than 60 pages are left out")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8], help="a line of the table for each")
    parser.add_argument("--seconds", type=float, default=60, help="for each line")
    parser.add_argument("--gpu", default="0", help="number or UUID of the GPU that all workers share")
    parser.add_argument("--ocr", action="store_true", help="recognise every page")
    parser.add_argument("--math", action="store_true", help="decode formulas")
    parser.add_argument(
        "--random-weights",
        action="store_true",
        help="on a machine without the models: docling's layout network with random weights, and no table model",
    )
    options = parser.parse_args()
    sources = read_sources(options.documents)
    if not sources:
        parser.error(f"{options.documents} has no PDF that can be used")
    print(f"{len(sources)} documents, {sum(source.pages for source in sources)} pages")
    show(asyncio.run(read_gpus([options.gpu])))
    with tempfile.TemporaryDirectory() as name:
        if options.random_weights:
            home = Path(name) / "huggingface"
            write_random_weights(home)
            os.environ |= {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
            worker_process.MODULE = "benchmarks.gpu.worker"
        return compare(sources, options, Path(name) / "work")


if __name__ == "__main__":
    sys.exit(main())
