# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and core time of a run over very many documents: ``python -m benchmarks.page_count.memory``.

The run is the real one; S3 and the readers answer from a formula, so that only what a run keeps of each
document is measured.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from ansible_collections.glossapi.farm.plugins.module_utils._counting import counting
from ansible_collections.glossapi.farm.plugins.module_utils._counting.counting import CountOptions, CountRun
from ansible_collections.glossapi.farm.plugins.module_utils._counting.document import ListedObject
from ansible_collections.glossapi.farm.plugins.module_utils._counting.pool import OnAnswer
from ansible_collections.glossapi.farm.plugins.module_utils._counting.reader import Answer
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import chunks_folder, table_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri

_PAGE = 1000
_FOLDER = 10_000
_MIB = 1 << 20
_MODIFIED = datetime(2026, 11, 24, tzinfo=UTC)
_BUCKET = "openarchives-raw"
_OUTPUT = S3Uri("openarchives-work", "counts")
_PREFIX = "theses/"


@dataclass
class _MadeUpS3:
    """A client that lists documents by a formula and keeps its objects in a folder, but for chunks."""

    documents: int
    folder: Path

    def get_paginator(self, _operation: str) -> _MadeUpS3:
        return self

    def paginate(self, *, Prefix: str, **_other: object) -> Iterator[dict[str, Any]]:  # noqa: N803
        if Prefix == chunks_folder(_OUTPUT).key:
            return
        start, end = 0, self.documents
        if Prefix != _PREFIX:
            start = int(Prefix.rstrip("/").rpartition("-")[2]) * _FOLDER
            end = min(start + _FOLDER, end)
        for first in range(start, end, _PAGE):
            yield {"Contents": [_listed(number) for number in range(first, min(first + _PAGE, end))]}

    def list_objects_v2(self, *, Prefix: str, **_other: object) -> dict[str, Any]:  # noqa: N803
        folders = [f"{Prefix}collection-{number:03}/" for number in range(-(-self.documents // _FOLDER))]
        return {"IsTruncated": len(folders) > _PAGE, "CommonPrefixes": [{"Prefix": folder} for folder in folders]}

    def get_object(self, *, Key: str, **_other: object) -> dict[str, Any]:  # noqa: N803
        path = self.folder / Path(Key).name
        if not path.exists():
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        size = path.stat().st_size
        return {"Body": StreamingBody(path.open("rb"), size), "ContentLength": size}

    def put_object(self, *, Key: str, Body: bytes, **_other: object) -> dict[str, str]:  # noqa: N803
        if Key == table_uri(_OUTPUT).key:
            (self.folder / Path(Key).name).write_bytes(Body)
        return {"ETag": '""'}

    def upload_fileobj(self, body: BinaryIO, _bucket: str, key: str, **_other: object) -> None:
        with (self.folder / Path(key).name).open("wb") as file:
            shutil.copyfileobj(body, file, _MIB)


def _listed(number: int) -> dict[str, Any]:
    name = hashlib.md5(number.to_bytes(8, "big"), usedforsecurity=False).hexdigest()
    key = f"{_PREFIX}collection-{number // _FOLDER:03}/{number:08}-{name[:12]}.pdf"
    return {"Key": key, "Size": 1_000_000 + number, "ETag": f'"{name}"', "LastModified": _MODIFIED}


@dataclass(frozen=True)
class _MadeUpConnection(Connection):
    s3: Any = field(default=None, compare=False)

    def client(self, **_options: object) -> Any:
        return self.s3


class _MadeUpReaders:
    """Has the place of :class:`ReaderPool`."""

    def __init__(self, _connection: Connection, _bucket: str, _max_workers: int, on_answer: OnAnswer) -> None:
        self._on_answer = on_answer

    async def run(self, documents: AsyncIterator[ListedObject]) -> None:
        async for document in documents:
            await self._on_answer(_answer(document.uri, document.bytes, document.etag))


def _answer(uri: str, size: int, etag: str) -> Answer:
    # As from a pipe: nothing of it is shared with the document.
    uri, etag = uri.encode().decode(), etag.encode().decode()
    return Answer(CountRow(uri, size, etag, size % 400 + 1, ""), 2, 65_536)


def measure_formula(documents: int, *, read: bool) -> float:
    """Return the core time of what stands for S3 and the readers alone."""
    s3 = _MadeUpS3(documents, Path())
    started = time.process_time()
    for page in s3.paginate(Prefix=_PREFIX):
        if read:
            for item in page["Contents"]:
                _answer(item["Key"], item["Size"], item["ETag"])
    return time.process_time() - started


def measure(documents: int, folder: Path) -> tuple[int, int, int, float]:
    """Count so many documents, of which the table in the folder knows all or none.

    Returns:
        Bytes of memory at the start and at most, bytes of the table, seconds of core time.
    """
    s3 = _MadeUpS3(documents, folder)
    options = CountOptions(S3Uri(_BUCKET, _PREFIX), _OUTPUT, 64, 1000, include_size=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with patch.object(counting, "ReaderPool", _MadeUpReaders):
        CountRun(_MadeUpConnection(s3=s3), options).count()
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return before * 1024, peak * 1024, (folder / table_uri(_OUTPUT).key.rpartition("/")[2]).stat().st_size, seconds


def main() -> None:
    """Measure a first run and one after it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    documents = parser.parse_args().documents
    print(f"{'':12}{'at start':>12}{'peak':>12}{'table':>12}{'core time':>12}{'without formula':>18}")
    with tempfile.TemporaryDirectory() as folder:
        for name, read in (("first run", True), ("second run", False)):
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                before, peak, table, seconds = process.submit(measure, documents, Path(folder)).result()
                formula = process.submit(measure_formula, documents, read=read).result()
            sizes = "".join(f"{size / _MIB:8.0f} MiB" for size in (before, peak, table))
            print(f"{name:12}{sizes}{seconds:10.1f} s{seconds - formula:16.1f} s", flush=True)


if __name__ == "__main__":
    main()
