# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to count pages that are compared; each runs in a process of its own."""

from __future__ import annotations

import asyncio
import io
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.glossapi.farm.plugins.module_utils._counting.pool import fallbacks_per_reader
from ansible_collections.glossapi.farm.plugins.module_utils._counting.reader import (
    Failure,
    Reader,
    ReaderSettings,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY

BUCKET = "benchmark"


@dataclass(frozen=True)
class ListedFile:
    """One file of the corpus as a listing shows it, and its true page count."""

    name: str
    bytes: int
    etag: str
    pages: int


@dataclass(frozen=True)
class Work:
    """What a contender does: every file ``copies`` times, with ``workers`` in flight."""

    endpoint_url: str
    workers: int
    files: tuple[ListedFile, ...]
    copies: int

    @property
    def documents(self) -> list[tuple[str, ListedFile]]:
        """Key and file of each document; the copies of one file are far from each other."""
        return [(f"{copy:05}/{each.name}", each) for copy in range(self.copies) for each in self.files]

    @property
    def connection(self) -> Connection:
        """How to reach the server; it checks no signature, but the contenders pay for signing."""
        return Connection(region=REGION, endpoint_url=self.endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY)


@dataclass(frozen=True)
class Measurement:
    """What a contender needed.

    Attributes:
        wrong: documents with another count than the true one, or none.
        cpu_seconds: user and system time of its process and its children.
    """

    documents: int
    seconds: float
    cpu_seconds: float
    requests: int
    bytes: int
    wrong: int

    @property
    def rate(self) -> float:
        """Documents per second."""
        return self.documents / self.seconds


def ours(work: Work) -> Measurement:
    """Count by range reads, with one reader process of ``page_count``."""
    fallbacks = fallbacks_per_reader(work.workers, 1, len(os.sched_getaffinity(0)))
    settings = ReaderSettings(work.connection, BUCKET, work.workers, fallbacks)
    documents = work.documents
    messages = [(str(S3Uri(BUCKET, key)), each.bytes, each.etag) for key, each in documents]
    told: list[Any] = []

    started = time.perf_counter()
    Reader(settings, told.append).run(iter(messages))
    seconds = time.perf_counter() - started
    truth = {str(S3Uri(BUCKET, key)): each.pages for key, each in documents}
    requests = read = wrong = 0
    for message in told:
        answer = parse_answer(message)
        if isinstance(answer, Failure):
            raise RuntimeError(answer.message)
        requests += answer.requests
        read += answer.bytes_read
        wrong += truth.pop(answer.row.uri) != answer.row.pages
    return Measurement(len(messages), seconds, _cpu_seconds(), requests, read, wrong + len(truth))


def boto3_pypdf(work: Work) -> Measurement:
    """Download all of each document by boto3 and ask pypdf."""
    from pypdf import PdfReader

    def pages(body: bytes) -> int:
        try:
            return len(PdfReader(io.BytesIO(body)).pages)
        # It raises nearly every exception there is; what it cannot read is a wrong count.
        except Exception:
            return -1

    return _by_full_download(work, pages)


def boto3_pypdfium2(work: Work) -> Measurement:
    """Download all of each document by boto3 and ask PDFium, which is not thread-safe."""
    from pypdfium2 import PdfDocument

    one_at_a_time = threading.Lock()

    def pages(body: bytes) -> int:
        with one_at_a_time:
            document = PdfDocument(body)
            try:
                return len(document)
            finally:
                document.close()

    return _by_full_download(work, pages)


def _by_full_download(work: Work, pages: Callable[[bytes], int]) -> Measurement:
    client = work.connection.client(pool_size=work.workers)

    def count(document: tuple[str, ListedFile]) -> tuple[int, bool]:
        key, file = document
        body = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return len(body), pages(body) != file.pages

    documents = work.documents
    started = time.perf_counter()
    with ThreadPoolExecutor(work.workers) as threads:
        results = list(threads.map(count, documents))
    seconds = time.perf_counter() - started
    read = sum(size for size, _ in results)
    return Measurement(
        len(documents), seconds, _cpu_seconds(), len(documents), read, sum(wrong for _, wrong in results)
    )


def server_capacity(work: Work) -> Measurement:
    """Read the last 32 KiB of each document over plain sockets: how much the server could do."""
    return asyncio.run(_server_capacity(work))


async def _server_capacity(work: Work) -> Measurement:
    address = urlsplit(work.endpoint_url)
    waiting = iter(work.documents)
    read = 0

    async def client() -> None:
        nonlocal read
        answer, request = await asyncio.open_connection(address.hostname, address.port)
        for key, file in waiting:
            start = max(0, file.bytes - 32 * 1024)
            request.write(
                f"GET /{BUCKET}/{key} HTTP/1.1\r\nHost: x\r\nRange: bytes={start}-{file.bytes - 1}\r\n\r\n".encode()
            )
            await answer.readuntil(b"\r\n\r\n")
            read += len(await answer.readexactly(file.bytes - start))
        request.close()

    started = time.perf_counter()
    # Enough clients that the built-in latency does not limit them.
    await asyncio.gather(*(client() for _ in range(8 * work.workers)))
    seconds = time.perf_counter() - started
    documents = len(work.documents)
    return Measurement(documents, seconds, _cpu_seconds(), documents, read, 0)


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
