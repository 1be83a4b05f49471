# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of reading a farm's state: ``python -m benchmarks.shard_info``.

A local server makes up the objects of a finished farm of four shards, so that no million objects need be stored.
It answers at once: over a network each of the requests, which are counted, takes its latency on top.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import look, read_farm
from ansible_collections.glossapi.farm.plugins.module_utils._status.stale_documents import (
    PipelineNow,
    describe_stale,
    find_stale,
)
from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from ansible_collections.glossapi.farm.plugins.plugin_utils.report.page import render
from benchmarks.shard_info.server import SyntheticFarm, serve

_SHARDS = 4


@contextmanager
def measured(step: str) -> Iterator[None]:
    """Print the core time, the wall time and the peak memory until the end of a step."""
    core, wall = time.process_time(), time.perf_counter()
    yield
    core, wall = time.process_time() - core, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:<44} {core:6.1f} s core {wall:6.1f} s wall, peak so far {peak:4.0f} MiB", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--failed", type=int, default=10_000)
    parser.add_argument("--find-stale", action="store_true", help="read all markers, too")
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(
        target=serve, args=(SyntheticFarm(options.documents, _SHARDS, options.failed), theirs), daemon=True
    )
    server.start()
    try:
        connection = Connection("us-east-1", ours.recv(), access_key="local", secret_key="local")  # noqa: S106
        client = connection.client(pool_size=READERS)
        results = S3Uri("farm", "r")
        with measured("nothing"):
            pass
        with measured("read table and manifests, list the markers"):
            look(client, S3Uri("farm", "m"), results, "shard_summary.json", verify_outputs=False)
        with measured("the same, and list the Markdown"):
            found = look(client, S3Uri("farm", "m"), results, "shard_summary.json", verify_outputs=True)
        with measured(f"read {options.failed} failed markers"):
            farm = read_farm(client, results, found)
        with measured("the report as a page"):
            values = values_of(
                farm, waited="", price_per_hour=5.672, silent_after=300, max_failure_share=0.2, stale=None
            )
            page = render([values], "farm", "us-east-1")
        print(f"the page has {len(page.encode()) / 1000:.0f} kB")
        if options.find_stale:
            with measured("list the inputs and read all markers"):
                stale = find_stale(client, client, results, found.collection, PipelineNow("glossapi", "h"))
            print(describe_stale(stale))
    finally:
        server.terminate()
    print(farm.reconciliation)


if __name__ == "__main__":
    main()
