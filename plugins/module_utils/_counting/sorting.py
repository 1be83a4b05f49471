# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""More encoded rows than memory holds, sorted by uri."""

from __future__ import annotations

from contextlib import AbstractContextManager

from .._files import disk_errors
from .._records.page_counts import uri_of_row
from .._sorting import BYTES_IN_MEMORY, Sorter

# The old table, what chunks say, the sorted runs and the new table.
_COPIES = 4


class RowSorter(Sorter):
    """Takes encoded rows in any order and gives them back sorted by uri."""

    def __init__(self, bytes_in_memory: int = BYTES_IN_MEMORY) -> None:
        """Take none yet; see :class:`Sorter`."""
        super().__init__(uri_of_row, table_disk_errors, bytes_in_memory)


def table_disk_errors(so_far: int) -> AbstractContextManager[None]:
    """Turn a full disk into an error, where a table has ``so_far`` bytes already (see :func:`disk_errors`)."""
    return disk_errors("the page counts", f"{_COPIES} copies of the table, which has {so_far / 1e9:.1f} GB so far")
