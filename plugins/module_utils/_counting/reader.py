# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader process: documents come in on stdin, their rows go out on stdout, both as JSON lines.

The first line is the :class:`ReaderSettings`. At the end of the input the reader finishes what it
has begun and leaves; when its parent dies, it dies at once.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO

from .._children.lifetime import die_with
from .._errors import FarmError
from .._pdf.fallback import FallbackReader
from .._pdf.model import PageCount
from .._pdf.structure import read_page_count
from .._records.page_counts import CountRow
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .._s3.ranges import RangeReader
from .document import Document, count_document


@dataclass(frozen=True)
class ReaderSettings:
    """What a reader is told once.

    Attributes:
        in_flight: documents it works on at a time.
        fallbacks: of these, how many may be counted by the fallback at a time, each in a child process.
        parent: process id of who started it.
    """

    connection: Connection
    bucket: str
    in_flight: int
    fallbacks: int
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


class _Fallbacks:
    """Children that count whole files, each with a thread that starts it and lives as long as it may."""

    def __init__(self, children: int) -> None:
        self._own = threading.local()
        self._readers: list[FallbackReader] = []
        self._threads = ThreadPoolExecutor(children, "fallback", self._prepare)

    def __enter__(self) -> _Fallbacks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            # What the others count is not waited for: their children end with this process.
            self._threads.shutdown(wait=False, cancel_futures=True)
            return
        self._threads.shutdown()
        for reader in self._readers:
            reader.close()

    def count(self, path: Path, reason: str) -> PageCount:
        return self._threads.submit(self._count, path, reason).result()

    def _prepare(self) -> None:
        self._own.reader = FallbackReader()
        self._readers.append(self._own.reader)

    def _count(self, path: Path, reason: str) -> PageCount:
        count: PageCount = self._own.reader.count(path, reason)
        return count


class Reader:
    """Works on up to ``in_flight`` documents at a time and writes each answer as soon as it is there."""

    def __init__(self, settings: ReaderSettings, output: BinaryIO) -> None:
        self._settings = settings
        self._source = RangeReader(settings.connection, settings.bucket, settings.in_flight)
        self._output = output
        self._told = (0, 0)
        self._taking, self._telling = threading.Lock(), threading.Lock()

    def run(self, lines: Iterator[bytes]) -> None:
        """Answer every document that comes in, or say why none can be counted any more."""
        ended: SimpleQueue[BaseException | None] = SimpleQueue()
        with _Fallbacks(self._settings.fallbacks) as fallbacks:
            for number in range(self._settings.in_flight):
                # Daemons: when one of them fails, the process need not wait for the others.
                arguments = (lines, fallbacks, ended)
                threading.Thread(target=self._slot, args=arguments, name=f"slot {number}", daemon=True).start()
            for _ in range(self._settings.in_flight):
                error = ended.get()
                if error is not None:
                    raise error

    def _slot(self, lines: Iterator[bytes], fallbacks: _Fallbacks, ended: SimpleQueue[BaseException | None]) -> None:
        try:
            while (line := self._next(lines)) is not None:
                row = count_document(Document(*json.loads(line)), self._source, read_page_count, fallbacks)
                self._tell(row)
        except FarmError as failure:
            with self._telling:
                _write(self._output, Failure.of(failure))
            ended.put(None)
        except BaseException as error:
            ended.put(error)
        else:
            ended.put(None)

    def _next(self, lines: Iterator[bytes]) -> bytes | None:
        with self._taking:
            return next(lines, None)

    def _tell(self, row: CountRow) -> None:
        with self._telling:
            now = (self._source.requests, self._source.bytes_read)
            cost = (now[0] - self._told[0], now[1] - self._told[1])
            self._told = now
            _write(self._output, Answer(row, *cost))


def main() -> None:
    """Serve the parent until the end of its input."""
    # What a library prints must not get between the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lines = iter(sys.stdin.buffer)
    settings = ReaderSettings.from_line(next(lines))
    die_with(settings.parent)
    try:
        Reader(settings, output).run(lines)
    except FarmError as error:
        _write(output, Failure.of(error))


def _write(output: BinaryIO, answer: Answer | Failure) -> None:
    output.write(json.dumps(asdict(answer)).encode() + b"\n")
    output.flush()
