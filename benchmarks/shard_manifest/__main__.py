# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of cutting 1,000,000 rows, step by step: ``python -m benchmarks.shard_manifest [rows] [shards]``.

Page counts are log-normal (median 33, up to thousands), as in a collection of papers and theses. The
balance is also timed as a histogram in numpy, which hands out all documents of one page count at once.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.balance import Turns
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import cut
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.publication import publish
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._records.work import WorkTable
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from benchmarks.shard_manifest.histogram import histogram_loads
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

SEED = 1


def table(rows: int) -> bytes:
    """Return a table of ``rows`` documents, sorted by uri."""
    chance = random.Random(SEED)
    return write_table(
        CountRow(f"s3://raw/openarchives/{number:012x}.pdf", pages * 40_000, f"{number:032x}", pages, "")
        for number in range(rows)
        for pages in [max(1, int(chance.lognormvariate(3.5, 1.1)))]
    )


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Print the core time and wall time of a step."""
    core, wall = time.process_time(), time.perf_counter()
    yield
    print(f"{step:<48} {time.process_time() - core:6.2f} s core {time.perf_counter() - wall:6.2f} s wall", flush=True)


def main() -> None:
    """Run the benchmark."""
    rows, shards = (int(argument) for argument in [*sys.argv[1:], *("1000000", "4")[len(sys.argv) - 1 :]])
    options = CutOptions((1.0,) * shards)
    with tempfile.TemporaryDirectory() as folder, S3Server(Path(folder)) as server:
        counts = Path(folder) / "counts.csv"
        counts.write_bytes(table(rows))
        client = Connection(REGION, server.endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY).client()
        client.create_bucket(Bucket="manifests")
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with timed("end to end: read, cut, write to a local S3"):
            manifest = cut(WorkTable(lambda: counts.open("rb"), "it", options.rules), options)
            publish(client, S3Uri("manifests"), "shard_summary.json", manifest, write=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"peak memory {peak / 1024:.0f} MiB ({start / 1024:.0f} MiB before)")
        print(f"imbalance {manifest.summary.imbalance}, lower bound {manifest.summary.imbalance_lower_bound}")
        with timed("again, nothing to write"):
            again = cut(WorkTable(lambda: counts.open("rb"), "it", options.rules), options)
            publish(client, S3Uri("manifests"), "shard_summary.json", again, write=True)
        with timed("  read the table, choose documents"):
            work = [
                each for batch in WorkTable(lambda: counts.open("rb"), "it", options.rules).batches() for each in batch
            ]
        documents = [Document(uri.decode(), pages, int(size)) for _key, uri, pages, size in work]
        documents.sort(key=lambda each: (-each.pages, each.uri))
        ours = [0] * shards
        with timed("  balance (ours)"):
            turns = Turns(options.weights)
            for pages, group in groupby(documents, attrgetter("pages")):
                for shard in turns.take(pages, len(list(group))):
                    ours[shard] += pages
        with timed("  balance (numpy histogram)"):
            loads = histogram_loads(documents, options.weights)
        if loads != ours:
            raise SystemExit("The two balances differ.")


if __name__ == "__main__":
    main()
