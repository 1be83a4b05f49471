# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and core time of cuts and accounts over very many documents: ``python -m benchmarks.shard_info.memory``.

Table, markers and Markdown come from a formula, so that what boto3 takes to list them is not measured; S3 is a folder.
Each step is the real one in a process of its own; what the formula takes alone is subtracted.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.cut import cut
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.publication import publish
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.facts import Facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.finished import marker_facts
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import HEADER, CountRow, encode_row
from ansible_collections.glossapi.farm.plugins.module_utils._records.work import WorkRules, WorkTable
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import (
    Collection,
    assigned,
    take_account,
)

_SHARDS = 40
_FOLDER = 10_000
_MIB = 1 << 20
_BATCH = 1000
_MARKED_AT = datetime(2026, 11, 24, tzinfo=UTC)
# One document of so many failed, and one of so many is pending.
_FAILED_EACH, _PENDING_EACH = 50, 10
_PREFIX = S3Uri("farm", "shards")


@dataclass
class _FolderS3:
    """As much of a client as manifests take, over a folder."""

    folder: Path

    def get_paginator(self, _operation: str) -> _FolderS3:
        return self

    def paginate(self, **_prefix: object) -> Iterator[dict[str, Any]]:
        yield {"Contents": []}

    def get_object(self, *, Key: str, **_other: object) -> dict[str, Any]:  # noqa: N803
        path = self.folder / Path(Key).name
        if not path.exists():
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        size = path.stat().st_size
        return {"Body": StreamingBody(path.open("rb"), size), "ContentLength": size}

    def put_object(self, *, Key: str, Body: BinaryIO | bytes, **_other: object) -> dict[str, str]:  # noqa: N803
        with (self.folder / Path(Key).name).open("wb") as file:
            if isinstance(Body, bytes):
                file.write(Body)
            else:
                shutil.copyfileobj(Body, file, _MIB)
        return {"ETag": '""'}


def _key(number: int) -> str:
    name = hashlib.md5(number.to_bytes(8, "big"), usedforsecurity=False).hexdigest()[:12]
    return f"theses/collection-{number // _FOLDER:04}/{number:08}-{name}.pdf"


def _marked(documents: int) -> Iterator[tuple[str, DocumentState, datetime]]:
    for number in range(documents):
        if number % _PENDING_EACH:
            yield (
                _key(number),
                DocumentState.DONE if number % _FAILED_EACH != 1 else DocumentState.FAILED,
                _MARKED_AT,
            )


def _markdown(documents: int) -> Iterator[tuple[bytes, bytes]]:
    for number in range(documents):
        if number % _PENDING_EACH and number % _FAILED_EACH != 1:
            yield _key(number).encode(), b"\1"


def write_counts(documents: int, path: Path) -> None:
    """Write a table whose page counts are log-normal, as in a collection of papers and theses."""
    chance = random.Random(1)
    rows = (
        encode_row(CountRow(f"s3://openarchives-raw/{_key(number)}", 40_000, f"{number:032x}", pages, ""))
        for number in range(documents)
        for pages in [max(1, int(chance.lognormvariate(3.5, 1.1)))]
    )
    with path.open("wb") as file:
        file.write(HEADER.encode())
        while batch := list(islice(rows, _BATCH)):
            file.write(b"".join(batch))


def _table(folder: Path) -> WorkTable:
    return WorkTable(lambda: (folder / "counts.csv").open("rb"), "the table", WorkRules())


def first_cut(documents: int, folder: Path) -> str:
    """Cut all documents."""
    manifest = cut(_table(folder), CutOptions((1.0,) * _SHARDS))
    publish(_FolderS3(folder), _PREFIX, "summary.json", manifest, write=True)  # type: ignore[arg-type]
    return f"imbalance {manifest.summary.imbalance}, {manifest.summary.totals.documents == documents}"


def rest_cut(documents: int, folder: Path) -> str:
    """Find out what a cut of what is not done, with the failed ones, would write."""
    options = CutOptions((1.0,) * _SHARDS, keep_failed=True)
    manifest = cut(_table(folder), options, marker_facts(_marked(documents)))
    return f"{manifest.summary.totals.documents} left, {manifest.summary.failed_documents} failed"


def account(documents: int, folder: Path) -> str:
    """Account for all documents, and look for the Markdown of each."""
    shards = assigned(_FolderS3(folder), _PREFIX, range(1, _SHARDS + 1))  # type: ignore[arg-type]
    collection = Collection(_table(folder), shards, marker_facts(_marked(documents)))
    found = take_account(collection, Facts(1, _markdown(documents)))
    done, failed, pending = (
        sum(each.documents for (_shard, was), each in found.sums.items() if was is state)
        for state in (DocumentState.DONE, DocumentState.FAILED, None)
    )
    return f"{documents} = {done} done + {failed} failed + {pending} pending, {found.missing_markdown} without text"


def _formula_of_rest(documents: int) -> None:
    for _marker in _marked(documents):
        pass


def _formula_of_account(documents: int) -> None:
    _formula_of_rest(documents)
    for _text in _markdown(documents):
        pass


def _measured(step: Callable[..., str | None], *arguments: Any) -> tuple[str | None, float, int]:
    """Return what a step says, its core time in seconds, and the process's peak memory in bytes."""
    started = time.process_time()
    said = step(*arguments)
    return said, time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Measure a first cut, a cut of the rest, and an account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    documents = parser.parse_args().documents
    steps: list[tuple[Callable[..., str], Callable[[int], None] | None]] = [
        (first_cut, None),
        (rest_cut, _formula_of_rest),
        (account, _formula_of_account),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_counts(documents, folder / "counts.csv")
        print(f"a table of {(folder / 'counts.csv').stat().st_size / _MIB:.0f} MiB", flush=True)
        for step, formula in steps:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                said, seconds, peak = process.submit(_measured, step, documents, folder).result()
                alone = process.submit(_measured, formula, documents).result()[1] if formula else 0.0
            print(
                f"{step.__name__:10} {seconds - alone:7.1f} s of core time, {peak / _MIB:5.0f} MiB at most: {said}",
                flush=True,
            )


if __name__ == "__main__":
    main()
