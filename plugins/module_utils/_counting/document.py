# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count one document: answer what the structural reader asks for, else let the fallback see all of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import NamedTuple, Protocol

from .._children.child import StartError
from .._files import disk_errors, write_all
from .._pdf.model import ByteRange, PageCount, Unsettled
from .._records.page_counts import READ_ERROR, CountRow
from .._s3.errors import CredentialsError, S3Error
from .._s3.uri import S3Uri

# One read of a whole download: bounds the memory a large document takes.
_DOWNLOAD_STEP = 8 * 1024 * 1024
_IN_MEMORY_BYTES = 1 << 20

# Objects that cannot be read as they were listed; each is asked for again in the next run.
ARCHIVED = "archived: restore it"
CHANGED = "changed: it was replaced after it was listed"
GONE = "gone: it was deleted after it was listed"
_UNREAD = {"InvalidObjectState": ARCHIVED, "Changed": CHANGED, "NoSuchKey": GONE, "404": GONE}
_UNREAD_CLASSES = {reason.partition(":")[0] for reason in _UNREAD.values()}

# Not the fault of one object: the bucket is gone or elsewhere, or nobody answers.
_EVERY_READ_FAILS = {"NoSuchBucket", "AllAccessDisabled", "PermanentRedirect", "AuthorizationHeaderMalformed"} | {
    "EndpointConnectionError",
    "ConnectTimeoutError",
}

StructuralReader = Callable[[int], Generator[ByteRange, bytes, PageCount | Unsettled]]


class ListedObject(NamedTuple):
    """One listed object; ``bytes`` is its size."""

    uri: str
    bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A document's row, and what more is known of why it could not be read."""

    row: CountRow
    detail: str = ""


class Source(Protocol):
    """Where the bytes come from (see :class:`RangeReader`)."""

    def read(self, key: str, start: int, end: int, etag: str) -> bytes:
        """Return a range of one version of an object."""


class Fallback(Protocol):
    """What counts a whole file."""

    def count(self, path: Path, reason: str) -> PageCount:
        """Return the count of the file at ``path``."""


class OneDocument:
    """The bytes of one document, each read from S3 at most once unless the structural reader repeats itself."""

    def __init__(self, document: ListedObject, source: Source) -> None:
        self._document = document
        self._key = S3Uri.parse(document.uri).key
        self._source = source
        self._pieces: dict[int, bytes] = {}

    def count(self, structural: StructuralReader, fallback: Fallback) -> PageCount:
        """Return the page count.

        Raises:
            S3Error: the object could not be read.
            FarmError: there is no room for it on this machine.
        """
        answer = self._drive(structural(self._document.bytes))
        if isinstance(answer, PageCount):
            return answer
        with ExitStack() as cleanup:
            with disk_errors("a document", "the largest documents"):
                # Without a name in its folder: nothing is left of it, however this process ends.
                if self._document.bytes <= _IN_MEMORY_BYTES:
                    file = cleanup.enter_context(FileIO(os.memfd_create("document"), "r+"))
                else:
                    file = cleanup.enter_context(tempfile.TemporaryFile(buffering=0))
                self._download(file)
            return fallback.count(Path(f"/proc/{os.getpid()}/fd/{file.fileno()}"), answer.reason)

    def _drive(self, questions: Generator[ByteRange, bytes, PageCount | Unsettled]) -> PageCount | Unsettled:
        try:
            wanted = next(questions)
            while True:
                wanted = questions.send(self._read(wanted.start, wanted.end))
        except StopIteration as stop:
            answer: PageCount | Unsettled = stop.value
            return answer

    def _read(self, start: int, end: int) -> bytes:
        body = self._source.read(self._key, start, end, self._document.etag)
        self._pieces[start] = max(body, self._pieces.get(start, b""), key=len)
        return body

    def _download(self, file: FileIO) -> None:
        """Write the whole object to ``file``; what was read already is not read again."""
        known = sorted(self._pieces.items())
        self._pieces.clear()
        for start, piece in known:
            if start + len(piece) > file.tell():
                self._fetch_into(file, start)
                write_all(file, piece[file.tell() - start :])
        self._fetch_into(file, self._document.bytes)

    def _fetch_into(self, file: FileIO, end: int) -> None:
        """Append what is missing up to ``end``."""
        for start in range(file.tell(), end, _DOWNLOAD_STEP):
            stop = min(start + _DOWNLOAD_STEP, end)
            write_all(file, self._source.read(self._key, start, stop, self._document.etag))


def count_document(document: ListedObject, source: Source, structural: StructuralReader, fallback: Fallback) -> Counted:
    """Return the document's row, and what the log should say of it.

    Raises:
        S3Error: of a kind that every other document would meet too (see :func:`stops_the_run`).
        FarmError: this machine is at fault, not the document.
    """
    try:
        count = OneDocument(document, source).count(structural, fallback)
        detail = ""
    except S3Error as error:
        if stops_the_run(error):
            raise
        # A code alone: with request ids or times in it, the table would be another one each time.
        count, detail = PageCount(None, _UNREAD.get(error.code, f"{READ_ERROR}: {error.code}")), str(error)
    except StartError as error:
        count, detail = PageCount(None, f"{READ_ERROR}: {error}"), ""
    return Counted(CountRow(document.uri, document.bytes, document.etag, count.pages, count.error), detail)


def was_read(row: CountRow) -> bool:
    """Return whether a row says something of the document, so that it need not be asked for again."""
    return not row.error or (row.is_settled and row.error_class not in _UNREAD_CLASSES)


def stops_the_run(error: S3Error) -> bool:
    """Return whether the error is not about one object, so that reading on would fail for all."""
    return isinstance(error, CredentialsError) or error.code in _EVERY_READ_FAILS
