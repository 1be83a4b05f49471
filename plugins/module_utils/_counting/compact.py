# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run keeps of each of a million documents, in as few bytes as it can be found in again."""

from __future__ import annotations

import hashlib

from .._records.page_counts import CountRow, encode_row, join_rows, uri_of_row
from .document import ListedObject
from .totals import TableSummary

# No two of 2^40 documents share so long a digest, but for a chance of 2^-48.
_DIGEST_BYTES = 16


class KnownCounts:
    """Counts of earlier runs, found by a document's uri and etag, of which only a digest is kept."""

    def __init__(self) -> None:
        self._counts: dict[bytes, tuple[int | None, str]] = {}
        # Most documents have a count that others have too.
        self._shared: dict[tuple[int | None, str], tuple[int | None, str]] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, row: CountRow) -> None:
        """Remember a row; a later one of the same version of a document replaces it."""
        count = (row.pages, row.error)
        self._counts[_digest(row.uri, row.etag)] = self._shared.setdefault(count, count)

    def pop(self, document: ListedObject) -> CountRow | None:
        """Return the row of this version of a document and forget it; ``None`` where it is not known."""
        count = self._counts.pop(_digest(document.uri, document.etag), None)
        return None if count is None else CountRow(document.uri, document.bytes, document.etag, *count)


class TableInMaking:
    """The table's rows, encoded as they come: a third of the memory that tuples take."""

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._pages = 0
        self._errors = 0

    @property
    def summary(self) -> TableSummary:
        """What :meth:`TableSummary.of` would return for the rows."""
        return TableSummary(len(self._rows), self._pages, self._errors)

    def add(self, row: CountRow) -> None:
        """Add a row; the order does not matter."""
        self._rows.append(encode_row(row))
        self._pages += row.pages or 0
        self._errors += row.pages is None

    def encode(self) -> bytes:
        """Return the table, sorted by uri."""
        self._rows.sort(key=uri_of_row)
        return join_rows(self._rows)


def _digest(uri: str, etag: str) -> bytes:
    version = f"{uri}\0{etag}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(version, digest_size=_DIGEST_BYTES).digest()
