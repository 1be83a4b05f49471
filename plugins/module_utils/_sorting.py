# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""More lines than memory holds, sorted: sorted runs in temporary files, and their merge."""

from __future__ import annotations

import marshal
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from threading import Lock

from ._files import TemporaryFile

# Of the lines that are in memory; what Python adds to them is about as much again.
BYTES_IN_MEMORY = 64 << 20
# Lines of a run that are read at once.
_BLOCK = 2000

Lines = list[bytes]
Key = Callable[[bytes], bytes]


class Sorter:
    """Takes lines in any order, from any thread, and gives them back sorted by a key, as often as they are asked for.

    Args:
        key: of a line.
        disk_errors: turns a full disk into an error, where so many bytes are kept already.
        bytes_in_memory: of lines, above which they become a run.

    Attributes:
        count: lines that were taken.
    """

    def __init__(
        self,
        key: Key,
        disk_errors: Callable[[int], AbstractContextManager[None]],
        bytes_in_memory: int = BYTES_IN_MEMORY,
    ) -> None:
        self._key = key
        self._disk_errors = disk_errors
        self._most = bytes_in_memory
        self._lines: Lines = []
        self._bytes = 0
        self._runs: list[TemporaryFile] = []
        self._lock = Lock()
        self.count = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Take some lines.

        Raises:
            FarmError: there is no room for them on this machine.
        """
        with self._lock:
            before = len(self._lines)
            self._lines += lines
            self.count += len(self._lines) - before
            self._bytes += sum(map(len, self._lines[before:]))
            if self._bytes > self._most:
                self._end_run()

    def sorted(self) -> Iterator[Lines]:
        """Yield the lines in lists, those of one key in one list and in the order they were added.

        Raises:
            FarmError: the runs cannot be read again.
        """
        self._lines.sort(key=self._key)
        return _merged([*map(_read_run, self._runs), split(self._lines, _BLOCK, self._key)], self._key)

    def _end_run(self) -> None:
        written = sum(run.bytes for run in self._runs)
        self._lines.sort(key=self._key)
        with self._disk_errors(written + self._bytes):
            run = TemporaryFile()
            for lines in split(self._lines, _BLOCK, self._key):
                # Not as text: lines that have line feeds in them come back as they were.
                run.write(marshal.dumps(lines))
        self._runs.append(run)
        self._lines = []
        self._bytes = 0


def split(lines: Lines, size: int, key: Key) -> Iterator[Lines]:
    """Yield the sorted lines in lists of ``size`` or more, those of one key in one list."""
    start = 0
    while start < len(lines):
        end = start + size
        while end < len(lines) and key(lines[end - 1]) == key(lines[end]):
            end += 1
        yield lines[start:end]
        start = end


def _read_run(run: TemporaryFile) -> Iterator[Lines]:
    with run.open() as file:
        while file.tell() < run.bytes:
            # What this process wrote, in a file that no other can open by a name.
            yield marshal.load(file)  # noqa: S302


def _merged(runs: Iterable[Iterator[Lines]], key: Key) -> Iterator[Lines]:
    """Yield the lines of sorted runs; of equal keys those of the earlier run come first."""
    heads = [(lines, run) for run in runs if (lines := next(run, None))]
    while heads:
        # Up to here every run's lines are in memory.
        last = min(key(lines[-1]) for lines, _run in heads)
        merged: Lines = []
        sources = 0
        rest = []
        for lines, run in heads:
            end = bisect_right(lines, last, key=key)
            if end:
                merged += lines[:end]
                sources += 1
            left = lines[end:] or next(run, [])
            if left:
                rest.append((left, run))
        heads = rest
        if sources > 1:
            merged.sort(key=key)
        yield merged
