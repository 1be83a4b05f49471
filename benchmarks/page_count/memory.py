# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory and core time of a run over very many documents: ``python -m benchmarks.page_count.memory``.

The run is the real one; S3 and the readers answer from a formula, so that only what a run keeps of each
document is measured.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import multiprocessing
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ClientError

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
_MIB = 1 << 20
_MODIFIED = datetime(2026, 11, 24, tzinfo=UTC)
_BUCKET = "openarchives-raw"
_OUTPUT = S3Uri("openarchives-work", "counts")


@dataclass
class _MadeUpS3:
    """A client that lists documents by a formula and keeps nothing but the master table, in a file."""

    documents: int
    master: Path

    def get_paginator(self, _operation: str) -> _MadeUpS3:
        return self

    def paginate(self, *, Prefix: str, **_other: object) -> Iterator[dict[str, Any]]:  # noqa: N803
        if Prefix == chunks_folder(_OUTPUT).key:
            return
        for first in range(0, self.documents, _PAGE):
            numbers = range(first, min(first + _PAGE, self.documents))
            yield {"Contents": [self._listed(number) for number in numbers]}

    def get_object(self, *, Key: str, **_other: object) -> dict[str, Any]:  # noqa: N803
        if not self.master.exists():
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        return {"Body": io.BytesIO(self.master.read_bytes())}

    def put_object(self, *, Key: str, Body: bytes, **_other: object) -> dict[str, str]:  # noqa: N803
        if Key == table_uri(_OUTPUT).key:
            self.master.write_bytes(Body)
        return {"ETag": '""'}

    @staticmethod
    def _listed(number: int) -> dict[str, Any]:
        name = hashlib.md5(number.to_bytes(8, "big"), usedforsecurity=False).hexdigest()
        key = f"theses/collection-{number // 10_000:03}/{number:07}-{name[:12]}.pdf"
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
            # As from a pipe: nothing of it is shared with the document.
            uri, etag = "".join(list(document.uri)), "".join(list(document.etag))
            pages = document.bytes % 400 + 1
            await self._on_answer(Answer(CountRow(uri, document.bytes, etag, pages, ""), 2, 65_536))


def measure(documents: int, master: Path) -> str:
    """Count so many documents, of which the master table knows all or none, and say what that took."""
    s3 = _MadeUpS3(documents, master)
    options = CountOptions(S3Uri(_BUCKET, "theses/"), _OUTPUT, 64, 1000, include_size=True)
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.process_time()
    with patch.object(counting, "ReaderPool", _MadeUpReaders):
        result = CountRun(_MadeUpConnection(s3=s3), options).count()
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = (peak - before.ru_maxrss) * 1024
    return (
        f"{before.ru_maxrss * 1024 / _MIB:8.0f} MiB{peak * 1024 / _MIB:8.0f} MiB{grown / documents:8.0f} B"
        f"{len(result.table) / _MIB:8.0f} MiB{seconds:8.1f} s"
    )


def main() -> None:
    """Measure a first run and one after it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print(f"{'':12}{'at start':>12}{'peak':>12}{'each':>10}{'table':>12}{'core time':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first run", "second run"):
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                line = process.submit(measure, arguments.documents, Path(folder) / "table.csv").result()
            print(f"{name:12}{line}", flush=True)


if __name__ == "__main__":
    main()
