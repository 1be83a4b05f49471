# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader process: documents come in, their rows go out, as JSON lines.

The first message is the :class:`ReaderSettings`. At the end of the input the reader finishes what it
has begun and leaves; when its parent dies, it dies at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import LifoQueue, SimpleQueue
from typing import Any

from .._children.serving import attach
from .._errors import FarmError
from .._pdf.fallback import FallbackReader
from .._pdf.model import PageCount
from .._pdf.structure import read_page_count
from .._records.page_counts import CountRow
from .._s3.connection import Connection
from .._s3.errors import S3Error
from .._s3.ranges import RangeReader
from .document import Counted, ListedObject, count_document

Tell = Callable[[Any], None]


@dataclass(frozen=True)
class ReaderSettings:
    """What a reader is told once.

    Attributes:
        in_flight: documents it works on at a time.
        fallbacks: of these, how many may be counted by the fallback at a time, each in a child process.
    """

    connection: Connection
    bucket: str
    in_flight: int
    fallbacks: int

    @classmethod
    def from_message(cls, fields: dict[str, Any]) -> ReaderSettings:
        """Return the settings whose ``asdict``, which holds secrets, is a reader's first message."""
        return cls(**fields | {"connection": Connection(**fields["connection"])})


@dataclass(frozen=True)
class Answer:
    """A row and what it cost.

    Attributes:
        requests: reads the reader made since its last answer.
        bytes_read: bytes of bodies that came back since its last answer.
        detail: for the log: why the document could not be read, in more words than the row has.
    """

    row: CountRow
    requests: int
    bytes_read: int
    detail: str = ""


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


def parse_answer(fields: dict[str, Any]) -> Answer | Failure:
    """Return what a reader told."""
    if "row" not in fields:
        return Failure(**fields)
    return Answer(**fields | {"row": CountRow(*fields["row"])})


class _Fallbacks:
    """Readers of whole files, each with a child process of its own once it is needed."""

    def __init__(self, children: int) -> None:
        # The one used last comes first: no more children are started than are at work at a time.
        self._free: LifoQueue[FallbackReader] = LifoQueue()
        self._readers = [FallbackReader() for _ in range(children)]
        for reader in self._readers:
            self._free.put(reader)

    def count(self, path: Path, reason: str) -> PageCount:
        reader = self._free.get()
        try:
            return reader.count(path, reason)
        finally:
            self._free.put(reader)

    def close(self) -> None:
        for reader in self._readers:
            reader.close()


class Reader:
    """Works on up to ``in_flight`` documents at a time and tells each answer as soon as it is there."""

    def __init__(self, settings: ReaderSettings, tell: Tell) -> None:
        self._settings = settings
        self._source = RangeReader(settings.connection, settings.bucket, settings.in_flight)
        self._tell = tell
        self._told = (0, 0)
        self._ended: SimpleQueue[BaseException | None] = SimpleQueue()
        self._finished = threading.Event()
        self._taking, self._telling = threading.Lock(), threading.Lock()

    def run(self, documents: Iterator[Any]) -> None:
        """Answer every document that comes in, or say why none can be counted any more."""
        fallbacks = _Fallbacks(self._settings.fallbacks)
        for number in range(self._settings.in_flight):
            # Daemons: when one of them fails, the process need not wait for the others.
            threading.Thread(target=self._slot, args=(documents, fallbacks), name=f"slot {number}", daemon=True).start()
        for _ in range(self._settings.in_flight):
            error = self._ended.get()
            if error is not None:
                # What the others count is not waited for: their children end with this process.
                raise error
        fallbacks.close()
        self._finished.set()

    def _slot(self, documents: Iterator[Any], fallbacks: _Fallbacks) -> None:
        try:
            while (document := self._next(documents)) is not None:
                self._answer(count_document(ListedObject(*document), self._source, read_page_count, fallbacks))
        except FarmError as failure:
            self._tell(asdict(Failure.of(failure)))
            self._ended.put(None)
        except BaseException as error:
            self._ended.put(error)
        else:
            self._ended.put(None)
        # A child that this thread started dies with it, and may be at work for another.
        self._finished.wait()

    def _next(self, documents: Iterator[Any]) -> Any:
        with self._taking:
            return next(documents, None)

    def _answer(self, counted: Counted) -> None:
        with self._telling:
            now = (self._source.requests, self._source.bytes_read)
            cost = (now[0] - self._told[0], now[1] - self._told[1])
            self._told = now
            # Not asdict, which copies each value deeply: this is done for every document.
            self._tell(vars(Answer(counted.row, *cost, counted.detail)))


def main() -> None:
    """Serve the parent until the end of its input."""
    parent = attach()
    messages = iter(parent)
    try:
        reader = Reader(ReaderSettings.from_message(next(messages)), parent.tell)
        parent.tell_ready()
        reader.run(messages)
    except FarmError as error:
        parent.tell(asdict(Failure.of(error)))


if __name__ == "__main__":
    main()
