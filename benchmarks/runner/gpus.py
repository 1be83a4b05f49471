# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several workers on a GPU that each of them uses a quarter of its time: ``python -m benchmarks.runner.gpus``.

A GPU is a lock on a file, which a document holds for a quarter of its time, in parts as pages come and go. It sleeps
for the rest, so that a machine of two cores does for the workers of two GPUs. Times have a heavy tail.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from benchmarks.runner.contenders import Job, heavy_tailed, supervisor
from benchmarks.runner.worker import GPU_FOLDER_VARIABLE
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

GPUS = 2
# By workers on a GPU: how many times the pages of one they are to reach, at least.
GOALS = {1: 1.0, 2: 1.9, 3: 2.6}


def main() -> None:
    """Run the benchmark; it fails where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=160)
    parser.add_argument("--seconds", type=float, default=320, help="of all documents, where no two share a GPU")
    options = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION}
    missed = []
    with tempfile.TemporaryDirectory() as name, S3Server(Path(name) / "s3") as server:
        Connection(endpoint_url=server.endpoint_url).client().create_bucket(Bucket="benchmark")
        os.environ[GPU_FOLDER_VARIABLE] = name
        alone = 0.0
        for workers, goal in GOALS.items():
            times = heavy_tailed(options.documents, options.seconds)
            job = Job(times, 0, GPUS, Path(tempfile.mkdtemp(dir=name)), workers)
            rate = options.documents / supervisor(job, server.endpoint_url)
            alone = alone or rate
            gain = rate / alone
            print(f"{workers} workers a GPU: {rate:6.2f} documents/s, {gain:.2f} times those of one", flush=True)
            missed += [f"{workers} workers a GPU reach {gain:.2f} of {goal}"] if gain < goal else []
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
