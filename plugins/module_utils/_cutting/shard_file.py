# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One shard's two files, written a document at a time, and its sums."""

from __future__ import annotations

from collections.abc import Sequence

from .._files import Section, TemporaryFile, disk_errors
from .._records.manifest import MANIFEST_HEADER, manifest_rows_of
from .._records.page_counts import decode_field

_BUFFER_LINES = 2000


class ShardFile:
    """A shard's ``shard_<n>.csv`` and ``shard_<n>.txt``, longest document first, on the disk.

    Args:
        manifest_part: takes the first; ``None`` for a file of its own. Where shards share one, each has to be flushed
            before the next is made.
        list_part: takes the second, likewise.

    Attributes:
        documents: of the shard.
        pages: theirs together.
        bytes: likewise.
        unknown: documents of 0 or unknown pages.
        first: uri of the longest document; empty where there is none.
        most_pages: its pages.
    """

    def __init__(self, manifest_part: Section | None = None, list_part: Section | None = None) -> None:
        """Have no document yet; raises :class:`FarmError` where the disk takes no file."""
        self.documents = self.pages = self.bytes = self.unknown = self.most_pages = 0
        self.first = ""
        with disk_errors("the shards", "their lists"):
            self.manifest: TemporaryFile | Section = manifest_part or TemporaryFile()
            self.list: TemporaryFile | Section = list_part or TemporaryFile()
            self.manifest.write(MANIFEST_HEADER)
        self._uris: list[bytes] = []
        self._rows: list[bytes] = []

    def add(self, uris: Sequence[bytes], pages: int, sizes: Sequence[bytes]) -> None:
        """Append documents that have no more pages than the one before.

        Args:
            uris: encoded, without line breaks; one or more.
            pages: of each, 0 where the count is unknown.
            sizes: of each, in digits, empty where it is unknown.

        Raises:
            FarmError: the disk is full.
        """
        if not self.documents:
            self.first, self.most_pages = decode_field(uris[0]), pages
        self.documents += len(uris)
        self.pages += pages * len(uris)
        self.bytes += sum(map(int, filter(None, sizes)))
        self.unknown += 0 if pages else len(uris)
        self._rows.append(manifest_rows_of(uris, pages, sizes))
        self._uris += uris
        if len(self._uris) >= _BUFFER_LINES:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet.

        Raises:
            FarmError: the disk is full.
        """
        with disk_errors("the shards", "their lists, twice as large as the table at most"):
            self.manifest.write(b"".join(self._rows))
            self.list.write(b"\n".join((*self._uris, b"")))
        self._rows, self._uris = [], []
