# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare ways to count pages over the same server: ``python -m benchmarks.page_count``."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.page_count.contenders import (
    ListedFile,
    Measurement,
    Work,
    boto3_pypdf,
    boto3_pypdfium2,
    ours,
    server_capacity,
)
from benchmarks.page_count.corpus import corpus, joined, with_mean
from benchmarks.page_count.server import serve

_SPAWN = multiprocessing.get_context("spawn")
# Each contender and about how many documents it counts: enough to measure, few enough to wait for.
_CONTENDERS: dict[str, tuple[Callable[[Work], Measurement], int]] = {
    "server alone": (server_capacity, 10_000),
    "page_count": (ours, 5_000),
    "boto3 + pypdf": (boto3_pypdf, 192),
    "boto3 + pypdfium2": (boto3_pypdfium2, 768),
}
_THESES = 24


@contextmanager
def served(paths: list[Path], latency_seconds: float) -> Iterator[str]:
    """Serve the files from a process of its own and give its endpoint."""
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=serve, args=(paths, latency_seconds, sender), daemon=True)
    process.start()
    try:
        yield receiver.recv()
    finally:
        process.terminate()
        process.join()


def compare(files: dict[Path, ListedFile], workers: int, latency_seconds: float) -> None:
    """Run every contender after the other and print a line for each."""
    listed = tuple(files.values())
    total = sum(each.bytes for each in listed)
    pages = sum(each.pages for each in listed)
    print(f"{len(listed)} PDFs, on average {total / len(listed) / 1e3:.0f} kB and {pages / len(listed):.0f} pages")
    print(f"{'':20}{'documents/s':>12}{'CPU ms/doc':>12}{'requests/doc':>14}{'bytes':>9}{'wrong':>7}", flush=True)
    rates: dict[str, float] = {}
    with served(list(files), latency_seconds) as endpoint_url:
        for name, (contender, documents) in _CONTENDERS.items():
            work = Work(endpoint_url, workers, listed, -(-documents // len(listed)))
            with ProcessPoolExecutor(1, _SPAWN) as process:
                measured = process.submit(contender, work).result()
            rates[name] = measured.rate
            print(
                f"{name:20}{measured.rate:12.1f}{1000 * measured.cpu_seconds / measured.documents:12.2f}"
                f"{measured.requests / measured.documents:14.2f}"
                f"{measured.bytes / (total * work.copies):9.1%}{measured.wrong:7}",
                flush=True,
            )
    for name in ("boto3 + pypdf", "boto3 + pypdfium2"):
        print(f"page_count is {rates['page_count'] / rates[name]:.1f} times as fast as {name}", flush=True)


def main() -> None:
    """Compare over the corpus as it is, over documents as long as a thesis, and over small ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("GLOSSAPI_FARM_CORPUS")
    parser.add_argument("--corpus", type=Path, default=default, required=default is None, help="folder with PDFs")
    parser.add_argument("--workers", type=int, default=64, help="documents in flight")
    parser.add_argument("--latency-ms", type=float, default=25.0, help="time to the first byte of an answer")
    parser.add_argument("--smallest", type=int, default=100_000, help="leave out smaller files, in bytes")
    parser.add_argument("--thesis-pages", type=int, default=120, help="join the files to this length, 0 to leave out")
    parser.add_argument("--mean-bytes", type=int, default=100_000, help="a set with small files too, 0 to leave out")
    arguments = parser.parse_args()

    files = corpus(arguments.corpus, arguments.smallest)
    if not files:
        parser.error(f"no PDF of at least {arguments.smallest} bytes below {arguments.corpus}")
    latency_seconds = arguments.latency_ms / 1000
    print("Files as they are:", flush=True)
    compare(files, arguments.workers, latency_seconds)
    if arguments.thesis_pages:
        with tempfile.TemporaryDirectory() as folder:
            theses = joined(list(files), _THESES, arguments.thesis_pages, Path(folder))
            print(f"\nThe same files joined to at least {arguments.thesis_pages} pages each:", flush=True)
            compare(theses, arguments.workers, latency_seconds)
    if arguments.mean_bytes:
        print(f"\nSmall files and large, {arguments.mean_bytes} bytes on average:", flush=True)
        compare(with_mean(corpus(arguments.corpus, 0), arguments.mean_bytes), arguments.workers, latency_seconds)


if __name__ == "__main__":
    main()
