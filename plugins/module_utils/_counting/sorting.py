# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""More encoded rows than memory holds, sorted by uri: sorted runs in temporary files, and their merge."""

from __future__ import annotations

import marshal
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from threading import Lock

from .._files import TemporaryFile, disk_errors
from .._records.page_counts import uri_of_row

# Of the encoded rows that are in memory; what Python adds to them is about as much again.
_BYTES_IN_MEMORY = 64 << 20
# Lines of a run that are read at once.
_BLOCK = 2000
# The old table, what chunks say, the sorted runs and the new table.
_COPIES = 4

Lines = list[bytes]


class RowSorter:
    """Takes encoded rows in any order, from any thread, and gives them back sorted by uri.

    Args:
        bytes_in_memory: of encoded rows, above which they become a run.
    """

    def __init__(self, bytes_in_memory: int = _BYTES_IN_MEMORY) -> None:
        self._most = bytes_in_memory
        self._lines: Lines = []
        self._bytes = 0
        self._runs: list[TemporaryFile] = []
        self._lock = Lock()

    def add(self, lines: Iterable[bytes]) -> None:
        """Take some rows.

        Raises:
            FarmError: there is no room for them on this machine.
        """
        with self._lock:
            before = len(self._lines)
            self._lines += lines
            self._bytes += sum(map(len, self._lines[before:]))
            if self._bytes > self._most:
                self._end_run()

    def sorted(self) -> Iterator[Lines]:
        """Yield the rows in lists, those of one uri in one list and in the order they were added.

        Raises:
            FarmError: the runs cannot be read again.
        """
        self._lines.sort(key=uri_of_row)
        return _merged([*map(_read_run, self._runs), split(self._lines, _BLOCK)])

    def _end_run(self) -> None:
        written = sum(run.bytes for run in self._runs)
        self._lines.sort(key=uri_of_row)
        with table_disk_errors(written + self._bytes):
            run = TemporaryFile()
            for lines in split(self._lines, _BLOCK):
                # Not as a table: lines that have line feeds in them come back without a search for quotes.
                run.write(marshal.dumps(lines))
        self._runs.append(run)
        self._lines = []
        self._bytes = 0


def split(lines: Lines, size: int) -> Iterator[Lines]:
    """Yield the sorted lines in lists of ``size`` or more, those of one uri in one list."""
    start = 0
    while start < len(lines):
        end = start + size
        while end < len(lines) and uri_of_row(lines[end - 1]) == uri_of_row(lines[end]):
            end += 1
        yield lines[start:end]
        start = end


def table_disk_errors(so_far: int) -> AbstractContextManager[None]:
    """Turn a full disk into an error, where a table has ``so_far`` bytes already (see :func:`disk_errors`)."""
    return disk_errors("the page counts", f"{_COPIES} copies of the table, which has {so_far / 1e9:.1f} GB so far")


def _read_run(run: TemporaryFile) -> Iterator[Lines]:
    with run.open() as file:
        while file.tell() < run.bytes:
            # What this process wrote, in a file that no other can open by a name.
            yield marshal.load(file)  # noqa: S302


def _merged(runs: Iterable[Iterator[Lines]]) -> Iterator[Lines]:
    """Yield the lines of sorted runs; of equal uris those of the earlier run come first."""
    heads = [(lines, run) for run in runs if (lines := next(run, None))]
    while heads:
        # Up to here every run's lines are in memory.
        last = min(uri_of_row(lines[-1]) for lines, _run in heads)
        merged: Lines = []
        sources = 0
        rest = []
        for lines, run in heads:
            end = bisect_right(lines, last, key=uri_of_row)
            if end:
                merged += lines[:end]
                sources += 1
            left = lines[end:] or next(run, [])
            if left:
                rest.append((left, run))
        heads = rest
        if sources > 1:
            merged.sort(key=uri_of_row)
        yield merged
