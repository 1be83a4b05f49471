# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader process: documents come in on stdin, their rows go out on stdout, both as JSON lines.

The first line is the :class:`ReaderSettings`. At the end of the input the reader finishes what it
has begun and leaves; when its parent dies, it dies at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime import die_with
from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.document import Document, count_document
from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.table import CountRow
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.fallback import FallbackReader
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.model import PageCount
from ansible_collections.glossapi.farm.plugins.module_utils._pdf.structure import read_page_count
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.errors import S3Error
from ansible_collections.glossapi.farm.plugins.module_utils._s3.store import RangeReader


@dataclass(frozen=True)
class ReaderSettings:
    """What a reader is told once.

    Attributes:
        in_flight: documents it works on at a time.
        parent: process id of who started it.
    """

    connection: Connection
    bucket: str
    in_flight: int
    parent: int

    def to_line(self) -> bytes:
        """Return the settings as a reader's first line; it holds secrets."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> ReaderSettings:
        """Return the settings that :meth:`to_line` wrote."""
        fields = json.loads(line)
        return cls(**fields | {"connection": Connection(**fields["connection"])})


@dataclass(frozen=True)
class Answer:
    """A row and what it cost.

    Attributes:
        requests: reads the reader made since its last answer.
        bytes_read: bytes of bodies that came back since its last answer.
    """

    row: CountRow
    requests: int
    bytes_read: int


@dataclass(frozen=True)
class Failure:
    """Why no further document can be counted.

    Attributes:
        code: of an :class:`S3Error`; empty where S3 is not to blame.
    """

    message: str
    code: str = ""

    @classmethod
    def of(cls, error: FarmError) -> Failure:
        """Return what to tell the parent of ``error``."""
        return cls(str(error), error.code if isinstance(error, S3Error) else "")

    def error(self) -> FarmError:
        """Return the error to raise in the parent."""
        return S3Error(self.message, self.code) if self.code else FarmError(self.message)


def parse_answer(line: bytes) -> Answer | Failure:
    """Return what a reader wrote."""
    fields: dict[str, Any] = json.loads(line)
    if "row" not in fields:
        return Failure(**fields)
    return Answer(**fields | {"row": CountRow(*fields["row"])})


class _FallbackThread:
    """The fallback counts one file after the other, in a thread of its own."""

    def __init__(self, reader: FallbackReader) -> None:
        self._reader = reader
        self._thread = ThreadPoolExecutor(1, "fallback")

    async def count(self, path: Path, reason: str) -> PageCount:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._reader.count, path, reason)


class Reader:
    """Works on up to ``in_flight`` documents at a time and writes each answer as soon as it is there."""

    def __init__(self, settings: ReaderSettings, fallback: FallbackReader, output: BinaryIO) -> None:
        self._source = RangeReader(settings.connection, settings.bucket, settings.in_flight)
        self._fallback = _FallbackThread(fallback)
        self._slots = asyncio.Semaphore(settings.in_flight)
        self._output = output
        self._told = (0, 0)

    async def run(self, lines: AsyncIterable[bytes]) -> None:
        """Answer every document that comes in."""
        async with asyncio.TaskGroup() as tasks:
            async for line in lines:
                await self._slots.acquire()
                tasks.create_task(self._count(Document(*json.loads(line))))

    async def _count(self, document: Document) -> None:
        try:
            row = await count_document(document, self._source, read_page_count, self._fallback)
        except FarmError as error:
            _write(self._output, Failure.of(error))
            return
        finally:
            self._slots.release()
        now = (self._source.requests, self._source.bytes_read)
        cost = (now[0] - self._told[0], now[1] - self._told[1])
        self._told = now
        _write(self._output, Answer(row, *cost))


def main() -> None:
    """Serve the parent until the end of its input."""
    # What a library prints must not get between the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        asyncio.run(_serve(output))
    except FarmError as error:
        _write(output, Failure.of(error))


async def _serve(output: BinaryIO) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    settings = ReaderSettings.from_line(await lines.readline())
    die_with(settings.parent)
    with FallbackReader() as fallback:
        await Reader(settings, fallback, output).run(lines)


def _write(output: BinaryIO, answer: Answer | Failure) -> None:
    output.write(json.dumps(asdict(answer)).encode() + b"\n")
    output.flush()
