# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages rendered at each preset's resolution, beside what a server reads: ``python -m benchmarks.rendering``."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.kind import WORKERS_PER_GPU
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdf_input import count_pages
from benchmarks.rendering.contenders import Page, Rendered, Size, in_one_thread, in_processes, with_threads

_PRESETS = Path(__file__).parents[2] / "roles/settings/files/ocr_presets"
# The fastest that anybody has published for one of the presets' models: DeepSeek-OCR on an RTX PRO 6000, 0.39 s a page.
_SERVER_PAGES_PER_SECOND = 1 / 0.39
_SEED = 1
_SPAWN = multiprocessing.get_context("spawn")


def some_pages(folder: Path, count: int) -> list[Page]:
    """Return pages of the folder's PDFs, of each document in a row, the same ones each time."""
    pages: list[Page] = []
    for path in sorted(folder.rglob("*.[pP][dD][fF]")):
        try:
            pages += [(path, number) for number in range(1, count_pages(path) + 1)]
        except DocumentFailure:
            # Encrypted and damaged ones are no pictures.
            continue
    return sorted(random.Random(_SEED).sample(pages, min(count, len(pages))))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("GLOSSAPI_FARM_CORPUS")
    parser.add_argument("--corpus", type=Path, default=default, required=default is None, help="folder with PDFs")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--processes", type=int, nargs="+", default=[2, WORKERS_PER_GPU])
    options = parser.parse_args()
    pages = some_pages(options.corpus, options.pages)
    print(f"{len(pages)} pages, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("| dpi | | Pages/s | CPU ms a page | kB a page | times a server's |")
    print("|---|---|---|---|---|---|", flush=True)
    presets = [Preset.parse(yaml.safe_load(path.read_bytes())) for path in sorted(_PRESETS.glob("*.yml"))]
    for size in sorted({Size(each.dpi, each.most_pixels) for each in presets}, key=lambda size: size.dpi):
        contenders: dict[str, Callable[[], Rendered]] = {
            "one thread": partial(in_one_thread, pages, size),
            "one thread renders, two write": partial(with_threads, pages, size, 2),
        }
        for processes in options.processes:
            contenders[f"{processes} processes"] = partial(in_processes, pages, size, processes, _SPAWN)
        for name, contender in contenders.items():
            done = contender()
            rate = done.pages / done.seconds
            milliseconds, kilobytes = (total / done.pages for total in (1e3 * done.cpu_seconds, done.bytes / 1e3))
            print(
                f"| {size.dpi} | {name} | {rate:.1f} | {milliseconds:.0f} | {kilobytes:.0f} | "
                f"{rate / _SERVER_PAGES_PER_SECOND:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
