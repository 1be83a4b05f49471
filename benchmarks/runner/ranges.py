# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document of thousands of pages at the end of a shard, divided and whole: ``python -m benchmarks.runner.ranges``.

Pages sleep, so that a machine of two cores does for eight slots; the supervisor, its workers and the local S3 are real.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr import backend
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import marker_uri, output_folder, pages_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import in_order
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Hooks,
    Supervisor,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from benchmarks.runner.reader import PAGE_VARIABLE
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

SLOTS = 8
# How much longer than the even share of all pages may be what is divided.
GOAL = 1.25


def makespan(pages: list[int], options: argparse.Namespace, endpoint_url: str, folder: Path) -> float:
    """Return how long a shard of documents of so many scanned pages takes, in seconds."""
    config = RunConfig(
        shard=1,
        manifests="s3://benchmark/shards",
        results=f"s3://benchmark/{folder.name}",
        workdir=str(folder),
        node="benchmark",
        pipeline="tesseract",
        pipeline_options={"tessdata": options.tessdata},
        slots=tuple(map(str, range(SLOTS))),
        endpoint_url=endpoint_url,
    )
    layout = Layout.of(config)
    layout.create()
    config.save(layout.config)
    client = config.connection().client(pool_size=threads_for(config))
    documents = []
    for number, count in enumerate(pages):
        key = f"{number}.pdf"
        uri = config.results_uri.join("raw", key)
        key = uri.key
        etag = put_bytes(client, uri, b"pages", "application/pdf")
        numbers = tuple(range(1, count + 1))
        layer = Layer(str(uri), tuple(map(LayerPage, numbers)))
        put_bytes(client, pages_uri(output_folder(config.results_uri, 1), key), layer.to_json(), "application/json")
        marker = Marker(str(uri), etag, shard=1, open_pages=numbers)
        forwarded = marker_uri(config.results_uri, key, DocumentState.FORWARDED)
        put_bytes(client, forwarded, marker.to_json(), "application/json")
        documents.append(Document(str(uri), count, 5))
    attempts = [Attempt(document) for document in in_order(documents)]
    begin = time.perf_counter()
    ending = asyncio.run(Supervisor(config, client, client, attempts, Account(config, documents, {}), Hooks()).run())
    elapsed = time.perf_counter() - begin
    if ending.progress.done != len(documents):
        raise SystemExit(f"Not all documents are done: {ending.progress}")
    return elapsed


def main() -> None:
    """Run the benchmark; it fails where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4000, help="of the long document")
    parser.add_argument("--others", type=int, default=160, help="documents of 10 pages beside it")
    parser.add_argument("--page-seconds", type=float, default=0.1)
    parser.add_argument("--tessdata", default=str(Path(".cache/tessdata").absolute()), help="tesseract's language data")
    options = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_DEFAULT_REGION": REGION}
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    os.environ[PAGE_VARIABLE] = str(options.page_seconds)
    worker_process.MODULE = "benchmarks.runner.reader"
    pages = [options.pages, *[10] * options.others]
    ideal = sum(pages) * options.page_seconds / SLOTS
    print(
        f"{len(pages)} documents with {sum(pages)} pages, one with {options.pages}; even share {ideal:.1f} s",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as name, S3Server(Path(name) / "s3") as server:
        Connection(endpoint_url=server.endpoint_url).client().create_bucket(Bucket="benchmark")

        def measure(what: str) -> float:
            seconds = makespan(pages, options, server.endpoint_url, Path(tempfile.mkdtemp(dir=name)))
            print(f"{what}: {seconds:.1f} s, {seconds / ideal:.2f} times the even share", flush=True)
            return seconds

        divided = measure("divided")
        # No document is longer.
        backend.RANGE_PAGES = options.pages
        whole = measure("whole")
    print(f"whole takes {whole / divided:.2f} times as long as divided")
    if divided > GOAL * ideal:
        raise SystemExit(f"divided takes {divided / ideal:.2f} times the even share, and may take {GOAL}")


if __name__ == "__main__":
    main()
