# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare ways to keep four slots busy: ``python -m benchmarks.runner``.

The documents sleep for times with a heavy tail, in the order of a listing: at random. The ideal is what no
schedule can be below. Models are loaded once for each worker, or once for each program.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from benchmarks.runner.contenders import Job, MemoryS3, heavy_tailed, static_split, supervisor, while_read, xargs
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SLOTS = 4
# The mean of documents that are so short that what the supervisor adds shows.
SHORT_SECONDS = 0.03
_SHELL: dict[str, Callable[[Job], float]] = {
    "xargs -P4": xargs,
    "static split by file count": static_split,
    "while read": while_read,
}


def compare(job: Callable[[], Job], endpoint_url: str) -> None:
    """Print each contender's time over the ideal one."""
    sample = job()
    times = sample.seconds
    print(
        f"{len(times)} documents, {sum(times):.0f} s in all, the longest {max(times):.1f} s, "
        f"models load in {sample.load_seconds:g} s; ideal {sample.ideal:.1f} s",
        flush=True,
    )
    show("supervisor", supervisor(sample, endpoint_url), sample)
    for name, contender in _SHELL.items():
        work = job()
        show(name, contender(work), work)


def show(name: str, seconds: float, job: Job) -> None:
    """Print one line of the table."""
    print(f"  {name:<28} {seconds:7.1f} s  {seconds / job.ideal:6.3f}", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=160, help="of all documents together")
    parser.add_argument("--load-seconds", type=float, nargs="+", default=[0, 0.5], help="a table for each")
    parser.add_argument("--empty-documents", type=int, default=1000, help="for the time a document costs by itself")
    parser.add_argument("--short-documents", type=int, default=4000, help="of 30 ms, for what the supervisor adds")
    options = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION}
    with tempfile.TemporaryDirectory() as name, S3Server(Path(name) / "s3") as server:
        Connection(endpoint_url=server.endpoint_url).client().create_bucket(Bucket="benchmark")

        def job(times: list[float], load_seconds: float, slots: int = SLOTS) -> Job:
            return Job(times, load_seconds, slots, Path(tempfile.mkdtemp(dir=name)))

        for where, client in (("in memory", MemoryS3()), ("real", None)):
            empty = job([0.0] * options.empty_documents, 0)
            cpu = time.process_time()
            seconds = supervisor(empty, server.endpoint_url, cast("S3Client | None", client))
            cpu = time.process_time() - cpu
            each = 1000 / options.empty_documents
            print(f"empty documents, S3 {where}: {seconds * each:.2f} ms, {cpu * each:.2f} ms of the supervisor's CPU")
        short = job(heavy_tailed(options.short_documents, options.short_documents * SHORT_SECONDS), 0)
        added = supervisor(short, server.endpoint_url, cast("S3Client", MemoryS3())) - short.ideal
        each = 1000 / options.short_documents
        print(f"short documents, S3 in memory: {added * each:.2f} ms each over the ideal, {short.ideal:.1f} s in all")
        for load_seconds in options.load_seconds:
            times = heavy_tailed(options.documents, options.seconds)
            compare(partial(job, times, load_seconds), server.endpoint_url)


if __name__ == "__main__":
    main()
