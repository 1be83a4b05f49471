# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and core time of making a dataset of very many documents: ``python -m benchmarks.collect``.

Documents and texts come from a formula, so that what boto3 takes to read them is not measured. The dataset goes to a
local S3. A second run finds nothing to do.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.card import CardOptions
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.dataset import (
    Dataset,
    DatasetOptions,
    write_dataset,
)
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.source import Done, Text
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker, Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.parallel import READERS
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

_LINE = "Κείμενα που εξετάζουν τη μέτρηση της ποιότητας του κειμένου. "
_QUALITY = QualitySummary("good", 0.97, {"layer": 12}, {"good": 12})
# One document of so many has the text of another.
_SAME_EACH = 100


def _documents(number: int) -> Iterator[Done]:
    for each in range(number):
        yield Done(f"s3://openarchives-raw/theses/{each // 10_000:04}/{each:08}.pdf", b"once")


def _read(document: Done, characters: int) -> Text:
    number = int(document.uri[-12:-4])
    name = number - number % _SAME_EACH if number % _SAME_EACH == 1 else number
    outputs = (Output(f"{document.uri}.md", "e", 1),)
    marker = Marker(uri=document.uri, pages=12, pipeline="pdftext", quality=_QUALITY, outputs=outputs)
    return Text(marker, f"# {name}\n\n{_LINE * (characters // len(_LINE))}\n")


def _make(endpoint: str, documents: int, characters: int) -> tuple[str, float, int]:
    """Return what there is now, the core time in seconds, and the process's peak memory in bytes."""
    client = Connection(REGION, endpoint, access_key=ACCESS_KEY, secret_key=SECRET_KEY).client(pool_size=READERS)
    place = S3Uri("farm", str(documents))
    options = DatasetOptions(place, "none", place, CardOptions("texts"))
    account = {"input": documents, "done": documents, "failed": 0, "pending": 0}
    started = time.process_time()
    made = write_dataset(
        client, options, Dataset(account=account), _documents(documents), lambda each: _read(each, characters)
    )
    totals = f"{made.totals.documents} documents, {made.totals.duplicates} again, {made.files} files, "
    said = f"{totals}{made.bytes / 1e6:.0f} MB, {made.written} written"
    return said, time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Make it, and look whether there is anything to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--characters", type=int, default=2000, help="of each text")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, S3Server(Path(folder)) as server:
        Connection(REGION, server.endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY).client().create_bucket(
            Bucket="farm"
        )
        for run in ("first", "second"):
            # A process of its own, whose memory is that of the run alone.
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as process:
                said, core, peak = process.submit(
                    _make, server.endpoint_url, options.documents, options.characters
                ).result()
            print(f"{run}: {said}; {core:.1f} s core, peak {peak / 1024**2:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
