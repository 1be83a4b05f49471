# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a document to the disk."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..._pipelines.failures import DocumentFailure
from ..._records.failure_classes import FailureClass
from ..._s3.uri import S3Uri
from ..layout import Layout
from .attempts import Attempt
from .handed_on import HandedOn, HandedOnReader
from .outage import Backoff, Transfer
from .transfers import Download, Transfers

_LOG = logging.getLogger(__name__)
_HANDED_ON_FILE = "handed_on.json"


@dataclass(frozen=True)
class Fetched:
    """A document on the disk.

    Attributes:
        folder: has all that is kept of it; to be removed in the end.
        input: the document.
        etag: of what was read.
        bytes: its size.
        handed_on: what stage ``text`` has left of it, for the stages after; ``None`` at stage ``text``.
    """

    attempt: Attempt
    folder: Path
    input: Path
    etag: str
    bytes: int
    handed_on: HandedOn | None = None

    @property
    def work(self) -> Path:
        """The folder for what processing writes, which :meth:`clear` makes; each range of a document has one."""
        part = self.attempt.part
        return self.folder / (f"work-{part[0]}" if part else "work")

    def clear(self) -> None:
        """Have an empty folder for an attempt, whatever one before has written.

        Raises:
            OSError: the disk is full, for example.
        """
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(mode=0o700)


class Fetcher:
    """Downloads documents, each into an empty folder of its own.

    Args:
        layout: of the disk.
        transfers: which do it.
        backoff: around them.
        handed_on: reads what stage ``text`` has left, at the stages after; ``None`` at stage ``text``.
    """

    def __init__(
        self, layout: Layout, transfers: Transfers, backoff: Backoff, handed_on: HandedOnReader | None = None
    ) -> None:
        self._handed_on = handed_on
        self._layout = layout
        self._transfers = transfers
        self._backoff = backoff

    async def fetch(self, attempt: Attempt) -> Fetched:
        """Return the document on the disk.

        Raises:
            DocumentFailure: it cannot be had.
            Outage: nothing can be had.
            Cancelled: it is not wanted any more.
        """
        document = attempt.document
        folder = self._layout.document(document.uri)
        path = folder / f"document{_suffix(document.uri)}"

        def download() -> tuple[Download, HandedOn | None]:
            # Its folder would be left where nobody removes it any more.
            self._transfers.check()
            _make_empty(folder)
            handed_on = self._handed_on.read(document.uri, folder / _HANDED_ON_FILE) if self._handed_on else None
            return self._transfers.download(S3Uri.parse(document.uri), path), handed_on

        found, handed_on = await self._backoff.run(download, Transfer.READ_INPUT)
        if handed_on is not None and handed_on.marker.etag != found.etag:
            raise DocumentFailure(
                FailureClass.CHANGED, "it has changed since its text layer was read: process it again (redo_stale)"
            )
        if document.bytes not in (None, found.bytes):
            _LOG.warning("%s has changed: %d bytes, not %d as listed", document.uri, found.bytes, document.bytes)
        return Fetched(attempt, folder, path, found.etag, found.bytes, handed_on)


def _make_empty(folder: Path) -> None:
    # Nearly always there is none.
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)


def _suffix(uri: str) -> str:
    suffix = PurePosixPath(uri).suffix
    return suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix) else ""
