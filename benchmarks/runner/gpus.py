# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several workers on a GPU that each of them uses a quarter of its time: ``python -m benchmarks.runner.gpus``.

A GPU is a lock on a file, which a page holds for a quarter of its time. It sleeps for the rest, so that a machine of
two cores does for the workers of two GPUs. Documents have a heavy tail, pages take 0.5 to 1.5 s.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from benchmarks.runner.contenders import Job, heavy_tailed, supervisor
from benchmarks.runner.worker import GPU_FOLDER_VARIABLE, PAGES_NAME
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

GPUS = 2
# By workers on a GPU: how many times the pages of one they are to reach, at least.
GOALS = {1: 1.0, 2: 1.9, 3: 2.6}


def pages_per_second(lines: list[str]) -> float:
    """Return the rate while all workers had work: how they start and end is for the other benchmark."""
    times: dict[str, list[float]] = {}
    for line in lines:
        at, process = line.split()
        times.setdefault(process, []).append(float(at))
    begin, end = max(each[0] for each in times.values()), min(each[-1] for each in times.values())
    return sum(begin < at <= end for each in times.values() for at in each) / (end - begin)


def measure(workers: int, options: argparse.Namespace, endpoint_url: str, folder: Path) -> float:
    """Return the pages per second of so many workers on each GPU."""
    os.environ[GPU_FOLDER_VARIABLE] = tempfile.mkdtemp(dir=folder)
    times = heavy_tailed(options.documents, options.seconds)
    supervisor(Job(times, 0, GPUS, Path(tempfile.mkdtemp(dir=folder)), workers), endpoint_url)
    return pages_per_second(Path(os.environ[GPU_FOLDER_VARIABLE], PAGES_NAME).read_text().splitlines())


def main() -> None:
    """Run the benchmark; it fails where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=480, help="of all documents, where no two share a GPU")
    options = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION}
    missed = []
    with tempfile.TemporaryDirectory() as name, S3Server(Path(name) / "s3") as server:
        Connection(endpoint_url=server.endpoint_url).client().create_bucket(Bucket="benchmark")
        alone = 0.0
        for workers, goal in GOALS.items():
            rate = measure(workers, options, server.endpoint_url, Path(name))
            alone = alone or rate
            print(f"{workers} workers a GPU: {rate:.2f} pages/s, {rate / alone:.2f} times those of one", flush=True)
            if rate < goal * alone:
                missed.append(f"{workers} workers a GPU reach {rate / alone:.2f} of {goal}")
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
