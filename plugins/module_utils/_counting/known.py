# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What earlier runs say of a version of a document."""

from __future__ import annotations

from collections.abc import Sequence

from .._records.page_count_lines import rows_of_lines
from .._records.page_counts import encode_field, encode_row
from .document import was_read
from .table import SortedTable

_NO_ERROR = b",\n"


class KnownCounts:
    """Rows of earlier runs, found by a document's uri and etag.

    Args:
        tables: what is said by a later one has precedence.
    """

    def __init__(self, tables: Sequence[SortedTable]) -> None:
        self._latest_first = list(reversed(tables))

    def __len__(self) -> int:
        """Return the number of rows, those of other versions and the same ones in several tables included."""
        return sum(table.summary.documents for table in self._latest_first)

    def line_of(self, uri: str, size: int | None, etag: str) -> bytes | None:
        """Return the encoded row of a document that was read, ``None`` where this version of it was not.

        Args:
            uri: the document's.
            size: its bytes, as the row shall have them; ``None`` to leave them out.
            etag: the version's.
        """
        if not self._latest_first:
            return None
        key = encode_field(uri)
        start = encode_field(f"{uri},{'' if size is None else size},{etag},")
        for table in self._latest_first:
            for line in reversed(table.lines_of(key)):
                # Most need neither quotes nor another size, and are what they were letter by letter.
                if line.startswith(start) and line.endswith(_NO_ERROR):
                    return line
                (row,) = rows_of_lines([line])
                if row.etag == etag and was_read(row):
                    return encode_row(row._replace(bytes=size))
        return None
